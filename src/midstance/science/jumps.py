"""Lower legs that a pose model sets where they are not, for a frame or a few.

What lies in a frame under suspicion is tried by the line between the frames around it: a foot at 60 frames a second
leaves such a line by some centimetres, a landmark that was set onto the other leg by half a metre.
"""

from __future__ import annotations

import numpy as np

from midstance.science.landmarks import SIDES, LandmarkSeries, indices_of
from midstance.science.legs import FOOT_POINTS, leg_length_px
from midstance.science.signals import Array, Mask

SHANK_AND_FOOT = ("knee", *FOOT_POINTS)
BOTH_ON_ONE = 0.15
"""Leg lengths. From the side, whenever the legs pass each other, one foot is up: some landmark of a running leg lies at
least 0.2 from that of the other leg (20 rendered runners); where both were set onto one leg, all lie nearer."""
OFF_THE_LINE = 0.12
"""Leg lengths; about 10 cm."""


def doubled_legs(series: LandmarkSeries) -> Mask:
    """Find landmarks of a leg that was set onto the other one.

    Returns
    -------
    (n, 33) bool array
        Knee, ankle, heel and toe of the leg that is not there, in frames in which both legs lie in one place. Legs that
        truly hide each other, as somebody's who stands, stay on their own lines and are not marked.
    """
    scale = leg_length_px(series)
    left, right = (series.xy_px[:, indices_of(side, SHANK_AND_FOOT)] for side in SIDES)
    apart = np.linalg.norm(left - right, axis=2).max(axis=1)
    together = np.zeros(len(series), dtype=bool)
    together[apart < BOTH_ON_ONE * scale] = True  # NaN is not near
    marked = np.zeros(series.xy_px.shape[:2], dtype=bool)
    for side in SIDES:
        joints = indices_of(side, SHANK_AND_FOOT)
        off = off_the_line(series.xy_px[:, joints], together).mean(axis=1)
        marked[np.ix_(off > OFF_THE_LINE * scale, joints)] = True
    return marked


def jumped_along(series: LandmarkSeries, outliers: Mask) -> Mask:
    """Find landmarks of a lower leg that jumped with an outlier of the same leg and frame.

    An ankle, a heel and a toe that are set onto the other leg do not all come to stand out from their own paths.

    Parameters
    ----------
    series : LandmarkSeries
    outliers : (n, 33) bool array

    Returns
    -------
    (n, 33) bool array
    """
    scale = leg_length_px(series)
    marked = np.zeros_like(outliers)
    for side in SIDES:
        joints = indices_of(side, FOOT_POINTS)
        suspect = np.asarray(outliers[:, joints].any(axis=1))
        marked[:, joints] = off_the_line(series.xy_px[:, joints], suspect) > OFF_THE_LINE * scale
    return marked


def off_the_line(xy: Array, suspect: Mask) -> Array:
    """Return how far points lie from the line between the frames around, (n, k); 0 in frames not under suspicion.

    Before the first and after the last frame that is not, and where a point is missing, there is no line: NaN. A point
    that is seen in no frame beyond suspicion is 0 off.
    """
    off = np.zeros(xy.shape[:2])
    frames = np.flatnonzero(suspect)
    for k in range(xy.shape[1]):
        known = np.flatnonzero(~suspect & np.isfinite(xy[:, k, 0]))
        if len(known):
            line = [np.interp(frames, known, xy[known, k, axis], np.nan, np.nan) for axis in (0, 1)]
            off[frames, k] = np.linalg.norm(xy[frames, k] - np.stack(line, axis=1), axis=1)
    return off
