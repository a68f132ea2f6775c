"""The true points of a rendered clip, frame by frame."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
