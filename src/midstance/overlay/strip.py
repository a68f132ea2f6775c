"""The strip: running curves around now, with stances, events and axes, that scroll past a cursor.

What does not depend on now is drawn once: the frame with names and scales, and the curves in tiles of a few
seconds, of which only the last few are kept.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from midstance.overlay import pen
from midstance.overlay.chart import TICK_S, Chart, Panel, chart_of
from midstance.overlay.moment import Annotator, Moment, Moments
from midstance.overlay.style import BAND, FAINT_INK, INK, SIDE_COLOUR
from midstance.overlay.text import SEMIBOLD, Image, draw_text, text_width
from midstance.overlay.tiles import draw_tile

_CURSOR = 0.06
_DOT = 0.26
_TILES_KEPT = 4


def strip_annotator(moments: Moments) -> Annotator | None:
    """Return what draws the strip of a clip; None when its layout has none.

    Parameters
    ----------
    moments : Moments
        Of the clip.
    """
    layout = moments.layout
    if layout.strip is None:
        return None
    chart = chart_of(moments, layout.strip)
    frame = _draw_frame(chart)

    @lru_cache(maxsize=_TILES_KEPT)
    def tile(index: int) -> Image:
        return draw_tile(chart, index)

    def draw_strip(image: Image, moment: Moment) -> None:
        x, y, width, height = chart.rect
        strip = image[y : y + height, x : x + width]
        strip[:] = frame
        first_px = chart.window_start_px(moment.time_s)
        for index in chart.tiles_in_window(first_px):
            _paste(strip, chart, tile(index), index * chart.tile_px - first_px)
        _draw_times(strip, chart, first_px)
        _draw_cursor(strip, chart, moment)

    return draw_strip


def _paste(strip: Image, chart: Chart, tile: Image, at_px: int) -> None:
    """Copy the part of a tile that lies in the window, `at_px` from the window's left."""
    plot = chart.plot
    start, stop = max(0, at_px), min(plot.width, at_px + chart.tile_px)
    strip[plot.y : plot.bottom, plot.x + start : plot.x + stop] = tile[:, start - at_px : stop - at_px]


def _draw_frame(chart: Chart) -> Image:
    """Draw names and scales left of the plot."""
    frame = np.full((chart.rect.height, chart.rect.width, 3), BAND, dtype=np.uint8)
    layout = chart.layout
    for panel in chart.panels:
        _name_panel(frame, chart, panel)
    for side, row in chart.lanes.items():
        middle = row.y + row.height / 2
        left = chart.pad_px
        draw_text(frame, f"{side.capitalize()} stance", (left, middle), layout.text_px(0.8), SIDE_COLOUR[side])
    axis_y = chart.axis.y + 0.55 * chart.axis.height
    draw_text(frame, "Time, s", (chart.pad_px, axis_y), layout.text_px(0.8), FAINT_INK)
    return frame


def _name_panel(frame: Image, chart: Chart, panel: Panel) -> None:
    layout, rect = chart.layout, panel.rect
    size = layout.text_px(0.85)
    top = rect.y + 0.65 * layout.unit_px
    for index, word in enumerate(panel.name_lines):
        draw_text(frame, word, (chart.pad_px, top + 1.15 * size * index), size, INK, weight=SEMIBOLD)
    for tick in panel.ticks:
        at = (chart.plot.x - 0.3 * layout.unit_px, panel.y_px(tick))
        label = f"{tick:.0f}°".replace("-", "−")
        draw_text(frame, label, at, layout.text_px(0.75), FAINT_INK, align="right")


def _draw_times(strip: Image, chart: Chart, first_px: int) -> None:
    """Draw the times below the plot, only those that are whole: a tile would cut numbers at its edges."""
    layout, axis = chart.layout, chart.axis
    step_px = TICK_S * chart.px_per_s
    size = layout.text_px(0.75)
    for number in range(max(0, math.ceil(first_px / step_px)), math.floor((first_px + axis.width) / step_px) + 1):
        x = axis.x + number * step_px - first_px
        pen.rectangle(strip, x, axis.y, 1, 0.25 * layout.unit_px, FAINT_INK)
        text = f"{number * TICK_S:.1f}"
        half = text_width(text, size) / 2
        if axis.x + half <= x <= axis.right - half:
            draw_text(strip, text, (x, axis.y + 0.85 * layout.unit_px), size, FAINT_INK, align="centre")


def _draw_cursor(strip: Image, chart: Chart, moment: Moment) -> None:
    layout = chart.layout
    x = chart.plot.x + chart.cursor_px
    top, bottom = chart.panels[0].rect.y if chart.panels else chart.plot.y, chart.axis.y
    ends = np.array([[x, top], [x, bottom]], dtype=np.float64)
    pen.path(strip, ends, INK, layout.rule_px(_CURSOR))
    values = {r.trace: r.value for r in moment.readings}
    for panel in chart.panels:
        for trace in panel.traces:
            dot = np.array([x, panel.y_px(values[trace])])
            pen.disc(strip, dot, _DOT * layout.unit_px, SIDE_COLOUR[trace.side], halo_px=layout.halo_px)
