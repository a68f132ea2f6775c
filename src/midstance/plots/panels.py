"""What one panel of a plot shows: one measure of one side in one view, picked out of an analysis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from midstance.science.catalogue import Measure
from midstance.science.landmarks import LANDMARK_NAMES, SIDES, LandmarkSeries, Side
from midstance.science.records import Analysis, AngleSeries, Instant, MeasureValue, Quality, Stride, ViewAnalysis

Floats = NDArray[np.float64]

_NONE, _POINTS = np.empty(0), len(LANDMARK_NAMES)
_NO_FRAMES = LandmarkSeries(_NONE, np.empty((0, _POINTS, 2)), np.empty((0, _POINTS)), np.empty(0, dtype=np.int64))


@dataclass(frozen=True)
class Event:
    """When in the stride something happens, over the valid strides."""

    label: str
    mean_percent: float
    sd_percent: float
    """NaN for a single stride."""


@dataclass(frozen=True, eq=False)
class Panel:
    """The data of one panel. Only valid strides are in it."""

    view: ViewAnalysis
    side: Side
    measure: Measure
    unit: str
    strides: Floats
    """Numbers of the strides, shape (n,)."""
    data: Floats
    """A curve: shape (n, 101). A scalar: shape (n,). NaN = not seen."""
    events: tuple[Event, ...]
    remark: str
    """What lowers the quality, in words; empty when nothing does."""

    @property
    def measurable(self) -> bool:
        """Whether there is anything to draw."""
        return bool(np.isfinite(self.data).any())

    @property
    def seen(self) -> int:
        """Number of strides with anything to draw."""
        return sum(bool(np.isfinite(one).any()) for one in self.data)


def panels_of(analysis: Analysis, measure: Measure) -> tuple[Panel, ...]:
    """Return the panels of a measure: a left and a right one for each view that should show it."""
    views = [v for v in analysis.views if v.scene.view in measure.views]
    return tuple(_panel(view, side, measure) for view in views for side in SIDES)


def without_frames(analysis: Analysis) -> Analysis:
    """Return what panels are picked out of: all but what has a number for each frame, most of a long clip's memory."""
    return replace(analysis, views=tuple(_without_frames(view) for view in analysis.views))


def _without_frames(view: ViewAnalysis) -> ViewAnalysis:
    return replace(view, raw=_NO_FRAMES, landmarks=_NO_FRAMES, centres=_NO_FRAMES, angles=AngleSeries(_NONE, {}))


def _panel(view: ViewAnalysis, side: Side, measure: Measure) -> Panel:
    valid = {s.number: s for s in view.valid_strides(side)}
    values = [v for v in view.values if v.measure == measure.name and v.side == side and v.stride in valid]
    found = _curves(view, side, measure) if measure.kind == "curve" else _scalars(values)
    kept = {number: data for number, data in found.items() if number in valid}
    return Panel(
        view=view,
        side=side,
        measure=measure,
        unit=values[0].unit if values else measure.unit,
        strides=np.array(list(kept), dtype=np.float64),
        data=np.array(list(kept.values()), dtype=np.float64),
        events=_events(tuple(valid.values())) if measure.kind == "curve" else (),
        remark=remark(values),
    )


def _curves(view: ViewAnalysis, side: Side, measure: Measure) -> dict[int, Floats]:
    return {c.stride: c.values for c in view.curves if c.measure == measure.name and c.side == side}


def _scalars(values: list[MeasureValue]) -> dict[int, float]:
    return {v.stride: v.value for v in values}


def _events(strides: tuple[Stride, ...]) -> tuple[Event, ...]:
    percents = {
        "midstance": np.array([s.midstance_percent for s in strides]),
        "toe-off": np.array([s.toe_off_percent for s in strides]),
    }
    return tuple(
        Event(label, float(seen.mean()), float(seen.std(ddof=1)) if len(seen) > 1 else float("nan"))
        for label, every in percents.items()
        if len(seen := every[np.isfinite(every)])
    )


def remark(values: list[MeasureValue]) -> str:
    """Say what lowers the quality of a measure, most of it first, naming instants and strides where they differ.

    Parameters
    ----------
    values : list of MeasureValue
        All of one measure, of one side and view. A reason may hold several, joined by semicolons.
    """
    found: dict[tuple[Quality, str], list[MeasureValue]] = {}
    for value in values:
        if value.quality != "ok":
            for reason in value.reason.split("; "):
                found.setdefault((value.quality, reason), []).append(value)
    widest_first = sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    clauses, said = [], ""
    for (quality, reason), mine in widest_first:
        where = _at_instants(mine, values) + _in_strides(mine, values)
        what = "not measurable" if quality == "unmeasurable" else f"quality {quality}"
        told = " ".join(part for part in ("" if what == said else what, *where) if part)
        clauses.append(": ".join(part for part in (told, reason) if part))
        said = what
    return "; ".join(clauses)


def _at_instants(mine: list[MeasureValue], every: list[MeasureValue]) -> list[str]:
    instants = {v.instant for v in mine}
    if instants == {v.instant for v in every}:
        return []
    names = [i.replace("toe_off", "toe-off").replace("_", " ") for i in get_args(Instant) if i in instants]
    return [f"at {', '.join(names)}"]


def _in_strides(mine: list[MeasureValue], every: list[MeasureValue]) -> list[str]:
    some, total = len({v.stride for v in mine}), len({v.stride for v in every})
    return [] if some == total else [f"in {some} of {total} strides"]


def nan_mean_sd(curves: Floats) -> tuple[Floats, Floats]:
    """Return mean and SD over strides, shape (101,) each; NaN where too few strides are seen."""
    seen = np.isfinite(curves)
    n = seen.sum(axis=0)
    mean = np.where(seen, curves, 0).sum(axis=0) / np.where(n > 0, n, np.nan)
    squares = np.where(seen, (curves - mean) ** 2, 0).sum(axis=0)
    return mean, np.sqrt(squares / np.where(n > 1, n - 1, np.nan))
