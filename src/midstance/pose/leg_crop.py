"""Where in a picture a leg's own network looks: shank and foot, upright and of one size, as if all were right legs.

The crop hangs from the pose model's own knee and ankle, so that the foot always appears in nearly the same place,
however the leg swings. Left legs (from front and rear) and runners who face left (from the side) are mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.pose.crops import Affine, Points

LEG_POINTS = ("knee", "ankle", "heel", "foot_index")
"""What the network finds. Heel and foot_index are the ends of the foot's axis, as in `science.joint_centres`."""
SIZE_PX = (112, 176)
"""Width and height."""
ANKLE_Y_PX = 118.0
ANKLE_X_PX = {"side": 42.0, "frontal": 56.0}
"""From the side, more room ahead of the foot than behind it."""
PX_PER_TORSO = {"side": 92.5, "frontal": 97.5}
"""Pixels of the crop to a torso (middle of the shoulders to middle of the hips) as the pose model marks it."""


@dataclass(frozen=True)
class Leg:
    """One leg of one frame, in pixels of the picture.

    Attributes
    ----------
    view : str
        `side` or `frontal`.
    knee, ankle : (2,) arrays
    torso_px : float
        Length of the torso.
    mirrored : bool
        Whether the crop is turned round left for right.
    """

    view: str
    knee: Points
    ankle: Points
    torso_px: float
    mirrored: bool


def to_crop(leg: Leg, margin_px: float = 0.0) -> Affine:
    """Return the affine map (2, 3) from the picture to the crop.

    Parameters
    ----------
    leg : Leg
    margin_px : float
        Added on every side: the crop's own pixels then begin at (margin, margin).

    Raises
    ------
    ValueError
        If knee and ankle are one point, or a number is missing.
    """
    down = np.asarray(leg.ankle - leg.knee, dtype=np.float64)
    length = float(np.hypot(*down))
    if not (length > 0 and leg.torso_px > 0):
        raise ValueError(f"leg: expected a knee, an ankle and a torso apart from each other, given {leg}")
    down /= length
    across = np.array([down[1], -down[0]]) * (-1.0 if leg.mirrored else 1.0)
    turn = np.stack([across, down]) * PX_PER_TORSO[leg.view] / leg.torso_px
    place = np.array([ANKLE_X_PX[leg.view], ANKLE_Y_PX]) + margin_px
    return np.column_stack([turn, place - turn @ leg.ankle])
