from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.testing import assert_allclose

from midstance.science.errors import OutputError
from midstance.video.colours import Yuv420Frame, pixels
from midstance.video.reader import open_clip
from midstance.video.writer import open_writer

from .clips import Image, numbered_image, numbered_images, read_number, steady_times, varying_times


def write(path: Path, images: list[Image], times_s: list[float]) -> Path:
    """Write pictures with their times and return the path."""
    height, width = images[0].shape[:2]
    with open_writer(path, width_px=width, height_px=height) as video:
        for image, time_s in zip(images, times_s, strict=True):
            video.write(image, time_s)
    return path


@pytest.mark.parametrize("rate", ["steady", "varying"])
def test_written_clip_reads_back(tmp_path: Path, rate: str) -> None:
    """Every picture comes back at its time, at a steady or a varying rate."""
    times_s = steady_times(40, 29.97) if rate == "steady" else varying_times(40)
    path = write(tmp_path / "clip.mp4", numbered_images(40), times_s)
    with open_clip(path) as clip:
        frames = list(clip)
    assert [read_number(frame.image_bgr) for frame in frames] == list(range(40))
    assert_allclose([frame.time_s for frame in frames], times_s, atol=1 / 90_000)
    assert not clip.ended_early


def test_times_count_from_the_first_picture(tmp_path: Path) -> None:
    """Pictures from the middle of a clip start at 0, and the last one is shown as long as the one before."""
    path = write(tmp_path / "clip.mp4", numbered_images(50), steady_times(50, 50, start_s=7))
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        assert stream.duration is not None
        assert (stream.start_time, float(stream.duration * stream.time_base)) == (0, 1.0)


def test_file_is_what_browsers_play(tmp_path: Path) -> None:
    """H.264, yuv420p, the index in front, key frames each second, no frame stored after a later one."""
    path = write(tmp_path / "clip.mp4", numbered_images(80), steady_times(80, 25))
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        packets = [packet for packet in container.demux(stream) if packet.size]
    assert all(packet.pts == packet.dts for packet in packets)
    key_times = [float(p.pts * p.time_base) for p in packets if p.is_keyframe and p.pts is not None and p.time_base]
    assert {0.0, 1.0, 2.0, 3.0} <= set(key_times)


def test_colours_are_kept_and_tagged(tmp_path: Path) -> None:
    """BT.709, limited range, in the samples and in the header, so that red is the same red in any player."""
    red = np.full((64, 96, 3), (20, 30, 200), np.uint8)
    path = write(tmp_path / "clip.mp4", [red] * 3, steady_times(3))
    with av.open(str(path)) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.colorspace, codec.color_range, codec.color_primaries, codec.color_trc) == (1, 1, 1, 1)
        luma = next(container.decode(video=0)).to_ndarray()[:64].mean()
    assert luma == pytest.approx(16 + 219 * (0.2126 * 200 + 0.7152 * 30 + 0.0722 * 20) / 255, abs=1.5)
    with open_clip(path) as clip:
        assert np.abs(next(iter(clip)).image_bgr.astype(int) - red).max() <= 4


def test_every_colour_keeps_its_luma_and_chroma() -> None:
    """Luma and chroma are within a grey level of BT.709 for any colour, and rows longer than the picture do no harm."""
    blocks = np.random.default_rng(3).integers(0, 256, (33, 45, 3), dtype=np.uint8)
    image = blocks.repeat(2, axis=0).repeat(2, axis=1)
    frame = Yuv420Frame(90, 66).filled(image)
    planes = [pixels(plane).astype(float) for plane in frame.planes]
    blue, green, red = (blocks[..., c].astype(float) for c in range(3))
    luma = 0.0722 * blue + 0.7152 * green + 0.2126 * red
    assert_allclose(planes[0][::2, ::2], 16 + 219 * luma / 255, atol=1)
    assert_allclose(planes[1], 128 + 224 * (blue - luma) / 1.8556 / 255, atol=1)
    assert_allclose(planes[2], 128 + 224 * (red - luma) / 1.5748 / 255, atol=1)


def test_odd_sizes_grow_by_one(tmp_path: Path) -> None:
    """H.264 needs even sides: nothing is cut off, the edge is repeated."""
    path = write(tmp_path / "clip.mp4", numbered_images(5, width=97, height=65), steady_times(5))
    with open_clip(path) as clip:
        frames = list(clip)
    assert {frame.image_bgr.shape for frame in frames} == {(66, 98, 3)}
    assert [read_number(frame.image_bgr) for frame in frames] == list(range(5))
    assert np.abs(frames[0].image_bgr[-1].astype(int) - frames[0].image_bgr[-2]).max() < 12


