"""The chain from the foot to the pelvis: left and right side by side, with a bar for each link."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from midstance.report.words import instant_words, quantity, span, title_of, typeset, unit_words, with_error
from midstance.science.catalogue import MEASURE
from midstance.science.landmarks import SIDES, Side
from midstance.science.norms import point_norm
from midstance.science.records import ChainLink, Instant

POSITION_WORDS = {"low": "below usual", "usual": "usual", "high": "above usual", "unknown": ""}
NOT_MEASURABLE = "not measurable"
NO_RANGE = "none known"
PAD = 0.12
"""Room at the ends of a bar, as a share of what it shows."""


@dataclass(frozen=True)
class Mark:
    """A value on a bar; all numbers are shares of its length."""

    side: Side
    at: float
    low: float
    """One standard error below; equal to `at` where none is known."""
    high: float


@dataclass(frozen=True)
class Bar:
    """The usual range with the values of both sides."""

    usual: tuple[float, float] | None
    """Its ends as shares of the length; None where none is known."""
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class LinkCell:
    """One joint of one side, as text."""

    text: str
    measured: bool
    position: str
    """Where it lies against the usual range, in words."""
    mark: str
    """Number of the remark on why it was not measured or is of low quality; empty otherwise."""


@dataclass(frozen=True)
class ChainRow:
    """One joint."""

    region: str
    what: str
    unit: str
    left: LinkCell | None
    right: LinkCell | None
    usual: str
    bar: Bar | None


@dataclass(frozen=True)
class ChainTable:
    """All joints, from the foot up."""

    rows: tuple[ChainRow, ...]
    remarks: tuple[tuple[str, str], ...]
    """Numbers and texts of what limits the values."""
    sources: tuple[str, ...]
    """Where the usual ranges come from."""


def chain_table(links: Sequence[ChainLink]) -> ChainTable:
    """Return the chain in the order of the links, a row for each joint and measure."""
    reasons = list(dict.fromkeys(link.reason for link in links if link.reason))
    numbers = {reason: str(n) for n, reason in enumerate(reasons, 1)}
    keys = dict.fromkeys((link.region, link.measure, link.instant) for link in links)
    rows = [_row([x for x in links if (x.region, x.measure, x.instant) == key], numbers) for key in keys]
    remarks = tuple((n, typeset(text)) for text, n in numbers.items())
    return ChainTable(tuple(rows), remarks, tuple(dict.fromkeys(_sources(links))))


def _sources(links: Sequence[ChainLink]) -> Iterator[str]:
    """Yield where the ranges come from that the summary does not show beside its own values."""
    shown = {(x.measure, x.instant) for x in links if math.isfinite(x.value)}
    for link in links:
        elsewhere = (link.measure, link.instant) in shown and point_norm(link.measure, _instant(link.instant))
        if link.norm_text and not elsewhere:
            yield f"{title_of(link.measure)}, {instant_words(link.instant)}: {link.norm_text}"


def _instant(name: str) -> Instant:
    return next((i for i in get_args(Instant) if i == name), "stride")


def _row(links: list[ChainLink], numbers: dict[str, str]) -> ChainRow:
    first = links[0]
    by_side = {link.side: link for link in links}
    left, right = (_cell(by_side[s], numbers) if s in by_side else None for s in SIDES)
    return ChainRow(
        region=first.region,
        what=f"{title_of(first.measure)}, {instant_words(first.instant)}",
        unit=_unit(first),
        left=left,
        right=right,
        usual=_usual(first),
        bar=_bar(links),
    )


def _unit(link: ChainLink) -> str:
    positive = MEASURE[link.measure].positive if link.measure in MEASURE else ""
    unit = "" if link.unit == "deg" else unit_words(link.unit)
    return ", ".join(part for part in (unit, f"+ {positive}" if positive else "") if part)


def _cell(link: ChainLink, numbers: dict[str, str]) -> LinkCell:
    measured = math.isfinite(link.value)
    text = quantity(with_error(link.value, link.standard_error, link.unit), link.unit)
    return LinkCell(
        text=text if measured else NOT_MEASURABLE,
        measured=measured,
        position=POSITION_WORDS.get(link.position, "") if measured else "",
        mark=numbers.get(link.reason, ""),
    )


def _usual(link: ChainLink) -> str:
    known = math.isfinite(link.norm_low) and math.isfinite(link.norm_high)
    return span(link.norm_low, link.norm_high, link.unit) if known else NO_RANGE


def _bar(links: list[ChainLink]) -> Bar | None:
    """Scale the values and the usual range to one length; None when nothing was measured."""
    measured = [link for link in links if math.isfinite(link.value)]
    if not measured:
        return None
    first = links[0]
    norm = [x for x in (first.norm_low, first.norm_high) if math.isfinite(x)]
    shown = [*norm, *(e for link in measured for e in _ends(link))]
    low, width = min(shown), max(shown) - min(shown) or 1.0
    low, width = low - PAD * width, (1 + 2 * PAD) * width

    def at(value: float) -> float:
        return round((value - low) / width, 4)

    marks = tuple(Mark(link.side, at(link.value), *(at(e) for e in _ends(link))) for link in measured)
    return Bar((at(norm[0]), at(norm[1])) if len(norm) == 2 else None, marks)


def _ends(link: ChainLink) -> tuple[float, float]:
    error = link.standard_error if math.isfinite(link.standard_error) else 0.0
    return link.value - error, link.value + error
