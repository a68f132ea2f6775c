"""The numbers that rules look at: one measure of one side over its strides, with its error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import hypot, isfinite, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import Side
from midstance.science.records import Instant, Quality, SummaryRow, ViewAnalysis

Array = NDArray[np.float64]
Key = tuple[str, Side, str, Instant]

LEAST_VALUES = 7
"""Steps for a stable median: the mean of 2-D running angles settles after 6.3 ± 0.3 (Dingenen 2018)."""
SDD_DEG = {
    "ankle_dorsiflexion": 4.8,
    "tibial_inclination": 4.8,
    "knee_flexion": 3.8,
    "foot_pitch": 2.3,
    "trunk_lean": 2.3,
    "hip_adduction": 3.8,
    "pelvic_drop": 2.8,
}
"""Upper ends of the smallest detectable differences of 2-D running analysis (Dingenen 2018, abstract read)."""
UNPUBLISHED_SDD_DEG = 4.8
"""For angles that have no published one (foot progression, knee valgus): the largest of the others."""
NO_ARRAY: Array = np.zeros(0)


@dataclass(frozen=True, eq=False)
class Reading:
    """One number of a side over its strides: the median of `values`, less the median of `minus` where that is given."""

    measure: str
    instant: str
    unit: str = "deg"
    view: str = ""
    values: Array = field(default_factory=lambda: NO_ARRAY)
    """One for each stride, finite (for what was measured once: that)."""
    minus: Array = field(default_factory=lambda: NO_ARRAY)
    """The other side's, for a difference between sides; empty otherwise."""
    standard_error: float = nan
    """Of the median, in the unit."""
    strides: tuple[int, ...] = ()
    """Numbers of the strides, as `values`; empty for what was measured once, such as a lunge test."""
    quality: Quality = "ok"
    remark: str = ""
    """What weakens the number."""
    missing: str = ""
    """Why there is no number; empty when there is one."""

    @property
    def value(self) -> float:
        """Median over strides (of a difference: between the medians); NaN when missing."""
        if self.missing:
            return nan
        return float(np.median(self.values)) - (float(np.median(self.minus)) if len(self.minus) else 0.0)

    @property
    def each(self) -> Array:
        """The number of each stride; of a difference, against the other side's median."""
        return self.values - (float(np.median(self.minus)) if len(self.minus) else 0.0)


def fallback_error(measure: str, unit: str, values: Array) -> float:
    """Return the standard error of a median where none is known.

    For angles from the published smallest detectable difference, which is 1.96 sqrt(2) standard errors; for other
    units from the scatter of the strides alone, which is a lower bound.
    """
    if unit == "deg":
        return SDD_DEG.get(measure, UNPUBLISHED_SDD_DEG) / (1.96 * sqrt(2))
    return float(np.std(values, ddof=1)) / sqrt(len(values)) if len(values) > 1 else nan


class Readings:
    """All numbers of an analysis, by view, side, measure and instant."""

    def __init__(self, views: tuple[ViewAnalysis, ...], summary: tuple[SummaryRow, ...]) -> None:
        self._rows = {(r.view, r.side, r.measure, r.instant): r for r in summary}
        self._values: dict[Key, dict[int, float]] = defaultdict(dict)
        for value in (v for view in views for v in view.values if isfinite(v.value)):
            self._values[value.view, value.side, value.measure, value.instant][value.stride] = value.value

    def row(self, view: str, side: Side, measure: str, instant: Instant) -> SummaryRow | None:
        """Return the summary of a number, None when the view does not have it."""
        return self._rows.get((view, side, measure, instant))

    def error(self, row: SummaryRow) -> float:
        """Return the standard error of a summary's median, the published one where its own is not known."""
        if isfinite(row.standard_error):
            return row.standard_error
        values = self._values[row.view, row.side, row.measure, row.instant].values()
        return fallback_error(row.measure, row.unit, np.array(list(values)))

    def read(self, view: str, side: Side, measure: str, instant: Instant) -> Reading:
        """Return a number of a view; `missing` says why there is none."""
        row = self.row(view, side, measure, instant)
        if row is None:
            return Reading(measure, instant, view=view, missing="not measured in this view")
        found = self._values.get((view, side, measure, instant), {})
        base = Reading(measure, instant, row.unit, view, quality=row.quality, remark=row.reason)
        if row.quality == "unmeasurable" or not found:
            return replace(base, missing=row.reason or "not seen in any stride")
        if len(found) < LEAST_VALUES:
            return replace(base, missing=f"seen in {len(found)} strides, at least {LEAST_VALUES} are needed")
        values = np.array(list(found.values()))
        return replace(base, values=values, strides=tuple(found), standard_error=self.error(row))


def pooled(readings: Sequence[Reading]) -> Reading:
    """Return the strides of all readings together, with the largest of their errors; missing when all are."""
    seen = [r for r in readings if not r.missing]
    if not seen:
        return readings[0]
    values = np.sort(np.concatenate([r.values for r in seen]))
    error = max(r.standard_error for r in seen)
    return replace(seen[0], values=values, strides=tuple(range(1, len(values) + 1)), standard_error=error)


def difference(more: Reading, less: Reading) -> Reading:
    """Return by how much one side exceeds the other. The errors are taken as independent, which is the safe side.

    Its strides are those of the first reading.
    """
    if more.missing or less.missing:
        side = "" if more.missing else "the other side: "
        return replace(more, missing=f"{side}{more.missing or less.missing}")
    return replace(more, minus=less.values, standard_error=hypot(more.standard_error, less.standard_error))


def flipped(reading: Reading) -> Reading:
    """Return the reading with its sign changed."""
    return replace(reading, values=-reading.values, minus=-reading.minus)


def combined(first: Reading, second: Reading, constant: float, factor: float) -> Reading:
    """Return `first - (constant + factor x second)` stride by stride, over the strides that have both.

    The errors of the two are taken as independent.
    """
    if first.missing or second.missing:
        return replace(first, missing=first.missing or f"{second.measure.replace('_', ' ')}: {second.missing}")
    other = dict(zip(second.strides, second.values, strict=True))
    pairs = {n: v for n, v in zip(first.strides, first.values, strict=True) if n in other}
    if len(pairs) < LEAST_VALUES:
        return replace(first, missing=f"both angles seen in {len(pairs)} strides, at least {LEAST_VALUES} are needed")
    values = np.array([v - (constant + factor * other[n]) for n, v in pairs.items()])
    error = hypot(first.standard_error, factor * second.standard_error)
    return replace(first, values=values, strides=tuple(pairs), standard_error=error)
