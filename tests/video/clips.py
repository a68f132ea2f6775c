"""Small clips for tests, made by PyAV, whose pictures tell their own number.

`numbered_image(7)` shows 7 as a bit pattern in large blocks and `read_number` reads it back, through lossy coding,
scaling and changes of pixel format. So a test can prove that the picture given as frame i is frame i.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

CLOCK = Fraction(1, 90_000)
_BITS = 8
_DARK, _LIGHT, _GROUND = 20, 235, 128
_QUICK: dict[str, dict[str, str]] = {
    "libx264": {"preset": "ultrafast", "crf": "12"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libsvtav1": {"preset": "12", "crf": "20"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "10"},
}


def numbered_image(number: int, width: int = 96, height: int = 64) -> Image:
    """Return a (height, width, 3) picture of `number` < 256: bits from the left, low first; below, their inverse."""
    image = np.full((height, width, 3), _GROUND, np.uint8)
    for bit in range(_BITS):
        light = bool(number >> bit & 1)
        columns = slice(bit * width // _BITS, (bit + 1) * width // _BITS)
        image[: height // 2, columns] = _LIGHT if light else _DARK
        image[height // 2 :, columns] = _DARK if light else _LIGHT
    return image


def numbered_images(count: int, width: int = 96, height: int = 64) -> list[Image]:
    """Return the pictures of 0 to `count` - 1."""
    return [numbered_image(number, width, height) for number in range(count)]


def read_number(image: Image) -> int:
    """Return the number that a picture shows, -1 where its upper and lower half contradict each other."""
    height, width = image.shape[:2]
    columns = [int((bit + 0.5) * width / _BITS) for bit in range(_BITS)]
    upper = image[height // 4, columns].mean(axis=1) > _GROUND
    lower = image[3 * height // 4, columns].mean(axis=1) > _GROUND
    if np.any(upper == lower):
        return -1
    return sum(1 << bit for bit in range(_BITS) if upper[bit])


def steady_times(count: int, fps: float = 30.0, start_s: float = 0.0) -> list[float]:
    """Return `count` times at a constant rate."""
    return [start_s + index / fps for index in range(count)]


def varying_times(count: int, shortest_s: float = 0.01, longest_s: float = 0.08) -> list[float]:
    """Return `count` times from 0 at a rate that varies, the same at every call."""
    steps = np.random.default_rng(1).uniform(shortest_s, longest_s, count)
    return [float(time) for time in np.cumsum(steps) - steps[0]]


def write_clip(
    path: Path,
    images: Sequence[Image],
    times_s: Sequence[float],
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    b_frames: int = 0,
    rotation_deg: int = 0,
    mirrored: bool = False,
    pixel_aspect: Fraction | None = None,
    clock: Fraction = CLOCK,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write a clip and return its path; the container follows the path's suffix.

    Parameters
    ----------
    path : Path
        E.g. ending in .mp4, .mov, .mkv, .webm, .avi or .ts.
    images : sequence of (h, w, 3) uint8 array
        As stored, BGR, all of one size. They are shown turned by `rotation_deg` and then mirrored.
    times_s : sequence of float
        When each is shown. Frames before 0 are stored but hidden by an edit list in MP4 and MOV.
    codec, pix_fmt : str
        FFmpeg's names.
    b_frames : int
        How many frames in a row are stored after a later one.
    rotation_deg : int
        Clockwise turn that the file asks for (MP4, MOV and MKV).
    mirrored : bool
        Whether the file asks for mirroring left for right after turning.
    pixel_aspect : Fraction, optional
        Width of a pixel over its height.
    clock : Fraction
        Unit of the time stamps in seconds. AVI needs that of a frame; MKV and WebM use 1/1000 in any case.
    options, container_options : dict of str, optional
        For the codec and for the container.
    """
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=Fraction(1) / clock if clock > CLOCK else 30)
        assert isinstance(stream, av.VideoStream)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.options = {"bf": str(b_frames), "b-adapt": "0", **_QUICK.get(codec, {}), **(options or {})}
        stream.codec_context.time_base = stream.time_base = clock
        if pixel_aspect:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        if rotation_deg or mirrored:
            stream.set_display_rotation(-rotation_deg, hflip=mirrored)
        for image, time_s in zip(images, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=pix_fmt)
            frame.pts, frame.time_base = round(time_s / clock), clock
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def restamp(source: Path, target: Path, stamps: Sequence[int]) -> Path:
    """Copy a clip without B-frames into an MKV with these presentation stamps, in milliseconds, per frame.

    Stamps may repeat or go back, as no encoder would let them.
    """
    with av.open(str(source)) as origin, av.open(str(target), "w", format="matroska") as copy:
        stream = origin.streams.video[0]
        copied = copy.add_stream_from_template(stream)
        packets = [packet for packet in origin.demux(stream) if packet.size]
        earliest = np.minimum.accumulate(np.asarray(stamps)[::-1])[::-1]
        for packet, stamp, decode_at in zip(packets, stamps, earliest.tolist(), strict=True):
            packet.stream = copied
            packet.time_base = Fraction(1, 1000)
            packet.pts, packet.dts = stamp, decode_at
            copy.mux(packet)
    return target


def cut(source: Path, target: Path, share: float) -> Path:
    """Copy the first `share` of a file's bytes."""
    content = source.read_bytes()
    target.write_bytes(content[: int(len(content) * share)])
    return target


def damage(path: Path, frame: int) -> None:
    """Overwrite the data of the n-th stored frame of a clip in place."""
    with av.open(str(path)) as container:
        packet = [packet for packet in container.demux(video=0) if packet.size][frame]
        position, size = packet.pos, packet.size
    assert position is not None
    content = bytearray(path.read_bytes())
    content[position : position + size] = b"\xff" * size
    path.write_bytes(content)


def write_sound(path: Path, seconds: float = 0.5) -> Path:
    """Write a file with sound and no video; the container follows the path's suffix."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, int(16_000 * seconds)), np.float32), "fltp", "mono")
        frame.sample_rate = 16_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path
