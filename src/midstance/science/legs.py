"""Paths that several steps need: the runner's forward direction and the feet as seen from the moving body."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks, savgol_filter

from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.signals import Array, derivative, low_pass, peak_time, sample

FOOT_POINTS = ("ankle", "heel", "foot_index")
DRIFT_WINDOW_S = 1.0
"""About one stride and a third: slower than steps, faster than a runner drifting over the belt."""
TRUNK_CUTOFF_HZ = 6.0
SHORTEST_STEP_S = 0.2
HIPS_SHARE = 0.25
"""Of the hips in the height of the trunk."""
SMALLEST_BOUNCE_LEGS = 0.003
"""Smallest rise and fall of the trunk that counts, in leg lengths (about 2.5 mm); less is noise."""


def foot_centre(landmarks: LandmarkSeries, side: Side) -> Array:
    """Return the mean of ankle, heel and toe, shape (n, 2), in pixels: steadier than any one of them."""
    points = np.stack([landmarks.point(f"{side}_{p}") for p in FOOT_POINTS])
    return np.asarray(points.mean(axis=0), dtype=np.float64)


def forward_sign(landmarks: LandmarkSeries) -> Array:
    """Return +1 where the runner faces to the right of the picture, -1 where to the left, per frame.

    From heel to toe of both feet, median over a second, so that a turn is followed and a bad frame is not.
    """
    dx = [landmarks.point(f"{s}_foot_index")[:, 0] - landmarks.point(f"{s}_heel")[:, 0] for s in SIDES]
    direction = bridged(np.asarray(np.sum(dx, axis=0), dtype=np.float64))
    window = _odd_window(landmarks, 1.0)
    padded = np.pad(direction, window // 2, mode="edge")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, window), axis=1)
    return np.where(smooth >= 0, 1.0, -1.0)


def body_velocity_px_s(landmarks: LandmarkSeries) -> Array:
    """Return the slow horizontal velocity of the pelvis in the picture: about zero on a treadmill.

    The slope of a parabola fitted to one second around each frame (Savitzky and Golay 1964).
    """
    x = bridged(landmarks.midpoint("hip")[:, 0])
    window = _odd_window(landmarks, DRIFT_WINDOW_S)
    if window < 5:
        return np.zeros(len(x))
    step_s = float(np.median(np.diff(landmarks.time_s)))
    return np.asarray(savgol_filter(x, window, 2, deriv=1, delta=step_s), dtype=np.float64)


def foot_velocity_px_s(landmarks: LandmarkSeries, side: Side) -> Array:
    """Return the foot's forward velocity as seen from the moving body, shape (n,).

    On the belt, or on the ground, it is minus the running speed.
    """
    forward = derivative(foot_centre(landmarks, side)[:, 0], landmarks.time_s)
    return (forward - body_velocity_px_s(landmarks)) * forward_sign(landmarks)


def trunk_height_px(landmarks: LandmarkSeries) -> Array:
    """Return the height of the trunk (shoulders and a little of the hips; hips alone without shoulders), up positive.

    Arms that swing past a pose model's hips move their low by 20 to 80 ms in rendered runners seen from the side,
    where the shoulders' is 4 +- 7 ms off. That much of the hips as evens out the noise of both.
    """
    hips, shoulders = landmarks.midpoint("hip")[:, 1], landmarks.midpoint("shoulder")[:, 1]
    return -np.where(np.isfinite(shoulders), HIPS_SHARE * hips + (1 - HIPS_SHARE) * shoulders, hips)


def smooth_trunk_height_px(landmarks: LandmarkSeries) -> Array:
    """Return `trunk_height_px` without anything faster than the steps."""
    cutoff_hz = min(TRUNK_CUTOFF_HZ, 0.35 * landmarks.fps)
    return low_pass(trunk_height_px(landmarks), landmarks.fps, cutoff_hz)


def trunk_extremes(landmarks: LandmarkSeries) -> tuple[Array, Array]:
    """Return the times of the trunk's lows and of its tops, between frames; two arrays."""
    time_s, rate_hz = landmarks.time_s, landmarks.fps
    height = smooth_trunk_height_px(landmarks)
    height = np.where(np.isfinite(height), height, np.nanmedian(height) if np.isfinite(height).any() else 0)
    swing_px = float(np.percentile(height, 90) - np.percentile(height, 10))
    if not swing_px > SMALLEST_BOUNCE_LEGS * leg_length_px(landmarks):
        return np.empty(0), np.empty(0)
    gap = max(1, int(SHORTEST_STEP_S * rate_hz))

    def peaks(values: Array) -> Array:
        at, _ = find_peaks(values, distance=gap, prominence=0.25 * swing_px)
        return np.array([peak_time(time_s, values, int(i)) for i in at])

    return peaks(-height), peaks(height)


def leg_length_px(landmarks: LandmarkSeries) -> float:
    """Return thigh plus shank of the longer-looking leg, in pixels.

    Of each segment the 90th centile over the clip: a segment that swings out of the picture plane looks
    shorter, never longer. NaN when neither leg is seen.
    """
    lengths = [_leg_length_px(landmarks, side) for side in SIDES]
    return float(np.nanmax(lengths)) if np.isfinite(lengths).any() else float("nan")


def segment_length_px(landmarks: LandmarkSeries, start: str, end: str) -> float:
    """Return the 90th centile of the distance between two landmarks; NaN when they are never both seen."""
    ends = landmarks.point(start) - landmarks.point(end)
    lengths = np.hypot(ends[:, 0], ends[:, 1])
    return float(np.nanpercentile(lengths, 90)) if np.isfinite(lengths).any() else float("nan")


def _leg_length_px(landmarks: LandmarkSeries, side: Side) -> float:
    chain = (f"{side}_hip", f"{side}_knee", f"{side}_ankle")
    return sum(segment_length_px(landmarks, a, b) for a, b in pairwise(chain))


def _odd_window(landmarks: LandmarkSeries, length_s: float) -> int:
    wanted = round(length_s * landmarks.fps)
    longest = len(landmarks) if len(landmarks) % 2 else len(landmarks) - 1
    return max(1, min(wanted + 1 - wanted % 2, longest))


def bridged(values: Array) -> Array:
    """Fill missing samples by a line and the ends by the nearest value; all missing stays so (as zeros)."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros(len(values))
    index = np.arange(len(values), dtype=np.float64)
    return np.asarray(np.interp(index, index[known], values[known]), dtype=np.float64)


def mean_over(landmarks: LandmarkSeries, values: Array, start_s: float, stop_s: float) -> float:
    """Return the mean of a signal between two times; NaN when nothing was seen there."""
    inside = (landmarks.time_s >= start_s) & (landmarks.time_s <= stop_s) & np.isfinite(values)
    if inside.any():
        return float(values[inside].mean())
    return float(sample(landmarks.time_s, values, (start_s + stop_s) / 2))
