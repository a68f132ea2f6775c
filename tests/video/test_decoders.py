from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from midstance.video.decoders import Decoder, OpenCvDecoder, PyAvDecoder, choose_decoder
from midstance.video.probe import Probe, probe_clip
from midstance.video.reader import open_clip

from .clips import numbered_image, numbered_images, read_number, restamp, steady_times, write_clip

DECODERS = [OpenCvDecoder, PyAvDecoder]


def decoded(decoder: Decoder) -> list[tuple[int | None, int]]:
    """Return the stamp and number of each frame."""
    found: list[tuple[int | None, int]] = []
    while decoder.grab():
        image = decoder.retrieve()
        assert image is not None
        found.append((decoder.stamp, read_number(image)))
    decoder.close()
    return found


@pytest.mark.parametrize("decoder_class", DECODERS)
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_decoders_agree(tmp_path: Path, decoder_class: type[OpenCvDecoder | PyAvDecoder], suffix: str) -> None:
    """Either decoder gives the same pictures with the same stamps, those of the packets, in display order."""
    path = write_clip(tmp_path / f"clip.{suffix}", numbered_images(20), steady_times(20, start_s=2), b_frames=2)
    probe = probe_clip(path)
    found = decoded(decoder_class(probe))
    assert [number for _, number in found] == list(range(20))
    assert [stamp for stamp, _ in found] == probe.timeline.stamps.tolist()


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("start_s", [0.0, 2.0])
def test_opencv_reads_ordinary_clips(tmp_path: Path, suffix: str, start_s: float) -> None:
    """OpenCV, the faster one, is not given up for a clock that starts late or for B-frames."""
    path = write_clip(tmp_path / f"clip.{suffix}", numbered_images(20), steady_times(20, start_s=start_s), b_frames=2)
    assert choose_decoder(probe_clip(path)) is OpenCvDecoder


def test_pyav_reads_what_opencv_cannot(tmp_path: Path) -> None:
    """OpenCV's wheel holds no AV1 decoder."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(5), steady_times(5), codec="libsvtav1")
    assert choose_decoder(probe_clip(path)) is PyAvDecoder


def test_opencv_is_left_out_where_it_would_read_another_stream(tmp_path: Path) -> None:
    """OpenCV reads the first video stream; where the clip is a later one, it is no use."""
    probe = probe_clip(write_clip(tmp_path / "clip.mp4", numbered_images(5), steady_times(5)))
    assert choose_decoder(replace(probe, is_first_video=False)) is PyAvDecoder


def test_size_in_a_damaged_header_is_not_believed(tmp_path: Path) -> None:
    """OpenCV would scale every frame up to a wrong size in the header; then PyAV reads the clip."""
    probe = probe_clip(write_clip(tmp_path / "clip.mp4", numbered_images(5), steady_times(5)))
    wrong = replace(probe, stored_px=(48, 32))
    assert choose_decoder(wrong) is PyAvDecoder
    decoder = PyAvDecoder(wrong)
    assert decoder.grab()
    image = decoder.retrieve()
    assert image is not None
    assert image.shape == (32, 48, 3)


def cover_first(path: Path) -> Path:
    """Write a clip with a cover picture as its first video stream, which OpenCV would read."""
    with av.open(str(path), "w") as container:
        cover = container.add_stream("mjpeg", rate=30)
        cover.width, cover.height, cover.pix_fmt = 48, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        container.mux(cover.encode(av.VideoFrame.from_ndarray(numbered_image(99, 48, 64), format="bgr24")))
        for number in range(6):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(numbered_image(number), format="bgr24")))
        container.mux([*cover.encode(), *stream.encode()])
    return path


def test_cover_picture_before_the_clip_is_passed_over(tmp_path: Path) -> None:
    """Where a cover picture comes first in the file, the clip is still the clip."""
    probe = probe_clip(cover_first(tmp_path / "clip.mp4"))
    assert probe.geometry.shown_px == (96, 64)
    assert [number for _, number in decoded(choose_decoder(probe)(probe))] == list(range(6))


@pytest.mark.parametrize("decoder_class", DECODERS)
def test_playlist_in_the_place_of_the_clip_is_not_followed(
    tmp_path: Path, decoder_class: type[OpenCvDecoder | PyAvDecoder]
) -> None:
    """A file that is exchanged for a playlist after it was checked opens no other file."""
    secret = write_clip(tmp_path / "secret.ts", numbered_images(5), steady_times(5))
    playlist = tmp_path / "clip.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret.name}\n#EXT-X-ENDLIST\n")
    probe = replace(probe_clip(secret), path=playlist)
    assert not _gives_frames(decoder_class, probe)


def _gives_frames(decoder_class: type[OpenCvDecoder | PyAvDecoder], probe: Probe) -> bool:
    from midstance.science.errors import ClipError

    try:
        return decoder_class(probe).grab()
    except ClipError:
        return False


def test_environment_is_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user has set for OpenCV stays set."""
    monkeypatch.setenv("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;udp")
    monkeypatch.setenv("OPENCV_FFMPEG_LOGLEVEL", "-8")
    before = dict(os.environ)
    OpenCvDecoder(probe_clip(write_clip(tmp_path / "clip.mp4", numbered_images(3), steady_times(3)))).close()
    assert dict(os.environ) == before


HUGE = """
import re, sys
from midstance.science.errors import ClipError
from midstance.video.probe import probe_clip
from pathlib import Path

def peak_mb():
    return int(re.search("VmHWM:(.*)kB", Path("/proc/self/status").read_text())[1]) // 1024

probe_clip(Path(sys.argv[1]))
before = peak_mb()
try:
    probe_clip(Path(sys.argv[2]))
except ClipError as error:
    print("8400 x 8400" in str(error), peak_mb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has /proc")
def test_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    """A fifth of a megabyte that unpacks to 100 MB a frame are refused without unpacking them."""
    small = write_clip(tmp_path / "small.mkv", numbered_images(3), steady_times(3))
    huge = write_clip(tmp_path / "huge.mkv", [np.zeros((8400, 8400, 3), np.uint8)], [0.0])
    assert huge.stat().st_size < 300_000
    result = subprocess.run(
        [sys.executable, "-c", HUGE, str(small), str(huge)], capture_output=True, text=True, check=True
    )
    refused, grown_mb = result.stdout.split()
    assert refused == "True"
    assert int(grown_mb) < 80


def test_interlaced_pictures_are_not_sheared(tmp_path: Path) -> None:
    """OpenCV shears interlaced pictures whose width its buffers do not suit; what is read is what was filmed."""
    options = {"x264-params": "tff=1:interlaced=1"}
    path = write_clip(tmp_path / "clip.mp4", numbered_images(20, 360, 640), steady_times(20), options=options)
    probe = probe_clip(path)
    assert [number for _, number in decoded(choose_decoder(probe)(probe))] == list(range(20))


def test_a_clock_that_starts_anew_costs_no_frame(tmp_path: Path) -> None:
    """OpenCV makes up stamps where they go back, so that frames would lose their places."""
    source = write_clip(tmp_path / "source.mp4", numbered_images(120, 360, 640), steady_times(120))
    stamps = [round(1000 * time_s) for time_s in steady_times(60)]
    with open_clip(restamp(source, tmp_path / "clip.mkv", stamps + stamps)) as clip:
        assert [(frame.index, read_number(frame.image_bgr)) for frame in clip] == [(i, i) for i in range(120)]
