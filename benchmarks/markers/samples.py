"""The sample clips, with the truth of each frame computed anew by the package that rendered them."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import numpy as np

from benchmarks.markers.clips import RenderedClip, read_midstances
from midstance.science.errors import InputError
from midstance.science.records import View

ROOT = Path(__file__).resolve().parents[2]
TOLERANCE_DEG = 1.0
"""Markers are painted where the runner of the code is, which may be a millimetre from where the filmed one was."""
FPS = 60.0


def sample_clips(folder: Path = ROOT / "sample_videos", tools: Path = ROOT / "tools") -> list[RenderedClip]:
    """Return the sample clips.

    Raises
    ------
    InputError
        If the runners' code now makes another run than the one that was filmed.
    """
    if str(tools) not in sys.path:
        sys.path.insert(0, str(tools))
    from runners.pose import Poser
    from runners.samples import CAMERAS, DURATION_S, SAMPLES, make_gait
    from runners.truth import stance_rows, timeline

    out = []
    times_s = np.arange(round(DURATION_S * FPS)) / FPS
    views: tuple[View, ...] = ("side", "front", "rear")
    for sample in SAMPLES:
        gait = make_gait(sample)
        poser = Poser(gait)
        truth = folder / f"{sample.name}_truth.csv"
        _check_same(stance_rows(gait, timeline(poser, DURATION_S)), truth)
        midstances_s = read_midstances(truth)
        points_m = poser.pose(times_s).points
        for view in (v for v in views if v in sample.views):
            points_px = {name: CAMERAS[view].project(places) for name, places in points_m.items()}
            path = folder / f"{sample.name}_{view}.mp4"
            out.append(RenderedClip(path, view, times_s, points_m, points_px, midstances_s))
    return out


def _check_same(rows: list[dict[str, float | str]], path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as handle:
        stored = list(csv.DictReader(handle))
    column = "pelvic_drop_midstance_deg"
    apart = [abs(float(a[column]) - float(b[column])) for a, b in zip(rows, stored, strict=False)]
    if len(rows) != len(stored) or max(apart) > TOLERANCE_DEG:
        raise InputError(
            f"{path}: expected the run that the runners' code makes, given another: render the samples again"
        )
