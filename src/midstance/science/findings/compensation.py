"""Evidence of compensation on the same side, mostly from the front or the rear."""

from __future__ import annotations

from math import nan

from midstance.science.findings import sources
from midstance.science.findings.readings import Reading, difference
from midstance.science.findings.rule import Case, Rule, ShownRule

_FILM_FRONT = "Film from the front or the rear, 10 s or more, feet and hips always in the picture."


class ProlongedPronation(Rule):
    """C1: never judged from these landmarks."""

    id = "C1"
    title = "The foot stays pronated for long"
    advice = "Film a close-up of the heels from the rear with markers, or have the foot looked at."
    source = "the founding idea; no threshold for landmarks of a pose model"
    threshold = nan
    beyond = "above"

    def reading(self, case: Case) -> Reading:  # noqa: ARG002 - no landmark shows it
        """Nothing: the angle of heel to shank needs markers or a close-up."""
        return Reading("pronation", "stance_peak", missing="needs markers on heel and shank, or a close-up of the rear")


class ToeOut(Rule):
    """C2: the foot turned out."""

    id = "C2"
    title = "Foot progression at midstance is more than 15 deg out"
    advice = _FILM_FRONT
    source = f"{sources.PROPOSAL}; usual -2 to 12 deg in RBDS data (computed from open data)"
    threshold = 15.0
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """Foot progression at midstance."""
        return case.coronal("foot_progression", "midstance")


class ToeOutMoreThanOther(Rule):
    """C2b: the foot turned out more than the other one."""

    id = "C2b"
    title = "Foot progression at midstance is at least 5 deg further out than on the other side"
    advice = _FILM_FRONT
    source = f"{sources.PROPOSAL}; left-right differences are usual: {sources.PAN}"
    threshold = 5.0
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """Foot progression less that of the other side."""
        own, other = (case.coronal("foot_progression", "midstance", other=o) for o in (False, True))
        return difference(own, other)


class KneeInward(Rule):
    """C3: the knee inward of the line from hip to ankle, as the picture shows it."""

    id = "C3"
    title = "Knee valgus (projected) at midstance is more than 6 deg"
    advice = _FILM_FRONT
    source = (
        "6 deg (second-hand, weak); a projection that did not follow 3-D knee abduction in 15 runners (abstract read)"
    )
    threshold = 6.0
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """Projected knee valgus at midstance."""
        return case.coronal("knee_valgus", "midstance")


class PelvisDrops(Rule):
    """C4: the pelvis low on the swing side."""

    id = "C4"
    title = "Peak pelvic drop in stance is more than 7.5 deg"
    advice = "Use a landmarks file with markers on the pelvis."
    source = f"mean + 2 SD; {sources.BRAMAH}"
    threshold = 7.5
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """Peak pelvic drop in stance."""
        return case.coronal("pelvic_drop", "stance_peak")


class HipAdducts(ShownRule):
    """C4b: shown, not judged: the published angle is against the pelvis, ours against the vertical."""

    id = "C4b"
    title = "Peak hip adduction in stance is more than 16.7 deg"
    advice = "Have hip control looked at on one leg; use markers on the pelvis for the angle itself."
    source = f"mean + 2 SD, thigh against the pelvis; {sources.BRAMAH}"
    why = "this angle is thigh against vertical, without the pelvis's part: the threshold does not apply to it"
    threshold = 16.7
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """Peak of the thigh's angle to the vertical in stance."""
        return case.coronal("hip_adduction", "stance_peak")


class PelvisTips(ShownRule):
    """C5: for display only."""

    id = "C5"
    title = "The pelvis tips forward at midstance"
    advice = "Use a landmarks file with markers on front and back of the pelvis."
    source = "13 to 19 deg raw marker line in RBDS data (computed from open data); for display only"
    why = "for display only: its share in the pattern is not established"
    threshold = nan
    beyond = "above"

    def reading(self, case: Case) -> Reading:
        """Pelvic tilt at midstance."""
        return case.sagittal("pelvic_tilt", "midstance")


COMPENSATION: tuple[Rule, ...] = (
    ProlongedPronation(),
    ToeOut(),
    ToeOutMoreThanOther(),
    KneeInward(),
    PelvisDrops(),
    HipAdducts(),
    PelvisTips(),
)
