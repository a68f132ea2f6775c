"""Two ways to decode a file: OpenCV, which is the faster, and PyAV, which reads what OpenCV cannot.

OpenCV 5.0 falls short in seven places. Its wheel holds no software decoder for AV1. It reads the first video
stream only. A path that is not valid Unicode ends the process. It scales all pictures to the size in the header,
however large. Interlaced pictures come out sheared. Where time stamps repeat or go back, it makes up stamps of its
own. And a damaged packet looks like the end of the file, but the next call goes on behind it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Protocol, cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from midstance.video.probe import FORMATS, Probe, frames_of, open_container, packets_of

_LOG_VARIABLE = "OPENCV_FFMPEG_LOGLEVEL"
_LOG_NOTHING = "-8"
_OPTIONS_VARIABLE = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_OPTIONS = f"format_whitelist;{FORMATS}|protocol_whitelist;file"
_environment_lock = threading.Lock()
_MOST_THREADS = 4
"""Each decoding thread holds frames of its own; more than four gain nothing beside the pose model."""


class Decoder(Protocol):
    """Frames of a file one after the other, each first moved to and then, if wanted, converted."""

    @property
    def stamp(self) -> int | None:
        """Presentation stamp of the current frame in ticks, None if it has none."""

    def grab(self) -> bool:
        """Move to the next frame; False when there is none."""

    def retrieve(self) -> NDArray[np.uint8] | None:
        """Return the current frame as stored, (h, w, 3) BGR; None if it is damaged."""

    def close(self) -> None:
        """Release the file."""


class OpenCvDecoder:
    """Decodes with `cv2.VideoCapture`; see `Decoder`."""

    def __init__(self, probe: Probe) -> None:
        self._start_tick = probe.start_tick
        self._tick_s = probe.timeline.tick_s
        self._attempts = probe.packets
        threads = min(_MOST_THREADS, os.cpu_count() or 1)
        with _confined_opencv():
            self._capture = cv2.VideoCapture(
                str(probe.path.absolute()), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, threads]
            )
            self._capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)

    @property
    def stamp(self) -> int | None:
        """Presentation stamp of the current frame in ticks."""
        return self._start_tick + round(self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000 / self._tick_s)

    @property
    def stored_px(self) -> tuple[int, int]:
        """Width and height to which OpenCV scales what it decodes."""
        width = self._capture.get(cv2.CAP_PROP_FRAME_WIDTH)
        return int(width), int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))

    def grab(self) -> bool:
        """Move to the next frame that can be decoded; False when there is none."""
        while self._attempts > 0:
            self._attempts -= 1
            if self._capture.grab():
                return True
        return False

    def retrieve(self) -> NDArray[np.uint8] | None:
        """Return the current frame as stored."""
        try:
            found, image = self._capture.retrieve()
        except cv2.error as error:
            if error.code == cv2.Error.StsNoMem:
                raise MemoryError from error
            return None
        return cast("NDArray[np.uint8]", image) if found else None

    def close(self) -> None:
        """Release the file."""
        self._capture.release()


class PyAvDecoder:
    """Decodes with PyAV; see `Decoder`."""

    def __init__(self, probe: Probe) -> None:
        self._container = open_container(probe.path)
        self._stored_px = probe.stored_px
        self._frames = self._decode(probe.stream_index)
        self._frame: VideoFrame | None = None

    @property
    def stamp(self) -> int | None:
        """Presentation stamp of the current frame in ticks."""
        return self._frame.pts if self._frame else None

    def grab(self) -> bool:
        """Move to the next frame that can be decoded; False when there is none."""
        self._frame = next(self._frames, None)
        return self._frame is not None

    def retrieve(self) -> NDArray[np.uint8] | None:
        """Return the current frame as stored."""
        if self._frame is None:
            return None
        width, height = self._stored_px
        frame = self._frame.reformat(width, height, "bgr24")
        return cast("NDArray[np.uint8]", frame.to_ndarray())

    def close(self) -> None:
        """Release the file."""
        self._frames.close()
        self._container.close()

    def _decode(self, stream_index: int) -> Generator[VideoFrame, None, None]:
        stream = next(s for s in self._container.streams.video if s.index == stream_index)
        stream.thread_type = "AUTO"
        for packet in packets_of(self._container, stream):
            yield from frames_of(packet)


def choose_decoder(probe: Probe) -> type[OpenCvDecoder] | type[PyAvDecoder]:
    """Return OpenCV's decoder if it reads this file's first frame and places it in time, else PyAV's."""
    if not _suits_opencv(probe):
        return PyAvDecoder
    trial = OpenCvDecoder(probe)
    try:
        works = (
            trial.stored_px == probe.stored_px
            and trial.grab()
            and probe.timeline.place(trial.stamp, -1) is not None
            and trial.retrieve() is not None
        )
        return OpenCvDecoder if works else PyAvDecoder
    finally:
        trial.close()


def _suits_opencv(probe: Probe) -> bool:
    timeline = probe.timeline
    in_order = timeline.by_order or bool(np.all(np.diff(timeline.stamps) > 0))
    return probe.is_first_video and not probe.interlaced and in_order and _is_unicode(str(probe.path.absolute()))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def _confined_opencv() -> Iterator[None]:
    """Let OpenCV open nothing but a video file, and say nothing on stderr, while a file is opened.

    OpenCV takes FFmpeg's options from the environment only. It reads the level of FFmpeg's messages once, when the
    first file of the process is opened; a level that the user has set stays.
    """
    wanted = {_OPTIONS_VARIABLE: _OPTIONS, _LOG_VARIABLE: os.environ.get(_LOG_VARIABLE, _LOG_NOTHING)}
    with _environment_lock:
        before = {name: os.environ.get(name) for name in wanted}
        level = cv2.utils.logging.getLogLevel()
        os.environ.update(wanted)
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        try:
            yield
        finally:
            cv2.utils.logging.setLogLevel(level)
            _restore_environment(before)


def _restore_environment(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
