from __future__ import annotations

from pathlib import Path

import pytest

from midstance.science.errors import ClipError
from midstance.video.glimpses import glimpses
from midstance.video.reader import open_clip
from tests.video.clips import numbered_images, read_number, steady_times, varying_times, write_clip

SHARES = (0.1, 0.3, 0.55, 0.9)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize("varying", [False, True])
def test_glimpses_are_pictures_of_the_clip(tmp_path: Path, codec: str, *, varying: bool) -> None:
    """Each picture is the one that its number and time say, at the place that was asked for."""
    times = varying_times(100) if varying else steady_times(100)
    path = write_clip(tmp_path / "clip.mp4", numbered_images(100), times, codec=codec)
    found = list(glimpses(path, SHARES))
    assert [frame.index for frame in found] == [round(share * 99) for share in SHARES]
    with open_clip(path) as clip:
        whole = {frame.index: frame for frame in clip}
    for frame in found:
        assert read_number(frame.image_bgr) == frame.index
        assert frame.time_s == whole[frame.index].time_s
        assert frame.image_bgr.shape == whole[frame.index].image_bgr.shape


def test_a_short_clip_gives_each_picture_once(tmp_path: Path) -> None:
    """Places that fall on one frame give it once, so that times increase."""
    path = write_clip(tmp_path / "clip.mp4", numbered_images(2), steady_times(2))
    assert [frame.index for frame in glimpses(path, (0.0, 0.1, 0.2, 0.9, 1.0))] == [0, 1]


def test_what_is_no_clip_is_refused(tmp_path: Path) -> None:
    """A file without pictures is refused as by the reader."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"no clip")
    with pytest.raises(ClipError):
        list(glimpses(path, SHARES))
