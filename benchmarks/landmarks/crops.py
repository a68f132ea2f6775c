"""How far the pose model's knees and feet lie from the true points, in the crops of our own networks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.landmarks.frames import TRUE_NAMES, frames_file, read_frames
from midstance.api import Progress
from midstance.pose.crops import through
from midstance.pose.leg_crop import LEG_POINTS
from midstance.pose.networks import legs_of
from midstance.pose.person import view_of
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from midstance.science.signals import Array

HEAD = '''\
"""How far the pose model's points lie from the true ones, in pixels of a leg's crop: across, along, and the spread.

Written by `python -m benchmarks.landmarks`; do not edit. Learnt with the model `{model}` on {runners} rendered runners
(`tools/runners`, group `learn`): medians, and the scale of a Laplace distribution around them. By view, kind (+1: near
leg or front, -1: far leg or rear) and point.
"""

from __future__ import annotations

POSE_MODEL_PX: dict[tuple[str, int, str], tuple[float, float, float]] = {{
'''
Key = tuple[str, int, str]
"""View, kind and point."""


def crop_errors(folder: Path, model: str, progress: Progress) -> dict[Key, tuple[float, float, float]]:
    """Return the median error across and along, and the spread, over all frames of a cast.

    Parameters
    ----------
    folder : Path
        Made by ``python -m runners cast``.
    model : str
    progress : Progress
    """
    found: dict[Key, list[Array]] = defaultdict(list)
    for recording in find_recordings(folder, folder.name):
        for _, path in recording.files:
            series = load_cached(path, model, progress, landmarks="mediapipe").landmarks
            for key, apart in _of_clip(series, read_frames(frames_file(path))):
                found[key].append(apart)
    return {key: _summary(np.array(each)) for key, each in sorted(found.items())}


def _of_clip(series: LandmarkSeries, true_px: Mapping[str, Array]) -> Iterator[tuple[Key, Array]]:
    for time_s, xy in zip(series.time_s, series.xy_px, strict=True):
        person = np.column_stack([xy, np.zeros((len(xy), 2))])
        view = view_of(person) if np.isfinite(xy).all() else ""
        for leg in legs_of(person, view) if view else ():
            for point in LEG_POINTS:
                times_s, *axes = true_px[f"{leg.side}_{TRUE_NAMES.get(point, point)}"].T
                true = np.array([np.interp(time_s, times_s, axis) for axis in axes])
                seen = xy[LANDMARK_INDEX[f"{leg.side}_{point}"]]
                yield (view, int(leg.kind), point), through(leg.affine, seen) - through(leg.affine, true)


def _summary(apart: Array) -> tuple[float, float, float]:
    across, along = np.median(apart, axis=0)
    spread = np.median(np.abs(apart - (across, along))) / np.log(2)
    return float(across), float(along), float(spread)


def write_crop_errors(errors: Mapping[Key, tuple[float, float, float]], path: Path, model: str, runners: int) -> None:
    """Write the figures as a module, to a hundredth of a pixel."""
    rows = [
        f'    ("{view}", {kind}, "{point}"): ({across:.2f}, {along:.2f}, {spread:.2f}),\n'
        for (view, kind, point), (across, along, spread) in errors.items()
    ]
    path.write_text(HEAD.format(model=model, runners=runners) + "".join(rows) + "}\n", encoding="utf-8")
