from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from midstance.science.errors import ClipError
from midstance.video.reader import open_clip

from .clips import cut, damage, numbered_image, numbered_images, read_number, steady_times, write_clip, write_sound

Maker = Callable[[Path], Path | str]


def text_named_mp4(folder: Path) -> Path:
    """Return a text file that pretends to be a clip."""
    path = folder / "clip.mp4"
    path.write_text("This is not a video.\n" * 100)
    return path


def empty(folder: Path) -> Path:
    """Return a file of no bytes."""
    path = folder / "clip.mp4"
    path.touch()
    return path


def header_only(folder: Path) -> Path:
    """Return an MP4 whose frames are all missing."""
    whole = write_clip(
        folder / "whole.mp4", numbered_images(50), steady_times(50), container_options={"movflags": "faststart"}
    )
    start = whole.read_bytes().index(b"mdat")
    path = folder / "clip.mp4"
    path.write_bytes(whole.read_bytes()[: start + 4])
    return path


def without_index(folder: Path) -> Path:
    """Return an MP4 that lost its end, and so its index."""
    whole = write_clip(folder / "whole.mp4", numbered_images(50), steady_times(50))
    return cut(whole, folder / "clip.mp4", 0.5)


def all_damaged(folder: Path) -> Path:
    """Return a clip none of whose frames can be decoded."""
    path = write_clip(folder / "clip.mp4", numbered_images(4), steady_times(4))
    for frame in range(4):
        damage(path, frame)
    return path


def picture(suffix: str) -> Maker:
    """Return a maker of a picture file."""

    def make(folder: Path) -> Path:
        path = folder / f"clip.{suffix}"
        assert cv2.imwrite(str(path), numbered_image(3))
        return path

    return make


def animated_gif(folder: Path) -> Path:
    """Return a GIF of several frames, which FFmpeg would play."""
    return write_clip(folder / "clip.gif", numbered_images(5), steady_times(5, 25), codec="gif", pix_fmt="rgb8")


def gif_named_mp4(folder: Path) -> Path:
    """Return an animated GIF with the name of a video."""
    return animated_gif(folder).rename(folder / "clip.mp4")


def picture_sequence(folder: Path) -> Path:
    """Return the pattern of a sequence of pictures, which OpenCV would play."""
    for number in range(3):
        cv2.imwrite(str(folder / f"{number:03d}.png"), numbered_image(number))
    return folder / "%03d.png"


def sound(suffix: str) -> Maker:
    """Return a maker of a file with sound alone."""
    return lambda folder: write_sound(folder / f"clip.{suffix}")


def playlist(folder: Path) -> Path:
    """Return a playlist that names another file, as an attacker would to read it."""
    write_clip(folder / "secret.ts", numbered_images(5), steady_times(5))
    path = folder / "clip.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.ts\n#EXT-X-ENDLIST\n")
    return path


def joining_script(folder: Path) -> Path:
    """Return a script for FFmpeg that names another file."""
    write_clip(folder / "secret.ts", numbered_images(5), steady_times(5))
    path = folder / "clip.mp4"
    path.write_text("ffconcat version 1.0\nfile secret.ts\n")
    return path


def too_wide(folder: Path) -> Path:
    """Return a clip of 8400 x 64 px."""
    return write_clip(folder / "clip.mp4", [np.zeros((64, 8400, 3), np.uint8)], [0.0])


def pipe(folder: Path) -> Path:
    """Return a named pipe, which would block whoever opens it."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(folder / "clip.mp4")
    return folder / "clip.mp4"


CASES: list[tuple[Maker, str]] = [
    (lambda folder: folder / "nowhere.mp4", "no such file"),
    (lambda folder: folder, "given a folder"),
    (lambda _: "http://127.0.0.1:9/clip.mp4", "no such file"),
    (lambda _: "0", "no such file"),
    (lambda _: "", "given a folder"),
    (lambda folder: folder / "a\0b.mp4", "cannot be read"),
    (lambda folder: folder / ("x" * 5000), "cannot be read"),
    (empty, "given an empty one"),
    (text_named_mp4, "not a video that can be read"),
    (header_only, "no frame in it can be decoded"),
    (without_index, "not a video that can be read"),
    (all_damaged, "no frame in it can be decoded"),
    (picture("png"), "given a picture"),
    (picture("jpg"), "given a picture"),
    (picture("webp"), "given a picture"),
    (picture("avif"), "given a picture"),
    (animated_gif, "given a picture"),
    (gif_named_mp4, "given a picture"),
    (picture_sequence, "no such file"),
    (sound("m4a"), "no video in it"),
    (sound("mp4"), "no video in it"),
    (playlist, "not a video that can be read"),
    (joining_script, "not a video that can be read"),
    (too_wide, "expected pictures of at most 8192 x 8192 px, given 8400 x 64"),
    (pipe, "given a device or a pipe"),
]


@pytest.mark.parametrize(
    ("make", "problem"), CASES, ids=[problem[:20] + str(i) for i, (_, problem) in enumerate(CASES)]
)
def test_what_is_no_clip_is_refused_in_one_line(tmp_path: Path, make: Maker, problem: str) -> None:
    """Whatever is not a video file is refused on opening, with one line that says what was given."""
    with pytest.raises(ClipError) as caught:
        open_clip(make(tmp_path))
    message = str(caught.value)
    assert problem in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize("capture_fps", [0, -240, float("nan"), float("inf")])
def test_impossible_capture_rate_is_refused(tmp_path: Path, capture_fps: float) -> None:
    """A camera films at a positive, finite rate."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(3), steady_times(3))
    with pytest.raises(ClipError, match="capture-fps: expected the camera's frames per second, above 0, given"):
        open_clip(path, capture_fps=capture_fps)


