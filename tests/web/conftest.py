"""Servers and what they serve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from midstance.video.writer import open_writer
from midstance.web.records import JobState, RunnerFacts, Session, UploadedClip
from midstance.web.store import SessionStore
from tests.web.server import Server

RUN_S = 9.0


@pytest.fixture
def landmarks(shared: Path) -> bytes:
    """A side view as a landmarks file: nine seconds of motion capture."""
    lines = (shared / "data" / "mocap" / "rbds001_25_30fps_side.csv").read_text().splitlines(keepends=True)
    kept = [line for line in lines[1:] if float(line.split(",")[1]) < RUN_S]
    return "".join([lines[0], *kept]).encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with no sessions, its own to kill."""
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that serves what `plant` puts there; tests share it."""
    server = Server(tmp_path_factory.mktemp("web") / "data")
    server.start()
    yield server
    server.stop()


def plant(data: Path, runner: str = "R-01") -> str:
    """Put a finished session with an overlay clip into a data folder; return its address."""
    store = SessionStore(data)
    session = Session(
        id=np.random.default_rng().bytes(16).hex(),
        created="2026-01-02T03:04:05.000+00:00",
        clips=(UploadedClip("side", "side.clip", "run.mov"),),
        facts=RunnerFacts(runner=runner),
        state=JobState.DONE,
    )
    with store.incoming() as folder:
        (folder / "clips" / "side.clip").write_bytes(b"clip")
        plots = folder / "results" / "plots"
        plots.mkdir(parents=True)
        (plots / "cadence.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        (plots.parent / "strides.csv").write_text("view,side\n")
        (plots.parent / "report.html").write_text("<!DOCTYPE html><title>report</title>")
        _write_clip(plots.parent / "overlay_side.mp4")
        store.add(folder, session)
    return f"/sessions/{session.id}"


def _write_clip(path: Path) -> None:
    """Write four seconds of noise: too much for a player to fetch at once."""
    noise = np.random.default_rng(1)
    with open_writer(path, width_px=320, height_px=240) as writer:
        for i in range(60):
            writer.write(noise.integers(0, 256, (240, 320, 3), dtype=np.uint8), i / 15)
