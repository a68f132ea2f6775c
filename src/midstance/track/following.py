"""Follow one marker forwards and backwards from the frame it was placed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from midstance.track.matching import Match, Template, best_match, flow, template_at
from midstance.track.windows import Array, Window

KEEP_SCORE = 0.6
"""Least correlation with the placed marker at which it is still that marker, where the flow has led to it."""
FIND_SCORE = 0.72
"""Least correlation at which a lost marker counts as found again."""
CONTRAST = 2.0
"""By what factor the contrast may differ from that of the placed marker: light changes, cloth is fainter."""
MOST_FLOW_ERROR = 0.005
"""Furthest that the flow there and back may miss its start, in leg lengths (about 4 mm)."""
MOST_DRIFT = 0.012
"""Furthest that the flow straight back to the placed frame may miss the marker, in leg lengths (about 1 cm)."""
REFINE = 0.008
"""Reach of the correlation around where the flow leads, in leg lengths."""
FIND = 0.07
"""Reach of the search for a lost marker around where the hips say it is, in leg lengths (about 6 cm)."""
TEMPLATE = 0.03
"""Half the side of the template, in leg lengths (about 25 mm)."""
FEWEST_IN_A_ROW = 3
"""A marker that is seen for fewer frames between two losses is taken for something else."""


@dataclass(frozen=True, eq=False)
class Marker:
    """What is followed, and with what reach."""

    template: Template
    start: Window
    start_px: Array
    leg_px: float

    @property
    def flow_size_px(self) -> int:
        """Side of the square over which the flow is taken."""
        return 2 * self.template.half_px + 1

    def find(self, window: Window, around_px: Array, reach_legs: float, least_score: float) -> Match | None:
        """Look for the marker around a place; None where nothing is enough like it."""
        match = best_match(self.template, window, around_px, max(2.0, reach_legs * self.leg_px))
        if match is None or match.score < least_score:
            return None
        return match if 1 / CONTRAST <= match.contrast <= CONTRAST else None


def follow(windows: Sequence[Window | None], expected_px: Array, start: int, leg_px: float) -> tuple[Array, Array]:
    """Follow a marker through all frames.

    1. From a frame to the next the place is carried by optical flow, checked by the flow back.
    2. It is moved to where the marker as it was placed correlates best near by, so that errors do not add up.
    3. Where the flow fails or the correlation is low (an arm passes), the marker is looked for around the place
       that the hips say, until it is found again.
    4. Every place found is checked by the flow straight back to the frame in which the marker was placed.

    Parameters
    ----------
    windows : sequence of Window or None
        One a frame; None where the frame or the place is missing.
    expected_px : (n, 2) array
        Where the marker is expected; in frame `start` where it was placed.
    start : int
        Index of the frame in which it was placed.
    leg_px : float
        Leg length, the scale of all reaches.

    Returns
    -------
    (n, 2) array, (n,) array
        Places, NaN = lost, and confidences from 0 (lost) to 1.
    """
    n = len(windows)
    xy_px, confidence = np.full((n, 2), np.nan), np.zeros(n)
    first = windows[start]
    if first is None:
        return xy_px, confidence
    marker = _marker(first, expected_px[start], leg_px)
    xy_px[start], confidence[start] = expected_px[start], 1.0
    for order in (range(start, n), range(start, -1, -1)):
        _pass(marker, windows, expected_px, order, xy_px, confidence)
    _drop_short(xy_px, confidence, start)
    return xy_px, confidence


def half_window_px(leg_px: float) -> int:
    """Return half the side of the windows that `follow` needs."""
    return int(np.ceil((FIND + 2 * TEMPLATE) * leg_px)) + 8


def half_template_px(leg_px: float) -> int:
    """Return half the side of the template."""
    return max(7, round(TEMPLATE * leg_px))


def _marker(window: Window, place_px: Array, leg_px: float) -> Marker:
    return Marker(template_at(window, place_px, half_template_px(leg_px)), window, place_px, leg_px)


def _pass(
    marker: Marker,
    windows: Sequence[Window | None],
    expected_px: Array,
    order: Iterable[int],
    xy_px: Array,
    confidence: Array,
) -> None:
    """Follow the marker in one direction and write what is found into the last two arrays."""
    for before, now in pairwise(order):
        window = windows[now]
        if window is None:
            continue
        step = expected_px[now] - expected_px[before]
        match = _carried(marker, windows[before], window, xy_px[before], step)
        match = match or marker.find(window, _hint(expected_px, xy_px, before, now), FIND, FIND_SCORE)
        if match and _true_to_start(marker, window, match.place_px):
            xy_px[now], confidence[now] = match.place_px, min(1.0, match.score)


def _carried(marker: Marker, before: Window | None, now: Window, place_px: Array, step_px: Array) -> Match | None:
    """Carry a place to the next frame; None where it was lost, or the flow or the correlation fails."""
    if before is None or not np.isfinite(place_px).all():
        return None
    ahead = flow(before, now, place_px, place_px + step_px, marker.flow_size_px)
    back = None if ahead is None else flow(now, before, ahead, place_px, marker.flow_size_px)
    if ahead is None or back is None or np.hypot(*(back - place_px)) > max(1.0, MOST_FLOW_ERROR * marker.leg_px):
        return None
    return marker.find(now, ahead, REFINE, KEEP_SCORE)


def _hint(expected_px: Array, xy_px: Array, before: int, now: int) -> Array:
    """Return where to look: where the hips say, or from where it just was, moved with the hips."""
    if np.isfinite(xy_px[before]).all():
        return np.asarray(xy_px[before] + expected_px[now] - expected_px[before], dtype=np.float64)
    return np.asarray(expected_px[now], dtype=np.float64)


def _true_to_start(marker: Marker, window: Window, place_px: Array) -> bool:
    """Whether the flow straight back to the placed frame ends at the marker; a cut-off window cannot tell."""
    if window.image.shape != marker.start.image.shape:
        return True
    back = flow(window, marker.start, place_px, marker.start_px, marker.flow_size_px, levels=0)
    return back is not None and bool(np.hypot(*(back - marker.start_px)) <= MOST_DRIFT * marker.leg_px + 1.0)


def _drop_short(xy_px: Array, confidence: Array, start: int) -> None:
    """Drop markers that were seen for a moment only."""
    seen = np.isfinite(xy_px[:, 0])
    edges = np.flatnonzero(np.diff(np.concatenate(([False], seen, [False])).astype(np.int8)))
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - first < FEWEST_IN_A_ROW and not first <= start < stop:
            xy_px[first:stop], confidence[first:stop] = np.nan, 0.0
