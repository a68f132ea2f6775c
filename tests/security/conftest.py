"""Servers of their own for the tests of threats."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from midstance.storage.landmarks_csv import write_landmarks
from tests.support.runner import Camera, Gait, film
from tests.web.planted import Seen
from tests.web.server import Server


@dataclass
class StrictServer(Server):
    """A server with other limits than a user's: `options` are settings as NAME=VALUE."""

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [sys.executable, "-m", "tests.security.strict_server", str(self.data), *self.options]


@pytest.fixture(scope="session")
def landmarks(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Four seconds of a made-up runner as a landmarks file."""
    path = tmp_path_factory.mktemp("landmarks") / "side.csv"
    write_landmarks(film(Gait(duration_s=4.0, variability=0.02), Camera(noise_px=0.5)).landmarks, path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A side clip of a stick figure, with what a pose model would find in it."""
    from tests.web.conftest import _seen

    return _seen(tmp_path_factory.mktemp("clips") / "side.mp4", "side")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that tests share; it says that requests were none, so it is not asked whether it had complaints."""
    server = Server(tmp_path_factory.mktemp("threats") / "data")
    server.start()
    yield server
    assert "Traceback" not in server.kill()


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes small clips only and does not wait long."""
    limits = ("headers_within_s=1", "body_idle_s=1", "body_within_s=3", "max_clip_pixels=1e6", "most_connections=12")
    server = StrictServer(tmp_path_factory.mktemp("strict") / "data", limits)
    server.start()
    yield server
    assert "Traceback" not in server.kill()
