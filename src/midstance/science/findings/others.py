"""Other things that a running analysis reports, in the same form, where the evidence carries a threshold.

A level says how far a number lies outside what is usual in runners (2 SD), no more: `possible` beyond the
threshold, `consistent` beyond it by more than the detectable difference. Where the source is second-hand, the
number depends on the speed, or many healthy runners show it, `possible` is the most. Without a threshold nothing
is flagged: `not_assessed`, with the number.
"""

from __future__ import annotations

from collections.abc import Mapping

from midstance.science.findings.asymmetry import DIFFERENCES
from midstance.science.findings.compensation import PelvisDrops
from midstance.science.findings.rule import Case
from midstance.science.findings.topic import Topic, findings_on
from midstance.science.findings.usual import (
    Crossover,
    HighOscillation,
    LeansBack,
    LeansForward,
    LowCadence,
    Overstride,
    StiffLanding,
)
from midstance.science.landmarks import Side
from midstance.science.records import Finding

_SPEED = ("running speed", "height", "fatigue", "the camera")
_STYLE = ("strike pattern", "cadence and speed", "shoes", "pain", "the camera")
_AGAIN = ("a second clip at the usual speed",)
TOPICS: tuple[Topic, ...] = (
    Topic("overstride", "Overstride", (Overstride(),), "side", "none", _SPEED, _AGAIN),
    Topic("low_cadence", "Low cadence", (LowCadence(),), "runner", "possible", _SPEED, _AGAIN),
    Topic("crossover", "Crossover", (Crossover(),), "runner", "possible", ("habit", "speed", "the camera"), _AGAIN),
    Topic(
        "vertical_oscillation",
        "High vertical oscillation",
        (HighOscillation(),),
        "runner",
        "possible",
        _SPEED,
        ("the height given, which sets the scale", *_AGAIN),
    ),
    Topic(
        "contralateral_drop",
        "Contralateral pelvic drop",
        (PelvisDrops(),),
        "side",
        "consistent",
        ("narrow steps", "fatigue", "pain", "the camera's roll, which adds to the angle degree by degree"),
        ("hip control on one leg", "a clip with markers on the pelvis"),
    ),
    Topic("stiff_landing", "Stiff-leg landing", (StiffLanding(),), "side", "consistent", _STYLE, _AGAIN),
    Topic(
        "trunk_lean",
        "Trunk lean outside the usual range",
        (LeansForward(), LeansBack()),
        "runner",
        "consistent",
        ("speed", "slope of the treadmill", "fatigue", "the camera's roll, which adds to the angle degree by degree"),
        _AGAIN,
    ),
    Topic(
        "asymmetry",
        "Differences between left and right",
        DIFFERENCES,
        "runner",
        "none",
        ("leg dominance", "the view of each leg", "the camera"),
        ("a second clip: differences that stay are worth a look",),
    ),
)
"""In the order in which they are reported."""


def other_findings(cases: Mapping[Side, Case]) -> tuple[Finding, ...]:
    """Return the other findings: for each topic the left side first, or one for the runner."""
    return tuple(finding for topic in TOPICS for finding in findings_on(topic, cases))
