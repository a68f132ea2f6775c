from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.testing import assert_allclose

from midstance.science.errors import ClipError
from midstance.video.reader import ClipReader, open_clip

from .clips import (
    cut,
    damage,
    numbered_image,
    numbered_images,
    read_number,
    restamp,
    steady_times,
    varying_times,
    write_clip,
)

COUNT = 40
NTSC = Fraction(1001, 30_000)


def seen(clip: ClipReader, start: int = 0, stop: int | None = None) -> tuple[list[int], list[int], list[float]]:
    """Return the indexes, the numbers shown and the times of a clip's frames."""
    frames = [(frame.index, read_number(frame.image_bgr), frame.time_s) for frame in clip.frames(start, stop)]
    return [f[0] for f in frames], [f[1] for f in frames], [f[2] for f in frames]


def times_by_pyav(path: Path) -> list[float]:
    """Return the times at which PyAV shows the frames, from 0."""
    with av.open(str(path)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    return [time - times[0] for time in times if time is not None and times[0] is not None]


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "ts"])
@pytest.mark.parametrize("b_frames", [0, 3])
@pytest.mark.parametrize("rate", ["steady", "varying"])
def test_each_frame_comes_with_its_own_time(tmp_path: Path, suffix: str, b_frames: int, rate: str) -> None:
    """Frame i is picture i at time i, with B-frames or not, at a steady or a varying rate, as PyAV has it."""
    times_s = steady_times(COUNT) if rate == "steady" else varying_times(COUNT)
    path = write_clip(tmp_path / f"clip.{suffix}", numbered_images(COUNT), times_s, b_frames=b_frames)
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == list(range(COUNT))
    assert_allclose(given_s, times_s, atol=0.0011 if suffix == "mkv" else 2e-5)
    assert_allclose(given_s, times_by_pyav(path), atol=1e-9)
    assert clip.info.variable_frame_rate is (rate == "varying")
    assert clip.frames_read == COUNT
    assert not clip.ended_early


@pytest.mark.parametrize(
    ("codec", "suffix"),
    [("libvpx-vp9", "webm"), ("libx265", "mp4"), ("libsvtav1", "mp4"), ("mpeg4", "mp4"), ("mpeg2video", "ts")],
)
def test_codecs_that_reorder_frames(tmp_path: Path, codec: str, suffix: str) -> None:
    """VP9, HEVC, AV1, MPEG-4 and MPEG-2 keep pictures and times together; AV1 is not left out."""
    clock = Fraction(1, 25) if codec.startswith("mpeg") else Fraction(1, 90_000)
    b_frames = 0 if codec == "libvpx-vp9" else 2
    times_s = steady_times(COUNT, 25)
    path = write_clip(
        tmp_path / f"clip.{suffix}", numbered_images(COUNT), times_s, codec=codec, clock=clock, b_frames=b_frames
    )
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == list(range(COUNT))
    assert_allclose(given_s, times_s, atol=1e-6)


@pytest.mark.parametrize(("codec", "b_frames"), [("mjpeg", 0), ("libx264", 0), ("libx264", 3), ("mpeg4", 2)])
def test_avi_has_the_times_of_its_rate(tmp_path: Path, codec: str, b_frames: int) -> None:
    """AVI keeps no presentation times: with B-frames OpenCV's and PyAV's are wrong there, these are not."""
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    times_s = [float(index * NTSC) for index in range(COUNT)]
    path = write_clip(
        tmp_path / "clip.avi",
        numbered_images(COUNT),
        times_s,
        codec=codec,
        pix_fmt=pix_fmt,
        b_frames=b_frames,
        clock=NTSC,
    )
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == list(range(COUNT))
    assert_allclose(given_s, times_s, atol=1e-9)
    assert clip.info.fps == pytest.approx(30 / 1.001)


@pytest.mark.parametrize("b_frames", [0, 3])
def test_hidden_start_is_not_shown(tmp_path: Path, b_frames: int) -> None:
    """An edit list that hides the first frames: they are not given, and the first one shown has time 0."""
    times_s = steady_times(COUNT, 30, start_s=-0.2)
    path = write_clip(tmp_path / "clip.mp4", numbered_images(COUNT), times_s, b_frames=b_frames)
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert numbers == list(range(6, COUNT))
    assert indexes == list(range(COUNT - 6))
    assert_allclose(given_s, np.arange(COUNT - 6) / 30, atol=1e-5)
    assert clip.info.frames == COUNT - 6
    assert not clip.ended_early


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
def test_late_start_is_time_zero(tmp_path: Path, suffix: str) -> None:
    """A clip whose clock starts at 5 s starts at 0, and is not taken for one that is cut off."""
    times_s = steady_times(COUNT, 25, start_s=5)
    path = write_clip(tmp_path / f"clip.{suffix}", numbered_images(COUNT), times_s, b_frames=2)
    with open_clip(path) as clip:
        _, numbers, given_s = seen(clip)
    assert numbers == list(range(COUNT))
    assert_allclose(given_s, steady_times(COUNT, 25), atol=1e-9)
    assert clip.info.duration_s == pytest.approx(COUNT / 25)
    assert not clip.ended_early


