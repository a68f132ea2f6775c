"""Lines of text as outlines, each laid out once: most of what is written in a plot stands in the next one as well."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

EM = TextToPath.FONT_SCALE
"""Size that outlines are given at, in points."""
_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "z"}


@dataclass(frozen=True, eq=False)
class Line:
    """A line of text of `EM` points; its base begins at the origin, y is up."""

    width: float
    height: float
    """From the lowest to the highest letter."""
    descent: float
    """What of it is below the base."""
    outline: Path
    glyphs: tuple[str, ...]
    """Names of the glyphs that are in it."""
    uses: str
    """What sets these glyphs, as SVG."""


class Lettering:
    """Keeps the lines that were laid out, and the glyphs in them."""

    def __init__(self) -> None:
        self._outlines = TextToPath()
        self._shapes: OrderedDict[str, tuple[np.ndarray, np.ndarray]] = OrderedDict()
        self._data: dict[str, str] = {}
        self._lines: dict[tuple[object, ...], Line] = {}

    def line(self, text: str, font: FontProperties) -> Line:
        """Return a line of text, whatever its size."""
        key = (text, *font.get_family(), font.get_style(), font.get_weight())
        if key not in self._lines:
            self._lines[key] = self._laid_out(text, font)
        return self._lines[key]

    def glyph(self, name: str) -> str:
        """Return the outline of a glyph as the data of an SVG path."""
        if name not in self._data:
            self._data[name] = _as_data(Path(*self._shapes[name]))
        return self._data[name]

    def _laid_out(self, text: str, font: FontProperties) -> Line:
        large = font.copy()
        large.set_size(EM)
        size = self._outlines.get_text_width_height_descent(text, large, ismath=False)
        face = get_font(findfont(large))
        face.set_size(EM, TextToPath.DPI)
        placed, _, _ = self._outlines.get_glyphs_with_font(face, text, self._shapes)
        inked = [(name, x, y) for name, x, y, _ in placed if len(self._shapes[name][0])]
        parts = [Path(self._shapes[name][0] + (x, y), self._shapes[name][1]) for name, x, y in inked]
        return Line(
            *size,
            outline=Path.make_compound_path(*parts),
            glyphs=tuple(dict.fromkeys(name for name, *_ in inked)),
            uses="".join(f'<use x="{x:.4g}" y="{y:.4g}" xlink:href="#{name}"/>' for name, x, y in inked),
        )


def _as_data(outline: Path) -> str:
    parts = []
    for points, code in outline.iter_segments(simplify=False):
        numbers = () if code == Path.CLOSEPOLY else points
        parts.append(_LETTERS[code] + " ".join(f"{v:.4g}" for v in numbers))
    return "".join(parts)
