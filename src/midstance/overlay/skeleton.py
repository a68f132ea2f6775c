"""The skeleton: legs in the colours of their sides, feet as triangles, trunk and arms in the background."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from midstance.overlay import pen
from midstance.overlay.moment import Moment
from midstance.overlay.pen import Points
from midstance.overlay.style import FAINT_INK, HALO, INK, SIDE_COLOUR, mixed
from midstance.overlay.text import Image
from midstance.science.landmarks import SIDES, Side, other_side

_FOOT = ("ankle", "heel", "foot_index")


class Weight(NamedTuple):
    """How strongly a part is drawn; widths in units of the layout."""

    opacity: float
    line: float
    joint: float


NEAR = Weight(0.95, 0.22, 0.27)
FAR = Weight(0.5, 0.14, 0.18)
BODY = Weight(0.5, 0.10, 0.0)


def draw_skeleton(image: Image, moment: Moment) -> None:
    """Draw trunk and arms, then the far leg, then the near one. Landmarks that are not seen are left out."""
    _draw_body(image, moment)
    near = moment.view.scene.near_side
    for side in SIDES if near is None else (other_side(near), near):
        _draw_leg(image, moment, side, NEAR if near in (None, side) else FAR)


def _draw_body(image: Image, moment: Moment) -> None:
    width, halo = moment.layout.line_px(BODY.line), moment.layout.halo_px
    paths = _body_paths(moment)

    def draw() -> None:
        for start, end in (ends for points in paths for ends in pairwise(points)):
            pen.line(image, start, end, FAINT_INK, width, halo_px=halo)

    pen.translucent(image, np.concatenate(paths), width + 2 * halo, BODY.opacity, draw)


def _body_paths(moment: Moment) -> list[Points]:
    """Return trunk and arms: from the side one line for the trunk and the near arm, else all of them."""
    near = moment.view.scene.near_side
    arms = [
        np.stack([moment.point(f"{side}_{joint}") for joint in ("shoulder", "elbow", "wrist")])
        for side in SIDES
        if near in (None, side)
    ]
    if near is not None:
        return [np.stack([moment.midpoint("hip"), moment.midpoint("shoulder")]), *arms]
    corners = ("left_shoulder", "right_shoulder", "right_hip", "left_hip", "left_shoulder")
    return [np.stack([moment.point(name) for name in corners]), *arms]


def _draw_leg(image: Image, moment: Moment, side: Side, weight: Weight) -> None:
    points = np.stack([moment.point(f"{side}_{joint}") for joint in ("hip", "knee", *_FOOT)])
    pad = 2 * moment.layout.line_px(weight.line) + 2 * moment.layout.line_px(weight.joint)
    pen.translucent(image, points, pad, weight.opacity, lambda: _draw_opaque_leg(image, moment, side, weight, points))


def _draw_opaque_leg(image: Image, moment: Moment, side: Side, weight: Weight, points: Points) -> None:
    layout, colour = moment.layout, SIDE_COLOUR[side]
    width, halo = layout.line_px(weight.line), layout.halo_px
    hip, knee, ankle, _, _ = points
    if moment.phases[side].on_ground:
        pen.shape(image, points[2:], mixed(colour, HALO, 0.7))
    pen.path(image, points[2:], colour, max(1, round(0.8 * width)), halo_px=halo, closed=True)
    pen.line(image, hip, knee, colour, width, halo_px=halo)
    pen.line(image, knee, ankle, colour, width, halo_px=halo)
    for joint in (hip, knee, ankle):
        pen.disc(image, joint, weight.joint * layout.pen_px, colour, halo_px=halo)
        pen.disc(image, joint, 0.5 * weight.joint * layout.pen_px, INK)
