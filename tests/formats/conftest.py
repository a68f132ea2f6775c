"""A run of a stick figure, seen from side and front, with a scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.science.landmarks import Side
from midstance.science.records import Analysis, ClipFacts, View
from midstance.science.settings import Settings
from midstance.storage.analysis_json import write_analysis
from midstance.storage.kept import write_kept
from tests.support.runner import Camera, Gait, film

GAIT = Gait(duration_s=5.0, variability=0.02)


def filmed(view: View, facing: Side = "left") -> ClipLandmarks:
    """Return the landmarks of a clip that a pose model of ours is said to have estimated."""
    series = film(GAIT, Camera(view=view, facing=facing, noise_px=0.5)).landmarks
    facts = ClipFacts(f"{view}.mp4", len(series), series.fps, series.duration_s, *(1080, 1920), model="heavy")
    return ClipLandmarks(series, facts, None)


@pytest.fixture(scope="session")
def run() -> Analysis:
    """Return an analysis of two views; the runner faces left."""
    return analyze_landmarks([("side", filmed("side")), ("front", filmed("front"))], Settings(height_m=1.75))


@pytest.fixture(scope="session")
def saved(run: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what is kept of the run, without its pictures."""
    folder = tmp_path_factory.mktemp("run")
    write_analysis(run, folder / "analysis.json")
    write_kept(run, folder)
    return folder
