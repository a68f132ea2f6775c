"""Landmarks of somebody who stands, for tests."""

from __future__ import annotations

import numpy as np

from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries, Side

FPS = 60.0
SHANK_PX, THIGH_PX, FOOT_PX = 160.0, 165.0, 90.0
ANKLE_PX = np.array([400.0, 900.0])


def standing(
    lean_deg: float = 3.0,
    *,
    knee_deg: float = 4.0,
    facing: Side = "right",
    seconds: float = 3.0,
    foot_px: float = FOOT_PX,
    apart_px: float = 0.0,
) -> LandmarkSeries:
    """Return landmarks of somebody who stands; `apart_px`: the near foot is that far before the other."""
    ahead = 1.0 if facing == "right" else -1.0
    shank, thigh = np.radians(lean_deg), np.radians(lean_deg - knee_deg)
    leg = {
        "ankle": (0.0, 0.0),
        "knee": (SHANK_PX * np.sin(shank), SHANK_PX * np.cos(shank)),
        "heel": (-30.0, -30.0),
        "foot_index": (foot_px - 30.0, -30.0),
    }
    leg["hip"] = (leg["knee"][0] + THIGH_PX * np.sin(thigh), leg["knee"][1] + THIGH_PX * np.cos(thigh))
    xy_px = np.full((round(seconds * FPS), 33, 2), np.nan)
    for side in ("left", "right"):
        for joint, (x, up) in leg.items():
            shift = apart_px if side == facing and joint != "hip" else 0.0
            xy_px[:, LANDMARK_INDEX[f"{side}_{joint}"]] = ANKLE_PX + np.array([ahead * (x + shift), -up])
    return with_points(xy_px)


def with_points(xy_px: np.ndarray) -> LandmarkSeries:
    """Return landmarks that are all seen."""
    n = len(xy_px)
    return LandmarkSeries(np.arange(n) / FPS, xy_px, np.where(np.isnan(xy_px[..., 0]), np.nan, 1.0), np.arange(n))
