"""What the runner's path through the picture tells of the recording: pictures that repeat, a camera that moved."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from midstance.science.landmarks import LandmarkSeries

STILL_SHARE = 0.15
"""A frame in which the landmarks move by less than this share of what they do in lively frames shows the picture
before it again: between two pictures of a runner some limb is always under way (0.29 at least in 17 clips); a picture
that was coded and cut out anew shows 0.09."""
LIVELY_QUANTILE = 0.9
JUMP_LEG_LENGTHS = 0.25
"""Hips of a runner on a belt do not move so far between two frames: 0.06 at most in 479 rendered and filmed clips."""
TURN_LEG_LENGTHS = 0.2
"""Shoulders of a runner do not grow so much wider or narrower in the picture between three frames and the next three:
0.11 at most in 142 rendered and filmed clips. From the side to the front it is 0.3."""
_TURN_FRAMES = 3
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
    """Return how often the runner is elsewhere, or seen from elsewhere, from one frame to the next: a cut."""
    step = np.linalg.norm(np.diff(raw.midpoint("hip"), axis=0), axis=1)
    elsewhere = step > JUMP_LEG_LENGTHS * leg_length_px
    frames = np.flatnonzero(elsewhere | _turned(raw, leg_length_px))
    return int(np.sum(np.diff(frames, prepend=-np.inf) > _TURN_FRAMES))


def _turned(raw: LandmarkSeries, leg_length_px: float) -> NDArray[np.bool_]:
    """Return for each frame but the last whether the next one is seen from elsewhere: the width of the shoulders tells.

    Three frames before are compared with three after, since one alone may be mistaken; of neighbours that all differ
    the one that differs most is meant.
    """
    width = np.abs(raw.point("left_shoulder")[:, 0] - raw.point("right_shoulder")[:, 0])
    turned = np.zeros(max(len(raw) - 1, 0), dtype=np.bool_)
    if len(raw) < 2 * _TURN_FRAMES:
        return turned
    medians = np.median(np.lib.stride_tricks.sliding_window_view(width, _TURN_FRAMES), axis=1)
    change = np.nan_to_num(np.abs(medians[_TURN_FRAMES:] - medians[:-_TURN_FRAMES]))
    peaks, _ = find_peaks(np.pad(change, 1), height=TURN_LEG_LENGTHS * leg_length_px, distance=2 * _TURN_FRAMES)
    turned[peaks - 1 + _TURN_FRAMES - 1] = True
    return turned


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