def test_single_picture(tmp_path: Path) -> None:
    """One picture makes a clip of one frame."""
    with open_clip(write(tmp_path / "clip.mp4", [numbered_image(5)], [0.0])) as clip:
        assert [read_number(frame.image_bgr) for frame in clip] == [5]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_failure_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    """When the block raises, no file is left, and an older one of that name is untouched."""

    def write_and_fail() -> None:
        with open_writer(path, width_px=96, height_px=64) as video:
            for number in range(30):
                video.write(numbered_image(number), number / 30)
            raise error

    path = tmp_path / "clip.mp4"
    path.write_bytes(b"older")
    with pytest.raises(error):
        write_and_fail()
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]
    assert path.read_bytes() == b"older"


def test_file_appears_only_when_complete(tmp_path: Path) -> None:
    """While writing, nobody can open a half-written file under the final name."""
    path = tmp_path / "clip.mp4"
    with open_writer(path, width_px=96, height_px=64) as video:
        video.write(numbered_image(0), 0.0)
        assert not path.exists()
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]


def test_nothing_written_is_an_error(tmp_path: Path) -> None:
    """A clip without pictures is not made."""
    with (
        pytest.raises(OutputError, match="expected a picture to write"),
        open_writer(tmp_path / "clip.mp4", width_px=96, height_px=64),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "image", [np.zeros((64, 97, 3), np.uint8), np.zeros((64, 96), np.uint8), np.zeros((64, 96, 3))]
)
def test_other_pictures_are_refused(tmp_path: Path, image: Image) -> None:
    """A picture of another size or type is a mistake of the caller."""
    with (
        pytest.raises(ValueError, match=r"image_bgr: expected shape \(64, 96, 3\) of uint8"),
        open_writer(tmp_path / "clip.mp4", width_px=96, height_px=64) as video,
    ):
        video.write(image, 0.0)


@pytest.mark.parametrize("second_s", [0.5, 0.4, float("nan"), float("inf"), 0.5 + 1e-6])
def test_time_must_advance(tmp_path: Path, second_s: float) -> None:
    """Equal, earlier and impossible times are refused."""
    with pytest.raises(ValueError, match="time_s: expected"):
        write(tmp_path / "clip.mp4", numbered_images(2), [0.5, second_s])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("width_px", "crf"), [(0, 20), (96, -1), (96, 52)])
def test_impossible_settings_are_refused(tmp_path: Path, width_px: int, crf: float) -> None:
    """No picture has a side of 0, no quality lies outside 0 to 51."""
    with pytest.raises(ValueError, match="expected"):
        open_writer(tmp_path / "clip.mp4", width_px=width_px, height_px=64, crf=crf)


def test_writing_needs_the_with_statement(tmp_path: Path) -> None:
    """Outside of its block the writer takes nothing."""
    video = open_writer(tmp_path / "clip.mp4", width_px=96, height_px=64)
    with pytest.raises(ValueError, match="outside of its `with` statement"):
        video.write(numbered_image(0), 0.0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("target", ["missing/clip.mp4", "."])
def test_unusable_target_is_refused(tmp_path: Path, target: str) -> None:
    """A missing folder, or a folder in place of a file, is said at once."""
    with pytest.raises(OutputError) as caught, open_writer(tmp_path / target, width_px=96, height_px=64):
        pytest.fail("the block must not be entered")
    assert len(str(caught.value).splitlines()) == 1


FILL_UP = """
import resource, sys
import numpy as np
from pathlib import Path
from midstance.science.errors import OutputError
from midstance.video.writer import open_writer

noise = np.random.default_rng(0).integers(0, 255, (20, 64, 96, 3), dtype=np.uint8)

def write(path):
    with open_writer(path, width_px=96, height_px=64, crf=5) as video:
        for index, image in enumerate(noise):
            video.write(image, index / 30)

folder = Path(sys.argv[1])
write(folder / "whole.mp4")
size = (folder / "whole.mp4").stat().st_size
for room in (100, size // 3, size - 3000, size - 400, size - 1):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        write(folder / "clip.mp4")
        print("written")
    except OutputError as error:
        print(len(str(error).splitlines()), "free space" in str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of a file")
def test_full_disk_is_an_error_of_one_line(tmp_path: Path) -> None:
    """Wherever the room ends, in the pictures or in the index: one clear line and nothing left behind."""
    result = subprocess.run([sys.executable, "-c", FILL_UP, str(tmp_path)], capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.stdout.splitlines() == ["1 True"] * 5
    assert [file.name for file in tmp_path.iterdir()] == ["whole.mp4"]
