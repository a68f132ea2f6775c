"""The summary table: left and right of each measure at each instant, the best view of each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from midstance.report.words import DASH, instant_words, number, quantity, title_of, unit_words, view_words, with_sd
from midstance.science.catalogue import ALL_VIEWS, CURVE_INSTANTS, FRONTAL, MEASURE, MEASURES
from midstance.science.landmarks import Side
from midstance.science.norms import PointNorm, point_norm
from midstance.science.records import Analysis, SummaryRow

_QUALITY_RANK = {"ok": 0, "low": 1, "unmeasurable": 2}
_GROUPS = ("Side view", "Frontal view", "Timing and whole body")


@dataclass(frozen=True)
class Cell:
    """Median ± SD of one side."""

    text: str
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
    quality: str
    quality_span: int = 1
    """Rows that share this quality, for the first of them; 0 for the others."""


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


Chosen = dict[tuple[str, str, Side], SummaryRow]


def choose(analysis: Analysis) -> Chosen:
    """Return for each measure, instant and side the summary row of the view that shows it best.

    Better quality goes first, then the order of the views: with a clip from each side of the runner, both legs
    are taken from the clip in which they are near.
    """
    order = {view.name: i for i, view in enumerate(analysis.views)}
    chosen: Chosen = {}
    for row in sorted(measured(analysis), key=lambda r: (_QUALITY_RANK[r.quality], order.get(r.view, len(order)))):
        chosen.setdefault((row.measure, row.instant, row.side), row)
    return chosen


def measured(analysis: Analysis) -> list[SummaryRow]:
    """Return the summary rows that hold a number."""
    return [r for r in analysis.summary if math.isfinite(r.median) and r.quality != "unmeasurable"]


def groups(analysis: Analysis) -> tuple[Group, ...]:
    """Return the summary table, in the order of the catalogue."""
    chosen = choose(analysis)
    tables: dict[str, list[MeasureTable]] = {title: [] for title in _GROUPS}
    for name in _in_order(measure for measure, _, _ in chosen):
        tables[_group_of(name)].append(_measure_table(name, chosen))
    return tuple(Group(title, tuple(found)) for title, found in tables.items() if found)


def other_rows(analysis: Analysis) -> tuple[dict[str, str], ...]:
    """Return the numbers that the summary table leaves out: other views, and the far leg where it was also near."""
    kept = set(map(id, choose(analysis).values()))
    return tuple(_plain(row) for row in measured(analysis) if id(row) not in kept)


def _in_order(names: Iterable[str]) -> list[str]:
    known = [m.name for m in MEASURES]
    return sorted(set(names), key=lambda n: (known.index(n) if n in known else len(known), n))


def _group_of(measure: str) -> str:
    views = MEASURE[measure].views if measure in MEASURE else ALL_VIEWS
    return _GROUPS[0] if views == ("side",) else _GROUPS[1] if views == FRONTAL else _GROUPS[2]


def _measure_table(name: str, chosen: Chosen) -> MeasureTable:
    mine = {(instant, side): row for (measure, instant, side), row in chosen.items() if measure == name}
    instants = sorted({instant for instant, _ in mine}, key=_instant_order)
    rows = [_row(name, mine.get((i, "left")), mine.get((i, "right"))) for i in instants]
    unit = next(iter(mine.values())).unit
    positive = MEASURE[name].positive if name in MEASURE else ""
    return MeasureTable(title_of(name), unit_words(unit), positive, tuple(_span(rows)))


def _instant_order(instant: str) -> int:
    names = [str(i) for i in CURVE_INSTANTS]
    return names.index(instant) if instant in names else len(names)


def _row(measure: str, left: SummaryRow | None, right: SummaryRow | None) -> Row:
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
        quality=_quality(present),
    )


def _cell(row: SummaryRow | None) -> Cell | None:
    return None if row is None else Cell(with_sd(row.median, row.sd, row.unit), row.n, low=row.quality == "low")


def _difference(left: SummaryRow | None, right: SummaryRow | None) -> str:
    if left is None or right is None or left.unit != right.unit:
        return DASH
    return number(left.median - right.median, left.unit)


def _quality(rows: list[SummaryRow]) -> str:
    """Say what is low and why, once when both sides share it."""
    low = {row.side: row.reason for row in rows if row.quality == "low"}
    if not low:
        return "ok"
    if len(low) == len(rows) and len(set(low.values())) == 1:
        return _low("both sides" if len(rows) == 2 else next(iter(low)), next(iter(low.values())))
    return "; ".join(_low(side, reason) for side, reason in low.items())


def _low(who: str, reason: str) -> str:
    return f"{who} low: {reason}" if reason else f"{who} low"


def _span(rows: list[Row]) -> list[Row]:
    """Merge the quality of all instants into one cell where it is the same."""
    if len({row.quality for row in rows}) > 1:
        return rows
    return [replace(row, quality_span=len(rows) if i == 0 else 0) for i, row in enumerate(rows)]


def _plain(row: SummaryRow) -> dict[str, str]:
    return {
        "measure": title_of(row.measure),
        "view": view_words(row.view),
        "side": row.side,
        "instant": instant_words(row.instant),
        "value": quantity(with_sd(row.median, row.sd, row.unit), row.unit),
        "n": str(row.n),
        "quality": "ok" if row.quality == "ok" else _low("", row.reason).strip(),
    }
