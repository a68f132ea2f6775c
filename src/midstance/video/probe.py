"""Everything about a file that is found before its frames are wanted: what it is, how it is shown, when.

PyAV reads the packets once without decoding them (about 30 microseconds each) and decodes the first frame.
The counts and rates in a file's header are not used: they are often wrong.

Hostile files: FFmpeg may use only the demuxers named here, which read that one file and nothing else; others
follow playlists to further files and to the network. Pictures larger than `LARGEST_SIDE_PX` are refused
before anything is decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from midstance.video.files import FileIdentity, clip_error, identify, looks_like_picture
from midstance.video.geometry import PictureGeometry, orientation, square_size
from midstance.video.timeline import Timeline, build_timeline

LARGEST_SIDE_PX = 8192
"""Wider or higher pictures are refused: 8K fits, and what does not is a mistake or an attack."""

MOST_FRAMES = 1_000_000
"""More are refused before their times fill the memory: a small file can state very many."""

FORMATS = "mov,matroska,avi,mpegts,mpeg,asf,flv,ogg"
"""FFmpeg's demuxers that may be used: each reads one file, and none follows what is written in it."""

_OPTIONS = {
    "format_whitelist": FORMATS,
    "protocol_whitelist": "file",
    "max_pixels": str(LARGEST_SIDE_PX**2),
}
_PICTURE_BRANDS = frozenset(("avif", "avis", "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"))
"""Still and animated pictures that are stored in the boxes of an MP4 file."""

_LAST_FRAME_S = 0.25
"""Writers often state the last frame's duration wrongly; a file that lacks more than this is cut off."""

_A_PICTURE = "expected a video, given a picture; give a clip of the runner"


@dataclass(frozen=True, eq=False)
class Probe:
    """What a file holds.

    Attributes
    ----------
    path : Path
        As given.
    identity : FileIdentity
        Of the file when it was probed.
    stream_index : int
        Of the video stream that is read.
    is_first_video : bool
        Whether that is the first video stream, the only one that OpenCV reads.
    start_tick : int
        The stamp that OpenCV takes as 0.
    codec : str
        FFmpeg's name of the decoder.
    stored_px : tuple of (width, height)
        Of the first frame as decoded.
    geometry : PictureGeometry
        How pictures are shown.
    interlaced : bool
        Whether the first frame is.
    timeline : Timeline
        Stamp and time of each frame.
    interval_s : float
        Usual time between frames as the file plays; NaN if unknown.
    packets : int
        Of the stream, whether shown or not.
    truncated : bool
        Whether the header promises more than the file holds.
    """

    path: Path
    identity: FileIdentity
    stream_index: int
    is_first_video: bool
    start_tick: int
    codec: str
    stored_px: tuple[int, int]
    geometry: PictureGeometry
    interlaced: bool
    timeline: Timeline
    interval_s: float
    packets: int
    truncated: bool


@dataclass(frozen=True, eq=False)
class _Scan:
    stamps: list[int]
    packets: int
    first_frame: VideoFrame | None


def probe_clip(path: Path) -> Probe:
    """Find out what the file at `path` holds.

    Raises
    ------
    ClipError
        If it is not an ordinary file, is empty, holds no video, or none that can be decoded and timed.
    """
    identity = identify(path)
    with open_container(path) as container:
        stream = _video_stream(container, path)
        _check_size(stream.width, stream.height, path)
        by_order = "avi" in container.format.name
        scan = _scan(container, stream, by_order=by_order)
        if scan.packets > MOST_FRAMES:
            raise clip_error(path, f"expected at most {MOST_FRAMES} frames, given more; cut out half a minute")
        first = scan.first_frame
        if first is None:
            raise clip_error(path, "no frame in it can be decoded; copy it again or convert it to H.264")
        _check_size(first.width, first.height, path)
        timeline = _timeline(scan, stream, path, by_order=by_order)
        interval_s = timeline.interval_s if len(timeline) > 1 else _stated_interval(stream)
        return Probe(
            path=path,
            identity=identity,
            stream_index=stream.index,
            is_first_video=stream.index == container.streams.video[0].index,
            start_tick=stream.start_time or 0,
            codec=stream.codec_context.codec.canonical_name,
            stored_px=(first.width, first.height),
            geometry=_geometry(stream, first),
            interlaced=bool(first.interlaced_frame),
            timeline=timeline,
            interval_s=interval_s,
            packets=scan.packets,
            truncated=_promised_s(container, stream) > _shown_s(timeline, interval_s),
        )


