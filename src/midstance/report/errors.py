"""The standard errors that the report used, as a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from midstance.report.words import DASH, instant_words, number, quantity, title_of, view_words
from midstance.science.landmarks import SIDES
from midstance.science.records import Analysis, ChainLink, SummaryRow


@dataclass(frozen=True)
class ErrorRow:
    """One measure at one instant in one view, with its standard errors as text."""

    title: str
    view: str
    stride: str
    """Of the value of one stride."""
    left: str
    """Of the median over the strides."""
    right: str


def error_rows(analysis: Analysis, links: Sequence[ChainLink] = ()) -> tuple[ErrorRow, ...]:
    """Return the standard errors that are known, in the order of the summary, then those that only the chain has."""
    known = [row for row in analysis.summary if math.isfinite(row.standard_error)]
    of_one: dict[tuple[str, str, str], float] = {
        (v.view, v.measure, v.instant): v.standard_error
        for view in analysis.views
        for v in view.values
        if math.isfinite(v.standard_error)
    }
    rows: dict[tuple[str, str, str], dict[str, SummaryRow]] = {}
    for row in known:
        rows.setdefault((row.view, row.measure, row.instant), {})[row.side] = row
    own = [_row(key, sides, of_one.get(key, math.nan)) for key, sides in rows.items()]
    return (*own, *_published([link for link in links if (link.view, link.measure, link.instant) not in rows]))


def _published(links: Sequence[ChainLink]) -> Iterator[ErrorRow]:
    found: dict[tuple[str, str, str], dict[str, ChainLink]] = {}
    for link in links:
        if math.isfinite(link.standard_error) and math.isfinite(link.value):
            found.setdefault((link.view, link.measure, link.instant), {})[link.side] = link
    for (view, measure, instant), sides in found.items():
        left, right = (
            quantity(number(sides[s].standard_error, sides[s].unit), sides[s].unit) if s in sides else DASH
            for s in SIDES
        )
        title = f"{title_of(measure)}, {instant_words(instant)} (published)"
        yield ErrorRow(title, view_words(view), DASH, left, right)


def _row(key: tuple[str, str, str], sides: dict[str, SummaryRow], of_one: float) -> ErrorRow:
    view, measure, instant = key
    unit = next(iter(sides.values())).unit
    left, right = (quantity(number(sides[s].standard_error, unit), unit) if s in sides else DASH for s in SIDES)
    title = f"{title_of(measure)}, {instant_words(instant)}"
    return ErrorRow(title, view_words(view), quantity(number(of_one, unit), unit), left, right)
