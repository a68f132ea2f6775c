"""H.264 in MP4, as every browser plays it, with the true time of each frame.

No B-frames: then presentation and decoding order agree, the file needs no edit list, and every player puts
the first frame at time 0. A key frame each second keeps seeking and stepping backwards quick. The index
stands at the front of the file ("faststart"), so that playing starts before all of it is loaded.
"""

from __future__ import annotations

import math
import secrets
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream
from numpy.typing import NDArray

from midstance.science.errors import OutputError
from midstance.video.colours import Yuv420Frame
from midstance.video.files import printable

_CLOCK_HZ = 90_000
_KEY_FRAME_EVERY = _CLOCK_HZ
_BT709 = 1
_LIMITED_RANGE = 1
_SEARCH = "me=dia:subme=0:8x8dct=0"
"""x264's search for what moved: whole pixels will do, as the runner stays in place. A third less work than the
preset's, as sharp, and the file grows by about a sixth."""
_THREADS = 1
"""Of the encoder: the file depends on the number, and a second one costs a fifth more work and saves no time."""
_FAILURES = (FFmpegError, OSError)
"""What the file system or the encoder may raise; some of PyAV's errors are not OSError."""


def open_writer(
    path: Path | str, *, width_px: int, height_px: int, crf: float = 20.0, preset: str = "veryfast"
) -> VideoWriter:
    """Return a writer of an MP4 file, to be used in a `with` statement.

    The file appears under its name, complete, when the block ends. If the block raises, nothing is left and
    a file of that name from before is untouched.

    Parameters
    ----------
    path : Path or str
        Of the file; its folder must exist.
    width_px, height_px : int
        Of the pictures. An odd side grows by one, the last row or column repeated, as H.264 needs even ones.
    crf : float, optional
        Quality from 0 (lossless) to 51 (poor).
    preset : str, optional
        Effort of x264, from `ultrafast` to `veryslow`: file size against time.

    Raises
    ------
    ValueError
        If a side is below 1 or `crf` lies outside 0 to 51.

    Examples
    --------
    >>> with open_writer("overlay.mp4", width_px=1080, height_px=1920) as video:  # doctest: +SKIP
    ...     for frame in clip:
    ...         video.write(frame.image_bgr, frame.time_s)
    """
    if min(width_px, height_px) < 1:
        raise ValueError(f"width and height: expected at least 1 px, given {width_px} x {height_px}")
    if not 0 <= crf <= 51:
        raise ValueError(f"crf: expected 0 to 51, given {crf}")
    return VideoWriter(Path(path), (width_px, height_px), {"crf": str(crf), "preset": preset})


