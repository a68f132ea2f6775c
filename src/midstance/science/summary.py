"""Median, spread and count of every number over the valid strides of each side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from midstance.science.records import MeasureValue, Quality, SummaryRow
from midstance.science.uncertainty import of_median

Key = tuple[str, str, str, str, str]


def summarise(values: Iterable[MeasureValue]) -> tuple[SummaryRow, ...]:
    """Summarise numbers over strides.

    The median, since one bad stride must not move it; the sample SD over strides, NaN for fewer than two.

    Returns
    -------
    tuple of SummaryRow
        One for each view, side, measure, instant and unit, in the order in which they first come.
    """
    groups: dict[Key, list[MeasureValue]] = defaultdict(list)
    for v in values:
        groups[v.view, v.side, v.measure, v.instant, v.unit].append(v)
    return tuple(_row(group) for group in groups.values())


def _row(group: list[MeasureValue]) -> SummaryRow:
    first = group[0]
    known = np.array([v.value for v in group if np.isfinite(v.value)])
    quality, reason = _shared_grade(group)
    sd = float(np.std(known, ddof=1)) if len(known) > 1 else float("nan")
    return SummaryRow(
        view=first.view,
        side=first.side,
        measure=first.measure,
        instant=first.instant,
        unit=first.unit,
        median=float(np.median(known)) if len(known) else float("nan"),
        sd=sd,
        n=len(known),
        quality=quality,
        reason=reason,
        standard_error=of_median(_shared_error(group), sd, len(known)),
    )


def _shared_grade(group: list[MeasureValue]) -> tuple[Quality, str]:
    """Return the grade of most strides; a hidden landmark in one stride does not grade the summary."""
    measured = [v for v in group if v.quality != "unmeasurable"]
    (grade, _), *_ = Counter((v.quality, v.reason) for v in measured or group).most_common(1)
    return grade


def _shared_error(group: list[MeasureValue]) -> float:
    known = [v.shared_error for v in group if np.isfinite(v.shared_error)]
    return float(np.median(known)) if known else float("nan")