def test_cover_picture_is_no_clip(tmp_path: Path) -> None:
    """A song with a cover holds a video stream for FFmpeg, but none for us."""
    import av

    path = write_sound(tmp_path / "song.m4a")
    covered = tmp_path / "covered.m4a"
    with av.open(str(path)) as origin, av.open(str(covered), "w", format="mp4") as copy:
        stream = copy.add_stream_from_template(origin.streams.audio[0])
        cover = copy.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 96, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        for packet in origin.demux(origin.streams.audio[0]):
            if packet.size:
                packet.stream = stream
                copy.mux(packet)
        copy.mux(cover.encode(av.VideoFrame.from_ndarray(numbered_image(1), format="bgr24")))
        copy.mux(cover.encode())
    with pytest.raises(ClipError, match="no video in it"):
        open_clip(covered)


@pytest.mark.parametrize("name", ["läufer 走る.mp4", "a%03d.mp4", "concat:a.mp4", "new\nline.mp4", "-.mp4"])
def test_unusual_names_are_just_names(tmp_path: Path, name: str) -> None:
    """Spaces, other scripts and what FFmpeg would take for a pattern or an address are read as file names."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(4), steady_times(4)).rename(tmp_path / name)
    with open_clip(path) as clip:
        assert [read_number(frame.image_bgr) for frame in clip] == list(range(4))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are not Unicode")
def test_name_that_is_not_unicode(tmp_path: Path) -> None:
    """A name in an old encoding would end the process inside OpenCV; it is read all the same."""
    name = os.fsdecode(b"caf\xe9.mp4")
    path = write_clip(tmp_path / "clip.mp4", numbered_images(4), steady_times(4)).rename(tmp_path / name)
    with open_clip(path) as clip:
        assert [read_number(frame.image_bgr) for frame in clip] == list(range(4))
    with pytest.raises(ClipError, match=r"caf\\udce9"):
        open_clip(tmp_path / os.fsdecode(b"caf\xe9-2.mp4"))


def test_text_in_a_file_need_not_be_unicode(tmp_path: Path) -> None:
    """Titles and program names in an old encoding do no harm."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(4), steady_times(4))
    content = path.read_bytes()
    assert b"Lavf" in content
    path.write_bytes(content.replace(b"Lavf", b"L\xff\xfef"))
    with open_clip(path) as clip:
        assert len(list(clip)) == 4


def test_unknown_codec_is_refused(tmp_path: Path) -> None:
    """A video stream that FFmpeg has no name for is said to be one."""
    path = write_clip(tmp_path / "clip.mkv", numbered_images(4), steady_times(4))
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_WHAT4/ISO/AVC"))
    with pytest.raises(ClipError, match="its codec is not known"):
        open_clip(path)


def test_message_about_a_name_with_a_line_break_is_one_line(tmp_path: Path) -> None:
    """A name cannot add lines to a message."""
    with pytest.raises(ClipError) as caught:
        open_clip(tmp_path / "a\nb.mp4")
    assert len(str(caught.value).splitlines()) == 1


READ_ALL = """
import os, sys
from midstance.science.errors import ClipError
from midstance.video.reader import open_clip
assert "cv2" not in sys.modules and "av" not in sys.modules, "imported before they are needed"
for path in sys.argv[1:]:
    try:
        with open_clip(path) as clip:
            print(sum(1 for _ in clip))
    except ClipError as error:
        print("refused")
assert "OPENCV_FFMPEG_LOGLEVEL" not in os.environ, "the environment was changed"
import cv2
print(cv2.utils.logging.getLogLevel() != cv2.utils.logging.LOG_LEVEL_SILENT)
"""


def test_nothing_is_written_to_stderr(tmp_path: Path) -> None:
    """FFmpeg and OpenCV keep quiet over damaged, cut and foreign files, and the process is left as it was."""
    damaged = write_clip(tmp_path / "damaged.mp4", numbered_images(40), steady_times(40), b_frames=2)
    damage(damaged, 20)
    whole = write_clip(tmp_path / "whole.mkv", numbered_images(40), steady_times(40))
    av1 = write_clip(tmp_path / "av1.mp4", numbered_images(4), steady_times(4), codec="libsvtav1")
    folder = tmp_path / "text"
    folder.mkdir()
    paths = [damaged, cut(whole, tmp_path / "cut.mkv", 0.6), av1, text_named_mp4(folder)]
    result = subprocess.run(
        [sys.executable, "-c", READ_ALL, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    assert result.returncode == 0
    *counts, refused, level_restored = result.stdout.split()
    assert all(int(count) > 3 for count in counts)
    assert (refused, level_restored) == ("refused", "True")