class VideoWriter:
    """Writes pictures into an MP4 file. Made by `open_writer`."""

    def __init__(self, path: Path, size_px: tuple[int, int], quality: dict[str, str]) -> None:
        self._path = path
        self._size_px = size_px
        self._quality = quality
        self._partial = path.with_name(f".{secrets.token_hex(8)}.partial.mp4")
        self._encoder: _Encoder | None = None
        self._start_s = math.nan
        self._last_tick = -1

    def write(self, image_bgr: NDArray[np.uint8], time_s: float) -> None:
        """Add a picture.

        Parameters
        ----------
        image_bgr : (h, w, 3) uint8 array
            Of the size given to `open_writer`.
        time_s : float
            When it is shown; later than the picture before. The first one is shown at once.

        Raises
        ------
        ValueError
            If the picture has another size, its time is not later, or the writer is not in a `with`
            statement.
        OutputError
            If the file cannot be written.
        """
        if self._encoder is None:
            raise ValueError("write: expected an open writer, given one outside of its `with` statement")
        width, height = self._size_px
        if image_bgr.shape != (height, width, 3) or image_bgr.dtype != np.uint8:
            given = f"{image_bgr.shape} of {image_bgr.dtype}"
            raise ValueError(f"image_bgr: expected shape {(height, width, 3)} of uint8, given {given}")
        try:
            self._encoder.encode(image_bgr, self._tick(time_s))
        except _FAILURES as error:
            raise self._failed(error) from error

    def __enter__(self) -> Self:
        if self._path.is_dir():
            raise OutputError(f"{printable(self._path)}: expected a file name, given a folder; add a name to it")
        if not self._path.parent.is_dir():
            raise OutputError(f"{printable(self._path)}: expected an existing folder to write in; make it first")
        try:
            self._encoder = _Encoder(self._partial, self._size_px, self._quality)
        except _FAILURES as error:
            self._discard()
            raise self._failed(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        except _FAILURES as failure:
            raise self._failed(failure) from failure
        finally:
            self._discard()

    def _tick(self, time_s: float) -> int:
        if math.isnan(self._start_s):
            self._start_s = time_s
        since_start_s = time_s - self._start_s
        if not math.isfinite(since_start_s):
            raise ValueError(f"time_s: expected a number of seconds, given {time_s}")
        tick = round(since_start_s * _CLOCK_HZ)
        if tick <= self._last_tick:
            raise ValueError(f"time_s: expected a time after the picture before, given {time_s}")
        self._last_tick = tick
        return tick

    def _finish(self) -> None:
        if self._encoder is None or self._last_tick < 0:
            raise OutputError(f"{printable(self._path)}: expected a picture to write, given none; check the clip")
        self._encoder.finish()
        self._partial.replace(self._path)

    def _discard(self) -> None:
        encoder, self._encoder = self._encoder, None
        if encoder is not None:
            with suppress(*_FAILURES):
                encoder.close()
        with suppress(OSError):
            self._partial.unlink(missing_ok=True)

    def _failed(self, error: FFmpegError | OSError) -> OutputError:
        reason = error.strerror or str(error)
        return OutputError(
            f"{printable(self._path)}: cannot be written ({reason}); check the folder and the free space"
        )


class _Encoder:
    """A file under way: pictures in, packets with their durations out."""

    def __init__(self, path: Path, size_px: tuple[int, int], quality: dict[str, str]) -> None:
        options = {"movflags": "+faststart"}
        self._container = av.open(str(path), "w", format="mp4", options=options)
        stream = self._container.add_stream("libx264")
        stream.width, stream.height = (side + side % 2 for side in size_px)
        stream.pix_fmt = "yuv420p"
        stream.options = {**quality, "bf": "0", "g": "100000", "forced-idr": "1", "x264-params": _SEARCH}
        codec = stream.codec_context
        codec.thread_count = _THREADS
        codec.time_base = stream.time_base = Fraction(1, _CLOCK_HZ)
        codec.colorspace = codec.color_primaries = codec.color_trc = _BT709
        codec.color_range = _LIMITED_RANGE
        self._stream = stream
        self._frame = Yuv420Frame(stream.width, stream.height)
        self._waiting: Packet[VideoStream] | None = None
        self._next_key_tick = 0

    def encode(self, image_bgr: NDArray[np.uint8], tick: int) -> None:
        frame = self._frame.filled(image_bgr)
        frame.pts, frame.time_base = tick, Fraction(1, _CLOCK_HZ)
        is_key = tick >= self._next_key_tick
        frame.pict_type = PictureType.I if is_key else PictureType.NONE
        if is_key:
            self._next_key_tick = tick + _KEY_FRAME_EVERY
        for packet in self._stream.encode(frame):
            self._mux(packet)

    def finish(self) -> None:
        for packet in self._stream.encode():
            self._mux(packet)
        if self._waiting is not None:
            self._container.mux(self._waiting)
        self.close()

    def close(self) -> None:
        self._container.close()

    def _mux(self, packet: Packet[VideoStream]) -> None:
        """Write the packet before this one, whose duration is now known; the last one takes the same."""
        before, self._waiting = self._waiting, packet
        if before is not None:
            before.duration = packet.duration = (packet.pts or 0) - (before.pts or 0)
            self._container.mux(before)
