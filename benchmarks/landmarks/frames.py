"""The true points of a rendered clip, frame by frame."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midstance.api import ClipLandmarks
from midstance.science.landmarks import LANDMARK_NAMES, LandmarkSeries
from midstance.science.records import ClipFacts

TRUE_NAMES = {"foot_index": "foot_axis"}
"""Points of the truth that have another name than the landmark that stands for them."""
IN_PICTURE = ("time_s", "x_px", "y_px")


def frames_file(clip: Path) -> Path:
    """Return where the true points of a rendered clip are."""
    return clip.parent / "frames" / f"{clip.stem}_frames.csv.gz"


def read_frames(path: Path, columns: Sequence[str] = IN_PICTURE) -> dict[str, NDArray[np.float64]]:
    """Return every true point over the frames, by default its time and place in the picture: (n, columns) each."""
    rows: dict[str, list[list[float]]] = defaultdict(list)
    with gzip.open(path, "rt", newline="") as handle:
        for row in csv.DictReader(handle):
            rows[row["point"]].append([float(row[column]) for column in columns])
    return {name: np.array(points) for name, points in rows.items()}


def true_points(frames: Path) -> ClipLandmarks:
    """Return the true points of a clip as if a pose model had found them; what it has no points for is not seen."""
    points = read_frames(frames)
    time_s = next(iter(points.values()))[:, 0]
    unseen = np.full((len(time_s), 2), np.nan)
    by_name = {name: points.get(_true_name(name)) for name in LANDMARK_NAMES}
    xy_px = np.stack([unseen if p is None else p[:, 1:] for p in by_name.values()], axis=1)
    seen = np.isfinite(xy_px[..., 0]).astype(np.float64)
    series = LandmarkSeries(time_s, xy_px, seen, np.arange(len(time_s)))
    return ClipLandmarks(series, ClipFacts(frames.name, len(time_s), series.fps, series.duration_s), None)


def _true_name(landmark: str) -> str:
    side, _, joint = landmark.partition("_")
    return f"{side}_{TRUE_NAMES.get(joint, joint)}" if joint else landmark
