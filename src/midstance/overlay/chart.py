"""What the strip shows and where: panels, their scales, and how time maps to pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midstance.overlay.layout import Layout, Rect
from midstance.overlay.moment import Moments
from midstance.overlay.readings import Trace, told
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import View, ViewAnalysis

Values = NDArray[np.float64]

WINDOW_S = 2.5
"""About three strides: enough to compare, few enough to read."""
TILE_S = 5.0
TICK_S = 0.5
NOW_SHARE = 0.6
"""Where in the window now is: more of the past is shown than of the future."""

CURVES: dict[View, tuple[str, ...]] = {
    "side": ("knee_flexion", "tibial_inclination"),
    "front": ("knee_valgus", "foot_progression"),
    "rear": ("knee_valgus", "foot_progression"),
}
_NAMES: dict[str, tuple[str, ...]] = {
    "knee_flexion": ("Knee", "flexion"),
    "tibial_inclination": ("Tibial", "inclination"),
    "knee_valgus": ("Knee", "valgus"),
    "foot_progression": ("Foot", "progression"),
}
_GUTTER = 8.4
_PAD = 0.7
_LANE = 0.95
_AXIS = 1.5
_GAP = 0.35
_FEWEST_DEGREES = 20.0


@dataclass(frozen=True)
class Panel:
    """One measure of the strip, for one leg or both."""

    measure: str
    traces: tuple[Trace, ...]
    rect: Rect
    """In the strip."""
    low: float
    high: float
    """Degrees at the lower and the upper edge."""
    ticks: tuple[float, ...]

    @property
    def name_lines(self) -> tuple[str, ...]:
        """The measure's name, short and in lines."""
        return _NAMES[self.measure]

    def y_px(self, degrees: float) -> float:
        """Return where a value lies; values beyond the scale stay at its edge, NaN stays NaN."""
        share = (degrees - self.low) / (self.high - self.low)
        return self.rect.bottom - min(max(share, 0.0), 1.0) * self.rect.height if share == share else math.nan


@dataclass(frozen=True)
class Chart:
    """The strip of a view. All places are in pixels of the strip."""

    view: ViewAnalysis
    layout: Layout
    rect: Rect
    """The strip on the canvas."""
    plot: Rect
    """All that scrolls."""
    panels: tuple[Panel, ...]
    lanes: dict[Side, Rect]
    """A row for each leg, in which its stances are bars."""
    axis: Rect
    px_per_s: int
    pad_px: float

    @property
    def tile_px(self) -> int:
        """Width of a tile."""
        return round(TILE_S * self.px_per_s)

    @property
    def cursor_px(self) -> int:
        """Distance of now from the left of the plot."""
        return round(NOW_SHARE * self.plot.width)

    def window_start_px(self, time_s: float) -> int:
        """Return the distance of the plot's left edge from time 0 at a time."""
        return round(time_s * self.px_per_s) - self.cursor_px

    def tiles_in_window(self, first_px: int) -> range:
        """Return the numbers of the tiles that a window shows."""
        return range(first_px // self.tile_px, (first_px + self.plot.width - 1) // self.tile_px + 1)


def chart_of(moments: Moments, rect: Rect) -> Chart:
    """Lay out the strip of a clip.

    Parameters
    ----------
    moments : Moments
        Of the clip.
    rect : Rect
        The strip on the canvas.
    """
    layout = moments.layout
    unit = layout.unit_px
    left = round(_GUTTER * unit)
    top, bottom = round(0.3 * unit), round(rect.height - 0.2 * unit)
    plot = Rect(left, top, rect.width - left - round(_PAD * unit), bottom - top)
    axis = Rect(plot.x, bottom - round(_AXIS * unit), plot.width, round(_AXIS * unit))
    lane = round(_LANE * unit)
    lanes = {side: Rect(plot.x, axis.y - (2 - i) * lane, plot.width, lane) for i, side in enumerate(SIDES)}
    curves = Rect(plot.x, plot.y, plot.width, axis.y - 2 * lane - round(_GAP * unit) - plot.y)
    return Chart(
        view=moments.view,
        layout=layout,
        rect=rect,
        plot=plot,
        panels=_panels(moments, curves, round(_GAP * unit)),
        lanes=lanes,
        axis=axis,
        px_per_s=max(1, round(plot.width / WINDOW_S)),
        pad_px=_PAD * unit,
    )


def _panels(moments: Moments, area: Rect, gap_px: int) -> tuple[Panel, ...]:
    view = moments.view
    groups = [[t for t in moments.traces if t.measure == m] for m in CURVES[view.scene.view]]
    shown = [g for g in groups if any(np.isfinite(curve_deg(view, t)).any() for t in g)]
    if not shown:
        return ()
    height = (area.height - gap_px * (len(shown) - 1)) // len(shown)
    rects = [Rect(area.x, area.y + i * (height + gap_px), area.width, height) for i in range(len(shown))]
    return tuple(_panel(view, group, rect) for group, rect in zip(shown, rects, strict=True))


def _panel(view: ViewAnalysis, traces: Sequence[Trace], rect: Rect) -> Panel:
    values = np.concatenate([curve_deg(view, t) for t in traces])
    step, low, high = scale_deg(values[np.isfinite(values)])
    ticks = tuple(float(t) for t in np.arange(math.ceil(low / step) * step, high + 1e-9, step))
    return Panel(traces[0].measure, tuple(traces), rect, low, high, ticks)


def curve_deg(view: ViewAnalysis, trace: Trace) -> Values:
    """Return the curve of a trace at the times of the angles; NaN where it says nothing.

    Parameters
    ----------
    view : ViewAnalysis
    trace : Trace
    """
    times, values = view.angles.time_s, view.angles.values[trace.measure, trace.side]
    if told(view.scene.view, on_ground=None):
        return values
    stances = [(s.initial_contact_s, s.toe_off_s) for s in view.strides if s.side == trace.side]
    on_ground = np.any([(start <= times) & (times < end) for start, end in stances], axis=0)
    return np.where(on_ground, values, np.nan)


def scale_deg(values: Values) -> tuple[float, float, float]:
    """Return the step of the ticks and both ends of a scale that holds nearly all of some known values.

    One percent at either end may lie beyond: a single stray point must not flatten the curve.
    """
    low, high = (float(v) for v in np.percentile(values, [0.5, 99.5]))
    room = max(high - low, _FEWEST_DEGREES)
    step = next(s for s in (5.0, 10.0, 20.0, 30.0, 40.0, 60.0, 90.0, 180.0) if room / s <= 4.5)
    middle = (low + high) / 2
    return step, middle - 0.54 * room, middle + 0.54 * room
