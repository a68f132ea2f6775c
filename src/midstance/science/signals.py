"""Filters and interpolation of sampled signals, in small pure steps. NaN means missing."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.signal import butter, sosfiltfilt

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

HAMPEL_PASSES = 2
"""The second pass finds the other half of an outlier that is two samples long."""
MAD_TO_SD = 1.4826
"""Median absolute deviation times this is the SD of a normal distribution."""


def runs(mask: Mask) -> list[tuple[int, int]]:
    """Return (start, stop) of each stretch of True, stop exclusive."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def hampel_outliers(values: Array, half_window: int, threshold: float, floor: float) -> Mask:
    """Mark samples that lie far from the running median of their neighbours.

    Departs from the textbook filter in one thing: the residual is taken from a straight line between the
    medians before and after the sample, so that fast but steady motion (a swinging foot) is no outlier.

    Parameters
    ----------
    values : (n,) array
        NaN samples are ignored and never marked.
    half_window : int
        Neighbours on each side, at least 1.
    threshold : float
        Robust standard deviations beyond which a sample is an outlier.
    floor : float
        Smallest standard deviation assumed, in the unit of `values`.

    Returns
    -------
    (n,) bool array
    """
    kept = values.copy()
    marked = np.zeros(len(values), dtype=bool)
    for _ in range(HAMPEL_PASSES):
        new = _worst_outliers(kept, half_window, threshold, floor)
        marked |= new
        kept[new] = np.nan
    return marked


def _worst_outliers(values: Array, half_window: int, threshold: float, floor: float) -> Mask:
    """Mark outliers that are worse than all their neighbours: beside a bad sample a good one looks bad too."""
    windows = _window_of(values, half_window)
    before, after = windows[:, :half_window], windows[:, half_window + 1 :]
    residual = np.abs(values - (_nanmedian(before) + _nanmedian(after)) / 2)
    spread = np.maximum(MAD_TO_SD * _nanmedian(_window_of(residual, 4 * half_window)), floor)
    residual = np.nan_to_num(residual, nan=0.0)
    worst = residual >= np.nanmax(_window_of(residual, half_window), axis=1)
    return np.asarray((residual > threshold * np.nan_to_num(spread, nan=floor)) & worst, dtype=np.bool_)


def _window_of(values: Array, half_window: int) -> Array:
    """Return each sample with its neighbours, shape (n, 2 half_window + 1), NaN beyond the ends."""
    padded = np.pad(values, half_window, constant_values=np.nan)
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * half_window + 1)


def _nanmedian(windows: Array) -> Array:
    """Median over the last axis; NaN (and no warning) where all is missing."""
    ordered = np.sort(windows, axis=1)  # NaN last
    known = np.isfinite(ordered).sum(axis=1)
    row, last = np.arange(len(ordered)), windows.shape[1] - 1
    lower, upper = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, last)
    return np.where(known > 0, (ordered[row, lower] + ordered[row, upper]) / 2, np.nan)


def fill_gaps(time_s: Array, values: Array, max_gap_s: float) -> Array:
    """Fill short gaps by a shape-preserving cubic (PCHIP); longer gaps and the ends stay NaN.

    Parameters
    ----------
    time_s, values : (n,) arrays
    max_gap_s : float
        Longest time between the known samples around a gap, less one sample.
    """
    known = np.isfinite(values)
    if known.sum() < 2 or known.all():
        return values.copy()
    filled = values.copy()
    curve = PchipInterpolator(time_s[known], values[known], extrapolate=False)
    for start, stop in runs(~known):
        inside = start > 0 and stop < len(values)
        if inside and time_s[stop - 1] - time_s[start - 1] <= max_gap_s + 1e-9:
            filled[start:stop] = curve(time_s[start:stop])
    return filled


def uniform_time(time_s: Array) -> Array:
    """Return equally spaced times over the same span, at the median rate of `time_s`."""
    step = float(np.median(np.diff(time_s)))
    count = round((time_s[-1] - time_s[0]) / step) + 1
    return np.asarray(time_s[0] + np.arange(count) * step, dtype=np.float64)


