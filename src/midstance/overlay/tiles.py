"""One stretch of the strip's plot, as a picture that is drawn once."""

from __future__ import annotations

import numpy as np

from midstance.overlay import pen
from midstance.overlay.chart import Chart, Panel, curve_deg
from midstance.overlay.events import draw_mark
from midstance.overlay.pen import Points
from midstance.overlay.readings import Trace
from midstance.overlay.style import BAND, GRID, INK, PANEL, SIDE_COLOUR, mixed
from midstance.overlay.text import Image
from midstance.science.landmarks import Side
from midstance.science.records import Stride

_CURVE = 0.13
_LOW_CURVE = 0.08
_SHADE = 0.16


class _Sheet:
    """A tile with a margin on both sides, so that what crosses its edge is whole in both neighbours."""

    def __init__(self, chart: Chart, index: int) -> None:
        self.chart = chart
        self.margin_px = round(2 * chart.layout.unit_px)
        self.start_px = index * chart.tile_px - self.margin_px
        shape = (chart.plot.height, chart.tile_px + 2 * self.margin_px, 3)
        self.image: Image = np.full(shape, BAND, dtype=np.uint8)

    @property
    def span_s(self) -> tuple[float, float]:
        """First and last time on it."""
        rate = self.chart.px_per_s
        return self.start_px / rate, (self.start_px + self.image.shape[1]) / rate

    def x(self, time_s: float) -> float:
        """Return where a time lies."""
        return time_s * self.chart.px_per_s - self.start_px

    def y(self, strip_y: float) -> float:
        """Return where a height of the strip lies."""
        return strip_y - self.chart.plot.y

    def shows(self, start_s: float, end_s: float) -> bool:
        """Return whether any of a stretch of time lies on it."""
        first, last = self.span_s
        return start_s <= last and end_s >= first


def draw_tile(chart: Chart, index: int) -> Image:
    """Draw the plot from `index` times `chart.TILE_S` on, for as many seconds.

    Parameters
    ----------
    chart : Chart
    index : int
        May be negative: before the clip there are empty panels.
    """
    sheet = _Sheet(chart, index)
    for panel in chart.panels:
        _draw_panel(sheet, panel)
    for side in chart.lanes:
        _draw_lane(sheet, side)
    return sheet.image[:, sheet.margin_px : -sheet.margin_px]


def _draw_panel(sheet: _Sheet, panel: Panel) -> None:
    width = sheet.image.shape[1]
    pen.rectangle(sheet.image, 0, sheet.y(panel.rect.y), width, panel.rect.height, PANEL)
    sides = {t.side for t in panel.traces}
    for stride in (s for s in _strides(sheet) if s.side in sides):
        _shade_stance(sheet, panel, stride)
    for tick in panel.ticks:
        pen.rectangle(sheet.image, 0, sheet.y(panel.y_px(tick)), width, 1, GRID)
    for stride in (s for s in _strides(sheet) if s.side in sides):
        _draw_midstance(sheet, panel, stride)
    for trace in panel.traces:
        _draw_curve(sheet, panel, trace)


def _shade_stance(sheet: _Sheet, panel: Panel, stride: Stride) -> None:
    left, right = (sheet.x(t) for t in (stride.initial_contact_s, stride.toe_off_s))
    shade = mixed(SIDE_COLOUR[stride.side], PANEL, _SHADE)
    pen.rectangle(sheet.image, left, sheet.y(panel.rect.y), right - left, panel.rect.height, shade)


def _draw_midstance(sheet: _Sheet, panel: Panel, stride: Stride) -> None:
    x = sheet.x(stride.midstance_s)
    ends = np.array([[x, sheet.y(panel.rect.y)], [x, sheet.y(panel.rect.bottom)]])
    shade = mixed(SIDE_COLOUR[stride.side], PANEL, 0.6)
    pen.dashed(sheet.image, ends[0], ends[1], shade, sheet.chart.layout.rule_px(0.05))


def _draw_curve(sheet: _Sheet, panel: Panel, trace: Trace) -> None:
    layout = sheet.chart.layout
    width = layout.rule_px(_CURVE if trace.quality == "ok" else _LOW_CURVE)
    for part in _known_parts(sheet, panel, trace):
        pen.path(sheet.image, part, SIDE_COLOUR[trace.side], width, halo_px=1)


def _known_parts(sheet: _Sheet, panel: Panel, trace: Trace) -> list[Points]:
    """Return the stretches of a curve without gaps, as points on the sheet."""
    angles = sheet.chart.view.angles
    first, last = sheet.span_s
    inside = np.flatnonzero((angles.time_s >= first - 0.1) & (angles.time_s <= last + 0.1))
    values = curve_deg(sheet.chart.view, trace)[inside]
    points = np.array(
        [[sheet.x(t), sheet.y(panel.y_px(v))] for t, v in zip(angles.time_s[inside], values, strict=True)]
    )
    gaps = np.flatnonzero(~np.isfinite(values))
    return [p[np.isfinite(p[:, 1])] for p in np.split(points.reshape(-1, 2), gaps)]


def _draw_lane(sheet: _Sheet, side: Side) -> None:
    layout, row = sheet.chart.layout, sheet.chart.lanes[side]
    middle = sheet.y(row.y + row.height / 2)
    bar = 0.5 * row.height
    for stride in (s for s in _strides(sheet) if s.side == side):
        left, right = (sheet.x(t) for t in (stride.initial_contact_s, stride.toe_off_s))
        colour = mixed(SIDE_COLOUR[side], BAND, 0.75 if stride.valid else 0.3)
        pen.rectangle(sheet.image, left, middle - bar / 2, right - left, bar, colour)
        place = np.array([sheet.x(stride.midstance_s), middle])
        if pen.seen(place):
            draw_mark(sheet.image, layout, "midstance", place, INK, 0.24 * layout.unit_px)


def _strides(sheet: _Sheet) -> list[Stride]:
    return [
        s
        for s in sheet.chart.view.strides
        if np.isfinite([s.initial_contact_s, s.toe_off_s]).all() and sheet.shows(s.initial_contact_s, s.toe_off_s)
    ]