def test_repeated_stamps_are_spread(tmp_path: Path) -> None:
    """Three frames with one stamp keep their pictures and get times between their neighbours'."""
    source = write_clip(tmp_path / "clip.mkv", numbered_images(12), steady_times(12, 25))
    stamps = [0, 40, 80, 120, 120, 120, 240, 280, 320, 360, 400, 440]
    with open_clip(restamp(source, tmp_path / "twice.mkv", stamps)) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == list(range(12))
    assert_allclose(np.diff(given_s[3:6]), 0.04 / 3, atol=1e-9)
    assert np.all(np.diff(given_s) > 0)


def test_stamp_that_goes_back_costs_one_frame(tmp_path: Path) -> None:
    """A frame whose stamp lies before the one already given is dropped; all others keep picture and time."""
    source = write_clip(tmp_path / "clip.mkv", numbered_images(12), steady_times(12, 25))
    stamps = [0, 40, 80, 120, 160, 110, 240, 280, 320, 360, 400, 440]
    with open_clip(restamp(source, tmp_path / "back.mkv", stamps)) as clip:
        _, numbers, given_s = seen(clip)
    assert numbers == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert_allclose(given_s, [stamps[number] / 1000 for number in numbers], atol=1e-9)


def test_joined_files_play_on(tmp_path: Path) -> None:
    """Two files joined byte by byte, as camcorders do: the clock starts anew, time does not."""
    half = write_clip(tmp_path / "half.ts", numbered_images(COUNT), steady_times(COUNT), b_frames=2)
    path = tmp_path / "joined.ts"
    path.write_bytes(half.read_bytes() * 2)
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert numbers == [*range(COUNT), *range(COUNT)]
    assert indexes == list(range(2 * COUNT))
    assert_allclose(given_s, steady_times(2 * COUNT), atol=1e-5)


def test_damaged_frames_leave_a_gap(tmp_path: Path) -> None:
    """Two unreadable frames in the middle: those behind keep their index and time, and the clip goes on."""
    path = write_clip(
        tmp_path / "clip.mp4",
        numbered_images(COUNT),
        steady_times(COUNT),
        options={"g": "1"},
    )
    damage(path, 20)
    damage(path, 21)
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == [*range(20), *range(22, COUNT)]
    assert_allclose(given_s, [index / 30 for index in indexes], atol=1e-5)
    assert clip.frames_read == COUNT - 2
    assert not clip.ended_early
    assert seen(clip, 18, 21)[0] == [18, 19]


@pytest.mark.parametrize(("suffix", "share"), [("mp4", 0.6), ("mkv", 0.4), ("webm", 0.6), ("avi", 0.7), ("ts", 0.5)])
def test_clip_that_is_cut_off(tmp_path: Path, suffix: str, share: float) -> None:
    """The frames up to the break are given with their times, and it is said that the file ended early."""
    codec = {"webm": "libvpx-vp9", "avi": "mjpeg"}.get(suffix, "libx264")
    whole = write_clip(
        tmp_path / f"whole.{suffix}",
        numbered_images(150),
        steady_times(150, 25),
        codec=codec,
        pix_fmt="yuvj420p" if codec == "mjpeg" else "yuv420p",
        clock=Fraction(1, 25),
        container_options={"movflags": "faststart"} if suffix == "mp4" else None,
    )
    with open_clip(cut(whole, tmp_path / f"cut.{suffix}", share)) as clip:
        indexes, numbers, given_s = seen(clip)
    assert 10 < len(indexes) < 149
    assert indexes == numbers == list(range(len(indexes)))
    assert_allclose(given_s, steady_times(len(indexes), 25), atol=1e-6)
    assert clip.frames_read == len(indexes)
    assert clip.ended_early or suffix == "ts"  # MPEG-TS is a stream: its files state no length


def test_rate_is_exact_in_whole_milliseconds(tmp_path: Path) -> None:
    """MKV at 240 fps is 240 fps, though its stamps are whole milliseconds, and it is not called variable."""
    path = write_clip(tmp_path / "clip.mkv", numbered_images(200), steady_times(200, 240))
    with open_clip(path) as clip:
        assert clip.info.fps == pytest.approx(240, rel=1e-3)
        assert not clip.info.variable_frame_rate
        assert not clip.ended_early


