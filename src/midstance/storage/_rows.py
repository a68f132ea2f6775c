"""The rows of the tables, as they stand in the CSV files and in `analysis.json`."""

from __future__ import annotations

import math
from collections.abc import Iterator

from midstance.science.catalogue import MEASURE
from midstance.science.records import Analysis, MeasureValue, Stride, SummaryRow
from midstance.storage.cells import as_text

Cell = str | int | float | bool | None
"""None = missing."""
Row = dict[str, Cell]

STRIDE_COLUMNS = (
    "view",
    "side",
    "stride",
    "initial_contact_s",
    "midstance_s",
    "toe_off_s",
    "next_contact_s",
    "near",
    "valid",
    "reason",
    "edited",
)
MEASURE_COLUMNS = (
    "view",
    "side",
    "stride",
    "measure",
    "instant",
    "value",
    "unit",
    "quality",
    "reason",
    "standard_error",
)
CURVE_COLUMNS = ("view", "side", "stride", "measure", "percent", "value")

_DECIMALS = {"s": 4, "m": 4}
_OTHER_DECIMALS = 3


def rounded(value: float, unit: str) -> float | None:
    """Return a number to 0.1 ms, 0.1 mm or 0.001 of another unit; None if it is not finite."""
    if not math.isfinite(value):
        return None
    return round(float(value), _DECIMALS.get(unit, _OTHER_DECIMALS)) + 0.0  # no -0.0


def stride_rows(analysis: Analysis) -> Iterator[Row]:
    """Yield each stride with the columns of ``strides.csv``."""
    for view in analysis.views:
        for stride in view.strides:
            yield _stride_row(view.name, stride)


def measure_rows(analysis: Analysis) -> Iterator[Row]:
    """Yield each value with the columns of ``measures.csv``."""
    for view in analysis.views:
        for value in view.values:
            yield _measure_row(value)


def curve_points(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    """Yield each point of each curve in the order of the columns of ``curves.csv``: too many for a dict each."""
    for view in analysis.views:
        for curve in view.curves:
            unit = MEASURE[curve.measure].unit if curve.measure in MEASURE else ""
            start = (as_text(curve.view), str(curve.side), int(curve.stride), as_text(curve.measure))
            for percent, value in enumerate(curve.values.tolist()):
                yield (*start, percent, rounded(value, unit))


def summary_rows(analysis: Analysis) -> Iterator[Row]:
    """Yield each row of the summary."""
    return map(_summary_row, analysis.summary)


def _stride_row(view: str, stride: Stride) -> Row:
    return {
        "view": view,
        "side": stride.side,
        "stride": int(stride.number),
        "initial_contact_s": rounded(stride.initial_contact_s, "s"),
        "midstance_s": rounded(stride.midstance_s, "s"),
        "toe_off_s": rounded(stride.toe_off_s, "s"),
        "next_contact_s": rounded(stride.next_contact_s, "s"),
        "near": bool(stride.near),
        "valid": bool(stride.valid),
        "reason": stride.reason,
        "edited": stride.edited,
    }


def _measure_row(value: MeasureValue) -> Row:
    return {
        "view": value.view,
        "side": value.side,
        "stride": int(value.stride),
        "measure": value.measure,
        "instant": value.instant,
        "value": rounded(value.value, value.unit),
        "unit": value.unit,
        "quality": value.quality,
        "reason": value.reason,
        "standard_error": rounded(value.standard_error, value.unit),
    }


def _summary_row(row: SummaryRow) -> Row:
    return {
        "view": row.view,
        "side": row.side,
        "measure": row.measure,
        "instant": row.instant,
        "unit": row.unit,
        "median": rounded(row.median, row.unit),
        "sd": rounded(row.sd, row.unit),
        "n": int(row.n),
        "quality": row.quality,
        "reason": row.reason,
        "standard_error": rounded(row.standard_error, row.unit),
    }
