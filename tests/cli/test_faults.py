"""Models that are damaged or swapped, clips that change while they are read: told in one line, nothing half-written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from midstance.api import ClipLandmarks, analyze_landmarks, save
from midstance.models import find_model
from midstance.science.errors import ClipError
from midstance.science.records import ClipFacts
from midstance.video.files import mark_of
from tests.support.cli import midstance
from tests.support.runner import Camera, Gait, film
from tests.video.clips import numbered_images, steady_times, write_clip

SIZE_PX = (270, 480)


def model_of(name: str) -> Path:
    """Return an installed pose model; the test is skipped without it."""
    path = find_model(name)
    if path is None:
        pytest.skip(f"the pose model {name} is not installed")
    return path


def flipped(path: Path) -> bytes:
    """Return a file's content with one byte in the middle changed."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    "fault", ["flipped", *(pytest.param(fault, marks=pytest.mark.long) for fault in ("cut", "swapped"))]
)
def test_a_model_that_is_not_the_one_it_is_named_after_is_refused(tmp_path: Path, fault: str) -> None:
    """A damaged, a cut and a swapped model: exit 2, one line that says how to replace it, no output."""
    lite, models = model_of("lite"), tmp_path / "models"
    models.mkdir()
    content = {"flipped": flipped(lite), "cut": lite.read_bytes()[:100_000], "swapped": b"PK\x03\x04" + bytes(1000)}
    (models / lite.name).write_bytes(content[fault])
    clip = write_clip(tmp_path / "clip.mp4", numbered_images(40), steady_times(40))
    arguments = ("analyze", "--side", clip, "--out", tmp_path / "out", "--model", "lite")
    ended = midstance(*arguments, MIDSTANCE_MODEL_DIR=str(models))
    assert (ended.code, ended.err.count("\n")) == (2, 1), ended.err
    assert "midstance models get lite" in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.long
def test_a_model_file_with_damaged_networks_is_refused(tmp_path: Path) -> None:
    """A bundle of one's own whose networks are garbage ends with one line, not in the library that loads it."""
    import zipfile

    model = tmp_path / "mine.task"
    with zipfile.ZipFile(model_of("lite")) as good, zipfile.ZipFile(model, "w") as bad:
        for name in good.namelist():
            bad.writestr(name, os.urandom(20_000))
    clip = write_clip(tmp_path / "clip.mp4", numbered_images(40), steady_times(40))
    ended = midstance("analyze", "--side", clip, "--out", tmp_path / "out", "--model", model)
    assert ended.code == 2, ended.err
    assert "Traceback" not in ended.err
    assert ended.err.splitlines()[-1].startswith(f"midstance: {model}: expected a pose landmarker model")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["replaced", pytest.param("deleted", marks=pytest.mark.long)])
def test_a_clip_that_changes_before_it_is_drawn_is_refused(tmp_path: Path, change: str) -> None:
    """Landmarks of one clip are never drawn on another: an error of one line, and the output folder as it was."""
    series = film(Gait(duration_s=4.0), Camera(fps=30.0, px_per_m=180.0, size_px=SIZE_PX, noise_px=0.3)).landmarks
    grey = [np.full((SIZE_PX[1], SIZE_PX[0], 3), 90, np.uint8)] * len(series)
    clip = write_clip(tmp_path / "clip.mp4", grey, steady_times(len(series)))
    facts = ClipFacts(clip.name, len(series), series.fps, series.duration_s, *SIZE_PX)
    analysis = analyze_landmarks([("side", ClipLandmarks(series, facts, clip, mark_of(clip)))])
    if change == "deleted":
        clip.unlink()
    else:
        shutil.copy(write_clip(tmp_path / "other.mp4", grey, steady_times(len(series))), clip)
    with pytest.raises(ClipError, match=r"was changed while|no such file"):
        save(analysis, tmp_path / "out", overlay=False)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".*"))
