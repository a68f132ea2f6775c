"""Sagittal evidence of one leg, from the side clip in which it is the near one."""

from __future__ import annotations

from math import nan

from midstance.science.findings import sources
from midstance.science.findings.readings import Reading, combined, difference, flipped
from midstance.science.findings.rule import Case, Rule, ShownRule
from midstance.science.records import Instant

BORDERLINE_DEG = 19.5
"""Tenth centile of the peak dorsiflexion of 46 runners (19.6)."""
EXPECTED_AT_ZERO_DEG, EXPECTED_PER_DEG = 5.4, 0.42
"""Peak dorsiflexion expected from peak stance knee flexion; r = 0.81, residual SD 1.8 deg (46 runners)."""
LEAST_DIFFERENCE_DEG = 5.0
_FILM_NEAR = "Film from the side of this leg, 10 s or more at 60 frames/s."


class LowPeak(Rule):
    """S1: little dorsiflexion in stance."""

    id = "S1"
    title = "Peak ankle dorsiflexion in stance is 17 deg or less"
    advice = _FILM_NEAR
    source = f"5th centile (17.1 deg) of {sources.RUNNERS_46}"
    threshold = 17.0
    beyond = "below"

    def reading(self, case: Case) -> Reading:
        """Peak dorsiflexion in stance."""
        return case.sagittal("ankle_dorsiflexion", "stance_peak")

    def remark(self, reading: Reading, margin: float) -> str:
        """Say that a peak between the 5th and the 10th centile is borderline."""
        borderline = margin < 0 and reading.value <= BORDERLINE_DEG
        told = "borderline: between the 5th and the 10th centile of runners" if borderline else ""
        return "; ".join(t for t in (told, reading.remark) if t)


class LowTibia(ShownRule):
    """S1b: shown, not judged: nothing says which tibial inclination goes with a knee flexion."""

    id = "S1b"
    title = "Tibial inclination at midstance is low for its knee flexion"
    advice = "Compare the two sides, and a later clip of the same runner."
    source = "4 legs, RBDS data (computed from open data): 19 to 27 deg; too few for a relation to knee flexion"
    why = "no source gives the tibial inclination to expect from the knee flexion: shown, not judged"
    threshold = nan
    beyond = "below"

    def reading(self, case: Case) -> Reading:
        """Tibial inclination at midstance."""
        return case.sagittal("tibial_inclination", "midstance")


class LowForKnee(Rule):
    """S2: less dorsiflexion than the knee flexion lets expect.

    The SD of 1.8 deg is the spread of runners about the relation; it made the threshold (2 SD) and is no error of
    the runner's own number, whose standard error joins those of the two angles.
    """

    id = "S2"
    title = "Peak dorsiflexion is at least 3.5 deg less than its knee flexion lets expect"
    advice = _FILM_NEAR
    source = f"2 SD of 5.4 + 0.42 x peak stance knee flexion; {sources.RUNNERS_46}"
    threshold = -3.5
    beyond = "below"

    def reading(self, case: Case) -> Reading:
        """Peak dorsiflexion less what is expected, stride by stride."""
        return combined(
            case.sagittal("ankle_dorsiflexion", "stance_peak"),
            case.sagittal("knee_flexion", "stance_peak"),
            EXPECTED_AT_ZERO_DEG,
            EXPECTED_PER_DEG,
        )


class _LessThanOther(Rule):
    """At least 5 deg less than the other side, and no less than the detectable difference of two sides."""

    advice = "Film from both sides of the runner: each leg counts only where it is near the camera."
    source = f"{sources.PROPOSAL}; smallest detectable differences: {sources.DINGENEN}"
    threshold = LEAST_DIFFERENCE_DEG
    beyond = "above"

    def threshold_for(self, reading: Reading) -> float:
        """5 deg, or 1.96 standard errors of the difference where that is more."""
        return max(self.threshold, 1.96 * reading.standard_error)


class LessThanOther(_LessThanOther):
    """S3: less dorsiflexion than the other side."""

    id = "S3"
    title = "Peak dorsiflexion is at least 5 deg less than on the other side"

    def reading(self, case: Case) -> Reading:
        """The other side's peak dorsiflexion less this side's, over this side's strides."""
        return _less(case, "ankle_dorsiflexion", "stance_peak")


class TibiaLessThanOther(_LessThanOther):
    """S3b: less tibial inclination than the other side."""

    id = "S3b"
    title = "Tibial inclination at midstance is at least 5 deg less than on the other side"

    def reading(self, case: Case) -> Reading:
        """The other side's tibial inclination less this side's, over this side's strides."""
        return _less(case, "tibial_inclination", "midstance")


def _less(case: Case, measure: str, instant: Instant) -> Reading:
    """Return other less own as (-own) less (-other), so that the strides are this side's."""
    own, other = (case.sagittal(measure, instant, other=o) for o in (False, True))
    return difference(flipped(own), flipped(other))


SAGITTAL: tuple[Rule, ...] = (LowPeak(), LowTibia(), LowForKnee(), LessThanOther(), TibiaLessThanOther())
