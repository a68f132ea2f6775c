"""Longer and larger clips, made from a sample clip by playing it again and again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midstance.video.reader import open_clip
from midstance.video.writer import open_writer

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream

CRF = 20.0


def looped(clip: Path, out: Path, duration_s: float, width_px: int | None = None) -> Path:
    """Write a clip that shows another one again and again; return where it is.

    Parameters
    ----------
    clip : Path
        A runner's stride goes on at the seam only by chance: one stride in each round is odd.
    out : Path
        File to write.
    duration_s : float
    width_px : int, optional
        Width of the new pictures; that of the clip when not given.
    """
    with open_clip(clip) as source:
        info = source.info
        scale = (width_px or info.width_px) / info.width_px
        size = (round(info.width_px * scale), round(info.height_px * scale))
        with open_writer(out, width_px=size[0], height_px=size[1], crf=CRF) as writer:
            for i, image in enumerate(_again_and_again(clip, round(duration_s * info.fps))):
                writer.write(_scaled(image, size), i / info.fps)
    return out


def repeated(clip: Path, out: Path, times: int) -> Path:
    """Write a clip so many times one after the other, as it is coded; return where it is.

    Parameters
    ----------
    clip : Path
        As `looped` writes it: it begins with a key frame, and its frames are equally far apart.
    out : Path
        File to write.
    times : int
    """
    import av

    with av.open(clip) as source, av.open(out, "w") as written:
        made = written.add_stream_from_template(source.streams.video[0])
        for packet in _packets(clip, times):
            packet.stream = made
            written.mux(packet)
    return out


def _packets(clip: Path, times: int) -> Iterator[Packet[VideoStream]]:
    """Yield the coded frames of a clip so many times, later each time by its length."""
    import av

    for number in range(times):
        with av.open(clip) as source:
            stream = source.streams.video[0]
            for packet in source.demux(stream):
                if packet.pts is None or packet.dts is None or stream.duration is None:
                    continue  # the end of the file
                packet.pts += number * stream.duration
                packet.dts += number * stream.duration
                yield packet


def _again_and_again(clip: Path, frames: int) -> Iterator[NDArray[np.uint8]]:
    left = frames
    while left > 0:
        with open_clip(clip) as source:
            for frame in source:
                if left == 0:
                    return
                left -= 1
                yield frame.image_bgr


def _scaled(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2

    same = image.shape[1::-1] == size
    return image if same else np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
