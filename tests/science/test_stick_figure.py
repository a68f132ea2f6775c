from __future__ import annotations

import numpy as np
import pytest

from midstance.science.landmarks import SIDES
from tests.support.runner import GRAVITY_M_S2, SHANK_M, THIGH_M, WALK, Camera, Gait, film, make_runner, mirrored

STRIKES = ("rear", "mid", "fore")


@pytest.mark.parametrize("strike", STRIKES)
def test_knee_bends_most_and_trunk_is_lowest_at_midstance(strike: str) -> None:
    """The figure's own midstance is what the evidence calls midstance."""
    runner = make_runner(Gait(strike=strike, variability=0.02))
    for stance in runner.stances()[8:14]:
        around = stance.midstance_s + np.linspace(-0.06, 0.06, 121)
        bend = runner.angles(around, stance.side)["knee_flexion"]
        height = runner.points(around)["left_hip"][:, 1]
        assert abs(around[bend.argmax()] - stance.midstance_s) < 1e-3
        assert abs(around[height.argmin()] - stance.midstance_s) < 1e-3


def test_trunk_falls_freely_in_flight() -> None:
    """Between toe-off and the next contact gravity alone moves the trunk."""
    runner = make_runner(Gait(variability=0.02))
    step = 1e-3
    middle = (runner.toe_off_s[6:10] + runner.contact_s[7:11]) / 2
    below, at, above = (runner.points(middle + d)["right_hip"][:, 1] for d in (-step, 0, step))
    np.testing.assert_allclose((below - 2 * at + above) / step**2, -GRAVITY_M_S2, rtol=1e-4)


@pytest.mark.parametrize("strike", STRIKES)
def test_flat_foot_moves_back_with_the_belt_and_lies_flat(strike: str) -> None:
    """Between landing and heel rise every point of the foot has the belt's speed and keeps its height."""
    runner = make_runner(Gait(strike=strike))
    stance = next(s for s in runner.stances() if s.initial_contact_s > 1)
    flat = stance.initial_contact_s + np.linspace(0.2, 0.55, 30) * (stance.toe_off_s - stance.initial_contact_s)
    for name in ("ankle", "heel", "foot_index"):
        path = runner.points(flat)[f"{stance.side}_{name}"]
        np.testing.assert_allclose(np.gradient(path[:, 0], flat), -2.5, rtol=1e-6)
        assert np.ptp(path[:, 1]) < 1e-9


@pytest.mark.parametrize("gait", [Gait(strike=s, variability=0.02) for s in STRIKES] + [WALK])
def test_nothing_jumps_and_no_bone_stretches(gait: Gait) -> None:
    """Every landmark moves continuously, and thigh and shank keep their length in the sagittal plane."""
    runner = make_runner(gait)
    time_s = np.arange(0, 3, 5e-4)
    points = runner.points(time_s)
    fastest = max(np.abs(np.diff(p, axis=0)).max() for p in points.values()) / 5e-4
    assert fastest < 15  # m/s: a jump would show as hundreds
    for side in SIDES:
        for upper, lower, length in (("hip", "knee", THIGH_M), ("knee", "ankle", SHANK_M)):
            line = (points[f"{side}_{upper}"] - points[f"{side}_{lower}"])[:, :2]
            np.testing.assert_allclose(np.hypot(*line.T), length, rtol=1e-9)


def test_walker_is_highest_at_midstance_and_never_flies() -> None:
    """The walker vaults over its leg and always has a foot on the ground."""
    runner = make_runner(WALK)
    height = runner.points(runner.midstance_s[3:9])["left_hip"][:, 1]
    assert np.all(height >= runner.points(np.arange(0, 5, 0.01))["left_hip"][:, 1].max() - 1e-4)
    assert np.all(runner.toe_off_s[:-1] > runner.contact_s[1:])


def test_near_leg_is_on_the_camera_side() -> None:
    """Facing right shows the right side, in a pinhole picture the larger one; the mirror shows the left."""
    right = film(camera=Camera(distance_m=3.5)).landmarks
    for clip, near, far in ((right, "right", "left"), (mirrored(right, 1080), "left", "right")):
        shank = {s: clip.point(f"{s}_knee") - clip.point(f"{s}_ankle") for s in (near, far)}
        assert np.hypot(*shank[near].T).mean() > np.hypot(*shank[far].T).mean()


def test_filming_is_deterministic_and_the_seed_matters() -> None:
    """The same figure and camera give the same landmarks; another seed gives others."""
    first, again, other = (film(Gait(), Camera(noise_px=3, seed=s)).landmarks.xy_px for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_mirror_of_the_mirror_is_the_picture() -> None:
    """Mirroring exchanges left and right and is its own inverse."""
    clip = film(camera=Camera(noise_px=2)).landmarks
    np.testing.assert_allclose(mirrored(mirrored(clip, 1080), 1080).xy_px, clip.xy_px)
    np.testing.assert_allclose(mirrored(clip, 1080).point("left_knee")[:, 0], 1080 - clip.point("right_knee")[:, 0])
