from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from midstance.science.frontal import StanceTiming, Timings, frontal_view_contacts, step_times_s
from midstance.science.landmarks import LANDMARK_INDEX, SIDES
from midstance.science.records import View
from midstance.science.view import facts_from_side
from tests.science.helpers import STEADY, cleaned, errors_ms, rms, run_of, with_xy
from tests.support.runner import Camera, film


@pytest.fixture(scope="module")
def timings() -> Timings:
    """What a side view of the same run shows."""
    return facts_from_side(run_of(STEADY)[1]).timings


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("fps", [30, 60, 240])
def test_frontal_events_with_the_duty_of_a_side_view(timings: Timings, view: View, fps: float) -> None:
    """With the flight time known, contact and toe-off lie within 8 ms RMS, each on its own side."""
    filmed = film(STEADY, Camera(view, fps=fps))
    found = frontal_view_contacts(cleaned(filmed), timings)
    contact, toe_off = errors_ms(found, filmed)
    assert rms(contact) < 8
    assert rms(toe_off) < 8
    assert not found.timing_assumed
    assert np.isnan(list(found.speed_px_s.values())).all()


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("seed", range(3))
def test_frontal_events_with_noise_swaps_and_losses(timings: Timings, view: View, seed: int) -> None:
    """With jitter, exchanged legs and lost frames no stance is missed, invented or given to the other foot."""
    filmed = film(STEADY, Camera(view, noise_px=3, swap_runs=8, lost_share=0.01, seed=seed))
    contact, toe_off = errors_ms(frontal_view_contacts(cleaned(filmed), timings), filmed)
    assert rms(contact) < 17
    assert rms(toe_off) < 17


def test_frontal_view_alone_says_that_its_timing_is_assumed(timings: Timings) -> None:
    """Without a side view the usual distances from the low stand in, and the record says so."""
    filmed = film(STEADY, Camera("front"))
    alone, helped = (frontal_view_contacts(cleaned(filmed), *given) for given in ((), (timings,)))
    assert alone.timing_assumed
    assert not helped.timing_assumed
    contact, toe_off = errors_ms(alone, filmed)
    assert rms(contact) < 20
    assert rms(toe_off) < 20


def test_each_leg_has_its_own_timing() -> None:
    """A leg that stays down longer in the side view does so in the frontal one."""
    landmarks = cleaned(film(STEADY, Camera("front")))
    short, long = StanceTiming(toe_off_after_low=0.36, seen=True), StanceTiming(toe_off_after_low=0.44, seen=True)
    found = frontal_view_contacts(landmarks, {"left": short, "right": long})
    lengths_s = {side: np.mean([c.toe_off_s - c.initial_contact_s for c in found.of(side)]) for side in SIDES}
    assert lengths_s["right"] / lengths_s["left"] == pytest.approx(0.77 / 0.69, rel=0.01)


def test_stances_that_the_clip_cuts_are_left_out(timings: Timings) -> None:
    """Every stance lies within the clip."""
    landmarks = cleaned(film(STEADY, Camera("rear")))
    found = frontal_view_contacts(landmarks, timings).contacts
    assert found[0].initial_contact_s >= landmarks.time_s[0]
    assert found[-1].toe_off_s <= landmarks.time_s[-1]


def test_frontal_sides_alternate_although_one_step_looks_wrong() -> None:
    """A single low at which the wrong ankle looks lower does not break the alternation."""
    filmed = film(STEADY, Camera("rear"))
    landmarks = cleaned(filmed)
    odd = filmed.stances(margin_s=2)[3]
    xy = landmarks.xy_px.copy()
    near = np.abs(landmarks.time_s - odd.midstance_s) < 0.08
    ankle = LANDMARK_INDEX[f"{odd.side}_ankle"]
    xy[near, ankle, 1] -= 200
    sides = [c.side for c in frontal_view_contacts(with_xy(landmarks, xy)).contacts]
    assert all(a != b for a, b in pairwise(sides))
    assert sides[0] == frontal_view_contacts(landmarks).contacts[0].side


def test_trunk_that_is_never_seen_gives_no_stances() -> None:
    """Without hips and shoulders there are no lows, no stances and no crash."""
    landmarks = film(STEADY, Camera("front")).landmarks
    xy = landmarks.xy_px.copy()
    xy[:, [LANDMARK_INDEX[f"{s}_{j}"] for s in SIDES for j in ("hip", "shoulder")]] = np.nan
    assert frontal_view_contacts(with_xy(landmarks, xy)).contacts == ()


def test_step_times_are_local_and_bridge_holes() -> None:
    """The step time follows a change of cadence, and a hole between two runs of lows is no step."""
    lows = np.concatenate([np.arange(10) * 0.36, 5 + np.arange(10) * 0.30])
    steps = step_times_s(lows)
    np.testing.assert_allclose(steps[2:9], 0.36)
    np.testing.assert_allclose(steps[-9:-2], 0.30)


@pytest.mark.parametrize("lows", [[], [1.0]])
def test_lone_lows_have_no_step_time(lows: list[float]) -> None:
    """Fewer than two lows tell no step time."""
    assert np.isnan(step_times_s(np.array(lows))).all()
    assert len(step_times_s(np.array(lows))) == len(lows)
