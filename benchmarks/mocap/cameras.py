"""Virtual phones: the landmarks that an error-free pose model would report of a skeleton."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.mocap.skeleton import Skeleton
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries
from midstance.science.records import View
from midstance.science.signals import Array

HEADING_DEG: dict[View, float] = {"side": 90.0, "front": 0.0, "rear": 180.0}
"""Where the phone stands, from straight ahead towards the runner's right."""
SIZE_PX = (1080, 1920)
FIELD_HEIGHT_M = 2.44
"""Height of the picture at the runner, whatever the distance: the lens or the crop follows it."""
AIM_M = 0.9


@dataclass(frozen=True)
class Phone:
    """A phone in portrait, level and square to the runner unless said."""

    view: View
    yaw_deg: float = 0.0
    """Off the view's own direction, towards the runner's right (or back, in a side view)."""
    roll_deg: float = 0.0
    """Clockwise as seen from behind the phone: the picture turns the other way."""
    distance_m: float = 3.5
    height_m: float = 0.9
    aimed: bool = True
    """Tilted so that it looks at the hips; else it looks level."""


def film(skeleton: Skeleton, phone: Phone, fps: float, duration_s: float) -> LandmarkSeries:
    """Return the landmarks that the phone sees, from time 0 on.

    Parameters
    ----------
    skeleton : Skeleton
    phone : Phone
    fps : float
    duration_s : float
    """
    time_s = np.arange(round(duration_s * fps)) / fps
    xy_px = np.full((len(time_s), len(LANDMARK_NAMES), 2), np.nan)
    eye_m, axes = _pose(skeleton, phone)
    for name in set(LANDMARK_NAMES) & set(skeleton.points):
        path = skeleton.points[name]
        places = np.column_stack([np.interp(time_s, skeleton.time_s, path[:, j]) for j in range(3)])
        xy_px[:, LANDMARK_INDEX[name]] = _project(places, eye_m, axes, phone)
    visibility = np.where(np.isfinite(xy_px[..., 0]), 1.0, np.nan)
    return LandmarkSeries(time_s, xy_px, visibility, np.arange(len(time_s)), SIZE_PX)


def _pose(skeleton: Skeleton, phone: Phone) -> tuple[Array, Array]:
    """Return the phone's place and its right, up and forward directions as rows."""
    heading = np.radians(HEADING_DEG[phone.view] + phone.yaw_deg)
    outward = np.array([np.cos(heading), 0.0, np.sin(heading)])
    below = np.nanmean(skeleton.points["pelvis"], axis=0) * [1, 0, 1]
    eye = below + phone.distance_m * outward + np.array([0, phone.height_m, 0])
    aim_m = AIM_M if phone.aimed else phone.height_m
    target = below + np.array([0, aim_m, 0])
    forward = (target - eye) / np.linalg.norm(target - eye)
    level = np.cross(forward, [0.0, 1.0, 0.0])
    level /= np.linalg.norm(level)
    upright = np.cross(level, forward)
    roll = np.radians(phone.roll_deg)
    right = np.cos(roll) * level - np.sin(roll) * upright
    return eye, np.stack([right, np.cross(right, forward), forward])


def _project(places_m: Array, eye_m: Array, axes: Array, phone: Phone) -> Array:
    """Project (n, 3) places to (n, 2) pixels, y down."""
    across, up, depth = ((places_m - eye_m) @ axes.T).T
    focal_px = SIZE_PX[1] / FIELD_HEIGHT_M * phone.distance_m
    return np.column_stack([SIZE_PX[0] / 2 + focal_px * across / depth, SIZE_PX[1] / 2 - focal_px * up / depth])
