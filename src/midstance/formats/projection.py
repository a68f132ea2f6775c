"""Points in space as a distant camera sees them: from the side, from the front or from the rear, by parallel rays.

The pixel of such a picture is a millimetre. Up is the axis along which the hips lie above the ankles; forward is level
and square to the line from the left to the right hip, and taken as the nearest axis of the laboratory where that is
within `SNAP_DEG`: the belt lies along one, and the pelvis of a runner need not be square to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from midstance.formats.points import Array
from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import View

SNAP_DEG = 20.0
MM_PER = {"mm": 1.0, "cm": 10.0, "m": 1000.0, "meters": 1000.0, "metres": 1000.0}
FLAT = 1e-3
"""Greatest spread of the third axis over time, against the height of the body, in a file that holds a picture."""


@dataclass(frozen=True, eq=False)
class Laboratory:
    """The directions of a recording in space, as unit vectors."""

    forward: Array
    up: Array
    right: Array


def is_flat(xyz: Array) -> bool:
    """Return whether points lie in the plane of a picture: each keeps its third coordinate."""
    spread = np.nanmax(np.nanstd(xyz[..., 2], axis=0), initial=0.0)
    return bool(spread <= FLAT * np.ptp(xyz[..., 1][np.isfinite(xyz[..., 1])]))


def laboratory_of(points: Mapping[str, Array], where: str) -> Laboratory:
    """Find up, forward and right from hips and ankles, each (n, 3).

    Raises
    ------
    InputError
        If they are not there.
    """
    needed = [f"{side}_{joint}" for side in SIDES for joint in ("hip", "ankle")]
    missing = [n for n in needed if n not in points or not np.isfinite(points[n]).any()]
    if missing:
        raise InputError(f"{where}: expected hips and ankles, {', '.join(missing)} not found: name their markers")
    hips, ankles = (
        np.nanmean([np.nanmean(points[f"{s}_{j}"], axis=0) for s in SIDES], axis=0) for j in ("hip", "ankle")
    )
    up = _nearest_axis(hips - ankles)
    across = np.nanmean(points["right_hip"] - points["left_hip"], axis=0)
    forward = np.cross(up, across)
    nearest = _nearest_axis(forward)
    if _angle_deg(forward, nearest) <= SNAP_DEG:
        forward = nearest
    forward = forward / np.linalg.norm(forward)
    return Laboratory(forward, up, np.cross(forward, up))


def seen(points: Mapping[str, Array], unit: str, lab: Laboratory, view: View, near: Side = "right") -> dict[str, Array]:
    """Return each point in the picture of a view, (n, 2) in millimetres, y down.

    Parameters
    ----------
    points : mapping of str to (n, 3) arrays
    unit : str
        Of the points.
    lab : Laboratory
    view : View
    near : {'left', 'right'}
        From which side a side view is.
    """
    to_the_right = {
        "side": lab.forward if near == "right" else -lab.forward,
        "front": -lab.right,
        "rear": lab.right,
    }[view]
    axes = MM_PER.get(unit.lower(), 1.0) * np.stack([to_the_right, -lab.up])
    return {name: path @ axes.T for name, path in points.items()}


def _nearest_axis(direction: Array) -> Array:
    axis = np.zeros(3)
    longest = int(np.argmax(np.abs(direction)))
    axis[longest] = np.sign(direction[longest])
    return axis


def _angle_deg(a: Array, b: Array) -> float:
    return float(np.degrees(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1))))
