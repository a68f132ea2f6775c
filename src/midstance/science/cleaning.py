"""From raw landmarks to clean ones: the order is visibility, swaps, outliers, gaps, uniform time, low-pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from midstance.science.editing import swap_sides
from midstance.science.edits import SwappedSpan
from midstance.science.jumps import doubled_legs, jumped_along
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LEG_JOINTS, LandmarkSeries
from midstance.science.legs import FOOT_POINTS, leg_length_px
from midstance.science.settings import CleaningSettings
from midstance.science.signals import (
    Array,
    Mask,
    fill_gaps,
    hampel_outliers,
    low_pass,
    resample,
    uniform_time,
)
from midstance.science.swaps import exchange, find_swaps

FOOT_LANDMARKS = tuple(n for n in LANDMARK_NAMES if n.endswith(("ankle", "heel", "foot_index")))
"""Landmarks that move fast enough to need the higher cut-off."""
UPPER_LEG = ("hip", "knee")
SMALLEST_OUTLIER_SD = 0.03
"""Smallest spread that the outlier test assumes, in leg lengths (about 25 mm): a foot at contact turns sharply."""


@dataclass(frozen=True, eq=False)
class Cleaned:
    """Clean landmarks and what was done to get them."""

    landmarks: LandmarkSeries
    """On a uniform time base."""
    swapped: Mask
    """(n,) of the raw frames: left and right leg were exchanged."""
    outlier_share: float
    """Share of the leg landmarks that were dropped as outliers."""
    missing_share: float
    """Share of the leg landmarks that were missing in the raw frames."""


def clean(raw: LandmarkSeries, settings: CleaningSettings, swapped_by_hand: tuple[SwappedSpan, ...] = ()) -> Cleaned:
    """Clean the landmarks of one runner.

    1. Landmarks below the visibility threshold become missing.
    2. Frames in which left and right leg are exchanged are put right, whole legs and parts of them; then those named by
       hand.
    3. Legs set onto the other leg are dropped, then outliers (Hampel) and what of a lower leg jumped with them.
    4. Gaps up to `max_gap_s` are filled by a shape-preserving cubic.
    5. All is resampled to uniform time from the real timestamps.
    6. A zero-lag Butterworth low-pass smooths it, feet less than the rest of the body.

    Parameters
    ----------
    raw : LandmarkSeries
    settings : CleaningSettings
    swapped_by_hand : tuple of SwappedSpan
        Times over which the legs are still exchanged.

    Returns
    -------
    Cleaned
    """
    seen = _mask_invisible(raw, settings.min_visibility)
    untangled, swapped = _repair_swaps(seen)
    kept, outliers = _drop_outliers(swap_sides(untangled, swapped_by_hand), settings)
    smooth = _smooth(_fill(kept, settings), settings)
    legs = [LANDMARK_INDEX[n] for n in LANDMARK_NAMES if n.endswith(("hip", "knee", "ankle", "heel", "foot_index"))]
    missing = float(np.isnan(seen.xy_px[:, legs, 0]).mean())
    return Cleaned(smooth, swapped, float(outliers[:, legs].mean()), missing)


def cutoff_hz(wanted_hz: float, rate_hz: float, settings: CleaningSettings) -> float:
    """Return the cut-off in force: the wanted one, but always below its share of the frame rate."""
    return min(wanted_hz, 0.999 * settings.max_cutoff_share * rate_hz)


def _mask_invisible(series: LandmarkSeries, min_visibility: float) -> LandmarkSeries:
    xy = series.xy_px.copy()
    xy[series.visibility < min_visibility] = np.nan
    return replace(series, xy_px=xy)


def _repair_swaps(series: LandmarkSeries) -> tuple[LandmarkSeries, Mask]:
    """Exchange whole legs, then lower legs, then hips and knees: three joints outvote two in the first pass."""
    swapped = np.zeros(len(series), dtype=bool)
    for joints in (LEG_JOINTS, FOOT_POINTS, UPPER_LEG):
        frames = find_swaps(series, joints)
        series = replace(
            series,
            xy_px=exchange(series.xy_px, frames, joints),
            visibility=exchange(series.visibility, frames, joints),
        )
        swapped |= frames
    return series, swapped


def _drop_outliers(series: LandmarkSeries, settings: CleaningSettings) -> tuple[LandmarkSeries, Mask]:
    half = max(2, round(settings.hampel_window_s * series.fps))
    floor = SMALLEST_OUTLIER_SD * leg_length_px(series)
    doubled = doubled_legs(series)
    series = _without(series, doubled)
    outliers = np.zeros(series.xy_px.shape[:2], dtype=bool)
    for i in range(series.xy_px.shape[1]):
        for axis in (0, 1):
            path = series.xy_px[:, i, axis]
            outliers[:, i] |= hampel_outliers(path, half, settings.hampel_threshold, floor)
    outliers |= jumped_along(series, outliers)
    return _without(series, outliers), outliers | doubled


def _without(series: LandmarkSeries, dropped: Mask) -> LandmarkSeries:
    xy = series.xy_px.copy()
    xy[dropped] = np.nan
    return replace(series, xy_px=xy)


def _fill(series: LandmarkSeries, settings: CleaningSettings) -> LandmarkSeries:
    filled = _each_path(series.xy_px, lambda path, _: fill_gaps(series.time_s, path, settings.max_gap_s))
    return replace(series, xy_px=filled)


def _smooth(series: LandmarkSeries, settings: CleaningSettings) -> LandmarkSeries:
    time_s = uniform_time(series.time_s)
    rate_hz = 1 / (time_s[1] - time_s[0])

    def path_on_uniform_time(path: Array, landmark: int) -> Array:
        foot = LANDMARK_NAMES[landmark] in FOOT_LANDMARKS
        wanted = settings.foot_cutoff_hz if foot else settings.body_cutoff_hz
        even = resample(series.time_s, path, time_s, settings.max_gap_s)
        return low_pass(even, rate_hz, cutoff_hz(wanted, rate_hz, settings))

    xy = _each_path(series.xy_px, path_on_uniform_time)
    nearest = np.clip(np.searchsorted(series.time_s, time_s - 0.5 / rate_hz), 0, len(series) - 1)
    return LandmarkSeries(time_s, xy, series.visibility[nearest], series.frame[nearest], series.frame_size_px)


def _each_path(xy_px: Array, function: Callable[[Array, int], Array]) -> Array:
    columns = [np.column_stack([function(xy_px[:, i, axis], i) for axis in (0, 1)]) for i in range(xy_px.shape[1])]
    return np.stack(columns, axis=1)
