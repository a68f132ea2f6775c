"""Run the findings over the grid and the samples."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.accuracy.records import Recording
from benchmarks.findings.legs import legs_of, legs_of_true_points
from benchmarks.findings.page import Judged, render
from benchmarks.landmarks.frames import frames_file
from midstance.api import Progress


def findings_section(
    grid: Sequence[Recording], samples: Sequence[Recording], models: Sequence[str], progress: Progress
) -> str:
    """Return the page's part on the findings: with each pose model, and with the true points of the grid.

    Parameters
    ----------
    grid, samples : sequence of Recording
        Clips with their truth.
    models : sequence of str
    progress : Progress
    """
    judged = [_judged(grid, samples, model, progress, standing=s) for model in models for s in (False, True)]
    exact = [r for r in grid if all(frames_file(path).exists() for _, path in r.files)]
    if exact:
        progress.say("the grid's true points")
        judged.append(Judged("True points", [leg for r in exact for leg in legs_of_true_points(r)]))
    return render(judged)


def _judged(
    grid: Sequence[Recording], samples: Sequence[Recording], model: str, progress: Progress, *, standing: bool
) -> Judged:
    words = f"Clips with a standing trial, {model}" if standing else f"Clips, {model}"
    legs = [[leg for r in rs for leg in legs_of(r, model, progress, standing=standing)] for rs in (grid, samples)]
    return Judged(words, *legs)
