"""What a leg's finding ought to be: the rules themselves, applied to what really happened.

So the label and the rule cannot drift apart. A true value has no error; a leg whose true values lie too near to the
thresholds is called borderline and reported apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from benchmarks.accuracy.records import Truth
from midstance.science.findings.assess import RULES
from midstance.science.findings.levels import Answer, Pattern, counts, level_of_pattern, pattern_of
from midstance.science.findings.readings import Reading, Readings
from midstance.science.findings.rule import Case, Clip
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Evidence, Instant, Level

MARGIN_DEG = 1.0
"""A leg is borderline when thresholds that lie this much further in or out would change the answer."""
STIFF_KNEE_DEG = 33.0
"""A knee that bends less in stance is called stiff here: 1.5 SD below the mean of 46 runners (40.9 ± 5.2)."""
FLAGGED: tuple[Level, ...] = ("possible", "consistent", "likely")
SAME = {("knee_flexion", "stance_peak"): ("knee_flexion", "midstance")}
"""Midstance is where the knee bends most."""

Label = Literal["negative", "borderline", "positive"]


class TrueReadings(Readings):
    """The numbers that rules look at, from the truth: every stance of a side, without error."""

    def __init__(self, truth: Truth) -> None:
        super().__init__((), ())
        self._truth = truth

    def read(self, view: str, side: Side, measure: str, instant: Instant) -> Reading:
        """Return a true number, whichever the view."""
        key = SAME.get((measure, instant), (measure, instant))
        each = [s.values[key] for s in self._truth.stances if s.side == side and key in s.values]
        if not each:
            return Reading(measure, instant, view=view, missing="the truth does not tell")
        strides = tuple(range(1, len(each) + 1))
        return Reading(measure, instant, view=view, values=np.array(each), strides=strides, standard_error=0.0)


@dataclass(frozen=True)
class LegTruth:
    """One leg as it was."""

    label: Label
    kind: str
    """What there is to see, in words, such as `stiff knee, toe-out`."""
    evidence: dict[str, Evidence]
    """Of the rules on the true values, by rule."""


def leg_truth(truth: Truth, side: Side) -> LegTruth:
    """Return what the rules say of the true values of one leg.

    Parameters
    ----------
    truth : Truth
        With dorsiflexion, knee flexion, foot progression, knee valgus and pelvic drop.
    side : {'left', 'right'}
    """
    case = Case(TrueReadings(truth), side, dict.fromkeys(SIDES, Clip("side")), dict.fromkeys(SIDES, Clip("front")))
    found = {rule.id: rule.judge(case) for rule in RULES}
    sure, perhaps = (level_of_pattern(pattern_of(found, partial(_holds, by=m))) for m in (MARGIN_DEG, -MARGIN_DEG))
    label: Label = "positive" if sure in FLAGGED else "negative" if perhaps == "none" else "borderline"
    knee = case.sagittal("knee_flexion", "stance_peak").value
    return LegTruth(label, _kind(pattern_of(found), stiff_knee=knee < STIFF_KNEE_DEG), found)


def _holds(evidence: Evidence, by: float) -> Answer:
    """Return whether a rule counts by a margin; a negative one asks whether it nearly does."""
    if evidence.met is None:
        return None
    if by > 0:
        return bool(counts(evidence)) and evidence.margin >= by
    return evidence.margin >= by


def _kind(pattern: Pattern, *, stiff_knee: bool) -> str:
    parts = (
        ("reduced dorsiflexion", pattern.reduced is True),
        ("stiff knee", stiff_knee),
        ("compensation", bool(pattern.foot and pattern.knee_hip)),
        ("toe-out", bool(pattern.foot and not pattern.knee_hip)),
        ("knee or pelvis", bool(pattern.knee_hip and not pattern.foot)),
    )
    return ", ".join(words for words, there in parts if there) or "usual"
