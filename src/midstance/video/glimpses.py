"""A few pictures from all over a clip, without decoding the rest of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from midstance.video.probe import Probe, frames_of, open_container, packets_of, probe_clip
from midstance.video.records import Frame

MOST_DECODED = 240
"""Frames decoded for one picture: what lies between two pictures that a decoder can begin with, as a rule. Where it
is more, the last one decoded serves."""


def glimpses(path: Path, shares: Sequence[float]) -> Iterator[Frame]:
    """Yield pictures from near given places of a clip, each once, in order of time.

    The file is entered at the picture before each place that stands by itself, so a long clip costs no more than a
    short one.

    Parameters
    ----------
    path : Path
    shares : sequence of float
        Places as shares of the clip's length, 0 to 1, increasing.

    Raises
    ------
    ClipError
        If it is no clip that can be read.
    """
    probe = probe_clip(path)
    latest = -1
    with open_container(path) as container:
        stream = next(s for s in container.streams.video if s.index == probe.stream_index)
        stream.thread_type = "AUTO"
        for share in shares:
            wanted = round(share * (len(probe.timeline) - 1))
            frame = _near(container, stream, int(probe.timeline.stamps[wanted]))
            index = wanted if frame is None or frame.pts is None else _place(probe, frame.pts)
            if frame is not None and index > latest:
                latest = index
                yield Frame(index, float(probe.timeline.time_s[index]), _shown(probe, frame))


def _near(container: InputContainer, stream: VideoStream, stamp: int) -> VideoFrame | None:
    """Return the frame at a stamp, else the last that was decoded on the way to it; None where none can be."""
    try:
        container.seek(stamp, stream=stream)
    except (FFmpegError, OSError):
        return None
    found = None
    for found in islice((f for p in packets_of(container, stream) for f in frames_of(p)), MOST_DECODED):
        if found.pts is None or found.pts >= stamp:
            break
    return found


def _place(probe: Probe, stamp: int) -> int:
    """Return the index of the frame with the stamp nearest to one."""
    return int(np.argmin(np.abs(probe.timeline.stamps - stamp)))


def _shown(probe: Probe, frame: VideoFrame) -> NDArray[np.uint8]:
    image = frame.reformat(*probe.stored_px, "bgr24").to_ndarray()
    return probe.geometry.shown(cast("NDArray[np.uint8]", image))
