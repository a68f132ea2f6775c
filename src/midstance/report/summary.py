"""The summary table: left and right of each measure at each instant, the best view of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from midstance.report.words import (
    DASH,
    GROUPS,
    group_of,
    instant_words,
    number,
    quantity,
    title_of,
    typeset,
    unit_words,
    view_words,
    with_error,
)
from midstance.science.catalogue import CURVE_INSTANTS, MEASURE, MEASURES
from midstance.science.landmarks import Side
from midstance.science.norms import PointNorm, point_norm
from midstance.science.records import Analysis, SummaryRow

_QUALITY_RANK = {"ok": 0, "low": 1, "unmeasurable": 2}


@dataclass(frozen=True)
class Cell:
    """Median ± its standard error, with the SD over the strides, of one side."""

    text: str
    sd: str
    """Empty when it is not known."""
    n: int
    low: bool


@dataclass(frozen=True)
class Row:
    """One instant of a measure."""

    instant: str
    left: Cell | None
    right: Cell | None
    difference: str
    uncertain: bool
    """The difference rests on a side of low quality."""
    norm: PointNorm | None
    low: tuple[tuple[str, str], ...]
    """Which sides are of low quality, each with the numbers of the reasons; empty when none is."""


@dataclass(frozen=True)
class MeasureTable:
    """All instants of a measure."""

    title: str
    unit: str
    positive: str
    rows: tuple[Row, ...]

    @property
    def single(self) -> bool:
        """Whether there is one row only, which then carries the title."""
        return len(self.rows) == 1


@dataclass(frozen=True)
class Group:
    """Measures that belong together."""

    title: str
    measures: tuple[MeasureTable, ...]
    reasons: tuple[tuple[int, str], ...]
    """Why something here is of low quality, numbered through all groups."""


Chosen = dict[tuple[str, str, Side], SummaryRow]
Numbers = dict[str, int]
"""Reasons of low quality, each with the number that stands for it."""


def choose(analysis: Analysis) -> Chosen:
    """Return for each measure, instant and side the summary row of the view that shows it best.

    Better quality goes first, then the order of the views: with a clip from each side of the runner, both legs
    are taken from the clip in which they are near.
    """
    return choose_rows(analysis.summary, [view.name for view in analysis.views])


def choose_rows(summary: Iterable[SummaryRow], views: Sequence[str]) -> Chosen:
    """Do the same for the rows of a summary, with the names of its views in their order."""
    order = {name: i for i, name in enumerate(views)}
    chosen: Chosen = {}
    for row in sorted(measured(summary), key=lambda r: (_QUALITY_RANK[r.quality], order.get(r.view, len(order)))):
        chosen.setdefault((row.measure, row.instant, row.side), row)
    return chosen


def measured(summary: Iterable[SummaryRow]) -> list[SummaryRow]:
    """Return the summary rows that hold a number."""
    return [r for r in summary if math.isfinite(r.median) and r.quality != "unmeasurable"]


def groups(analysis: Analysis) -> tuple[Group, ...]:
    """Return the summary table, in the order of the catalogue."""
    chosen = choose(analysis)
    names = in_order(measure for measure, _, _ in chosen)
    numbers: Numbers = {}
    found = [(title, [n for n in names if group_of(n) == title]) for title in GROUPS]
    return tuple(_group(title, members, chosen, numbers) for title, members in found if members)


def _group(title: str, names: list[str], chosen: Chosen, numbers: Numbers) -> Group:
    tables = tuple(_measure_table(name, chosen, numbers) for name in names)
    rows = [row for (measure, _, _), row in chosen.items() if measure in names and row.quality == "low"]
    low = {reason for row in rows for reason in row.reason.split("; ")}
    reasons = tuple((n, typeset(reason)) for reason, n in numbers.items() if reason in low)
    return Group(title, tables, reasons)


def other_rows(analysis: Analysis) -> tuple[dict[str, str], ...]:
    """Return the numbers that the summary table leaves out: other views, and the far leg where it was also near."""
    kept = set(map(id, choose(analysis).values()))
    return tuple(_plain(row) for row in measured(analysis.summary) if id(row) not in kept)


def in_order(names: Iterable[str]) -> list[str]:
    """Return measures, each once, in the order of the catalogue."""
    known = [m.name for m in MEASURES]
    return sorted(set(names), key=lambda n: (known.index(n) if n in known else len(known), n))


def _measure_table(name: str, chosen: Chosen, numbers: Numbers) -> MeasureTable:
    mine = {(instant, side): row for (measure, instant, side), row in chosen.items() if measure == name}
    instants = sorted({instant for instant, _ in mine}, key=_instant_order)
    rows = [_row(name, mine.get((i, "left")), mine.get((i, "right")), numbers) for i in instants]
    unit = next(iter(mine.values())).unit
    positive = MEASURE[name].positive if name in MEASURE else ""
    return MeasureTable(title_of(name), unit_words(unit), positive, tuple(rows))


def _instant_order(instant: str) -> int:
    names = [str(i) for i in CURVE_INSTANTS]
    return names.index(instant) if instant in names else len(names)


def _row(measure: str, left: SummaryRow | None, right: SummaryRow | None, numbers: Numbers) -> Row:
    present = [row for row in (left, right) if row is not None]
    norm = point_norm(measure, present[0].instant)
    comparable = norm is not None and measure in MEASURE and present[0].unit == MEASURE[measure].unit
    return Row(
        instant=instant_words(present[0].instant),
        left=_cell(left),
        right=_cell(right),
        difference=_difference(left, right),
        uncertain=any(row.quality == "low" for row in present),
        norm=norm if comparable else None,
        low=_low(present, numbers),
    )


def _cell(row: SummaryRow | None) -> Cell | None:
    if row is None:
        return None
    sd = number(row.sd, row.unit) if math.isfinite(row.sd) else ""
    return Cell(with_error(row.median, row.standard_error, row.unit), sd, row.n, low=row.quality == "low")


def _difference(left: SummaryRow | None, right: SummaryRow | None) -> str:
    if left is None or right is None or left.unit != right.unit:
        return DASH
    return number(left.median - right.median, left.unit)


def _low(rows: list[SummaryRow], numbers: Numbers) -> tuple[tuple[str, str], ...]:
    """Return which sides are low, with the numbers of the reasons; one entry when both share them."""
    marks = {row.side: _marks(row.reason, numbers) for row in rows if row.quality == "low"}
    if len(marks) == 2 and len(set(marks.values())) == 1:
        return (("both", marks["left"]),)
    return tuple(marks.items())


def _marks(reasons: str, numbers: Numbers) -> str:
    """Number the reasons, which are joined by semicolons."""
    known = (numbers.setdefault(reason, len(numbers) + 1) for reason in reasons.split("; ") if reason)
    return ", ".join(str(n) for n in sorted(known))


def _plain(row: SummaryRow) -> dict[str, str]:
    return {
        "measure": title_of(row.measure),
        "view": view_words(row.view),
        "side": row.side,
        "instant": instant_words(row.instant),
        "value": quantity(with_error(row.median, row.standard_error, row.unit), row.unit),
        "sd": number(row.sd, row.unit),
        "n": str(row.n),
        "quality": "ok" if row.quality == "ok" else f"low: {typeset(row.reason)}".removesuffix(": "),
    }
