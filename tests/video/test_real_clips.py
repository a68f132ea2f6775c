from __future__ import annotations

from pathlib import Path

import av
import pytest
from numpy.testing import assert_allclose

from midstance.video.reader import open_clip

FACTS = {
    "treadmill_side_30fps.mp4": (360, 720, 1280),
    "overground_side_30fps.mp4": (47, 480, 352),
}


@pytest.mark.parametrize("name", FACTS)
def test_real_clip(shared: Path, name: str) -> None:
    """Clips from phones and cameras: every frame, at the time that PyAV gives it."""
    path = shared / "data" / "clips" / name
    frames, width_px, height_px = FACTS[name]
    with av.open(str(path)) as container:
        expected_s = [frame.time for frame in container.decode(video=0)]
    with open_clip(path) as clip:
        given = [(frame.index, frame.time_s) for frame in clip]
    assert [index for index, _ in given] == list(range(frames))
    assert_allclose(
        [time_s for _, time_s in given], [s - expected_s[0] for s in expected_s if s is not None], atol=1e-9
    )
    assert (clip.info.frames, clip.info.width_px, clip.info.height_px) == (frames, width_px, height_px)
    assert clip.info.fps == pytest.approx(30, rel=0.002)
    assert not clip.ended_early
