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
        assert_type(row, ms.SummaryRow)
        assert_type(row.median, float)
        assert_type(row.unit, str)
        assert_type(row.quality, ms.Quality)
    for finding in analysis.findings:
        assert_type(finding, ms.Finding)
        assert_type(finding.statement, str)
        assert_type(finding.evidence, tuple[ms.Evidence, ...])
    ms.save(analysis, Path("out"), overlay=False)
    return analysis


def one_view(view: ms.ViewAnalysis) -> float:
    """Read a view record by record, each by its public name."""
    assert_type(view.clip, ms.ClipFacts)
    assert_type(view.scene, ms.Scene)
    assert_type(view.angles, ms.AngleSeries)
    assert_type(view.strides, tuple[ms.Stride, ...])
    assert_type(view.values, tuple[ms.MeasureValue, ...])
    assert_type(view.curves, tuple[ms.Curve, ...])
    assert_type(view.notes, tuple[ms.QualityNote, ...])
    side: ms.Side = view.scene.near_side or "left"
    return view.angles.at("knee_flexion", side, view.strides[0].midstance_s)


def elsewhere(analysis: ms.Analysis, formats: tuple[ms.Format, ...] = ("trc", "mot")) -> ms.ClipLandmarks:
    """Write for other programs and read what they wrote, from a view that is named."""
    assert_type(ms.export(analysis, "out", formats), tuple[Path, ...])
    assert_type(ms.from_analysis("out"), ms.Analysis)
    view: ms.View = "front"
    runtime: ms.Runtime = "openvino-single"
    assert_type(ms.load("front.mp4", runtime=runtime), ms.ClipLandmarks)
    return ms.from_trc("lab.trc", view)


def version() -> str:
    """The version is text."""
    assert_type(ms.__version__, str)
    return ms.__version__


def step_by_step(clip: Path) -> ms.Analysis:
    """Use the steps one by one."""
    loaded = ms.load(clip)
    assert_type(loaded, ms.ClipLandmarks)
    assert_type(loaded.landmarks, ms.LandmarkSeries)
    assert_type(loaded.landmarks.fps, float)
    cleaning: ms.CleaningSettings = ms.Settings().cleaning
    cleaned = ms.clean(loaded.landmarks, cleaning)
    assert_type(cleaned, ms.Cleaned)
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
    except ms.TooFewStridesError:
        return "film longer"
    except ms.CannotAnalyseError as error:
        assert_type(error, ms.CannotAnalyseError)
    except ms.MidstanceError:
        raise
    return ""


def quiet() -> ms.Progress:
    """Progress is a protocol that a user can write for herself."""
    from midstance.api import silent

    return silent
