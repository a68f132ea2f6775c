"""How fast the runner ran, as far as it is known, and whether a norm is for that speed."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from midstance.science.records import ViewAnalysis
from midstance.science.settings import Settings

ANOTHER_SPEED_MPS = 0.5
"""A norm measured at a speed further off than this is said to be for another speed."""


def runner_speed_mps(views: Iterable[ViewAnalysis], settings: Settings) -> float:
    """Return the running speed in m/s; NaN when it is not known.

    The speed that was given, or else the speed of the stance feet in the picture times its scale, the median
    over the side views.
    """
    if settings.speed_mps is not None:
        return settings.speed_mps
    found = [abs(v.scene.speed_px_s) * v.scene.metres_per_px for v in views if v.scene.view == "side"]
    known = [speed for speed in found if math.isfinite(speed)]
    return float(np.median(known)) if known else float("nan")


def is_another_speed(speed_mps: float, norm_mps: float) -> bool:
    """Return whether a known speed is too far from that of a norm; False when it is not known."""
    return abs(speed_mps - norm_mps) > ANOTHER_SPEED_MPS
