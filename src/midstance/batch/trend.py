"""How the main numbers of a runner went from date to date: a small drawing for each, and what changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from midstance.batch.summary import SHOWN, RunResult
from midstance.report import comparison_of
from midstance.report.words import instant_words, number, quantity, title_of, unit_words
from midstance.science.catalogue import MEASURE
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Instant, SummaryRow

WIDTH, HEIGHT = 300, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 14, 10, 24
"""Margins of the drawing."""
INSET = 10
"""Room between the ends of the grid and the first and last date."""
APART = 3.0
"""How far left and right of a date its two sides are drawn, so that their bars do not cover each other."""


@dataclass(frozen=True)
class Point:
    """Median of one run, with its SD as a bar; in pixels of the drawing."""

    x: float
    y: float
    low: float
    high: float
    title: str


@dataclass(frozen=True)
class Line:
    """One side over the dates."""

    side: Side
    points: tuple[Point, ...]

    @property
    def path(self) -> str:
        """The points as SVG takes them."""
        return " ".join(f"{p.x:.1f},{p.y:.1f}" for p in self.points)


@dataclass(frozen=True)
class Drawing:
    """One measure over the dates."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    """Height in pixels and number."""
    dates: tuple[tuple[float, str, str], ...]
    """Place in pixels, date and how the text is anchored."""


@dataclass(frozen=True)
class Change:
    """What a comparison of two dates says."""

    title: str
    exceeds: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Trend:
    """A runner with two dated runs or more."""

    runner: str
    drawings: tuple[Drawing, ...]
    changes: tuple[Change, ...]
    method: str
    """How changes are judged."""


def trends(results: Sequence[RunResult]) -> tuple[Trend, ...]:
    """Return the trend of each runner with two dated runs or more, in order of their names."""
    names = sorted({r.row.runner for r in results})
    dated = {name: _dated(results, name) for name in names}
    return tuple(_trend(name, runs) for name, runs in dated.items() if len(runs) > 1)


def _dated(results: Sequence[RunResult], runner: str) -> list[RunResult]:
    mine = [r for r in results if r.row.runner == runner and r.row.date and r.run is not None]
    return sorted(mine, key=lambda r: r.row.date)


def _trend(runner: str, runs: Sequence[RunResult]) -> Trend:
    drawings = [_drawing(measure, instant, runs) for measure, instant, _ in SHOWN]
    pairs = [(runs[0], runs[-1])] + ([(runs[-2], runs[-1])] if len(runs) > 2 else [])
    found = [_change(before, after) for before, after in pairs]
    return Trend(runner, tuple(d for d in drawings if d), tuple(change for change, _ in found), found[0][1])


def _change(before: RunResult, after: RunResult) -> tuple[Change, str]:
    """Return what `midstance report --compare` says of two runs, and by which method."""
    if before.run is None or after.run is None:
        raise ValueError("expected runs with results, given one without")
    found = comparison_of(before.run, after.run)
    return Change(f"{before.row.date} to {after.row.date}", found.exceeds, found.warnings), found.method


def _drawing(measure: str, instant: Instant, runs: Sequence[RunResult]) -> Drawing | None:
    """Draw what was measured on two dates or more; None when nothing was."""
    found = {side: [(r.row.date, r.numbers.get((measure, instant, side))) for r in runs] for side in SIDES}
    rows = {side: [(day, row) for day, row in of_side if row is not None] for side, of_side in found.items()}
    if max(len({day for day, _ in of_side}) for of_side in rows.values()) < 2:
        return None
    low, high = _span([row for of_side in rows.values() for _, row in of_side])
    first, last = (date.fromisoformat(r.row.date).toordinal() for r in (runs[0], runs[-1]))

    def x_of(day: str) -> float:
        share = (date.fromisoformat(day).toordinal() - first) / (last - first)
        return LEFT + INSET + (WIDTH - LEFT - RIGHT - 2 * INSET) * share

    def y_of(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low)

    def point(side: Side, day: str, row: SummaryRow) -> Point:
        sd = row.sd if math.isfinite(row.sd) else 0.0
        shift = -APART if side == "left" else APART
        y, top, bottom = (y_of(value) for value in (row.median, row.median + sd, row.median - sd))
        return Point(x_of(day) + shift, y, bottom, top, _words(side, day, row))

    lines = [Line(side, tuple(point(side, *one) for one in of_side)) for side, of_side in rows.items() if of_side]
    ends = ((float(LEFT), runs[0].row.date, "start"), (float(WIDTH - RIGHT), runs[-1].row.date, "end"))
    return Drawing(_title(measure, instant), _unit(measure), tuple(lines), _ticks(low, high, y_of), ends)


def _title(measure: str, instant: Instant) -> str:
    name = title_of(measure).partition(" (")[0]
    return name if instant == "stride" else f"{name}, {instant_words(instant)}"


def _unit(measure: str) -> str:
    return unit_words(MEASURE[measure].unit)


def _words(side: Side, day: str, row: SummaryRow) -> str:
    spread = f", SD {number(row.sd, row.unit)}" if math.isfinite(row.sd) else ""
    return f"{day} {side}: {quantity(number(row.median, row.unit), row.unit)}{spread}, {row.quality}"


def _span(rows: Sequence[SummaryRow]) -> tuple[float, float]:
    """Return the least and the greatest number to be drawn, with some air and never less than four units apart."""
    sds = [row.sd if math.isfinite(row.sd) else 0.0 for row in rows]
    low = min(row.median - sd for row, sd in zip(rows, sds, strict=True))
    high = max(row.median + sd for row, sd in zip(rows, sds, strict=True))
    air = max(0.08 * (high - low), (4.0 - (high - low)) / 2)
    return low - air, high + air


def _ticks(low: float, high: float, y_of: Callable[[float], float]) -> tuple[tuple[float, str], ...]:
    """Return two to five round numbers with their heights."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (high - low) / s <= 5)
    values = range(math.ceil(low / step) * step, math.floor(high / step) * step + 1, step)
    return tuple((y_of(value), number(value, "px")) for value in values)
