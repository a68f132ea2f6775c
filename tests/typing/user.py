"""What a user writes, for mypy alone: the public API is typed in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import midstance as ms


def analysed(clip: Path) -> ms.Analysis:
    """Use everything in one go, as in the documentation."""
    settings = ms.Settings(height_m=1.75, lunge_right_deg=38)
    analysis = ms.analyze(side=clip, front="front.mp4", settings=settings)
    assert_type(analysis, ms.Analysis)
    assert_type(analysis.view("side"), ms.ViewAnalysis)
    for row in analysis.summary:
        assert_type(row.median, float)
        assert_type(row.unit, str)
    for finding in analysis.findings:
        assert_type(finding.statement, str)
    ms.save(analysis, Path("out"), overlay=False)
    return analysis


def step_by_step(clip: Path) -> ms.Analysis:
    """Use the steps one by one."""
    loaded = ms.load(clip)
    assert_type(loaded, ms.ClipLandmarks)
    assert_type(loaded.landmarks, ms.LandmarkSeries)
    assert_type(loaded.landmarks.fps, float)
    cleaned = ms.clean(loaded.landmarks, ms.Settings().cleaning)
    ms.write_landmarks(cleaned.landmarks, Path("clean.csv"))
    assert_type(ms.read_landmarks("clean.csv"), ms.LandmarkSeries)
    assert_type(ms.estimate_landmarks(clip), ms.ClipLandmarks)
    return ms.analyze_landmarks([("side", loaded)])


def refused(clip: Path) -> str:
    """Tell a wrong file from a clip that cannot be analysed; a plot is a figure."""
    try:
        ms.plot_measure(ms.analyze(side=clip), "knee_flexion").savefig("knee.png")
    except ms.InputError as error:
        return str(error)
    except ms.CannotAnalyseError as error:
        assert_type(error, ms.CannotAnalyseError)
    except ms.MidstanceError:
        raise
    return ""


def quiet() -> ms.Progress:
    """Progress is a protocol that a user can write for herself."""
    from midstance.api import silent

    return silent