def open_container(path: Path) -> InputContainer:
    """Open the file at `path` for PyAV, with nothing else within its reach.

    Raises
    ------
    ClipError
        If it is not a video file of a known format.
    """
    try:
        return av.open(str(path.absolute()), options=_OPTIONS, metadata_errors="replace")
    except PermissionError as error:
        raise clip_error(path, f"cannot be read ({error.strerror}); check who may read it") from error
    except (FFmpegError, OSError) as error:
        if looks_like_picture(path):
            raise clip_error(path, _A_PICTURE) from error
        problem = f"not a video that can be read ({error.strerror}); expected MP4, MOV, MKV, WebM or AVI"
        raise clip_error(path, problem) from error


def packets_of(container: InputContainer, stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """Yield the stream's packets up to the end of the file or to where it is broken."""
    try:
        yield from container.demux(stream)
    except (FFmpegError, OSError, IndexError):  # PyAV has no place for a stream that turns up on the way
        return


def frames_of(packet: Packet[VideoStream]) -> list[VideoFrame]:
    """Return the frames that a packet completes; none where it is damaged."""
    try:
        return packet.decode()
    except (FFmpegError, OSError):
        return []


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
    if container.metadata.get("major_brand", "") in _PICTURE_BRANDS:
        raise clip_error(path, _A_PICTURE)
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            continue
        if stream.codec_context is None:  # PyAV's stub leaves out that FFmpeg may not know the codec
            raise clip_error(path, "its codec is not known; convert it to H.264 in MP4")
        return stream
    raise clip_error(path, "no video in it, only sound or a cover picture; give a clip of the runner")


def _check_size(width_px: int, height_px: int, path: Path) -> None:
    if max(width_px, height_px) > LARGEST_SIDE_PX:
        given = f"{width_px} x {height_px}"
        limit = f"{LARGEST_SIDE_PX} x {LARGEST_SIDE_PX}"
        raise clip_error(path, f"expected pictures of at most {limit} px, given {given}; scale the clip down")


def _scan(container: InputContainer, stream: VideoStream, *, by_order: bool) -> _Scan:
    stamps: list[int] = []
    packets = 0
    first: VideoFrame | None = None
    for packet in packets_of(container, stream):
        if first is None:
            first = next(iter(frames_of(packet)), None)
        if not packet.size:
            continue
        packets += 1
        if packets > MOST_FRAMES:
            break
        stamp = packet.dts if by_order else packet.pts
        if stamp is not None and not packet.is_discard:
            stamps.append(stamp)
    return _Scan(stamps, packets, first)


def _timeline(scan: _Scan, stream: VideoStream, path: Path, *, by_order: bool) -> Timeline:
    tick_s = float(stream.time_base or 0)
    try:
        timeline = build_timeline(np.array(scan.stamps, dtype=np.int64), tick_s, by_order=by_order)
    except ValueError as error:
        raise clip_error(path, f"{error}; convert it to H.264 in MP4") from error
    if not len(timeline):
        raise clip_error(path, "its frames have no time stamps; convert it to H.264 in MP4")
    return timeline


def _geometry(stream: VideoStream, first: VideoFrame) -> PictureGeometry:
    aspect = float(stream.sample_aspect_ratio or 1)
    side_data = cast("Mapping[str, bytes]", first.side_data)  # PyAV's stub leaves most kinds out
    matrix = side_data.get("DISPLAYMATRIX")
    rotation_deg, mirrored = orientation(struct.unpack("=9i", bytes(matrix))) if matrix else (0, False)
    return PictureGeometry(square_size(first.width, first.height, aspect), rotation_deg, mirrored)


def _stated_interval(stream: VideoStream) -> float:
    return float(1 / stream.average_rate) if stream.average_rate else float("nan")


def _promised_s(container: InputContainer, stream: VideoStream) -> float:
    """Return the duration that the header states for the video, 0 where it states none."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and len(container.streams) == 1:
        return (container.duration - max(0, container.start_time)) / av.time_base
    return 0.0


def _shown_s(timeline: Timeline, interval_s: float) -> float:
    """Return the longest duration that a whole file with this timeline may state."""
    slack_s = max(3 * interval_s, _LAST_FRAME_S) if len(timeline) > 1 else float("inf")
    return float(timeline.time_s[-1]) + interval_s + slack_s
