"""What a network is to find, where its crop lies, and how roughly the pose model puts it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from benchmarks.landmarks.frames import TRUE_NAMES
from numpy.typing import NDArray

from midstance.pose import leg_crop
from midstance.pose.crops import Affine, Points, through
from midstance.pose.leg_crop import LEG_POINTS, Leg

MARGIN_PX = 28
"""Kept round each crop, for crops that are drawn beside the true place."""
LONGER_TORSO = {"side": 1.168, "frontal": 1.11}
"""The pose model's torso against the true one, by the median over rendered runners."""
SIDES = ("left", "right")
ON_GROUND_M, SWING_SHARE = 0.06, 0.3
"""Height of the lower end of a foot that stands or is about to; share of the other legs that is kept."""

Image = NDArray[np.uint8]
Truth = Mapping[str, NDArray[np.float64]]
"""Every point of one frame: x, y and z in metres, x and y in pixels."""
Cut = tuple[Image, Points, float]
"""A crop with `MARGIN_PX` round it, its points in pixels, and its kind."""


@dataclass(frozen=True)
class Frame:
    """One frame of a rendered clip."""

    image: Image
    truth: Truth
    view: str
    """`side` or `frontal`."""
    front: bool
    """Of a frontal view: from the front."""

    def px(self, name: str) -> Points:
        """Return a point in the picture."""
        return np.asarray(self.truth[TRUE_NAMES.get(name, name)][3:])

    @property
    def rightward(self) -> bool:
        """Whether the runner, from the side, faces the picture's right."""
        return bool(self.px("nose")[0] > (self.px("left_hip")[0] + self.px("right_hip")[0]) / 2)

    @property
    def torso_px(self) -> float:
        """Length of the torso as the pose model would have it."""
        shoulders, hips = (self.px(f"left_{j}") + self.px(f"right_{j}") for j in ("shoulder", "hip"))
        return float(np.hypot(*(shoulders - hips))) / 2 * LONGER_TORSO[self.view]


@dataclass(frozen=True)
class Task:
    """What to learn.

    Attributes
    ----------
    size_px : tuple of (width, height)
        Of the crop.
    points : int
        How many are to be found.
    lines : tuple of pairs
        Numbers of points whose difference matters by itself.
    anchor_px : mapping of str to (x, y)
        By view: where the crop hangs.
    turn_deg, scale, shift_px, mean_shift_px
        Spread of what the pose model gives on rendered runners; the shift is across and along, and its mean.
    shoe, shank : pairs of numbers
        Heel and toe, knee and ankle: where other shoes and clothes are drawn.
    cut : callable
        From a frame to its crops.
    """

    size_px: tuple[int, int]
    points: int
    lines: tuple[tuple[int, int], ...]
    anchor_px: Mapping[str, tuple[float, float]]
    turn_deg: float
    scale: float
    shift_px: tuple[float, float]
    mean_shift_px: tuple[float, float]
    shoe: tuple[int, int]
    shank: tuple[int, int]
    cut: Callable[[Frame, np.random.Generator], Iterator[Cut]]


def cut_legs(frame: Frame, rng: np.random.Generator) -> Iterator[Cut]:
    """Yield both legs; one in swing only now and then. Kind: near or front +1, far or rear -1."""
    for side in SIDES:
        lowest = min(frame.truth[f"{side}_{end}"][2] for end in ("heel", "foot_index"))
        if lowest < ON_GROUND_M or rng.random() < SWING_SHARE:
            frontal = frame.view == "frontal"
            mirrored = side == "left" if frontal else not frame.rightward
            near = frame.front if frontal else (side == "right") == frame.rightward
            knee, ankle = (frame.px(f"{side}_{joint}") for joint in ("knee", "ankle"))
            affine = leg_crop.to_crop(Leg(frame.view, knee, ankle, frame.torso_px, mirrored), MARGIN_PX)
            names = [f"{side}_{point}" for point in LEG_POINTS]
            yield _cut(frame, affine, leg_crop.SIZE_PX, names, 1.0 if near else -1.0)


def _cut(frame: Frame, affine: Affine, size_px: tuple[int, int], names: list[str], kind: float) -> Cut:
    size = (size_px[0] + 2 * MARGIN_PX, size_px[1] + 2 * MARGIN_PX)
    picture = cv2.warpAffine(frame.image, affine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    points = through(affine, np.stack([frame.px(name) for name in names]))
    return np.asarray(picture, dtype=np.uint8), points, kind


_KNEE, _ANKLE, _HEEL, _TOE = range(len(LEG_POINTS))

TASKS = {
    "legs": Task(
        size_px=leg_crop.SIZE_PX,
        points=len(LEG_POINTS),
        lines=((_KNEE, _ANKLE), (_HEEL, _TOE)),
        anchor_px={view: (x, leg_crop.ANKLE_Y_PX) for view, x in leg_crop.ANKLE_X_PX.items()},
        turn_deg=3.0,
        scale=0.045,
        shift_px=(4.0, 6.0),
        mean_shift_px=(0.0, 3.0),
        shoe=(_HEEL, _TOE),
        shank=(_KNEE, _ANKLE),
        cut=cut_legs,
    ),
}
