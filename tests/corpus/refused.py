"""Files that are no clip, or none that can be read: refused before the pose model is loaded."""

from __future__ import annotations

from pathlib import Path

import cv2

from tests.corpus.entries import Entry, Maker
from tests.video.clips import (
    cut,
    numbered_image,
    numbered_images,
    steady_times,
    write_clip,
    write_sound,
)
from tests.video.test_reader_refuses import all_damaged, animated_gif, empty, gif_named_mp4, header_only, too_wide

TENTHS = tuple(range(10, 100, 10))
NOT_A_VIDEO = "not a video that can be read"
A_PICTURE = "given a picture"


def whole(folder: Path, suffix: str = ".mp4") -> Path:
    """Return a short clip whose index stands at the end, as cameras write it."""
    return write_clip(folder / f"whole{suffix}", numbered_images(60), steady_times(60))


def truncated(percent: int, suffix: str = ".mp4") -> Maker:
    """Return a maker of the first part of a clip."""
    return lambda folder: cut(whole(folder, suffix), folder / f"clip{suffix}", percent / 100)


def text(folder: Path) -> Path:
    """Return a text file."""
    path = folder / "notes.txt"
    path.write_text("Ran well today.\n" * 200)
    return path


def text_named_mp4(folder: Path) -> Path:
    """Return a text file with the name of a clip."""
    return text(folder).rename(folder / "clip.mp4")


def image(suffix: str) -> Maker:
    """Return a maker of a picture."""

    def make(folder: Path) -> Path:
        path = folder / f"clip.{suffix}"
        assert cv2.imwrite(str(path), numbered_image(3, 640, 480))
        return path

    return make


def image_named_mp4(folder: Path) -> Path:
    """Return a picture with the name of a clip."""
    return image("png")(folder).rename(folder / "clip.mp4")


def clip_named_csv(folder: Path) -> Path:
    """Return a clip with the name of a landmarks file."""
    return whole(folder).rename(folder / "clip.csv")


def zeros(folder: Path) -> Path:
    """Return a file as a broken card gives it: the right size, nothing in it."""
    path = folder / "clip.mp4"
    path.write_bytes(bytes(1_000_000))
    return path


ENTRIES = (
    *(
        Entry(f"cut to {p} %, index at the end", "MP4, bytes cut off", truncated(p), 2, NOT_A_VIDEO, pose=False)
        for p in TENTHS
    ),
    Entry("empty", "a file of no bytes", empty, 2, "given an empty one", pose=False),
    Entry("header only", "MP4 cut where its pictures begin", header_only, 2, "no frame in it", pose=False),
    Entry("zeros", "a megabyte of zeros", zeros, 2, NOT_A_VIDEO, pose=False),
    Entry("text", "a text file", text, 2, NOT_A_VIDEO, pose=False),
    Entry("text named .mp4", "a text file", text_named_mp4, 2, NOT_A_VIDEO, pose=False),
    Entry("image", "a JPEG", image("jpg"), 2, A_PICTURE, pose=False),
    Entry("image named .mp4", "a PNG", image_named_mp4, 2, A_PICTURE, pose=False),
    Entry("clip named .csv", "MP4", clip_named_csv, 2, "clip.csv", pose=False),
    Entry("sound", "AAC in MP4", lambda f: write_sound(f / "clip.mp4"), 2, "no video in it", pose=False),
    Entry("GIF", "animated", animated_gif, 2, A_PICTURE, pose=False),
    Entry("GIF named .mp4", "animated", gif_named_mp4, 2, A_PICTURE, pose=False),
    Entry("all frames damaged", "H.264 overwritten", all_damaged, 2, "no frame in it", pose=False),
    Entry("8400 px wide", "H.264", too_wide, 2, "expected pictures of at most 8192", pose=False),
)
"""Every one ends with 2."""