@pytest.mark.parametrize("fps", [1, 1000])
def test_very_low_and_very_high_rates(tmp_path: Path, fps: int) -> None:
    """1 and 1000 frames per second are read like any other."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(COUNT), steady_times(COUNT, fps))
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == list(range(COUNT))
    assert_allclose(given_s, steady_times(COUNT, fps), atol=1e-5)
    assert clip.info.fps == pytest.approx(fps)
    assert clip.info.duration_s == pytest.approx(COUNT / fps)
    assert not clip.ended_early


def test_single_frame(tmp_path: Path) -> None:
    """A clip of one frame has the rate its header states."""
    path = write_clip(tmp_path / "clip.mp4", [numbered_image(9)], [0.0])
    with open_clip(path) as clip:
        assert seen(clip) == ([0], [9], [0.0])
        assert (clip.info.frames, clip.info.variable_frame_rate) == (1, False)
        assert clip.info.fps > 0


def test_slow_motion_becomes_real_time(tmp_path: Path) -> None:
    """A clip filmed at 240 and played at 30 fps: with `capture_fps`, times, rate and duration are real."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(COUNT), steady_times(COUNT, 30), b_frames=2)
    with open_clip(path, capture_fps=240) as clip:
        indexes, numbers, given_s = seen(clip)
    assert indexes == numbers == list(range(COUNT))
    assert_allclose(given_s, steady_times(COUNT, 240), atol=1e-5)
    assert (clip.info.fps, clip.info.capture_fps) == (240, 240)
    assert clip.info.file_fps == pytest.approx(30)
    assert clip.info.duration_s == pytest.approx(COUNT / 240)


@pytest.mark.parametrize(("start", "stop"), [(0, None), (7, 19), (33, None), (0, 1), (5, 5), (38, 900), (40, None)])
def test_range_gives_the_frames_of_the_whole(tmp_path: Path, start: int, stop: int | None) -> None:
    """Any range has the indexes, pictures and times that reading the whole clip gives."""
    times_s = varying_times(COUNT)
    path = write_clip(tmp_path / "clip.mp4", numbered_images(COUNT), times_s, b_frames=3)
    expected = list(range(COUNT))[start:stop]
    with open_clip(path) as clip:
        indexes, numbers, given_s = seen(clip, start, stop)
    assert indexes == numbers == expected
    assert_allclose(given_s, [times_s[index] for index in expected], atol=2e-5)
    assert clip.frames_read == len(expected)
    assert not clip.ended_early


def test_range_must_not_be_negative(tmp_path: Path) -> None:
    """A negative start or stop is a mistake, said before anything is read."""
    with open_clip(write_clip(tmp_path / "clip.mp4", numbered_images(3), steady_times(3))) as clip:
        for start, stop in ((-1, None), (0, -1)):
            with pytest.raises(ValueError, match="expected 0 or more"):
                clip.frames(start, stop)


def test_clip_can_be_read_again_and_side_by_side(tmp_path: Path) -> None:
    """Each iteration starts anew and does not disturb another."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(10), steady_times(10))
    with open_clip(path) as clip:
        pairs = [(a.index, read_number(b.image_bgr)) for a, b in zip(clip, clip.frames(), strict=True)]
        again = [frame.index for frame in clip]
    assert pairs == [(index, index) for index in range(10)]
    assert again == list(range(10))


def test_frames_keep_their_pictures(tmp_path: Path) -> None:
    """A frame's picture does not change when the next one is read."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(10), steady_times(10))
    with open_clip(path) as clip:
        kept = list(clip)
    assert [read_number(frame.image_bgr) for frame in kept] == list(range(10))


def test_closed_clip_gives_no_more_frames(tmp_path: Path) -> None:
    """Leaving the `with` block ends an iteration that is under way."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(10), steady_times(10))
    with open_clip(path) as clip:
        frames = iter(clip)
        next(frames)
    assert list(frames) == []
    assert not clip.ended_early


@pytest.mark.parametrize("change", ["deleted", "replaced"])
def test_file_that_changes_after_opening_is_refused(tmp_path: Path, change: str) -> None:
    """Frames of another file are never given with the times of the first."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(10), steady_times(10))
    other = write_clip(tmp_path / "other.mp4", numbered_images(20), steady_times(20))
    with open_clip(path) as clip:
        if change == "deleted":
            path.unlink()
        else:
            shutil.copyfile(other, path)
        with pytest.raises(ClipError, match="no such file" if change == "deleted" else "has changed"):
            next(iter(clip))
