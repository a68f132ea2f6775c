"""Follow the two markers of a placement through the frames of a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from midstance.science.errors import InputError
from midstance.science.landmarks import LandmarkSeries
from midstance.science.marker_tracks import POINT_NAMES, MarkerTracks, Placement
from midstance.track.following import follow, half_template_px, half_window_px
from midstance.track.snapping import snapped
from midstance.track.windows import Array, Window, cut_window

NumberedFrame = tuple[int, NDArray[np.uint8]]
"""Number of a frame in the clip, and its picture (h, w, 3) in blue, green, red."""


def follow_markers(
    frames: Iterable[NumberedFrame],
    raw: LandmarkSeries,
    cleaned: LandmarkSeries,
    placement: Placement,
    leg_px: float,
    progress: Callable[[int], None],
) -> MarkerTracks:
    """Follow the markers through the clip. The frames are read once; only small windows of them are kept.

    Parameters
    ----------
    frames : iterable of (int, (h, w, 3) uint8 array)
        In order; those that `raw` does not name are passed over.
    raw : LandmarkSeries
        Gives the frames and times of the result.
    cleaned : LandmarkSeries
        Of the same clip: the middle of its hips says about where the markers are.
    placement : Placement
    leg_px : float
        Leg length, the scale of all reaches.
    progress : callable
        Called with the count of frames read.

    Raises
    ------
    InputError
        If the frame is not in the clip, or a marker was placed outside the picture.
    """
    start = _index_of(placement.frame, raw)
    expected = _expected_px(raw, cleaned, placement, start)
    windows = _windows(frames, raw, expected, half_window_px(leg_px), progress)
    paths = []
    for marker, name in enumerate(POINT_NAMES[placement.kind]):
        own = [pair[marker] if pair else None for pair in windows]
        paths.append(_follow_one(own, expected[:, marker], start, leg_px, name))
    xy_px, confidence = (np.stack(parts, axis=1) for parts in zip(*paths, strict=True))
    return MarkerTracks(placement, raw.time_s, raw.frame, xy_px, confidence)


def _follow_one(
    windows: list[Window | None], expected: Array, start: int, leg_px: float, name: str
) -> tuple[Array, Array]:
    window, place = windows[start], expected[start]
    if window is None or not window.inside(place):
        raise InputError(
            f"markers: expected the {name} marker in the picture, given ({place[0]:.0f}, {place[1]:.0f}): "
            "place it again"
        )
    middle = snapped(window, place, half_template_px(leg_px))
    return follow(windows, expected + (middle - place), start, leg_px)


def _index_of(frame: int, raw: LandmarkSeries) -> int:
    found = np.flatnonzero(raw.frame == frame)
    if not len(found):
        raise InputError(
            f"markers: expected a frame of the clip in which the runner is seen, given frame {frame}: choose another"
        )
    return int(found[0])


def _expected_px(raw: LandmarkSeries, cleaned: LandmarkSeries, placement: Placement, start: int) -> Array:
    """Return where the markers are expected, (n, 2, 2): they go with the middle of the hips."""
    middle = cleaned.midpoint("hip")
    known = np.isfinite(middle).all(axis=1)
    hips = np.column_stack([np.interp(raw.time_s, cleaned.time_s[known], middle[known, axis]) for axis in (0, 1)])
    return np.asarray(hips[:, None] + (placement.xy_px - hips[start])[None], dtype=np.float64)


def _windows(
    frames: Iterable[NumberedFrame],
    raw: LandmarkSeries,
    expected: Array,
    half_px: int,
    progress: Callable[[int], None],
) -> list[tuple[Window | None, Window | None] | None]:
    """Return the windows around both markers for each frame of `raw`; None for a frame that was not read."""
    out: list[tuple[Window | None, Window | None] | None] = [None] * len(raw)
    index = {int(number): i for i, number in enumerate(raw.frame)}
    for done, (number, picture) in enumerate(frames, start=1):
        i = index.get(number)
        if i is not None:
            out[i] = (cut_window(picture, expected[i, 0], half_px), cut_window(picture, expected[i, 1], half_px))
        progress(done)
    return out
