"""What is cut out of three neighbouring frames, and what is to be found there.

Points are those of the middle frame. Angles are in the lab's planes, by the signs of the measures: tilt is anterior
positive, obliquity is positive when the runner's left side is higher (what `pelvic_drop` calls a drop while the left
leg stands), rotation is positive to the runner's left.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from midstance.pose.crops import CELL_PX

Array = NDArray[np.float64]
Image = NDArray[np.uint8]

SIDES = ("left", "right")
JOINTS = ("asis", "psis", "hip", "iliac", "knee")
POINTS = tuple(f"{side}_{joint}" for joint in JOINTS for side in SIDES)
"""`iliac` is half way between the spines of one side."""
MIRRORED = tuple(i + 1 if i % 2 == 0 else i - 1 for i in range(len(POINTS)))
"""Where each point is found when left and right are exchanged."""
ANGLES = ("tilt", "obliquity", "rotation")
MIRRORED_ANGLES = (1.0, -1.0, -1.0)
ANGLE_UNIT_DEG = 10.0
"""Of the angles as the network gives them."""
PRIOR_JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
PRIORS = tuple(f"{side}_{joint}" for joint in PRIOR_JOINTS for side in SIDES)
"""Landmarks of the pose model that the network is told."""
PRIOR_MAPS = tuple(i for i, name in enumerate(PRIORS) if name.endswith(("_hip", "_knee")))
"""Those that it is also shown as maps."""
FRAMES = 3

SIZE_PX = (192, 256)
"""Width and height of what the network sees."""
MARGIN_PX = 16
"""Kept round it in examples, for crops that are drawn beside the true place."""
STORED_PX = (SIZE_PX[0] + 2 * MARGIN_PX, SIZE_PX[1] + 2 * MARGIN_PX)
HIPS_PX = (96.0, 100.0)
"""Where the middle of the pose model's hips lies."""
PX_PER_TORSO = 112.0
"""Pixels to a torso, from the middle of the shoulders to that of the hips, as the pose model marks it: 5 mm each."""
INPUTS = {
    "pictures": (3 * FRAMES, SIZE_PX[1], SIZE_PX[0]),
    "maps": (len(PRIOR_MAPS), SIZE_PX[1] // CELL_PX, SIZE_PX[0] // CELL_PX),
    "told": (FRAMES * len(PRIORS) * 2,),
}
"""What the network reads of one burst, and the shape of each."""


def crop_affine(prior_px: Array, margin_px: float = 0.0) -> Array:
    """Return the affine map (2, 3), upright, from a picture to the crop that the pose model's landmarks point out.

    Parameters
    ----------
    prior_px : (priors, 2) array
        Of the middle frame; the same crop is cut out of its neighbours.
    margin_px : float
        The crop's own pixels begin at (margin, margin).
    """
    shoulders, hips = (prior_px[2 * i : 2 * i + 2].mean(axis=0) for i in (0, 1))
    scale = PX_PER_TORSO / max(float(np.hypot(*(shoulders - hips))), 1.0)
    return np.column_stack([scale * np.eye(2), np.array(HIPS_PX) + margin_px - scale * hips])


def angles_of(points: Mapping[str, Array]) -> Array:
    """Return tilt, obliquity and rotation (..., 3) in degrees from the four spines (..., 3) in metres."""
    front = (points["left_asis"] + points["right_asis"]) / 2
    back = (points["left_psis"] + points["right_psis"]) / 2
    forward, leftward = front - back, points["left_asis"] - points["right_asis"]
    found = [
        np.arctan2(-forward[..., 2], forward[..., 0]),
        np.arctan2(leftward[..., 2], np.abs(leftward[..., 1])),
        np.arctan2(-leftward[..., 0], leftward[..., 1]),
    ]
    return np.asarray(np.degrees(np.stack(found, -1)))
