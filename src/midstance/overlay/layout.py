"""Where everything lies on the canvas: header, picture, margins and strip, all in one unit of size.

::

    +---------------------------+
    | header                    |
    +------+--------------------+
    |margin| picture            |    one margin beside a side view, where the runner looks;
    |      |                    |    one for each leg beside a frontal view
    +------+--------------------+
    | names of events           |
    | strip                     |
    +---------------------------+

Labels stand in margins of their own, so that nothing of the clip is hidden and no label moves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from midstance.overlay.pen import Points
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Scene

SHORTEST_LONG_SIDE_PX = 900
"""A smaller picture is enlarged by a whole factor, so that text beside it is legible."""
LONGEST_LONG_SIDE_PX = 1920
"""A larger picture is reduced: the decoders of tablets stop at about 4096 px, bands included."""

HEADER = 3.0
MARGIN = 9.0
LANE = 1.7
STRIP = 14.2
_LEG = 13.0
"""Units of lines on the picture that thigh and shank are long at least."""
_FEWEST_ROWS = 34.0
"""Lines of text that a margin holds at least."""


class Rect(NamedTuple):
    """A part of the canvas in whole pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """First row below it."""
        return self.y + self.height

    def holds(self, point: Points) -> bool:
        """Return whether a point lies in it; a missing one does not."""
        return bool(self.x <= point[0] <= self.right and self.y <= point[1] <= self.bottom)


@dataclass(frozen=True)
class Layout:
    """The parts of a canvas, from `arrange`."""

    unit_px: float
    """Height of a line of ordinary text; every size around the picture is a multiple of it."""
    pen_px: float
    """The unit of what is drawn on the picture: less than `unit_px` where the runner is small."""
    picture_scale: float
    """Canvas pixels per pixel of the clip."""
    width_px: int
    """Of the canvas: even, as video encoders want it."""
    height_px: int
    header: Rect
    picture: Rect
    margins: dict[Side, Rect]
    """The margin in which the numbers of a leg stand. In a side view both legs share one."""
    lane: Rect
    """Below the picture: room for the names of events of a foot that runs along the picture's edge."""
    strip: Rect | None

    def text_px(self, share: float = 1.0) -> int:
        """Return a font size."""
        return max(8, round(share * 0.92 * self.unit_px))

    def line_px(self, share: float) -> int:
        """Return the width of a line on the picture."""
        return max(1, round(share * self.pen_px))

    def rule_px(self, share: float) -> int:
        """Return the width of a line around the picture."""
        return max(1, round(share * self.unit_px))

    @property
    def halo_px(self) -> int:
        """Width of the dark rim of lines on the picture."""
        return max(1, round(0.06 * self.pen_px))


def arrange(scene: Scene, clip_size_px: tuple[int, int], *, strip: bool = True) -> Layout:
    """Lay out the canvas for a clip.

    Parameters
    ----------
    scene : Scene
        Tells which margins there are.
    clip_size_px : tuple of (width, height)
    strip : bool
        Whether there is a strip of running curves.
    """
    scale = picture_scale(*clip_size_px)
    width, height = (max(1, round(scale * side)) for side in clip_size_px)
    unit = max(8.0, min(math.sqrt(width * height) / 42, height / _FEWEST_ROWS))
    sides = margin_places(scene)
    margin = round(MARGIN * unit)
    left = margin if -1 in sides.values() else 0
    right = margin if 1 in sides.values() else 0
    header = round(HEADER * unit)
    canvas_width = _even(left + width + right)
    lane = Rect(left, header + height, width, round(LANE * unit))
    band = round(STRIP * unit) if strip else 0
    rects = {-1: Rect(0, header, left, height), 1: Rect(left + width, header, right, height)}
    return Layout(
        unit_px=unit,
        pen_px=_pen_px(unit, scale * scene.leg_length_px),
        picture_scale=scale,
        width_px=canvas_width,
        height_px=_even(lane.bottom + band),
        header=Rect(0, 0, canvas_width, header),
        picture=Rect(left, header, width, height),
        margins={side: rects[place] for side, place in sides.items()},
        lane=lane,
        strip=Rect(0, lane.bottom, canvas_width, band) if strip else None,
    )


def _pen_px(unit_px: float, leg_px: float) -> float:
    """Return the unit of lines on the picture, so that they stay thin beside the legs of a small runner."""
    return min(unit_px, max(leg_px / _LEG, 0.4 * unit_px)) if leg_px > 0 else unit_px


def picture_scale(width_px: int, height_px: int) -> float:
    """Return by what a clip's picture is enlarged (a whole number) or reduced."""
    longest = max(width_px, height_px)
    if longest > LONGEST_LONG_SIDE_PX:
        return LONGEST_LONG_SIDE_PX / longest
    return float(math.ceil(SHORTEST_LONG_SIDE_PX / longest))


def margin_places(scene: Scene) -> dict[Side, int]:
    """Return for each leg whether its margin is left (-1) or right (+1) of the picture."""
    if scene.view == "side":
        return dict.fromkeys(SIDES, int(scene.forward))
    return {side: 1 if (side == "right") == (scene.view == "rear") else -1 for side in SIDES}


def _even(length_px: int) -> int:
    return length_px + length_px % 2
