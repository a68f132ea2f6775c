"""The sample clips, from pixels to numbers, against the truth that they were rendered with."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import cast

import pytest

import midstance as ms
from midstance.science.landmarks import Side
from tests.support.cli import rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample_clips")]

Truth = list[dict[str, str]]


@pytest.fixture(scope="module", params=["typical", "restricted"])
def run(request: pytest.FixtureRequest, project_root: Path, heavy_model: Path) -> tuple[str, ms.Analysis, Truth]:
    """One rendered runner, side, front and standing, analysed from the clips; and the truth."""
    folder = project_root / "sample_videos"
    name = cast("str", request.param)
    side, front, standing = (folder / f"{name}_{what}.mp4" for what in ("side", "front", "standing"))
    analysis = ms.analyze(side, front=front, standing=standing, model=str(heavy_model))
    return name, analysis, rows(folder / f"{name}_truth.csv")


def _of(truth: Truth, side: Side, column: str) -> float:
    return statistics.median(float(r[column]) for r in truth if r["side"] == side)


def _median(analysis: ms.Analysis, measure: str, instant: str, side: Side) -> float:
    (row,) = [r for r in analysis.summary if (r.measure, r.instant, r.side) == (measure, instant, side)]
    return row.median


def test_every_stance_is_found_and_no_other(run: tuple[str, ms.Analysis, Truth]) -> None:
    """Both views find each stance of the truth once, within 60 ms of its contact."""
    _, analysis, truth = run
    for view in analysis.views:
        for row in truth:
            contact_s = float(row["initial_contact_s"])
            near = [s for s in view.strides if s.side == row["side"] and abs(s.initial_contact_s - contact_s) < 0.06]
            assert len(near) == 1
        first_s, last_s = float(truth[0]["initial_contact_s"]), float(truth[-1]["initial_contact_s"])
        inside = [s for s in view.strides if first_s - 0.06 < s.initial_contact_s < last_s + 0.06]
        assert len(inside) == len(truth)


def test_contact_is_timed(run: tuple[str, ms.Analysis, Truth]) -> None:
    """Initial contact from the side lies within 12 ms (RMS) of the truth."""
    _, analysis, truth = run
    strides = analysis.view("side").strides
    errors_s = [
        min(
            (s.initial_contact_s - float(r["initial_contact_s"]) for s in strides if s.side == r["side"]),
            key=abs,
        )
        for r in truth
    ]
    assert math.sqrt(statistics.fmean(e**2 for e in errors_s)) < 0.012


def test_near_leg_tibial_inclination(run: tuple[str, ms.Analysis, Truth]) -> None:
    """The near leg's tibial inclination at midstance is right within twice the standard error that is stated for it."""
    _, analysis, truth = run
    (row,) = [
        r for r in analysis.summary if (r.measure, r.instant, r.side) == ("tibial_inclination", "midstance", "right")
    ]
    true = _of(truth, "right", "tibial_inclination_midstance_deg")
    assert 0 < row.standard_error < 5
    assert row.median == pytest.approx(true, abs=2 * row.standard_error)


def test_restricted_leg_stands_out(run: tuple[str, ms.Analysis, Truth]) -> None:
    """Knee valgus and toe-out of the restricted leg exceed the other leg's; the typical runner's legs are alike."""
    name, analysis, _ = run
    for measure in ("knee_valgus", "foot_progression"):
        left, right = (_median(analysis, measure, "midstance", side) for side in ("left", "right"))
        assert (right - left > 4) == (name == "restricted")


@pytest.mark.parametrize(
    ("measure", "instant", "side"),
    [
        ("ankle_dorsiflexion", "stance_peak", "right"),
        ("foot_progression", "midstance", "left"),
        ("foot_progression", "midstance", "right"),
    ],
)
def test_ankle_and_foot_are_right(run: tuple[str, ms.Analysis, Truth], measure: str, instant: str, side: Side) -> None:
    """Peak dorsiflexion and toe-out, which the finding rests on, lie within 2 degrees of the truth."""
    _, analysis, truth = run
    assert _median(analysis, measure, instant, side) == pytest.approx(
        _of(truth, side, f"{measure}_{instant}_deg"), abs=2.0
    )


def test_pattern_is_seen_where_it_is(run: tuple[str, ms.Analysis, Truth]) -> None:
    """The restricted leg is flagged, at foot and knee or hip, and no other."""
    name, analysis, _ = run
    levels = {f.side: f.level for f in analysis.findings if f.id == "dorsiflexion_compensation"}
    assert levels["left"] == "none"
    assert levels["right"] == ("consistent" if name == "restricted" else "none")


def test_standing_tells_the_zero_of_the_ankle(run: tuple[str, ms.Analysis, Truth]) -> None:
    """The near shank leans 3.3 degrees in standing; the far ankle has no trial."""
    _, analysis, _ = run
    neutrals = analysis.view("side").standing
    assert list(neutrals) == ["right"]
    assert neutrals["right"].angle_deg == pytest.approx(3.3, abs=1.0)


def test_scene_is_told(run: tuple[str, ms.Analysis, Truth]) -> None:
    """The side camera sees the right side of a runner who faces right, on a treadmill, level to 1.5 degrees."""
    _, analysis, _ = run
    side, front = analysis.view("side").scene, analysis.view("front").scene
    assert (side.facing, side.near_side, side.surface) == ("right", "right", "treadmill")
    assert front.facing == "camera"
    assert abs(side.tilt_deg) < 1.5
    assert abs(front.tilt_deg) < 1
