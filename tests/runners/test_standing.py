"""Runners who stand."""

from __future__ import annotations

import numpy as np
import pytest

from runners.body import SIDES, load_body
from runners.geometry import Array
from runners.norms import STANDING_LEAN_DEG, STANDING_NEUTRAL_DEG
from runners.pose import Poser
from runners.spec import RESTRICTED
from runners.standing import KNEE_BEND_DEG, SWAY_DEG, SWAY_HZ, standing_poser
from runners.truth import angles

ONE_SWAY_S = np.linspace(0, 1 / SWAY_HZ, 60, endpoint=False)


def _still(name: str = "male_2", lean_deg: float = STANDING_LEAN_DEG, seed: int = 3) -> Poser:
    return standing_poser(load_body(name), RESTRICTED, seed, lean_deg)


@pytest.mark.parametrize("name", ["female_1", "male_5"])
@pytest.mark.parametrize("lean_deg", [1.0, STANDING_LEAN_DEG, 8.0])
def test_shank_leans_over_the_foot_as_asked(name: str, lean_deg: float) -> None:
    """On average over a sway, in the terms that the truth of a run has for the ankle."""
    points = _still(name, lean_deg).pose(ONE_SWAY_S).points
    for side in SIDES:
        found = angles(points, side)["ankle_dorsiflexion"]
        assert found.mean() == pytest.approx(lean_deg - STANDING_NEUTRAL_DEG, abs=0.3)
        assert 0.1 < found.std() < SWAY_DEG + 0.1


def test_feet_stay_flat_side_by_side_under_straight_legs() -> None:
    """Neither foot moves, the soles are on the belt, the knees hardly bend and the hips are over the ankles."""
    points = _still().pose(ONE_SWAY_S).points
    for side in SIDES:
        found = angles(points, side)
        assert np.abs(found["foot_pitch"]).max() < 1e-6
        assert 0 < found["knee_flexion"].mean() < KNEE_BEND_DEG + 2
        assert np.ptp(points[f"{side}_heel"], axis=0).max() < 0.001
    apart: Array = points["left_ankle"] - points["right_ankle"]
    assert np.abs(apart[:, 0]).max() < 0.01
    assert 0.1 < apart[0, 1] < 0.25
    hips = (points["left_hip"] + points["right_hip"]) / 2
    assert np.abs(hips[:, 0] - points["left_ankle"][:, 0]).max() < 0.1


def test_arms_hang() -> None:
    """Hands are by the thighs, not before the chest."""
    points = _still().pose(ONE_SWAY_S[:1]).points
    assert points["left_wrist"][0, 2] < points["left_elbow"][0, 2] - 0.15


def test_seed_decides_the_sway() -> None:
    """The same seed gives the same person twice."""
    one, same, other = (_still(seed=s).pose(ONE_SWAY_S).points["left_knee"] for s in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-3
