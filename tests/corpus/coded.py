"""A runner in every coding, container and timing: clips that can be analysed, and those whose coding forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from tests.corpus.entries import Entry, Maker
from tests.corpus.pictures import FPS, all_scaled, interleaved, running, turned
from tests.video.clips import Image, cut, restamp, steady_times, write_clip

FASTSTART = {"movflags": "faststart"}
AT_30 = Fraction(1, 30)
MS = 1000


def coded(suffix: str, **how: Any) -> Maker:
    """Return a maker of four seconds of a runner, 30 pictures a second."""
    return lambda folder: write_clip(folder / f"clip{suffix}", running(), steady_times(len(running())), **how)


def shown(images: Sequence[Image], fps: float = FPS, suffix: str = ".mp4", **how: Any) -> Maker:
    """Return a maker of a clip of these pictures."""
    return lambda folder: write_clip(folder / f"clip{suffix}", images, steady_times(len(images), fps), **how)


def sized(width: int, height: int, **how: Any) -> Maker:
    """Return a maker of a runner in pictures of a size."""
    return lambda folder: shown(all_scaled(running(), (width, height)), **how)(folder)


def of_8k(folder: Path) -> Path:
    """Return two seconds of 8K at 15 pictures a second."""
    images = all_scaled(running(2.0, every=4), (4320, 7680))
    return shown(images, 15.0, options={"crf": "35"})(folder)


def truncated(percent: int, suffix: str = ".mp4") -> Maker:
    """Return a maker of the first part of the bytes of a clip whose index stands in front, or which needs none."""
    how: dict[str, Any] = {"container_options": FASTSTART} if suffix == ".mp4" else {"codec": "libvpx-vp9"}
    return lambda folder: cut(
        coded(suffix, **how)(folder).rename(folder / f"whole{suffix}"), folder / f"clip{suffix}", percent / 100
    )


def rotated(quarters: int) -> Maker:
    """Return a maker of a clip as a phone stores it that was held otherwise: turned, and asking to be turned back."""
    return lambda folder: shown(turned(running(), -quarters), rotation_deg=90 * quarters)(folder)


def mirrored(folder: Path) -> Path:
    """Return a clip that asks to be shown mirrored, as selfie cameras write it."""
    return shown([np.ascontiguousarray(image[:, ::-1]) for image in running()], mirrored=True)(folder)


def varying(folder: Path) -> Path:
    """Return a clip with the true times of pictures that were not taken evenly."""
    taken = np.sort(np.random.default_rng(3).choice(240, 150, replace=False))
    images = running(4.0, every=1)
    return write_clip(folder / "clip.mp4", [images[i] for i in taken], [float(i) / 60 for i in taken])


def dropped(folder: Path) -> Path:
    """Return a clip that lacks a tenth of its pictures; the others stand at their times."""
    kept = np.flatnonzero(np.random.default_rng(4).random(240) > 0.1)
    images = running(4.0, every=1)
    return write_clip(folder / "clip.mp4", [images[i] for i in kept], [float(i) / 60 for i in kept])


def duplicated(folder: Path) -> Path:
    """Return a clip at 60 in which every picture comes twice, as when 30 are converted to 60."""
    images = [image for image in running() for _ in range(2)]
    return shown(images, 60.0)(folder)


def restarting(folder: Path) -> Path:
    """Return a clip whose clock starts anew in the middle, as two joined ones have it."""
    source = coded(".mp4")(folder)
    half = [round(MS * i / FPS) for i in range(60)]
    return restamp(source, folder / "restart.mkv", half + half)


def late(folder: Path) -> Path:
    """Return a transport stream whose first stamp is an hour."""
    return write_clip(folder / "clip.ts", running(), steady_times(120, start_s=3600.0))


def lying(folder: Path) -> Path:
    """Return a clip whose header says that it lasts a hundred times as long."""
    path = coded(".mp4")(folder)
    content = bytearray(path.read_bytes())
    for box, at in ((b"mvhd", 20), (b"mdhd", 20), (b"tkhd", 24)):
        start = content.index(box) + at
        stated = int.from_bytes(content[start : start + 4], "big")
        content[start : start + 4] = (100 * stated).to_bytes(4, "big")
    path.write_bytes(bytes(content))
    return path


def repeated_for(minutes: float) -> Maker:
    """Return a maker of a long clip: the packets of a short one again and again, which costs no encoding."""

    def make(folder: Path) -> Path:
        with av.open(str(_small(folder))) as origin:
            packets = [p for p in origin.demux(video=0) if p.size]
            stream, step = origin.streams.video[0], packets[1].pts - packets[0].pts  # type: ignore[operator]
            with av.open(str(folder / "clip.mp4"), "w") as copy:
                copied = copy.add_stream_from_template(stream)
                for number in range(round(60 * minutes * 20)):
                    packet = packets[number % len(packets)]
                    packet.stream = copied
                    packet.pts = packet.dts = number * step
                    copy.mux(packet)
        return folder / "clip.mp4"

    return make


def _small(folder: Path) -> Path:
    images = all_scaled(running(6.0, every=3), (180, 320))
    return shown(images, 20.0)(folder).rename(folder / "short.mp4")


CUT_OFF = "is cut off"
ENTRIES = (
    Entry("plain", "H.264 in MP4, 360 x 640, 4 s, 30 a second", coded(".mp4"), overlay=True),
    *(
        Entry(f"cut to {p} %, index in front", "MP4, bytes cut off", truncated(p), 3, "clip.mp4")
        for p in (10, 20, 30, 40, 50, 60)
    ),
    *(Entry(f"cut to {p} %, index in front", "MP4, bytes cut off", truncated(p), 0, CUT_OFF) for p in (70, 80, 90)),
    Entry("cut to 80 %, WebM", "VP9, bytes cut off", truncated(80, ".webm"), 0, CUT_OFF),
    Entry("VP9 in WebM", "libvpx", coded(".webm", codec="libvpx-vp9")),
    Entry("HEVC in MOV", "x265", coded(".mov", codec="libx265")),
    Entry("AV1 in MP4", "SVT-AV1", coded(".mp4", codec="libsvtav1"), overlay=True),
    Entry("MJPEG in AVI", "no stamps", coded(".avi", codec="mjpeg", pix_fmt="yuvj420p", clock=AT_30), overlay=True),
    Entry("MPEG-2 in TS", "", coded(".ts", codec="mpeg2video", clock=AT_30)),
    Entry("ProRes in MOV", "10-bit 4:2:2", coded(".mov", codec="prores_ks", pix_fmt="yuv422p10le")),
    Entry("10-bit", "H.264 High 10", coded(".mp4", pix_fmt="yuv420p10le")),
    Entry("10-bit HEVC", "x265", coded(".mov", codec="libx265", pix_fmt="yuv420p10le")),
    Entry("4:4:4", "H.264", coded(".mp4", pix_fmt="yuv444p")),
    Entry("grey", "H.264", coded(".mp4", pix_fmt="gray")),
    Entry("wrong extension", "MP4 named .avi", lambda f: coded(".mp4")(f).rename(f / "clip.avi")),
    Entry("B-frames", "three in a row", coded(".mp4", b_frames=3)),
    *(Entry(f"rotated {90 * q}", "stored turned, with a display matrix", rotated(q), overlay=True) for q in (1, 2, 3)),
    Entry("mirrored", "display matrix", mirrored, 0, "the clip is mirrored", overlay=True),
    Entry("odd sizes", "361 x 639, 4:4:4", sized(361, 639, pix_fmt="yuv444p"), overlay=True),
    Entry("64 x 64", "scaled down", sized(64, 64), 0, "networks were unsure", careful=True),
    Entry("wide pixels", "360 x 320, 1:2", sized(360, 320, pixel_aspect=Fraction(1, 2))),
    Entry("8K", "4320 x 7680, 2 s, 15 a second", of_8k, 3, most_mb=3000),
    Entry(
        "interlaced",
        "two fields of 60 a second, marked as such",
        lambda f: shown(interleaved(running(4.0, every=1)), options={"x264-params": "interlaced=1"})(f),
        0,
        "are interlaced",
        overlay=True,
    ),
    Entry("1 a second", "20 pictures", shown(running()[:20], 1.0), 3, "expected at least 15 frames/s"),
    Entry("1000 a second, 0.1 s", "120 pictures", shown(running(), 1000.0), 3, "for 0.75 s"),
    Entry(
        "1000 a second, true rate given",
        "120 pictures taken at 30",
        shown(running(), 1000.0),
        options=("--capture-fps", "30"),
        overlay=True,
    ),
    Entry(
        "frames before 0",
        "edit list in MP4",
        lambda f: write_clip(f / "clip.mp4", running(5.0), steady_times(150, start_s=-1.0)),
    ),
    Entry("first stamp an hour", "transport stream", late),
    Entry("clock starts anew", "MKV, stamps repeat", restarting),
    Entry("varying rate", "150 of 240 pictures at their times", varying, 0, "the frame rate varies", overlay=True),
    Entry("dropped frames", "a tenth is missing", dropped, 0, "the frame rate varies"),
    Entry("duplicated frames", "every picture twice", duplicated, 0, "pictures are repeated"),
    Entry("lying duration", "header says 400 s", lying),
    Entry("one frame", "H.264", shown(running()[:1]), 3, "for 0.75 s"),
    Entry("30 minutes", "the same 6 s, 20 a second", repeated_for(30.0), 130, "interrupted", stop_after_s=45.0),
)
