"""A small canvas for drawings in SVG: lines, circles, arcs and words, in any unit with y up.

No library: the drawings need five shapes, must be the same on every machine, and are read as text in a diff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import atan2, cos, hypot, pi, sin

Point = tuple[float, float]

INK = "#22303c"
NEAR = "#0b5394"
FAR = "#9aa7b2"
MARK = "#c2410c"
GROUND = "#6b7280"
SKIN = "#e7ecf1"
PAPER = "#ffffff"


@dataclass
class Canvas:
    """Shapes in the order in which they are drawn."""

    title: str
    """Said to those who cannot see the drawing."""
    width: float
    height: float
    origin: Point = (0.0, 0.0)
    """Of the drawing's coordinates, from the lower left corner."""
    px_per_unit: float = 1.0
    shapes: list[str] = field(default_factory=list)

    def line(
        self, *points: Point, colour: str = INK, width: float = 2.0, dashed: bool = False, arrow: bool = False
    ) -> None:
        """Draw a line through points; with `arrow`, a head at its end."""
        path = " ".join(self._at(p) for p in points)
        dash = ' stroke-dasharray="6 5"' if dashed else ""
        self.shapes.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dash} '
            'stroke-linecap="round" stroke-linejoin="round"/>'
        )
        if arrow:
            self._head(points[-2], points[-1], colour)

    def area(self, *points: Point, fill: str = SKIN, colour: str = INK, width: float = 1.5) -> None:
        """Draw a closed shape."""
        path = " ".join(self._at(p) for p in points)
        self.shapes.append(
            f'<polygon points="{path}" fill="{fill}" stroke="{colour}" stroke-width="{width:g}" '
            'stroke-linejoin="round"/>'
        )

    def blob(self, *points: Point, fill: str = SKIN, colour: str = INK, width: float = 1.5) -> None:
        """Draw a closed shape with a smooth outline through points (Catmull-Rom, as cubic curves)."""
        n = len(points)
        spans = []
        for i, start in enumerate(points):
            before, stop, after = points[i - 1], points[(i + 1) % n], points[(i + 2) % n]
            first = (start[0] + (stop[0] - before[0]) / 6, start[1] + (stop[1] - before[1]) / 6)
            second = (stop[0] - (after[0] - start[0]) / 6, stop[1] - (after[1] - start[1]) / 6)
            spans.append(f"C{self._at(first)} {self._at(second)} {self._at(stop)}")
        self.shapes.append(
            f'<path d="M{self._at(points[0])} {" ".join(spans)} Z" fill="{fill}" stroke="{colour}" '
            f'stroke-width="{width:g}"/>'
        )

    def disc(self, at: Point, radius: float, *, fill: str = INK, colour: str = INK, width: float = 1.5) -> None:
        """Draw a disc; its radius in units of the drawing."""
        x, y = self._xy(at)
        self.shapes.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * self.px_per_unit:.1f}" fill="{fill}" '
            f'stroke="{colour}" stroke-width="{width:g}"/>'
        )

    def angle(self, at: Point, first: Point, second: Point, radius: float, colour: str = MARK) -> None:
        """Draw an arc about `at` from the direction of `first` to that of `second`, the short way."""
        start, stop = (atan2(p[1] - at[1], p[0] - at[0]) for p in (first, second))
        turn = (stop - start + pi) % (2 * pi) - pi
        steps = [start + turn * i / 24 for i in range(25)]
        self.line(*[(at[0] + radius * cos(a), at[1] + radius * sin(a)) for a in steps], colour=colour, width=3.5)

    def words(
        self, at: Point, text: str, *, colour: str = INK, size: float = 15, anchor: str = "start", bold: bool = False
    ) -> None:
        """Write one or more lines of text; `at` is the beginning of the first baseline."""
        x, y = self._xy(at)
        weight = ' font-weight="600"' if bold else ""
        for i, row in enumerate(text.split("\n")):
            self.shapes.append(
                f'<text x="{x:.1f}" y="{y + i * size * 1.25:.1f}" font-size="{size:g}" fill="{colour}" '
                f'text-anchor="{anchor}"{weight}>{escape(row)}</text>'
            )

    def render(self) -> str:
        """Return the drawing as a file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}" role="img" '
            'font-family="Helvetica, Arial, sans-serif">'
        )
        paper = f'<rect width="{self.width:g}" height="{self.height:g}" rx="8" fill="{PAPER}"/>'
        return "\n".join([head, f"<title>{escape(self.title)}</title>", paper, *self.shapes, "</svg>", ""])

    def _xy(self, p: Point) -> Point:
        x = (self.origin[0] + p[0]) * self.px_per_unit
        y = self.height - (self.origin[1] + p[1]) * self.px_per_unit
        return x, y

    def _at(self, p: Point) -> str:
        x, y = self._xy(p)
        return f"{x:.1f},{y:.1f}"

    def _head(self, before: Point, tip: Point, colour: str) -> None:
        (x0, y0), (x1, y1) = self._xy(before), self._xy(tip)
        length = hypot(x1 - x0, y1 - y0) or 1.0
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        corners = [(x1, y1)] + [(x1 - 11 * ux + s * 5 * uy, y1 - 11 * uy - s * 5 * ux) for s in (1, -1)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        self.shapes.append(f'<polygon points="{path}" fill="{colour}"/>')


def along(start: Point, degrees: float, length: float) -> Point:
    """Return the point at a length from `start`, at an angle to the vertical; positive = to the right."""
    lean = degrees * pi / 180
    return start[0] + length * sin(lean), start[1] + length * cos(lean)


def between(first: Point, second: Point, share: float = 0.5) -> Point:
    """Return a point on the way from one to another."""
    return first[0] + share * (second[0] - first[0]), first[1] + share * (second[1] - first[1])


def moved(points: Sequence[Point], by: Point) -> list[Point]:
    """Return points moved."""
    return [(x + by[0], y + by[1]) for x, y in points]
