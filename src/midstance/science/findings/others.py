"""Other things that a running analysis reports, in the same form, where the evidence carries a threshold.

A level says how far a number lies outside what is usual in runners (2 SD), no more: `possible` beyond the
threshold, `consistent` beyond it by more than the detectable difference. Where the source is second-hand, the
number depends on the speed, or many healthy runners show it, `possible` is the most. Without a threshold nothing
is flagged: `not_assessed`, with the number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from midstance.science.findings.asymmetry import DIFFERENCES
from midstance.science.findings.compensation import PelvisDrops
from midstance.science.findings.levels import counts, either, firm
from midstance.science.findings.rule import Case, Rule
from midstance.science.findings.usual import (
    Crossover,
    HighOscillation,
    LeansBack,
    LeansForward,
    LowCadence,
    Overstride,
    StiffLanding,
)
from midstance.science.findings.wording import DISCLAIMER
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Evidence, Finding, Level

WholeSide = Side | Literal["both"]


@dataclass(frozen=True)
class Topic:
    """One finding: its rules, and what goes with it."""

    id: str
    title: str
    rules: tuple[Rule, ...]
    of: Literal["side", "runner"]
    """Judged for each side, or once for the runner."""
    most: Level
    """The highest level that the evidence carries."""
    alternatives: tuple[str, ...]
    confirm: tuple[str, ...]


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
WORDS: dict[Level, str] = {
    "none": "Within the threshold",
    "possible": "Outside what is usual in runners",
    "consistent": "Outside what is usual in runners by more than the measurement error",
    "not_assessed": "Not judged",
}
NO_FAULT = "A number outside the usual range is no fault by itself."


def other_findings(cases: Mapping[Side, Case]) -> tuple[Finding, ...]:
    """Return the other findings: for each topic the left side first, or one for the runner."""
    return tuple(
        _finding(topic, cases[side], side if topic.of == "side" else "both")
        for topic in TOPICS
        for side in (SIDES if topic.of == "side" else SIDES[:1])
    )


def _finding(topic: Topic, case: Case, side: WholeSide) -> Finding:
    evidence = tuple(rule.judge(case) for rule in topic.rules)
    level = _level(topic, evidence)
    return Finding(
        id=topic.id,
        side=side,
        level=level,
        title=topic.title,
        statement=_statement(level, evidence),
        evidence=evidence,
        alternatives=topic.alternatives,
        confirm=topic.confirm,
        sources=tuple(dict.fromkeys(e.source for e in evidence)),
        reasons=tuple(dict.fromkeys(e.reason for e in evidence if e.reason)),
    )


def _level(topic: Topic, evidence: tuple[Evidence, ...]) -> Level:
    met = either(counts(e) for e in evidence)
    if met is None:
        return "not_assessed"
    if not met:
        return "none"
    return "consistent" if topic.most == "consistent" and any(firm(e) for e in evidence) else "possible"


def _statement(level: Level, evidence: tuple[Evidence, ...]) -> str:
    by_measure: dict[str, list[Evidence]] = {}
    for e in evidence:
        by_measure.setdefault(e.measure, []).append(e)
    told = "; ".join(_number(rules) for rules in by_measure.values())
    fault = f" {NO_FAULT}" if level in {"possible", "consistent"} else ""
    return f"{WORDS[level]}: {told}.{fault} {DISCLAIMER}"


def _number(rules: list[Evidence]) -> str:
    """Return the number of one measure with its thresholds."""
    first = rules[0]
    name = first.measure.removesuffix("_m").replace("_", " ")
    if not isfinite(first.value):
        return f"{name} was not measured ({first.reason})"
    thresholds = " and ".join(f"{e.threshold:.3g}" for e in rules if isfinite(e.threshold))
    against = f" (threshold {thresholds})" if thresholds else ""
    return f"{name} {first.value:.3g} {first.unit}{against}"
