"""Clips as frames with their true times."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from midstance.science.errors import ClipError
from midstance.video.files import clip_error, identify
from midstance.video.records import ClipInfo, Frame

if TYPE_CHECKING:
    from midstance.video.decoders import Decoder
    from midstance.video.probe import Probe


def open_clip(path: Path | str, *, capture_fps: float | None = None) -> ClipReader:
    """Open a clip for reading; frames are decoded only when they are asked for.

    Parameters
    ----------
    path : Path or str
        Of a file. Addresses, cameras and sequences of pictures are not clips.
    capture_fps : float, optional
        The rate at which the camera filmed, when the file plays in slow motion. Times become real time: they
        are multiplied by the rate at which the file plays over `capture_fps`.

    Returns
    -------
    ClipReader
        To be used in a `with` statement.

    Raises
    ------
    ClipError
        If the file is missing, empty, no video or one that cannot be decoded, if its pictures are larger than
        8192 px, or if `capture_fps` is not a positive number.

    Examples
    --------
    >>> with open_clip("side.mp4") as clip:  # doctest: +SKIP
    ...     for frame in clip:
    ...         print(frame.time_s, frame.image_bgr.shape)
    """
    from midstance.video.decoders import choose_decoder  # OpenCV and PyAV take 0.2 s to import
    from midstance.video.probe import probe_clip

    if capture_fps is not None and not (math.isfinite(capture_fps) and capture_fps > 0):
        raise ClipError(f"capture-fps: expected the camera's frames per second, above 0, given {capture_fps}")
    probe = probe_clip(Path(path))
    return ClipReader(probe, choose_decoder(probe), capture_fps)


class ClipReader:
    """An open clip. Made by `open_clip`.

    Every iteration starts from the first frame. Only the frame in hand is kept in memory.

    Attributes
    ----------
    info : ClipInfo
        Facts about the clip.
    """

    def __init__(self, probe: Probe, make_decoder: Callable[[Probe], Decoder], capture_fps: float | None) -> None:
        self._probe = probe
        self._make_decoder = make_decoder
        self._slow_motion = _slow_motion(probe, capture_fps)
        self._decoders: list[Decoder] = []
        self._frames_read = 0
        self._ran_out = False
        self.info = _info(probe, capture_fps, self._slow_motion)

    @property
    def frames_read(self) -> int:
        """Frames given by the latest iteration."""
        return self._frames_read

    @property
    def ended_early(self) -> bool:
        """Whether the file is cut off.

        Known at once where the header promises a longer clip than the file holds, else once the last frames
        that were asked for turned out not to be there.
        """
        return self._probe.truncated or self._ran_out

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Iterate over the frames with `start <= index < stop`, with their true indexes and times.

        Those before `start` are decoded but not converted, so any range of a clip gives the same frames as
        the whole of it.

        Parameters
        ----------
        start : int, optional
            Index of the first frame.
        stop : int, optional
            Index after the last frame; to the end if None.

        Raises
        ------
        ValueError
            If `start` or `stop` is negative.
        ClipError
            If the file has been deleted or changed since it was opened.
        """
        end = self.info.frames if stop is None else min(stop, self.info.frames)
        if start < 0 or end < 0:
            raise ValueError(f"start and stop: expected 0 or more, given {start} and {stop}")
        return self._read(start, end)

    def close(self) -> None:
        """Release the file; iterations that are under way end."""
        while self._decoders:
            self._decoders.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, start: int, stop: int) -> Iterator[Frame]:
        self._frames_read = 0
        self._ran_out = False
        decoder = self._open_decoder()
        try:
            for index in self._places(decoder, stop):
                image = decoder.retrieve() if index >= start else None
                if image is not None:
                    self._frames_read += 1
                    yield Frame(index, self._time_s(index), self._probe.geometry.shown(image))
        finally:
            self._close(decoder)

    def _places(self, decoder: Decoder, stop: int) -> Iterator[int]:
        index = -1
        while index + 1 < stop and decoder in self._decoders:
            if not decoder.grab():
                self._ran_out = True
                return
            place = self._probe.timeline.place(decoder.stamp, index)
            if place is None:
                continue
            if place >= stop:
                return
            index = place
            yield index

    def _time_s(self, index: int) -> float:
        return float(self._probe.timeline.time_s[index]) * self._slow_motion

    def _open_decoder(self) -> Decoder:
        if identify(self._probe.path) != self._probe.identity:
            raise clip_error(self._probe.path, "the file has changed since it was opened; start again")
        decoder = self._make_decoder(self._probe)
        self._decoders.append(decoder)
        return decoder

    def _close(self, decoder: Decoder) -> None:
        if decoder in self._decoders:
            self._decoders.remove(decoder)
            decoder.close()


def _slow_motion(probe: Probe, capture_fps: float | None) -> float:
    if capture_fps is None or math.isnan(probe.interval_s):
        return 1.0
    return 1 / (probe.interval_s * capture_fps)


def _info(probe: Probe, capture_fps: float | None, slow_motion: float) -> ClipInfo:
    timeline, geometry = probe.timeline, probe.geometry
    width_px, height_px = geometry.shown_px
    file_fps = 1 / probe.interval_s
    return ClipInfo(
        path=probe.path,
        frames=len(timeline),
        fps=file_fps if capture_fps is None else capture_fps,
        file_fps=file_fps,
        capture_fps=capture_fps,
        duration_s=(float(timeline.time_s[-1]) + probe.interval_s) * slow_motion,
        variable_frame_rate=timeline.variable,
        width_px=width_px,
        height_px=height_px,
        rotation_deg=geometry.rotation_deg,
        mirrored=geometry.mirrored,
        interlaced=probe.interlaced,
        codec=probe.codec,
    )
