"""The side views of a cast, analysed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.accuracy.records import Recording
from midstance.api import Progress, analyze_landmarks
from midstance.science.errors import CannotAnalyseError
from midstance.science.records import ViewAnalysis


def side_views(folder: Path, model: str, progress: Progress) -> Iterator[tuple[Recording, ViewAnalysis]]:
    """Yield each recording of a cast with its side view; one that cannot be analysed is told and left out."""
    for recording in find_recordings(folder, folder.name):
        sides = [(view, load_cached(path, model, progress)) for view, path in recording.files if view == "side"]
        try:
            (view,) = analyze_landmarks(sides).views
        except CannotAnalyseError as error:
            progress.say(f"left out: {error}")
            continue
        yield recording, view
