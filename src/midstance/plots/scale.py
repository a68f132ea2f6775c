"""Grid, ticks, numbers and label of an axis in a few strokes, where matplotlib makes five artists for each tick."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import IdentityTransform

from midstance.plots.panels import Floats
from midstance.plots.style import GRID_COLOUR, GRID_WIDTH, INK, TICK_FONT, TICK_LENGTH, TICK_PAD, TICK_SIZE, TICK_WIDTH

ASCENT = 0.76
"""Height of a line of the font over its base, as a share of its size; the rest is below."""
ROUNDING = 1e-10
"""Share of the axis by which a tick at its end may miss it."""


def simplify_scales(figure: Figure) -> None:
    """Let every axis of a figure be drawn by a `Scale`. What is drawn stays the same."""
    for ax in figure.axes:
        if ax.axison:
            for axis in (ax.xaxis, ax.yaxis):
                ax.add_artist(Scale(ax, axis))
                axis.set_visible(False)


class Scale(Artist):
    """Draws an axis that is hidden itself: at the left or the bottom, in the style of midstance."""

    def __init__(self, ax: Axes, axis: Axis) -> None:
        super().__init__()
        self._panel, self._axis, self._upright = ax, axis, axis is ax.yaxis
        self.set_zorder(axis.get_zorder())

    def draw(self, renderer: RendererBase) -> None:
        """Draw it all, the grid first."""
        values, pt = self._values(), _pixels(renderer, 1.0)
        places, box = self._places(values), self._panel.bbox
        edge = box.x0 if self._upright else box.y0
        if self._upright:
            self._lines(renderer, places, (box.x0, box.x1), _pen(renderer, GRID_COLOUR, GRID_WIDTH, "projecting"))
        self._lines(renderer, places, (edge - TICK_LENGTH * pt, edge), _pen(renderer, INK, TICK_WIDTH, "butt"))
        words = self._axis.get_major_formatter().format_ticks(values.tolist())
        inner = self._numbers(renderer, places, words, edge - (TICK_LENGTH + TICK_PAD) * pt)
        self._write_label(renderer, inner - self._axis.labelpad * pt)
        self._write_offset(renderer, box.y1 + TICK_PAD * pt)

    def _values(self) -> Floats:
        """Return the values that are marked."""
        low, high = sorted(self._axis.get_view_interval())
        room = ROUNDING * (high - low)
        values = np.asarray(self._axis.get_majorticklocs(), dtype=np.float64)
        return values[(values >= low - room) & (values <= high + room)]

    def _places(self, values: Floats) -> Floats:
        """Return where values are along the axis."""
        along = int(self._upright)
        points = np.zeros((len(values), 2))
        points[:, along] = values
        return np.asarray(self._panel.transData.transform(points)[:, along], dtype=np.float64)

    def _lines(
        self, renderer: RendererBase, places: Floats, ends: tuple[float, float], pen: GraphicsContextBase
    ) -> None:
        """Draw a line across the axis at every place."""
        if len(places):
            lines = np.stack(np.broadcast_arrays(places[:, None], ends), axis=2).reshape(-1, 2)
            codes = np.tile(np.array([Path.MOVETO, Path.LINETO], dtype=np.uint8), len(places))
            path = Path(lines[:, ::-1] if self._upright else lines, codes)
            renderer.draw_path(pen, path, IdentityTransform())

    def _numbers(self, renderer: RendererBase, places: Floats, words: list[str], outer: float) -> float:
        """Write the numbers up to `outer`; return where they begin."""
        font, size = FontProperties(family=TICK_FONT, size=TICK_SIZE), _pixels(renderer, TICK_SIZE)
        _, height = renderer.get_canvas_width_height()
        widths = [renderer.get_text_width_height_descent(word, font, ismath=False)[0] for word in words]
        for place, word, width in zip(places.tolist(), words, widths, strict=True):
            if self._upright:
                x, y = outer - width, place - ASCENT / 2 * size
            else:
                x, y = place - width / 2, outer - ASCENT * size
            renderer.draw_text(_pen(renderer, INK), x, height - y, word, font, 0.0)
        return outer - (max(widths, default=0.0) if self._upright else size)

    def _write_label(self, renderer: RendererBase, at: float) -> None:
        """Write the label beyond the numbers."""
        box = self._panel.bbox
        x, y = (at, (box.y0 + box.y1) / 2) if self._upright else ((box.x0 + box.x1) / 2, at)
        self._axis.set_label_coords(x, y, IdentityTransform())
        self._axis.label.draw(renderer)

    def _write_offset(self, renderer: RendererBase, at: float) -> None:
        """Write what is to be added to the numbers, or their power of ten, above an upright axis."""
        told = self._axis.get_major_formatter().get_offset()
        if told and self._upright:
            self._axis.offsetText.set_text(told)
            self._axis.offsetText.set_y(at)
            self._axis.offsetText.draw(renderer)


def _pixels(renderer: RendererBase, points: float) -> float:
    """Return a length as the renderer counts."""
    length: Any = renderer.points_to_pixels(points)
    return float(length)


def _pen(
    renderer: RendererBase, colour: str, width: float = 0.0, cap: Literal["butt", "projecting"] = "butt"
) -> GraphicsContextBase:
    """Return what lines are drawn with."""
    pen = renderer.new_gc()
    pen.set_foreground(colour)
    pen.set_linewidth(width)
    pen.set_capstyle(cap)
    return pen