def resample(time_s: Array, values: Array, new_time_s: Array, max_gap_s: float = np.inf) -> Array:
    """Interpolate onto new times by PCHIP; where `values` is missing, so is the result.

    Parameters
    ----------
    time_s, values : (n,) arrays
    new_time_s : (m,) array
    max_gap_s : float
        Samples further apart than this, less one step, have something missing between them.

    Returns
    -------
    (m,) array
    """
    out = np.full(len(new_time_s), np.nan)
    step = float(np.median(np.diff(time_s)))
    for start, stop in _stretches(time_s, np.isfinite(values), max_gap_s + step):
        if stop - start < 2:
            continue
        inside = (new_time_s >= time_s[start] - step / 2) & (new_time_s <= time_s[stop - 1] + step / 2)
        curve = PchipInterpolator(time_s[start:stop], values[start:stop])
        out[inside] = curve(np.clip(new_time_s[inside], time_s[start], time_s[stop - 1]))
    return out


def _stretches(time_s: Array, known: Mask, max_step_s: float) -> list[tuple[int, int]]:
    """Return (start, stop) of the stretches of known samples without a hole in time."""
    holes = np.flatnonzero(np.diff(time_s) > max_step_s + 1e-9) + 1
    out = []
    for start, stop in runs(known):
        cuts = [start, *holes[(holes > start) & (holes < stop)].tolist(), stop]
        out += list(pairwise(cuts))
    return out


def low_pass(values: Array, rate_hz: float, cutoff_hz: float, order: int = 4) -> Array:
    """Filter forwards and backwards with a Butterworth low-pass: no lag, -3 dB at `cutoff_hz` in all.

    Each stretch between gaps is filtered by itself. Stretches too short to filter are returned as they are.

    Parameters
    ----------
    values : (n,) array
    rate_hz : float
        Samples per second.
    cutoff_hz : float
        Cut-off of the two passes together; the single pass is widened for it (Winter 2009, p. 69).
    order : int
        Order of the two passes together; even.

    Raises
    ------
    ValueError
        If the cut-off is not between 0 and half the rate.
    """
    if not 0 < cutoff_hz < rate_hz / 2:
        raise ValueError(f"cutoff_hz: expected between 0 and {rate_hz / 2:g}, given {cutoff_hz:g}")
    sos = _sections(cutoff_hz, rate_hz, order // 2)
    out = values.copy()
    pad = int(np.ceil(rate_hz / cutoff_hz))
    for start, stop in runs(np.isfinite(values)):
        if stop - start > 3 * len(sos):
            padlen = min(pad, stop - start - 1)
            out[start:stop] = sosfiltfilt(sos, values[start:stop], padtype="odd", padlen=padlen)
    return out


@lru_cache(maxsize=32)
def _sections(cutoff_hz: float, rate_hz: float, order: int) -> Array:
    """Design the filter of one pass; an analysis asks for the same few a hundred times."""
    widened = _widen_for_two_passes(cutoff_hz, rate_hz, order)
    return np.asarray(butter(order, widened, fs=rate_hz, output="sos"), dtype=np.float64)


def _widen_for_two_passes(cutoff_hz: float, rate_hz: float, order: int) -> float:
    """Shift the cut-off so that two passes together have -3 dB at it, on the warped scale of the filter."""
    factor = (2**0.5 - 1) ** (1 / (2 * order))
    warped = np.tan(np.pi * cutoff_hz / rate_hz) / factor
    return float(np.arctan(warped) * rate_hz / np.pi)


def derivative(values: Array, time_s: Array) -> Array:
    """Return the first time derivative by central differences."""
    return np.asarray(np.gradient(values, time_s), dtype=np.float64)


def crossing_times(time_s: Array, values: Array, *, rising: bool) -> Array:
    """Return the times at which `values` crosses zero upwards (or downwards), between samples by a line."""
    a, b = values[:-1], values[1:]
    hit = (a < 0) & (b >= 0) if rising else (a > 0) & (b <= 0)
    i = np.flatnonzero(hit)
    return np.asarray(time_s[i] + (time_s[i + 1] - time_s[i]) * a[i] / (a[i] - b[i]), dtype=np.float64)


def peak_time(time_s: Array, values: Array, index: int) -> float:
    """Refine the time of a maximum (or minimum) at `index` by the parabola through its neighbours."""
    if not 0 < index < len(values) - 1:
        return float(time_s[index])
    left, mid, right = values[index - 1 : index + 2]
    bend = left - 2 * mid + right
    if not np.isfinite(bend) or bend == 0:
        return float(time_s[index])
    shift = float(np.clip((left - right) / (2 * bend), -0.5, 0.5))
    return float(time_s[index] + shift * (time_s[index + 1] - time_s[index]))


def sample(time_s: Array, values: Array, at_s: float | Array) -> Array:
    """Interpolate linearly; NaN outside the time base and next to missing samples."""
    return np.asarray(np.interp(at_s, time_s, values, left=np.nan, right=np.nan), dtype=np.float64)
