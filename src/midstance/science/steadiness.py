"""What the runner's path through the picture tells of the recording: pictures that repeat, a camera that moved."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import LandmarkSeries

STILL_SHARE = 0.05
"""A frame in which the landmarks move by less than this share of what they do in lively frames shows the picture
before it again: between two pictures of a runner some limb is always under way."""
LIVELY_QUANTILE = 0.9
JUMP_LEG_LENGTHS = 0.25
"""Hips of a runner on a belt do not move so far between two frames: 0.06 at most in 479 rendered and filmed clips."""
SLOWLY_S = 1.0
"""Over this time the bounce of running is levelled out, and what is left is drift."""

_Floats = NDArray[np.float64]


def repeated_share(raw: LandmarkSeries) -> float:
    """Return the share of frames whose picture is the one before again, 0 to 1; 0 where that cannot be told."""
    moved = _mean_move_px(raw)
    known = moved[np.isfinite(moved)]
    if len(known) < 2:
        return 0.0
    lively = float(np.quantile(known, LIVELY_QUANTILE))
    return float(np.mean(known < STILL_SHARE * lively)) if lively > 0 else 1.0


def jumps(raw: LandmarkSeries, leg_length_px: float) -> int:
    """Return how often the runner is elsewhere, or another size, from one frame to the next: a cut."""
    hips = raw.midpoint("hip")
    step = np.linalg.norm(np.diff(hips, axis=0), axis=1)
    return int(np.sum(step > JUMP_LEG_LENGTHS * leg_length_px))


def drift_leg_lengths(raw: LandmarkSeries, leg_length_px: float) -> float:
    """Return how far the hips wander through the picture, without their bounce, over thigh plus shank."""
    hips = raw.midpoint("hip")
    hips = hips[np.isfinite(hips).all(axis=1)]
    width = max(1, round(SLOWLY_S * raw.fps)) if np.isfinite(raw.fps) else 1
    if len(hips) <= width:
        return 0.0
    kernel = np.full(width, 1 / width)
    slow = np.stack([np.convolve(hips[:, axis], kernel, "valid") for axis in (0, 1)])
    return float(np.ptp(slow, axis=1).max() / leg_length_px)


def _mean_move_px(raw: LandmarkSeries) -> _Floats:
    """Return how far the landmarks move from each frame to the next, the mean of those seen in both; NaN for none."""
    distance = np.linalg.norm(np.diff(raw.xy_px, axis=0), axis=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a frame without anybody has no mean
        return np.asarray(np.nanmean(distance, axis=1), dtype=np.float64)
