from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from midstance.science.landmarks import SIDES, Side
from midstance.science.legs import (
    body_velocity_px_s,
    foot_centre,
    foot_velocity_px_s,
    forward_sign,
    leg_length_px,
    mean_over,
    segment_length_px,
    trunk_extremes,
    trunk_height_px,
)
from tests.science.helpers import keep_frames, series, with_xy
from tests.support.runner import SHANK_M, THIGH_M, Camera, Gait, film

LEG_PX = 400 * (THIGH_M + SHANK_M)


def test_foot_centre_is_the_mean_of_three_points() -> None:
    """Ankle, heel and toe count alike; one missing makes it unknown."""
    foot = series({"left_ankle": (0, 0), "left_heel": (-3, 6), "left_foot_index": (9, 6)})
    np.testing.assert_array_equal(foot_centre(foot, "left"), [[2, 4]] * 5)
    assert np.isnan(foot_centre(series({"left_ankle": (0, 0), "left_heel": (1, 1)}), "left")).all()


@pytest.mark.parametrize(("facing", "sign"), [("right", 1), ("left", -1)])
def test_forward_is_from_heel_to_toe(facing: Side, sign: int) -> None:
    """Through the whole stride, with the toes pointing down and back as well, forward stays forward."""
    clip = film(camera=Camera(facing=facing, noise_px=4, lost_share=0.02)).landmarks
    assert np.all(forward_sign(clip) == sign)


def test_forward_follows_a_turn_but_not_a_bad_frame() -> None:
    """A runner who turns round changes sign once; a frame of wrong feet does not."""
    there, back = (film(Gait(duration_s=4), Camera(facing=f)).landmarks.xy_px for f in ("right", "left"))
    both = np.concatenate([there, back])
    both[100] = back[0]
    clip = film(Gait(duration_s=10)).landmarks
    signs = forward_sign(with_xy(keep_frames(clip, slice(0, len(both))), both))
    assert np.all(signs[:200] == 1)
    assert np.all(signs[-200:] == -1)
    assert np.count_nonzero(np.diff(signs)) == 1


def test_body_stands_still_on_a_treadmill_and_moves_over_the_ground() -> None:
    """The slow velocity of the pelvis is 0 on the belt and the running speed over the ground."""
    belt = film(Gait(duration_s=4)).landmarks
    ground = film(Gait(duration_s=4, overground=True), Camera(px_per_m=150)).landmarks
    np.testing.assert_allclose(body_velocity_px_s(belt), 0, atol=1e-6)
    np.testing.assert_allclose(body_velocity_px_s(ground), 2.5 * 150, rtol=1e-6)


def test_body_velocity_follows_drift_and_not_steps() -> None:
    """A slow drift over the belt is the body's velocity; the to and fro within each step is not."""
    clip = film(Gait(duration_s=8)).landmarks
    drift = 60 * np.sin(0.8 * clip.time_s)
    sway = 10 * np.sin(2 * np.pi * 2.8 * clip.time_s)
    xy = clip.xy_px + np.stack([drift + sway, 0 * drift], axis=1)[:, None]
    found, true = body_velocity_px_s(with_xy(clip, xy)), 60 * 0.8 * np.cos(0.8 * clip.time_s)
    fastest_sway = 10 * 2 * np.pi * 2.8
    assert np.abs(found - true)[40:-40].max() < 0.2 * fastest_sway


@pytest.mark.parametrize("facing", SIDES)
@pytest.mark.parametrize("overground", [False, True])
def test_flat_foot_goes_back_at_the_running_speed_as_seen_from_the_body(facing: Side, *, overground: bool) -> None:
    """Whatever the facing and the surface, the foot on the ground has minus the running speed."""
    filmed = film(Gait(duration_s=4, overground=overground), Camera(facing=facing, px_per_m=150, fps=120))
    for side in SIDES:
        velocity = foot_velocity_px_s(filmed.landmarks, side)
        for stance in (s for s in filmed.stances(margin_s=0.3) if s.side == side):
            found = np.interp(stance.midstance_s, filmed.landmarks.time_s, velocity)
            assert found == pytest.approx(-2.5 * 150, rel=0.01)


def test_leg_length_is_thigh_plus_shank() -> None:
    """From the side the true length; from the front about as much, since legs look shorter but never longer."""
    assert leg_length_px(film().landmarks) == pytest.approx(LEG_PX, rel=1e-6)
    assert leg_length_px(film(camera=Camera("front")).landmarks) == pytest.approx(LEG_PX, rel=0.03)


def test_leg_length_from_one_leg_or_none() -> None:
    """One leg seen is enough; without any it is unknown."""
    leg = {"right_hip": (0, 0), "right_knee": (30, 40), "right_ankle": (30, 100)}
    assert leg_length_px(series(leg)) == pytest.approx(110)
    assert np.isnan(leg_length_px(series({"nose": (0, 0)})))
    assert np.isnan(segment_length_px(series(leg), "left_hip", "left_knee"))


def test_trunk_height_is_up_and_does_without_shoulders() -> None:
    """Higher in the picture is more; the shoulders lead, and hips alone serve where no shoulder is seen."""
    body = {"left_hip": (0, 100), "right_hip": (0, 100), "left_shoulder": (0, 40), "right_shoulder": (0, 60)}
    np.testing.assert_array_equal(trunk_height_px(series(body)), [-62.5] * 5)
    hips = {n: p for n, p in body.items() if "hip" in n}
    np.testing.assert_array_equal(trunk_height_px(series(hips)), [-100] * 5)


@pytest.mark.parametrize("fps", [30, 120])
def test_trunk_lows_are_midstances(fps: float) -> None:
    """There is one low a step, within 12 ms of midstance; tops lie in the flights."""
    filmed = film(Gait(variability=0.01), Camera(fps=fps))
    lows, tops = trunk_extremes(filmed.landmarks)
    stances = filmed.stances(margin_s=0.2)
    assert abs(len(lows) - len(stances)) <= 2
    for stance, following in pairwise(stances):
        assert np.abs(lows - stance.midstance_s).min() < 0.012
        assert ((tops > stance.toe_off_s) & (tops < following.initial_contact_s)).sum() == 1


@pytest.mark.parametrize("frame", range(6))
def test_still_body_has_no_lows(frame: int) -> None:
    """Someone who stands does not bounce: the rounding of a constant is no movement."""
    clip = film(Gait(duration_s=4), Camera("front", noise_px=1)).landmarks
    lows, tops = trunk_extremes(with_xy(clip, np.repeat(clip.xy_px[frame : frame + 1], len(clip), axis=0)))
    assert (len(lows), len(tops)) == (0, 0)


def test_mean_between_two_times() -> None:
    """Frames between the times are averaged; between two frames the value there is taken; gaps are skipped."""
    clip = series({"nose": (0, 0)}, frames=7, fps=10)
    values = np.array([0, 1, 2, np.nan, 4, 5, 6.0])
    assert mean_over(clip, values, 0.09, 0.41) == pytest.approx((1 + 2 + 4) / 3)
    assert mean_over(clip, values, 0.14, 0.16) == pytest.approx(1.5)
    assert np.isnan(mean_over(clip, values, 0.28, 0.32))
