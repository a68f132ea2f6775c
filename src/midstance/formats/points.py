"""Landmarks of a view as points in space, as motion-capture files hold them.

Axes: X to the picture's right, Y up, Z towards the camera. The picture is a plane, so that Z is 0. It turns into
OpenSim's axes (X forward, Y up, Z to the runner's right) by a rotation about Y, whichever way the runner faces; the
picture's own are kept because a mirrored runner would show the other side. Y is 0 where the feet are lowest, X at the
picture's left edge. Metres by the scale of the analysis; without one the unit is the pixel, and said to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LEG_JOINTS, SIDES, LandmarkSeries
from midstance.science.records import ViewAnalysis

Array = NDArray[np.float64]
Stage = Literal["raw", "cleaned", "centres"]
"""Landmarks as estimated, cleaned on a uniform time base, or moved to the joint centres that angles are read from."""
AXES = "X to the picture's right, Y up, Z towards the camera and 0"
UNIT = {"m": "metres", "px": "pixels, for no scale was known"}
_FEET = [LANDMARK_INDEX[f"{side}_{joint}"] for side in SIDES for joint in LEG_JOINTS[2:]]


@dataclass(frozen=True, eq=False)
class Points:
    """Named points over time."""

    names: tuple[str, ...]
    time_s: Array
    """(n,)"""
    xyz: Array
    """(n, names, 3) in `unit`; NaN = not seen."""
    unit: Literal["m", "px"]
    about: dict[str, str]
    """What a reader must know, by short names without spaces; values without tabs."""

    @property
    def rate_hz(self) -> float:
        """Median rate of the frames."""
        return float(1 / np.median(np.diff(self.time_s)))


def series_of(view: ViewAnalysis, stage: Stage) -> LandmarkSeries:
    """Return the landmarks of a view at a stage of the work on them."""
    return {"raw": view.raw, "cleaned": view.landmarks, "centres": view.centres}[stage]


def points_of(view: ViewAnalysis, stage: Stage) -> Points:
    """Return the landmarks of a view that are seen at all, as points.

    Parameters
    ----------
    view : ViewAnalysis
    stage : {'raw', 'cleaned', 'centres'}
    """
    series = series_of(view, stage)
    seen = np.asarray(np.isfinite(series.xy_px).all(axis=2).any(axis=0))
    metres = view.scene.metres_per_px
    scale = metres if metres > 0 else 1.0
    floor_px = float(np.nanmax(view.landmarks.xy_px[:, _FEET, 1]))
    xyz = np.zeros((len(series), int(seen.sum()), 3))
    xyz[..., 0] = series.xy_px[:, seen, 0] * scale
    xyz[..., 1] = (floor_px - series.xy_px[:, seen, 1]) * scale
    xyz[~np.isfinite(xyz[..., 0])] = np.nan
    return Points(
        tuple(name for name, there in zip(LANDMARK_NAMES, seen, strict=True) if there),
        series.time_s,
        xyz,
        "m" if metres > 0 else "px",
        _about(view, stage, floor_px),
    )


def _about(view: ViewAnalysis, stage: Stage, floor_px: float) -> dict[str, str]:
    facts = {
        "view": view.name,
        "facing": view.scene.facing,
        "points": stage,
        "model": view.clip.model or "none",
        "metres_per_px": f"{view.scene.metres_per_px:.9g}",
        "floor_px": f"{floor_px:.3f}",
    }
    return {name: value.replace("\t", " ").replace(";", ",") for name, value in facts.items()}
