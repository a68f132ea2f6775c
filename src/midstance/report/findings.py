"""Findings as cards. They describe movement; a qualified clinician confirms or refutes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from midstance.report.words import (
    DASH,
    instant_words,
    joined,
    number,
    percent,
    quantity,
    signed,
    title_of,
    typeset,
    with_error,
)
from midstance.science.catalogue import MEASURE
from midstance.science.records import Evidence, Finding

DISCLAIMER = (
    "Educational screening aid; not a medical device; does not diagnose, treat or predict injury."  # fixed wording
)
"""Stands once at the top and the foot of what is shown; statements that carry it do not repeat it there."""
FOUNDING = "dorsiflexion_compensation"
"""The finding that the first page is about."""

LEVEL_WORDS: dict[str, str] = {
    "none": "Pattern not seen",
    "possible": "Possible",
    "consistent": "Consistent with it",
    "likely": "Likely",
    "not_assessed": "Not assessed",
}
STEPS = ("possible", "consistent", "likely")
"""Levels in rising order, for the boxes beside the word."""
VERDICTS = {True: "yes", False: "no", None: "not judged"}


@dataclass(frozen=True)
class EvidenceRow:
    """One line of evidence, as text."""

    rule: str
    title: str
    met: str
    """In words."""
    judged: bool
    reason: str
    measure: str
    value: str
    threshold: str
    margin: str
    probability: str
    strides: str
    source: str

    @property
    def brief(self) -> str:
        """The rule with its number, for a line of text."""
        strides = f"; {self.strides} strides" if self.strides != DASH else ""
        return f"{self.rule}: {self.title or self.measure} ({self.value}{strides})"

    @property
    def numbers(self) -> str:
        """Value, threshold and how sure, for a cell of a table."""
        limit = f"threshold {self.threshold}, " if self.threshold != DASH else ""
        sure = f", probability {self.probability}" if self.probability != DASH else ""
        return f"{self.measure}: {limit}value {self.value}{sure}"


@dataclass(frozen=True)
class Card:
    """One finding of one side."""

    id: str
    title: str
    side: str
    level: str
    level_words: str
    boxes: str
    """The level as filled and empty boxes; empty when it was not assessed."""
    statement: str
    reasons: tuple[str, ...]
    evidence: tuple[EvidenceRow, ...]
    """What could be judged; the rules that could not stand in `open`."""
    open: tuple[EvidenceRow, ...]
    alternatives: tuple[str, ...]
    confirm: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def heading(self) -> str:
        """Title with the side."""
        return f"{self.title}, {self.side_words.lower()}" if self.side else self.title

    @property
    def side_words(self) -> str:
        """The side at the beginning of a line."""
        return "Both sides" if self.side == "both" else self.side.capitalize()

    @property
    def met(self) -> tuple[str, ...]:
        """What was seen of the pattern, in plain words with the numbers."""
        return tuple(row.brief for row in self.evidence if row.met == VERDICTS[True])

    @property
    def not_met(self) -> str:
        """What was looked for and not seen, in a line; empty without any."""
        return joined(row.brief for row in self.evidence if row.met == VERDICTS[False])

    @property
    def not_judged(self) -> str:
        """The rules that could not be judged, together where the reason is the same; empty without any."""
        found: dict[str, list[str]] = {}
        for row in self.open:
            found.setdefault(row.reason, []).append(f"{row.rule} {row.title or row.measure}")
        return joined(f"{', '.join(rules)}: {reason}" for reason, rules in found.items())

    @property
    def further_reasons(self) -> str:
        """Reasons that the statement does not tell already, as a sentence."""
        return joined(reason for reason in self.reasons if reason not in self.statement)

    @property
    def open_rules(self) -> str:
        """Their short names."""
        return ", ".join(row.rule for row in self.open)


def cards(findings: Sequence[Finding]) -> tuple[Card, ...]:
    """Return the findings in the order given."""
    return tuple(_card(finding) for finding in findings)


def _card(finding: Finding) -> Card:
    rows = [_evidence(e) for e in finding.evidence]
    return Card(
        id=finding.id,
        title=finding.title,
        side=finding.side,
        level=finding.level,
        level_words=LEVEL_WORDS.get(finding.level, finding.level.replace("_", " ")),
        boxes=_boxes(finding.level),
        statement=joined([finding.statement.replace(DISCLAIMER, "")]),
        reasons=tuple(typeset(reason) for reason in finding.reasons),
        evidence=tuple(row for row in rows if row.judged),
        open=tuple(row for row in rows if not row.judged),
        alternatives=finding.alternatives,
        confirm=finding.confirm,
        sources=finding.sources,
    )


def _boxes(level: str) -> str:
    """Draw the level, so that it can be told at a glance without colour."""
    if level not in {"none", *STEPS}:
        return ""
    filled = STEPS.index(level) + 1 if level in STEPS else 0
    return "■" * filled + "□" * (len(STEPS) - filled)


def _evidence(item: Evidence) -> EvidenceRow:
    unit = item.unit or (MEASURE[item.measure].unit if item.measure in MEASURE else "")
    return EvidenceRow(
        rule=item.rule,
        title=typeset(item.title),
        met=VERDICTS[item.met],
        judged=item.met is not None,
        reason=typeset(item.reason),
        measure=_where(item.measure, item.instant),
        value=quantity(with_error(item.value, item.standard_error, unit), unit),
        threshold=quantity(number(item.threshold, unit), unit),
        margin=quantity(signed(item.margin, unit), unit),
        probability=percent(item.probability),
        strides=_meeting(item),
        source=typeset(item.source),
    )


def _where(measure: str, instant: str) -> str:
    if not measure:
        return DASH
    return f"{title_of(measure)}, {instant_words(instant)}" if instant else title_of(measure)


def _meeting(item: Evidence) -> str:
    if not math.isfinite(item.strides_meeting):
        return DASH
    return f"{percent(item.strides_meeting)} of {item.strides}" if item.strides else percent(item.strides_meeting)


def once(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return texts of several lists, each once."""
    return tuple(dict.fromkeys(text for group in texts for text in group))
