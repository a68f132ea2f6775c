"""A topic: some rules that are reported together as one finding, with a level that says how far a number lies off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from midstance.science.findings.levels import counts, either, firm
from midstance.science.findings.rule import Case, Rule
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


WORDS: dict[Level, str] = {
    "none": "Within the threshold",
    "possible": "Outside what is usual in runners",
    "consistent": "Outside what is usual in runners by more than the measurement error",
    "not_assessed": "Not judged",
}
NO_FAULT = "A number outside the usual range is no fault by itself."


def findings_on(topic: Topic, cases: Mapping[Side, Case]) -> tuple[Finding, ...]:
    """Return the findings on a topic: the left side first, or one for the runner."""
    sides = SIDES if topic.of == "side" else SIDES[:1]
    return tuple(_finding(topic, cases[side], side if topic.of == "side" else "both") for side in sides)


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
