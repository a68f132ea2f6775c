from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.testing import assert_allclose

from midstance.video.geometry import orientation
from midstance.video.reader import open_clip

from .clips import Image, numbered_image, numbered_images, read_number, steady_times, write_clip

COLOURS = {"red": (20, 30, 200), "green": (40, 180, 60), "blue": (190, 60, 30), "grey": (120, 120, 120)}


def four_colours(width: int = 96, height: int = 64) -> Image:
    """Return a picture of four quarters: red, green; blue, grey."""
    image = np.empty((height, width, 3), np.uint8)
    halves = (slice(0, height // 2), slice(height // 2, height)), (slice(0, width // 2), slice(width // 2, width))
    for index, colour in enumerate(COLOURS.values()):
        image[halves[0][index // 2], halves[1][index % 2]] = colour
    return image


def assert_same_picture(given: Image, expected: Image, within: float) -> None:
    """Compare two pictures away from their edges."""
    assert given.shape == expected.shape
    inner = np.abs(given.astype(int) - expected)[3:-3, 3:-3]
    assert np.mean(inner) < within


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_picture_is_given_as_it_is_shown(tmp_path: Path, suffix: str, rotation_deg: int, mirrored: bool) -> None:  # noqa: FBT001 - a parameter
    """A stored picture is turned and mirrored as the file asks; size and facts say so."""
    stored = [four_colours(), numbered_image(77)]
    expected = np.rot90(stored[0], -rotation_deg // 90)
    expected = expected[:, ::-1] if mirrored else expected
    path = write_clip(
        tmp_path / f"clip.{suffix}",
        stored,
        steady_times(2),
        rotation_deg=rotation_deg,
        mirrored=mirrored,
        pix_fmt="yuv444p",
    )
    with open_clip(path) as clip:
        frame = next(iter(clip))
    assert_same_picture(frame.image_bgr, expected, within=5)
    assert (clip.info.rotation_deg, clip.info.mirrored) == (rotation_deg, mirrored)
    assert (clip.info.height_px, clip.info.width_px, 3) == frame.image_bgr.shape == expected.shape


def test_turned_clip_keeps_numbers_and_times(tmp_path: Path) -> None:
    """A portrait phone clip: every frame upright, at its time, in any range."""
    upright = numbered_images(20, width=64, height=96)
    stored = [np.ascontiguousarray(np.rot90(image)) for image in upright]
    path = write_clip(tmp_path / "clip.mp4", stored, steady_times(20), rotation_deg=90, b_frames=3)
    with open_clip(path) as clip:
        frames = list(clip.frames(5, 15))
    assert [read_number(frame.image_bgr) for frame in frames] == [frame.index for frame in frames] == list(range(5, 15))
    assert (clip.info.width_px, clip.info.height_px) == (64, 96)


def test_slanted_or_empty_matrix_is_read_as_the_nearest_quarter() -> None:
    """A turn of 100° is taken as 90°, a matrix of zeros as none."""
    cosine, sine = round(65536 * np.cos(np.radians(100))), round(65536 * np.sin(np.radians(100)))
    assert orientation([cosine, sine, 0, -sine, cosine, 0, 0, 0, 1 << 30]) == (90, False)
    assert orientation([0] * 9) == (0, False)


@pytest.mark.parametrize(
    ("codec", "pix_fmt", "suffix"),
    [
        ("libx264", "yuv420p", "mp4"),
        ("libx264", "yuvj420p", "mp4"),
        ("libx264", "yuv420p10le", "mp4"),
        ("libx264", "yuv422p", "mkv"),
        ("libx265", "yuv420p10le", "mp4"),
        ("prores_ks", "yuv422p10le", "mov"),
        ("libvpx-vp9", "yuv420p", "webm"),
        ("libsvtav1", "yuv420p10le", "mp4"),
        ("mjpeg", "yuvj420p", "avi"),
        ("ffv1", "bgr0", "mkv"),
        ("ffv1", "yuv444p16le", "mkv"),
        ("qtrle", "argb", "mov"),
    ],
)
def test_every_pixel_format_comes_as_8_bit_bgr(tmp_path: Path, codec: str, pix_fmt: str, suffix: str) -> None:
    """8, 10 and 16 bit, limited and full range, with and without alpha: the same colours in the same form."""
    clock = Fraction(1, 30) if suffix == "avi" else Fraction(1, 90_000)
    path = write_clip(
        tmp_path / f"clip.{suffix}", [four_colours()] * 3, steady_times(3), codec=codec, pix_fmt=pix_fmt, clock=clock
    )
    with open_clip(path) as clip:
        frames = list(clip)
    assert len(frames) == 3
    for frame in frames:
        assert frame.image_bgr.dtype == np.uint8
        assert frame.image_bgr.flags.c_contiguous
        assert_same_picture(frame.image_bgr, four_colours(), within=6)


@pytest.mark.parametrize(("codec", "pix_fmt", "suffix"), [("libx264", "gray", "mp4"), ("ffv1", "gray16le", "mkv")])
def test_grey_comes_as_bgr(tmp_path: Path, codec: str, pix_fmt: str, suffix: str) -> None:
    """A grey clip has three equal channels."""
    path = write_clip(tmp_path / f"clip.{suffix}", numbered_images(5), steady_times(5), codec=codec, pix_fmt=pix_fmt)
    with open_clip(path) as clip:
        frames = list(clip)
    assert [read_number(frame.image_bgr) for frame in frames] == list(range(5))
    for frame in frames:
        assert frame.image_bgr.shape == (64, 96, 3)
        assert np.ptp(frame.image_bgr.astype(int), axis=2).max() <= 2


@pytest.mark.parametrize("matrix", ["ITU601", "ITU709"])
def test_colour_matrix_is_honoured(tmp_path: Path, matrix: str) -> None:
    """BT.601 and BT.709 clips of one picture give the same colours."""
    tag = {"ITU601": 5, "ITU709": 1}[matrix]
    path = tmp_path / "clip.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv444p"
        stream.codec_context.colorspace, stream.codec_context.color_range = tag, 1
        frame = av.VideoFrame.from_ndarray(four_colours(), format="bgr24")
        container.mux(stream.encode(frame.reformat(format="yuv444p", dst_colorspace=matrix, dst_color_range="MPEG")))
        container.mux(stream.encode())
    with open_clip(path) as clip:
        assert_same_picture(next(iter(clip)).image_bgr, four_colours(), within=3)


@pytest.mark.parametrize(("codec", "pix_fmt", "suffix"), [("libx264", "yuv444p", "mp4"), ("ffv1", "yuv420p", "mkv")])
def test_odd_sizes_are_kept(tmp_path: Path, codec: str, pix_fmt: str, suffix: str) -> None:
    """97 x 65 stays 97 x 65."""
    images = numbered_images(6, width=97, height=65)
    path = write_clip(tmp_path / f"clip.{suffix}", images, steady_times(6), codec=codec, pix_fmt=pix_fmt)
    with open_clip(path) as clip:
        frames = list(clip)
    assert [read_number(frame.image_bgr) for frame in frames] == list(range(6))
    assert {frame.image_bgr.shape for frame in frames} == {(65, 97, 3)}
    assert (clip.info.width_px, clip.info.height_px) == (97, 65)


@pytest.mark.parametrize(
    ("aspect", "rotation_deg", "shown"),
    [
        (Fraction(4, 3), 0, (128, 64)),
        (Fraction(1, 2), 0, (96, 128)),
        (Fraction(4, 3), 90, (64, 128)),
        (Fraction(1), 0, (96, 64)),
        (Fraction(200), 0, (96, 64)),
    ],
)
def test_pixels_become_square(tmp_path: Path, aspect: Fraction, rotation_deg: int, shown: tuple[int, int]) -> None:
    """Angles need square pixels: a side is stretched, never shrunk, before turning; nonsense is ignored."""
    path = write_clip(
        tmp_path / "clip.mp4", numbered_images(4), steady_times(4), pixel_aspect=aspect, rotation_deg=rotation_deg
    )
    with open_clip(path) as clip:
        frames = list(clip)
    assert (clip.info.width_px, clip.info.height_px) == shown
    assert {frame.image_bgr.shape for frame in frames} == {(shown[1], shown[0], 3)}
    upright = [np.rot90(frame.image_bgr, rotation_deg // 90) for frame in frames]
    assert [read_number(image) for image in upright] == list(range(4))


def test_size_that_changes_within_a_clip_is_evened_out(tmp_path: Path) -> None:
    """All frames have the size of the first, whatever comes later in the file."""
    first = write_clip(tmp_path / "a.ts", numbered_images(20), steady_times(20))
    second = write_clip(tmp_path / "b.ts", numbered_images(20, width=128, height=96), steady_times(20, start_s=1))
    path = tmp_path / "clip.ts"
    path.write_bytes(first.read_bytes() + second.read_bytes())
    with open_clip(path) as clip:
        frames = list(clip)
    assert [read_number(frame.image_bgr) for frame in frames] == [*range(20), *range(20)]
    assert {frame.image_bgr.shape for frame in frames} == {(64, 96, 3)}


@pytest.mark.parametrize("interlaced", [False, True])
def test_interlaced_clip_is_reported(tmp_path: Path, interlaced: bool) -> None:  # noqa: FBT001 - a parameter
    """Two fields in a frame, taken at different times, are a fact that quality depends on."""
    options = {"x264-params": "tff=1:interlaced=1"} if interlaced else {}
    path = write_clip(tmp_path / "clip.mp4", numbered_images(5), steady_times(5), options=options)
    with open_clip(path) as clip:
        assert clip.info.interlaced is interlaced


def test_second_video_stream_is_not_shown(tmp_path: Path) -> None:
    """Of two video streams the first is the clip; sound beside it does no harm."""
    path = tmp_path / "clip.mkv"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        streams = [container.add_stream("libx264", rate=30) for _ in range(2)]
        for stream, width in zip(streams, (96, 48), strict=True):
            stream.width, stream.height, stream.pix_fmt = width, 64, "yuv420p"
        noise = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        noise.sample_rate = 16_000
        container.mux(sound.encode(noise))
        for number in range(6):
            for stream in streams:
                image = numbered_image(number, stream.width, 64)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux([packet for stream in streams for packet in stream.encode()])
    with open_clip(path) as clip:
        assert [read_number(frame.image_bgr) for frame in clip] == list(range(6))
    assert (clip.info.width_px, clip.info.frames) == (96, 6)


def test_facts_of_a_clip(tmp_path: Path) -> None:
    """The facts are there before any frame is read."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(25), steady_times(25, 50), b_frames=2)
    with open_clip(str(path)) as clip:
        info = clip.info
    assert (info.path, info.codec, info.frames, info.width_px, info.height_px) == (path, "h264", 25, 96, 64)
    assert (info.rotation_deg, info.mirrored, info.interlaced, info.capture_fps) == (0, False, False, None)
    assert_allclose([info.fps, info.file_fps, info.duration_s], [50, 50, 0.5])
