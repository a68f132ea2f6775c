"""Pictures to make clips of: those of a sample clip, cut, turned and put together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from midstance.video.reader import open_clip
from tests.video.clips import Image

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
FPS = 30.0
SIZE_PX = (360, 640)
"""Half the size of the samples: enough for the pose model."""
SAMPLE_FPS = 60.0


@cache
def running(seconds: float = 4.0, view: str = "side", runner: str = "typical", every: int = 2) -> tuple[Image, ...]:
    """Return pictures of a sample runner, each second of those filmed unless `every` says otherwise."""
    count = round(seconds * SAMPLE_FPS)
    with open_clip(SAMPLES / f"{runner}_{view}.mp4") as clip:
        return tuple(scaled(frame.image_bgr, SIZE_PX) for frame in clip.frames(0, count) if frame.index % every == 0)


def scaled(image: Image, size_px: tuple[int, int]) -> Image:
    """Return a picture in another size."""
    return np.asarray(cv2.resize(image, size_px, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def all_scaled(images: Sequence[Image], size_px: tuple[int, int]) -> list[Image]:
    """Return pictures in another size."""
    return [scaled(image, size_px) for image in images]


def empty_room(image: Image) -> Image:
    """Return a picture of the place without the runner: the leftmost column all over."""
    return np.ascontiguousarray(np.broadcast_to(image[:, :1], image.shape))


def seen_through(images: Sequence[Image], shifts_px: Sequence[int]) -> list[Image]:
    """Return pictures shifted to the right, as when the runner moves or the camera turns away; the room fills up."""
    return [_shifted(image, shift) for image, shift in zip(images, shifts_px, strict=True)]


def _shifted(image: Image, shift_px: int) -> Image:
    room, width = empty_room(image), image.shape[1]
    if abs(shift_px) >= width:
        return room
    if shift_px >= 0:
        room[:, shift_px:] = image[:, : width - shift_px]
    else:
        room[:, :shift_px] = image[:, -shift_px:]
    return room


def beside(left: Sequence[Image], right: Sequence[Image]) -> list[Image]:
    """Return pictures that show two clips side by side."""
    return [np.hstack(pair) for pair in zip(left, right, strict=True)]


def interleaved(images: Sequence[Image]) -> list[Image]:
    """Return pictures of two fields each: even rows of one picture, odd rows of the next."""
    woven = []
    for upper, lower in zip(images[::2], images[1::2], strict=False):
        image = upper.copy()
        image[1::2] = lower[1::2]
        woven.append(image)
    return woven


def turned(images: Sequence[Image], quarters: int) -> list[Image]:
    """Return pictures turned clockwise by quarters of a turn."""
    return [np.ascontiguousarray(np.rot90(image, -quarters)) for image in images]
