"""OpenPose's JSON: a folder with one file a frame, everybody's key points in each. BODY_25 and the older 18 points."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from midstance.formats.names import places_of
from midstance.formats.points import Array
from midstance.science.errors import InputError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, SIDES, LandmarkSeries
from midstance.science.people import PeopleSeries

_ARMS = ("Nose", "Neck", "RShoulder", "RElbow", "RWrist", "LShoulder", "LElbow", "LWrist")
_LEGS = ("RHip", "RKnee", "RAnkle", "LHip", "LKnee", "LAnkle")
_FACE = ("REye", "LEye", "REar", "LEar")
_FEET = ("LBigToe", "LSmallToe", "LHeel", "RBigToe", "RSmallToe", "RHeel")
LAYOUTS = {25: (*_ARMS, "MidHip", *_LEGS, *_FACE, *_FEET), 18: (*_ARMS, *_LEGS, *_FACE)}
"""Names of the key points by their number. The 18 points have no feet, without which a run is not analysed."""
_TWINS = {
    f"{a}{rest}": f"{b}{rest}"
    for a, b in (SIDES, SIDES[::-1])
    for rest in (name.removeprefix(a) for name in LANDMARK_NAMES if name.startswith(a))
}
MOST_PEOPLE = 10


def read_openpose(folder: Path, fps: float) -> PeopleSeries:
    """Read everybody of every frame.

    A key point at (0, 0) with no confidence was not found: its visibility is NaN, and its place is made up from the
    person's others, so that people can be followed; see `seen_only`. Frames are in the order of the last number in
    the names of their files; a number that is left out is a frame without anybody.

    Parameters
    ----------
    folder : Path
        Of files such as `clip_000000000042_keypoints.json`.
    fps : float
        Real frames per second: the files hold no times.

    Raises
    ------
    InputError
        If there are no such files, or one breaks the format.
    """
    files = _files(folder)
    first, last = min(files), max(files)
    count = last - first + 1
    places = np.full((count, MOST_PEOPLE, len(LANDMARK_NAMES), 2), np.nan)
    sure = np.full(places.shape[:3], np.nan)
    for number, path in files.items():
        for person, points in enumerate(_people(path)[:MOST_PEOPLE]):
            _put(points, places[number - first, person], sure[number - first, person])
    kept = max(1, int(np.isfinite(sure).any(axis=(0, 2)).sum()))
    extent = np.nanmax(places.reshape(-1, 2), axis=0, initial=1.0, where=np.isfinite(places.reshape(-1, 2)))
    return PeopleSeries(
        np.arange(count) / fps,
        np.arange(first, last + 1),
        _filled(places[:, :kept]),
        sure[:, :kept],
        sure[:, :kept],
        (int(extent[0]) + 1, int(extent[1]) + 1),
    )


def seen_only(series: LandmarkSeries) -> LandmarkSeries:
    """Return a followed person's landmarks without the places that were made up."""
    return replace(series, xy_px=np.where(np.isnan(series.visibility)[..., None], np.nan, series.xy_px))


def _filled(places: Array) -> Array:
    """Fill what was not found with the other side's, or the middle of what was found; nobody stays nobody."""
    twin = [LANDMARK_INDEX[_TWINS.get(name, name)] for name in LANDMARK_NAMES]
    found = np.where(np.isnan(places), places[:, :, twin], places)
    known = np.isfinite(found)
    count = known.sum(axis=2, keepdims=True)
    middle = np.where(known, found, 0.0).sum(axis=2, keepdims=True) / np.where(count > 0, count, np.nan)
    return np.where(known, found, middle)


def _files(folder: Path) -> dict[int, Path]:
    found = {}
    for path in sorted(folder.glob("*.json")):
        numbers = re.findall(r"\d+", path.stem)
        if numbers:
            found[int(numbers[-1])] = path
    if not found:
        raise InputError(
            f"{folder}: expected a folder of OpenPose's files such as clip_000000000000_keypoints.json, found none: "
            "name the folder given to --write_json"
        )
    return found


def _people(path: Path) -> list[Array]:
    """Return the key points of each person, (points, 3)."""
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        flat = [np.array(p["pose_keypoints_2d"], dtype=np.float64) for p in content["people"]]
        points = [p.reshape(-1, 3) for p in flat if p.size]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: expected people with pose_keypoints_2d, given another file ({error})") from error
    wrong = [len(p) for p in points if len(p) not in LAYOUTS]
    if wrong:
        raise InputError(f"{path}: expected 25 or 18 key points, given {wrong[0]}: run OpenPose with BODY_25")
    return points


def _put(points: Array, places: Array, sure: Array) -> None:
    for name, place in places_of(LAYOUTS[len(points)]).items():
        x, y, confidence = points[place]
        if confidence > 0:
            places[LANDMARK_INDEX[name]] = x, y
            sure[LANDMARK_INDEX[name]] = min(float(confidence), 1.0)
