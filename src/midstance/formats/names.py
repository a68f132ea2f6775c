"""How other programs call the landmarks: OpenPose, Sports2D and Pose2Sim, COCO, OpenSim, MediaPipe."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from midstance.formats.points import Array
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LEG_JOINTS, SIDES, LandmarkSeries

_JOINTS = {
    "eye": ("eye",),
    "ear": ("ear",),
    "shoulder": ("shoulder", "shoulderjoint"),
    "elbow": ("elbow",),
    "wrist": ("wrist",),
    "hip": ("hip", "hipjoint", "hjc"),
    "knee": ("knee", "kneejoint", "kjc"),
    "ankle": ("ankle", "anklejoint", "ajc"),
    "heel": ("heel", "calcaneus", "calc"),
    "foot_index": ("footindex", "bigtoe", "toe", "hallux", "toetip"),
}
WANTED = ("left_shoulder", "right_shoulder", *(f"{side}_{joint}" for joint in LEG_JOINTS for side in SIDES))
"""Landmarks that measures are made from."""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_KNOWN = {_plain(name): name for name in LANDMARK_NAMES} | {
    form: f"{side}_{joint}"
    for joint, words in _JOINTS.items()
    for side in SIDES
    for word in words
    for form in (f"{side}{word}", f"{word}{side}", f"{side[0]}{word}", f"{word}{side[0]}")
}


def landmark_of(name: str) -> str | None:
    """Return our name of a landmark that another program names; None for one that we have not."""
    return _KNOWN.get(_plain(name))


def places_of(names: Sequence[str]) -> dict[str, int]:
    """Return where each of our landmarks stands among the names of a file; of two that are one, the first."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        ours = landmark_of(name)
        if ours is not None:
            found.setdefault(ours, place)
    return found


def lacking(series: LandmarkSeries) -> tuple[str, ...]:
    """Return the wanted landmarks that are never seen."""
    return tuple(n for n in WANTED if not np.isfinite(series.point(n)).any())


def series_of_names(
    names: Sequence[str],
    time_s: Array,
    xy_px: Array,
    confidence: Array | None = None,
    size_px: tuple[int, int] | None = None,
) -> LandmarkSeries:
    """Return named points as landmarks; what is not seen, or not there, is NaN.

    Parameters
    ----------
    names : sequence of str
        As the file has them.
    time_s : (n,) array
    xy_px : (n, names, 2) array
        y down.
    confidence : (n, names) array, optional
        0 to 1; 1 for what is seen where it is not given, or not a number.
    size_px : tuple of int, optional
        Of the picture.
    """
    out = np.full((len(time_s), len(LANDMARK_NAMES), 2), np.nan)
    sure = np.full(out.shape[:2], np.nan)
    for name, place in places_of(names).items():
        out[:, LANDMARK_INDEX[name]] = xy_px[:, place]
        given = np.ones(len(time_s)) if confidence is None else np.nan_to_num(confidence[:, place], nan=1.0)
        sure[:, LANDMARK_INDEX[name]] = np.clip(given, 0.0, 1.0)
    unseen = ~np.isfinite(out).all(axis=2)
    out[unseen] = np.nan
    sure[unseen] = np.nan
    return LandmarkSeries(np.asarray(time_s, dtype=np.float64), out, sure, np.arange(len(time_s)), size_px)
