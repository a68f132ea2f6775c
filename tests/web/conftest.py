"""Servers and what they serve."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance.api import ClipLandmarks
from midstance.science.landmarks import EDGES, LANDMARK_INDEX, LandmarkSeries
from midstance.science.records import ClipFacts
from midstance.storage.landmarks_csv import write_landmarks
from midstance.video.writer import open_writer
from tests.support.limits import time_limit
from tests.support.runner import Camera, Gait, film
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

TEST_WITHIN_S = 300.0
"""No test takes a quarter of it on a quiet machine, but for those that run the pose model."""
MODEL_WITHIN_S = 580.0
SIZE_PX = (270, 480)
GAIT = Gait(duration_s=6.0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Let no fixture last for ever."""
    with time_limit(TEST_WITHIN_S, "the fixtures"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Let no test last for ever, as a page that never rests would make it."""
    runs_model = "heavy_model" in getattr(item, "fixturenames", ())
    with time_limit(MODEL_WITHIN_S if runs_model else TEST_WITHIN_S, "the test"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Let no fixture take for ever to end."""
    with time_limit(TEST_WITHIN_S, "the end of the fixtures"):
        return (yield)


def camera(view: str) -> Camera:
    """Return a camera whose picture holds the whole figure."""
    return Camera(view=view, fps=30.0, px_per_m=180.0, size_px=SIZE_PX, noise_px=0.3)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def landmarks(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A side view of a made-up runner as a landmarks file."""
    path = tmp_path_factory.mktemp("landmarks") / "side.csv"
    write_landmarks(film(GAIT, camera("side")).landmarks, path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def long_landmarks(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The same for so long that its analysis is under way when somebody looks."""
    path = tmp_path_factory.mktemp("landmarks") / "long_side.csv"
    write_landmarks(film(replace(GAIT, duration_s=60.0), camera("side")).landmarks, path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Side and front clip of a stick figure, with what a pose model would find in them."""
    folder = tmp_path_factory.mktemp("clips")
    return {view: _seen(folder / f"{view}.mp4", view) for view in ("side", "front")}


def _seen(path: Path, view: str) -> Seen:
    series = film(GAIT, camera(view)).landmarks
    write_stick_figure(path, series)
    facts = ClipFacts(path.name, len(series), series.fps, len(series) / series.fps, *SIZE_PX)
    return Seen(path, ClipLandmarks(series, facts, path))


def write_stick_figure(path: Path, series: LandmarkSeries) -> None:
    """Draw a figure into a clip."""
    import cv2

    with open_writer(path, width_px=SIZE_PX[0], height_px=SIZE_PX[1], preset="ultrafast") as writer:
        for time_s, points in zip(series.time_s, series.xy_px, strict=True):
            image = np.full((SIZE_PX[1], SIZE_PX[0], 3), 90, dtype=np.uint8)
            for names in EDGES:
                a, b = (points[LANDMARK_INDEX[name]] for name in names)
                if np.isfinite([a, b]).all():
                    cv2.line(
                        image, np.rint(a).astype(int).tolist(), np.rint(b).astype(int).tolist(), (220, 230, 240), 5
                    )
            writer.write(image, float(time_s))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with no sessions, its own to kill."""
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that serves what `plant_session` puts there; tests share it."""
    server = Server(tmp_path_factory.mktemp("web") / "data")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def session(served: Server, seen: dict[str, Seen]) -> str:
    """Return the address of the API of a finished session with two views."""
    return f"/api/sessions/{plant_session(served.data, seen, runner='Zoë')}"
