from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.truth import read_truth, truth_of
from benchmarks.mocap.cameras import Phone, film
from benchmarks.mocap.rbds import find_trial
from benchmarks.mocap.skeleton import Skeleton, build_skeleton
from benchmarks.mocap.truth import angles_of, stance_truth, stances_on_plate

from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.settings import CleaningSettings
from midstance.science.standing import standing_neutral
from midstance.storage.landmarks_csv import read_landmarks

STANDING = {
    "R.ASIS": (0.0, 1.0, 0.12), "L.ASIS": (0.0, 1.0, -0.12),
    "R.PSIS": (-0.15, 1.0, 0.05), "L.PSIS": (-0.15, 1.0, -0.05),
    "right_hip": (0.0, 0.9, 0.09), "right_knee": (0.0, 0.5, 0.09), "right_ankle": (0.0, 0.1, 0.09),
    "right_heel": (-0.05, 0.03, 0.09), "right_mt2": (0.15, 0.03, 0.09),
    "left_hip": (0.0, 0.9, -0.09), "pelvis": (0.0, 1.0, 0.0),
}  # fmt: skip


def _still(**moved: tuple[float, float, float]) -> dict[str, np.ndarray]:
    """Return a body standing straight, with some points elsewhere."""
    return {k: np.array([v], dtype=float) for k, v in (STANDING | moved).items()}


def _angle(name: str, **moved: tuple[float, float, float]) -> float:
    return float(angles_of(_still(**moved), _still(), "right")[name][0])


def test_standing_is_zero() -> None:
    """A body that stands as in the standing trial has all angles zero."""
    found = angles_of(_still(), _still(), "right")
    assert {k: round(float(v[0]), 6) for k, v in found.items()} == dict.fromkeys(found, 0.0)


def test_signs() -> None:
    """Each angle is positive in the direction that it names."""
    ahead, inward = (0.1, 0.5, 0.09), (0.0, 0.5, 0.05)
    assert _angle("tibial_inclination", right_knee=ahead) == pytest.approx(np.degrees(np.arctan2(0.1, 0.4)))
    assert _angle("knee_flexion", right_knee=ahead) > 20
    assert _angle("ankle_dorsiflexion", right_knee=ahead) == pytest.approx(np.degrees(np.arctan2(0.1, 0.4)))
    assert _angle("knee_valgus", right_knee=inward) > 10
    assert _angle("foot_progression", right_mt2=(0.15, 0.03, 0.12)) > 5
    assert _angle("foot_pitch", right_mt2=(0.15, 0.08, 0.09)) > 10
    dropped = {"L.ASIS": (0.0, 0.97, -0.12)}
    assert _angle("pelvic_drop", **dropped) == pytest.approx(np.degrees(np.arctan2(0.03, 0.24)))


def test_plate() -> None:
    """Stances are where the force is on; one cut off by the end is left out."""
    time_s = np.arange(0, 3, 1 / 300)
    force = np.where((time_s % 0.7 > 0.2) & (time_s % 0.7 < 0.45), 1500.0, 0.0)
    found = np.array(stances_on_plate(force))
    assert len(found) == 4
    np.testing.assert_allclose(found[:, 0] % 0.7, 0.2, atol=0.012)
    np.testing.assert_allclose(found[:, 1] % 0.7, 0.45, atol=0.012)


def _one_point(view: str, place: tuple[float, float, float], **camera: float) -> np.ndarray:
    points = _still(nose=place)
    skeleton = Skeleton(np.array([0.0, 1.0]), {k: np.repeat(v, 2, axis=0) for k, v in points.items()}, points)
    series: LandmarkSeries = film(skeleton, replace(Phone(view), **camera), 30, 0.1)  # type: ignore[arg-type] # a view
    path = series.point("nose")
    return np.asarray(path[0])


def test_views() -> None:
    """From the front the runner's right is on the left, from the rear on the right, from its right it faces right."""
    right_of_runner, ahead = (0.0, 0.9, 0.2), (0.3, 0.9, 0.0)
    assert _one_point("front", right_of_runner)[0] < 540
    assert _one_point("rear", right_of_runner)[0] > 540
    assert _one_point("side", ahead)[0] > 540


def test_camera_settings() -> None:
    """Clockwise roll turns the picture the other way, height brings the hips no lower when aimed, near is bigger."""
    up = (0.0, 1.4, 0.0)
    assert _one_point("front", up)[1] < 960
    assert _one_point("front", up, roll_deg=5)[0] < 540
    middle = (0.0, 0.9, 0.0)
    np.testing.assert_allclose(_one_point("front", middle, height_m=0.3), (540, 960), atol=1e-6)
    nearer = np.abs(_one_point("front", (1.0, 0.9, 0.2))[0] - 540)
    assert nearer > np.abs(_one_point("front", (1.0, 0.9, 0.2), distance_m=6.0)[0] - 540)


def test_real_trial(shared: Path) -> None:
    """The trial read here has the published truth and the published pictures of it."""
    folder = shared / "data" / "mocap"
    trial = find_trial(folder / "raw")
    assert trial is not None
    skeleton = build_skeleton(trial)
    rows = [{k: str(v) for k, v in row.items()} for row in stance_truth(trial, skeleton)]
    found, given = truth_of(rows, "here").stances, read_truth(folder / "rbds001_25_truth.csv").stances
    for a, b in zip(found, given, strict=False):
        assert a.side == b.side
        assert a.initial_contact_s == pytest.approx(b.initial_contact_s, abs=0.002)
        assert a.toe_off_s == pytest.approx(b.toe_off_s, abs=0.002)
        for key in (("knee_flexion", "midstance"), ("knee_valgus", "midstance"), ("foot_progression", "midstance")):
            assert a.values[key] == pytest.approx(b.values[key], abs=0.5)
    seen = film(skeleton, Phone("rear"), 60, 20)
    published = read_landmarks(folder / "rbds001_25_rear.csv")
    assert np.nanmax(np.abs(seen.xy_px - published.xy_px)) < 3


@pytest.mark.parametrize(("turned_deg", "side"), [(0.0, "right"), (180.0, "left")])
def test_standing_trial_gives_the_zero_that_the_truth_counts_from(shared: Path, turned_deg: float, side: Side) -> None:
    """Filmed by a phone on either side, the real standing trial gives the ankle's zero in running within a degree."""
    trial = find_trial(shared / "data" / "mocap" / "raw")
    assert trial is not None
    skeleton = build_skeleton(trial)
    still = Skeleton(np.zeros(1), skeleton.standing, skeleton.standing)
    found = standing_neutral(film(still, Phone("side", yaw_deg=turned_deg), 60, 2.0), CleaningSettings())
    assert found.side == side
    angles = angles_of(skeleton.points, skeleton.standing, side)
    flat_s = [_while_flat(row) for row in stance_truth(trial, skeleton) if row["side"] == side]
    neutral_deg = np.interp(flat_s, skeleton.time_s, angles["tibial_inclination"] - angles["ankle_dorsiflexion"])
    assert found.neutral_deg == pytest.approx(np.median(neutral_deg), abs=1.0)


def _while_flat(stance: Mapping[str, float | str]) -> float:
    start_s, end_s = float(stance["initial_contact_s"]), float(stance["toe_off_s"])
    return start_s + 0.22 * (end_s - start_s)
