"""Clips that a browser cannot play, or not frame by frame, get an H.264 copy with the same times."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

LONGEST_SIDE_PX = 1920
CRF = 21.0
_PLAIN_FORMATS = ("yuv420p", "yuvj420p")


def needs_proxy(path: Path) -> bool:
    """Return whether a browser may fail on a clip, or show its frames at other times than it is analysed with.

    Left as they are: H.264 of 8 bit in MP4 or MOV, upright, square pixels, steady rate, from time 0.
    """
    from midstance.video.probe import open_container, probe_clip

    probe = probe_clip(path)
    with open_container(path) as container:
        in_mp4 = "mp4" in container.format.name
        plain = container.streams.video[0].codec_context.pix_fmt in _PLAIN_FORMATS
    geometry = probe.geometry
    as_stored = geometry.rotation_deg == 0 and not geometry.mirrored and geometry.shown_px == probe.stored_px
    steady = not probe.timeline.variable and not probe.interlaced and not probe.timeline.by_order
    first = probe.is_first_video and probe.start_tick == 0
    small = max(geometry.shown_px) <= LONGEST_SIDE_PX
    return not (in_mp4 and probe.codec == "h264" and plain and as_stored and steady and first and small)


def make_proxy(path: Path, out: Path, progress: Callable[[int, int], None]) -> None:
    """Write a copy of a clip for browsers; complete or not at all.

    Parameters
    ----------
    path : Path
        The clip.
    out : Path
    progress : callable
        Told how many of how many frames are done.

    Raises
    ------
    ClipError, OutputError
        If the clip cannot be read or the copy not written.
    """
    from midstance.video.reader import open_clip
    from midstance.video.writer import open_writer

    with open_clip(path) as clip:
        width_px, height_px = _fitted(clip.info.width_px, clip.info.height_px)
        with open_writer(out, width_px=width_px, height_px=height_px, crf=CRF) as writer:
            for done, frame in enumerate(clip, 1):
                writer.write(_scaled(frame.image_bgr, width_px, height_px), frame.time_s)
                progress(done, clip.info.frames)


def _fitted(width_px: int, height_px: int) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE_PX / max(width_px, height_px))
    return max(2, round(width_px * scale)), max(2, round(height_px * scale))


def _scaled(image: NDArray[np.uint8], width_px: int, height_px: int) -> NDArray[np.uint8]:
    import cv2

    if image.shape[:2] == (height_px, width_px):
        return image
    return np.asarray(cv2.resize(image, (width_px, height_px), interpolation=cv2.INTER_AREA), dtype=np.uint8)
