"""The runner's face made unrecognisable, for what is passed on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import LANDMARK_NAMES, LandmarkSeries

FACE = tuple(i for i, name in enumerate(LANDMARK_NAMES) if any(p in name for p in ("nose", "eye", "ear", "mouth")))
HEAD_RADIUS = 0.22
"""Of the head, in leg lengths, with some room."""
SPREAD = 1.8
"""Radius over the distance of the outermost face landmark from their middle."""
MOSAIC = 5
"""Patches across the head: too few to know anybody by."""
CRF = 15.0

Image = NDArray[np.uint8]


def blurred_copy(
    clip: Path, landmarks: LandmarkSeries, leg_length_px: float, out: Path, progress: Callable[[int, int], None]
) -> None:
    """Write a copy of a clip, with the same frames and times, in which the runner's face cannot be known.

    Faces of other people stay.

    Parameters
    ----------
    clip, out : Path
    landmarks : LandmarkSeries
        Of the runner, as estimated.
    leg_length_px : float
    progress : callable
        Told how many of how many frames are done.
    """
    from midstance.video.reader import open_clip
    from midstance.video.writer import open_writer

    places = face_places(landmarks, leg_length_px)
    with (
        open_clip(clip) as reader,
        open_writer(out, width_px=reader.info.width_px, height_px=reader.info.height_px, crf=CRF) as writer,
    ):
        for done, frame in enumerate(reader, 1):
            x, y, radius = (float(np.interp(frame.index, landmarks.frame, column)) for column in places.T)
            writer.write(blurred(frame.image_bgr, x, y, radius), frame.time_s)
            progress(done, reader.info.frames)


def face_places(landmarks: LandmarkSeries, leg_length_px: float) -> NDArray[np.float64]:
    """Return x, y and radius of the head in each frame, (n, 3), in pixels; filled in where it was not seen."""
    points = landmarks.xy_px[:, FACE]
    seen: NDArray[np.bool_] = np.asarray(np.isfinite(points).all(axis=2))
    count = np.maximum(seen.sum(axis=1), 1)
    middle = np.where(seen[..., None], points, 0.0).sum(axis=1) / count[:, None]
    off = np.where(seen, np.linalg.norm(points - middle[:, None], axis=2), 0.0).max(axis=1)
    radius = np.maximum(SPREAD * off, HEAD_RADIUS * leg_length_px)
    places = np.column_stack([middle, radius])
    known = seen.any(axis=1)
    if not known.any():
        return np.full((len(landmarks), 3), np.nan)
    frames = np.arange(len(landmarks))
    return np.column_stack([np.interp(frames, frames[known], column[known]) for column in places.T])


def blurred(image: Image, x: float, y: float, radius: float) -> Image:
    """Return a picture with a disc made into a coarse mosaic; as it is where there is no disc."""
    import cv2  # not at the top: who only asks for places, as the server does, need not load it

    if not np.isfinite([x, y, radius]).all():
        return image
    height, width = image.shape[:2]
    left, right = (int(np.clip(v, 0, width)) for v in (x - radius, x + radius + 1))
    top, bottom = (int(np.clip(v, 0, height)) for v in (y - radius, y + radius + 1))
    if right - left < 2 or bottom - top < 2:
        return image
    out = image.copy()
    part = out[top:bottom, left:right]
    small = cv2.resize(part, (MOSAIC, MOSAIC), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(small, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    rows, columns = np.ogrid[top:bottom, left:right]
    disc = (columns - x) ** 2 + (rows - y) ** 2 <= radius**2
    out[top:bottom, left:right] = np.where(disc[..., None], coarse, part)
    return out
