"""The skeleton: legs in the colours of their sides, feet as triangles, trunk and arms in the background."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from midstance.overlay import pen
from midstance.overlay.layout import Rect
from midstance.overlay.moment import Moment
from midstance.overlay.style import INK, SIDE_COLOUR, Colour
from midstance.overlay.text import Image
from midstance.science.landmarks import SIDES, Side, other_side

Names = tuple[str, ...]

_TRUNK: tuple[Names, ...] = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *((f"{side}_shoulder", f"{side}_hip") for side in SIDES),
)
_ARMS: tuple[Names, ...] = tuple((f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist") for side in SIDES)


class Weight(NamedTuple):
    """How strongly a leg is drawn; widths in units of the layout."""

    opacity: float
    line: float
    joint: float


NEAR = Weight(1.0, 0.22, 0.30)
FAR = Weight(0.55, 0.15, 0.20)
BODY = Weight(0.45, 0.10, 0.0)


def draw_skeleton(image: Image, moment: Moment) -> None:
    """Draw trunk and arms, then the far leg, then the near one. Landmarks that are not seen are left out."""
    ground = image.copy()[_slices(_box(moment))] if _box(moment) else None
    if ground is None:
        return
    _draw_body(image, moment)
    _blend(image, ground, moment, BODY.opacity)
    near = moment.view.scene.near_side
    for side in SIDES if near is None else (other_side(near), near):
        _draw_leg(image, moment, side, NEAR if near in (None, side) else FAR)
