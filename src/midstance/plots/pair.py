"""One pass over a figure that draws it as SVG and as pixels: walking and laying out its parts costs the most.

A figure is drawn at 72 dots an inch, the unit of an SVG; the pixels get each shape through one more scaling.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedPath
from numpy.typing import NDArray

from midstance.plots.lettering import EM, Lettering, Line

POINTS_PER_IN = 72
METADATA = {"Date": None, "Creator": "midstance"}


def draw_both(figure: Figure, svg: TextIO, dpi: int, lettering: Lettering) -> NDArray[np.uint8]:
    """Draw a figure as SVG into a file and as pixels.

    Parameters
    ----------
    figure : Figure
        Without pictures and shaded triangles, which are not drawn. Its dots per inch are changed.
    svg : file
        Open for text.
    dpi : int
        Of the pixels.
    lettering : Lettering
        May have served other figures.

    Returns
    -------
    (h, w, 3) uint8 array
        RGB.
    """
    pair = Pair(figure, svg, dpi, lettering)
    figure.set_dpi(POINTS_PER_IN)
    figure.draw(pair)
    return pair.finished()


class Pair(RendererBase):
    """Draws with two renderers of matplotlib at once, and letters by itself."""

    def __init__(self, figure: Figure, file: TextIO, dpi: int, lettering: Lettering) -> None:
        super().__init__()
        wide, high = figure.get_size_inches()
        svg: Any = RendererSVG  # matplotlib has no types for its backends
        pixels: Any = RendererAgg
        self._svg = svg(wide * POINTS_PER_IN, high * POINTS_PER_IN, file, metadata=METADATA)
        self._pixels = pixels(wide * dpi, high * dpi, dpi)
        self._file, self._lettering = file, lettering
        self._defined: set[str] = set()
        self._scale = dpi / POINTS_PER_IN
        self._scaling = Affine2D().scale(self._scale)

    def finished(self) -> NDArray[np.uint8]:
        """End the SVG and return the pixels."""
        self._svg.finalize()
        return np.asarray(self._pixels.buffer_rgba())[..., :3]

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin a group, which only the SVG has."""
        self._svg.open_group(s, gid)

    def close_group(self, s: str) -> None:
        """End it."""
        self._svg.close_group(s)

    def flipy(self) -> bool:
        """Return that text is placed from the top."""
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size in points."""
        return self._svg.width, self._svg.height

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a line of text in points."""
        if ismath:
            width, height, descent = self._svg.get_text_width_height_descent(s, prop, ismath)
            return width, height, descent
        line, scale = self._lettering.line(s, prop), prop.get_size_in_points() / EM
        return scale * line.width, scale * line.height, scale * line.descent

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:  # noqa: N803 - the library's name
        """Draw a line or an area."""
        self._svg.draw_path(gc, path, transform, rgbFace)
        with self._scaled(gc):
            self._pixels.draw_path(gc, path, transform + self._scaling, rgbFace)

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803 - the library's name
    ) -> None:
        """Draw one shape at many places."""
        self._svg.draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)
        with self._scaled(gc):
            larger, places = marker_trans + self._scaling, trans + self._scaling
            self._pixels.draw_markers(gc, marker_path, larger, path, places, rgbFace)

    def draw_path_collection(
        self,
        gc: GraphicsContextBase,
        master_transform: Transform,
        paths: Any,
        all_transforms: Any,
        offsets: Any,
        offset_trans: Transform,
        *looks: Any,
        **more: Any,
    ) -> None:
        """Draw many shapes."""
        shapes = (paths, all_transforms, offsets)
        self._svg.draw_path_collection(gc, master_transform, *shapes, offset_trans, *looks, **more)
        with self._scaled(gc):
            larger, places = ((trans + self._scaling).frozen() for trans in (master_transform, offset_trans))
            self._pixels.draw_path_collection(gc, larger, *shapes, places, *looks, **more)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,  # noqa: FBT002 - the library's own order
        mtext: Any = None,
    ) -> None:
        """Draw a line of text, which is never clipped; `y` is from the top."""
        if ismath:
            self._svg.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            self._pixels.draw_text(gc, self._scale * x, self._scale * y, s, prop, angle, ismath, mtext)
            return
        line, size = self._lettering.line(s, prop), prop.get_size_in_points() / EM
        self._svg.writer.comment(s)  # also ends the tag that is being written
        self._define(line)
        form = f"translate({x:.3f} {y:.3f}) rotate({-angle:g}) scale({size:.5g} {-size:.5g})"
        self._file.write(f'<g fill="{to_hex(gc.get_rgb())}" transform="{form}">{line.uses}</g>\n')
        self._fill(gc, line, Affine2D().scale(size * self._scale).rotate_deg(angle), x, y)

    def _define(self, line: Line) -> None:
        """Write the glyphs of a line that the SVG does not hold yet."""
        new = [name for name in line.glyphs if name not in self._defined]
        self._defined.update(new)
        if new:
            glyphs = "".join(f'<path id="{name}" d="{self._lettering.glyph(name)}"/>' for name in new)
            self._file.write(f"<defs>{glyphs}</defs>\n")

    def _fill(self, gc: GraphicsContextBase, line: Line, form: Affine2D, x: float, y: float) -> None:
        """Fill the letters, their base at the edge of a pixel, so that it is sharp."""
        ink = self._pixels.new_gc()
        ink.set_linewidth(0.0)
        ink.set_snap(False)
        level = form.get_matrix()[1, 0] == 0
        x, y = self._scale * x, int(self._pixels.height) - self._scale * y
        at = (x, round(y)) if level else (round(x), y)
        self._pixels.draw_path(ink, line.outline, form.translate(*at), gc.get_rgb())

    @contextmanager
    def _scaled(self, gc: GraphicsContextBase) -> Iterator[None]:
        """Clip in pixels while the block lasts."""
        clip_path: Any = gc.get_clip_path()
        box, (path, trans) = gc.get_clip_rectangle(), clip_path
        if box is not None:
            gc.set_clip_rectangle(Bbox(self._scale * box.get_points()))
        if path is not None:
            gc.set_clip_path(TransformedPath(path, trans + self._scaling))
        yield
        gc.set_clip_rectangle(box)
        gc.set_clip_path(None if path is None else TransformedPath(path, trans))
