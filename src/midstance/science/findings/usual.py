"""Rules that hold a number against what is usual in runners (2 SD), or only show it."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import ClassVar, Literal

from midstance.science.findings import sources
from midstance.science.findings.readings import Reading
from midstance.science.findings.rule import Case, Rule, unknown
from midstance.science.records import Evidence, Instant

SHOWN_ONLY = "no threshold is established: the number is shown and not judged"


class Plain(Rule):
    """A rule on one measure at one instant."""

    plane: ClassVar[Literal["sagittal", "whole"]]
    measure: ClassVar[str]
    instant: ClassVar[Instant]
    advice = "Film again, from the side and from the front."

    def reading(self, case: Case) -> Reading:
        """The number; a length in pixels is missing where the threshold is in metres."""
        look = case.whole if self.plane == "whole" else case.sagittal
        found = look(self.measure, self.instant)
        unscaled = found.unit == "px" and self.threshold != 0
        return replace(found, missing=found.missing or found.remark) if unscaled else found


class Overstride(Plain):
    """O1: shown; nothing says how far ahead is too far."""

    id = "O1"
    title = "The ankle lands ahead of the middle of the hips"
    source = "no cut-off is established"
    plane, measure, instant = "sagittal", "overstride_m", "initial_contact"
    threshold = nan
    beyond = "above"

    def judge(self, case: Case) -> Evidence:
        """Show the number without an answer."""
        reading = case.sagittal(self.measure, self.instant)
        return unknown(self, reading, reading.missing or SHOWN_ONLY)


class LowCadence(Plain):
    """O2."""

    id = "O2"
    title = "Cadence is below 146 steps/min"
    source = f"164 ± 9 steps/min less 2 SD; {sources.MALISOUX}; depends on speed"
    plane, measure, instant = "whole", "cadence", "stride"
    threshold = 146.0
    beyond = "below"


class Crossover(Plain):
    """O3."""

    id = "O3"
    title = "The feet cross the line between them (step width below 0)"
    source = sources.ISKANDAR
    plane, measure, instant = "whole", "step_width_m", "midstance"
    threshold = 0.0
    beyond = "below"


class HighOscillation(Plain):
    """O4."""

    id = "O4"
    title = "Vertical oscillation is above 0.101 m"
    source = f"77 ± 12 mm plus 2 SD; {sources.MALISOUX}; depends on speed"
    plane, measure, instant = "whole", "vertical_oscillation_m", "stride"
    threshold = 0.101
    beyond = "above"


class StiffLanding(Plain):
    """O5."""

    id = "O5"
    title = "Peak knee flexion in stance is below 30.5 deg"
    source = f"40.9 ± 5.2 deg less 2 SD; {sources.RUNNERS_46}"
    plane, measure, instant = "sagittal", "knee_flexion", "stance_peak"
    threshold = 30.5
    beyond = "below"


class LeansForward(Plain):
    """O6."""

    id = "O6"
    title = "The trunk leans forward by more than 15.3 deg at midstance"
    source = f"9.5 ± 2.9 deg plus 2 SD; {sources.BRAMAH}"
    plane, measure, instant = "whole", "trunk_lean", "midstance"
    threshold = 15.3
    beyond = "above"


class LeansBack(Plain):
    """O7."""

    id = "O7"
    title = "The trunk leans forward by less than 3.7 deg at midstance"
    source = f"9.5 ± 2.9 deg less 2 SD; {sources.BRAMAH}"
    plane, measure, instant = "whole", "trunk_lean", "midstance"
    threshold = 3.7
    beyond = "below"
