"""Crops with their true points, from rendered clips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from benchmarks.landmarks.frames import frames_file, read_frames
from numpy.typing import NDArray

from training.task import Cut, Frame, Image, Task

PLACES = ("x_m", "y_m", "z_m", "x_px", "y_px")


@dataclass(frozen=True, eq=False)
class Examples:
    """What a network learns from.

    Attributes
    ----------
    pictures : (n, height, width, 3) uint8 array
        Crops with `task.MARGIN_PX` round them, blue first.
    points : (n, points, 2) array
        In pixels of the picture.
    kind : (n,) array
    """

    pictures: NDArray[np.uint8]
    points: NDArray[np.float32]
    kind: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.kind)


def gather(folders: list[Path], task: Task, view: str, step: int = 1) -> Examples:
    """Return all crops in the clips of some casts.

    Parameters
    ----------
    folders : list of Path
        Made by ``python -m runners cast``.
    task : Task
    view : str
        `side` or `frontal`.
    step : int
        Every so many frames are looked at.
    """
    found = [cut for folder in folders for clip in clips(folder, view) for cut in cuts_of(clip, task, view, step)]
    pictures, points, kinds = zip(*found, strict=True)
    return Examples(np.stack(pictures), np.stack(points).astype(np.float32), np.array(kinds, dtype=np.float32))


def clips(folder: Path, view: str) -> list[Path]:
    """Return the clips of a view, in order."""
    endings = ("_side.mp4",) if view == "side" else ("_front.mp4", "_rear.mp4")
    return sorted(p for p in folder.glob("*.mp4") if p.name.endswith(endings))


def cuts_of(clip: Path, task: Task, view: str, step: int) -> Iterator[Cut]:
    """Yield the crops of a clip's frames."""
    truth = read_frames(frames_file(clip), PLACES)
    rng = np.random.default_rng(sum(clip.stem.encode()))
    for i, image in pictures(clip):
        if i % step == 0 and i < len(truth["nose"]):
            at = {name: places[i] for name, places in truth.items()}
            yield from task.cut(Frame(image, at, view, clip.stem.endswith("front")), rng)


def pictures(clip: Path) -> Iterator[tuple[int, Image]]:
    """Yield number and picture of every frame."""
    reader = cv2.VideoCapture(str(clip))
    try:
        i = 0
        while True:
            got, image = reader.read()
            if not got:
                return
            yield i, np.asarray(image, dtype=np.uint8)
            i += 1
    finally:
        reader.release()
