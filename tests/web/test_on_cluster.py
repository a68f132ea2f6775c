"""Jobs of the web app whose landmarks are found by the workers of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.api import estimate_landmarks, silent
from midstance.batch.cluster import Cluster
from midstance.batch.pose_task import estimate_on
from midstance.science.errors import ClipError
from midstance.storage.landmarks_csv import read_landmarks
from midstance.video.reader import open_clip
from midstance.video.writer import open_writer
from tests.support.batches import kill
from tests.support.cli import midstance
from tests.support.cluster import scheduling, worker
from tests.web.server import Server

pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_cluster")]

SAMPLE = Path(__file__).resolve().parents[2] / "sample_videos" / "typical_side.mp4"
NOBODY = {"capture_fps": None, "follow": None}


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler that listens on loopback."""
    with scheduling() as address:
        yield address


def cut(path: Path, frames: int) -> Path:
    """Write the first frames of a sample clip."""
    with open_clip(SAMPLE) as clip, open_writer(path, width_px=720, height_px=1280) as writer:
        for frame in clip.frames(0, frames):
            writer.write(frame.image_bgr, frame.time_s)
    return path


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Server]:
    """Run the web app."""
    server = Server(data, options)
    server.start()
    yield server
    server.stop()


@dataclass
class Steps:
    """Keeps what it is told."""

    steps: list[tuple[str, int, int]] = field(default_factory=list)

    def step(self, *step: Any) -> None:
        """Keep a step."""
        self.steps.append(step)

    def say(self, _: str) -> None:
        """Hear nothing."""


@pytest.mark.parametrize(
    "upload", [pytest.param(False, id="shared"), pytest.param(True, id="uploaded", marks=pytest.mark.long)]
)
def test_landmarks_are_those_of_this_machine(
    scheduler: str, heavy_model: Path, tmp_path: Path, *, upload: bool
) -> None:
    """By path and by upload a worker finds the same landmarks, number for number, and leaves nothing behind."""
    clip = cut(tmp_path / "clip.mp4", 60)
    assert heavy_model.is_file()
    here = estimate_landmarks(clip)
    with worker(scheduler, tmp_path / "worker"):
        there = estimate_on(Cluster(scheduler, upload), clip, progress=(told := Steps()), **NOBODY)
    assert told.steps
    assert {(label, total) for label, _, total in told.steps} == {("pose clip.mp4", 60)}
    np.testing.assert_array_equal(there.landmarks.xy_px, here.landmarks.xy_px)
    assert there.facts == here.facts
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["clip.mp4"]


def test_a_clip_that_cannot_be_read_is_refused_as_here(scheduler: str, tmp_path: Path) -> None:
    """What a worker says of a clip is what this machine would say."""
    clip = tmp_path / "clip.mp4"
    clip.write_text("no video")
    with worker(scheduler, tmp_path / "worker"), pytest.raises(ClipError, match=r"clip\.mp4"):
        estimate_on(Cluster(scheduler), clip, progress=silent, **NOBODY)


@pytest.mark.long
def test_a_worker_stops_when_nobody_waits(scheduler: str, heavy_model: Path, tmp_path: Path) -> None:
    """A client that lets go ends the work: the worker is free for the next clip, and writes no file again."""
    assert heavy_model.is_file()
    clip, short = cut(tmp_path / "clip.mp4", 400), cut(tmp_path / "short.mp4", 60)

    class LetGo:
        def step(self, *_: object) -> None:
            raise KeyboardInterrupt

        def say(self, *_: object) -> None:
            """Hear nothing."""

    with worker(scheduler, tmp_path / "worker"):
        with pytest.raises(KeyboardInterrupt):
            estimate_on(Cluster(scheduler), clip, progress=LetGo(), **NOBODY)
        estimate_on(Cluster(scheduler), short, progress=silent, **NOBODY)
    assert not list(tmp_path.glob("*.progress"))


@pytest.mark.long
def test_a_clip_of_a_lost_worker_goes_to_another(scheduler: str, heavy_model: Path, tmp_path: Path) -> None:
    """When a worker dies in the middle of a clip, another finds the landmarks."""
    assert heavy_model.is_file()
    clip = cut(tmp_path / "clip.mp4", 400)

    class Killing:
        def step(self, *_: object) -> None:
            kill(victim.pid)

        def say(self, *_: object) -> None:
            """Hear nothing."""

    with worker(scheduler, tmp_path / "a") as victim, worker(scheduler, tmp_path / "b"):
        found = estimate_on(Cluster(scheduler), clip, progress=Killing(), **NOBODY)
    assert victim.poll() is not None
    assert len(found.landmarks) == 400


@pytest.mark.long
def test_a_session_is_analysed_by_a_worker(scheduler: str, heavy_model: Path, tmp_path: Path) -> None:
    """Upload, start, done: with a worker the session has its landmarks and numbers."""
    assert heavy_model.is_file()
    clip = cut(tmp_path / "clip.mp4", 240)
    with worker(scheduler, tmp_path / "worker"), serving(tmp_path / "data", "--scheduler", scheduler) as server:
        session = server.started(clip.read_bytes())
        server.wait_for(session, "done")
    (stored,) = (tmp_path / "data").rglob("landmarks.csv")
    assert len(read_landmarks(stored)) == 240
    assert not list((tmp_path / "data").rglob("*.progress"))


@pytest.mark.long
def test_a_cluster_that_does_not_answer_is_told_at_the_start(tmp_path: Path) -> None:
    """The server does not begin: exit 2 and the address, in one line."""
    ended = midstance("serve", "--port", "0", "--data", tmp_path / "data", "--scheduler", "tcp://127.0.0.1:9")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "given tcp://127.0.0.1:9" in ended.err
