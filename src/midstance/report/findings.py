"""Findings as cards. They describe movement; a qualified clinician confirms or refutes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from midstance.report.words import DASH, instant_words, number, percent, quantity, title_of
from midstance.science.catalogue import MEASURE
from midstance.science.records import Analysis

LEVEL_WORDS: dict[str, str] = {
    "none": "Pattern not seen",
    "possible": "Possible",
    "consistent": "Consistent with it",
    "likely": "Likely",
    "not_assessed": "Not assessed",
}


@dataclass(frozen=True)
class Evidence:
    """One line of evidence, as text."""

    rule: str
    measure: str
    value: str
    threshold: str
    margin: str
    strides: str
    source: str


@dataclass(frozen=True)
class Card:
    """One finding of one side."""

    title: str
    side: str
    level: str
    level_words: str
    statement: str
    evidence: tuple[Evidence, ...]
    alternatives: tuple[str, ...]
    confirm: tuple[str, ...]
    sources: tuple[str, ...]


def cards(analysis: Analysis) -> tuple[Card, ...]:
    """Return the findings in the order given."""
    return tuple(_card(finding) for finding in analysis.findings)


def _card(finding: Mapping[str, object]) -> Card:
    level = str(finding.get("level", "not_assessed"))
    evidence = finding.get("evidence")
    return Card(
        title=str(finding.get("title", finding.get("id", "Finding"))),
        side=str(finding.get("side", "")),
        level=level,
        level_words=LEVEL_WORDS.get(level, level.replace("_", " ")),
        statement=str(finding.get("statement", "")),
        evidence=tuple(_evidence(e) for e in evidence if isinstance(e, Mapping))
        if isinstance(evidence, list | tuple)
        else (),
        alternatives=_texts(finding.get("alternatives")),
        confirm=_texts(finding.get("confirm")),
        sources=_texts(finding.get("sources")),
    )


def _texts(given: object) -> tuple[str, ...]:
    """Return one text or many as a tuple."""
    if isinstance(given, list | tuple):
        return tuple(str(text) for text in given)
    return (str(given),) if given else ()


def _evidence(item: Mapping[str, object]) -> Evidence:
    measure = str(item.get("measure", ""))
    unit = MEASURE[measure].unit if measure in MEASURE else ""
    return Evidence(
        rule=str(item.get("rule", "")),
        measure=_where(measure, str(item.get("instant", ""))),
        value=_value(item.get("value"), unit),
        threshold=_value(item.get("threshold"), unit),
        margin=_value(item.get("margin"), unit),
        strides=_meeting(item.get("strides_meeting")),
        source=str(item.get("source", "")),
    )


def _where(measure: str, instant: str) -> str:
    return f"{title_of(measure)}, {instant_words(instant)}" if instant else title_of(measure)


def _value(value: object, unit: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value) if value not in (None, "") else DASH
    return quantity(number(float(value), unit), unit)


def _meeting(given: object) -> str:
    """A share is given as a fraction, a count as a whole number."""
    if isinstance(given, float):
        return percent(given) if given <= 1 else f"{given:g}"
    return str(given) if given not in (None, "") else DASH
