from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science.frontal import StanceTiming, frontal_view_contacts
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side
from midstance.science.legs import HIPS_SHARE
from midstance.science.midstance import USUAL_MIDSTANCE, find_midstances, stance_timing
from midstance.science.records import View
from midstance.science.stances import Contact
from tests.science.helpers import STEADY, analyse_film, cleaned, film_events, frontal_run_of, rms, run_of, with_xy
from tests.support.runner import MIDSTANCE_SHARE, WALK, Camera, Filmed, Gait, film

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses


def true_contacts(filmed: Filmed, side: Side) -> tuple[Contact, ...]:
    """Return the true stances of a foot."""
    own = [s for s in filmed.stances(margin_s=0.1) if s.side == side]
    return tuple(Contact(s.side, s.initial_contact_s, s.toe_off_s) for s in own)


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("strike", ["rear", "fore"])
def test_midstance_is_timed_between_frames(fps: float, strike: str) -> None:
    """Midstance lies within 6 ms of the greatest knee flexion at every frame rate."""
    filmed, view = run_of(replace(STEADY, strike=strike), Camera(fps=fps))
    assert rms(film_events(view, filmed).midstance_ms) < 6


@pytest.mark.parametrize("seed", range(3))
def test_midstance_holds_in_noise(seed: int) -> None:
    """The flat top of a noisy knee curve does not carry midstance away: 10 ms RMS at 3 px of jitter."""
    filmed = film(STEADY, Camera(noise_px=3, seed=seed))
    assert rms(film_events(analyse_film(filmed), filmed).midstance_ms) < 10


def test_midstance_without_a_trunk_is_the_knee_top() -> None:
    """Where the trunk shows no bounce, the knee's own top is taken."""
    filmed = film(Gait())
    landmarks = cleaned(filmed)
    xy = landmarks.xy_px.copy()
    sinking = -landmarks.midpoint("hip")[:, 1] * HIPS_SHARE / (1 - HIPS_SHARE)
    for side in SIDES:  # shoulders that sink as the hips rise: their weighed mean is level
        xy[:, LANDMARK_INDEX[f"{side}_shoulder"], 1] = sinking
    found = find_midstances(with_xy(landmarks, xy), "side", true_contacts(filmed, "right"), StanceTiming())
    true = [s.midstance_s for s in filmed.stances(margin_s=0.1) if s.side == "right"]
    np.testing.assert_allclose(found, true, atol=0.006)


def test_arm_before_the_hip_moves_a_models_midstance_little() -> None:
    """A hip landmark pushed aside while the knee is most bent carries its top away, not the middle of its flanks."""
    filmed = film(STEADY)
    landmarks, contacts = cleaned(filmed), true_contacts(filmed, "right")
    xy = landmarks.xy_px.copy()
    for contact in contacts:
        share = (landmarks.time_s - contact.at(0.52)) / (contact.at(1.0) - contact.at(0.0))
        xy[:, LANDMARK_INDEX["right_hip"], 0] -= 12 * np.exp(-((share / 0.05) ** 2) / 2)
    for joint in ("left_shoulder", "right_shoulder", "left_hip"):  # the trunk tells nothing
        xy[:, LANDMARK_INDEX[joint], 1] = 0.0
    true = [s.midstance_s for s in filmed.stances(margin_s=0.1) if s.side == "right"]
    spoilt = with_xy(landmarks, xy)
    by_top, by_flanks = (
        rms(np.subtract(find_midstances(spoilt, "side", contacts, StanceTiming(), modelled=m), true))
        for m in (False, True)
    )
    assert by_flanks < 0.010 < by_top


def test_a_single_stray_top_moves_its_midstance_little() -> None:
    """Where one stance's knee seems to bend most much later, the trunk and the other stances hold its midstance."""
    filmed = film(STEADY)
    landmarks, contacts = cleaned(filmed), true_contacts(filmed, "right")
    true = np.array([s.midstance_s for s in filmed.stances(margin_s=0.1) if s.side == "right"])
    xy, odd = landmarks.xy_px.copy(), contacts[3]
    share = (landmarks.time_s - odd.at(0.72)) / (odd.at(1.0) - odd.at(0.0))
    xy[:, LANDMARK_INDEX["right_knee"], 0] += 30 * np.exp(-((share / 0.05) ** 2) / 2)
    found = np.array(find_midstances(with_xy(landmarks, xy), "side", contacts, StanceTiming()))
    assert np.abs(found - true).max() < 0.028
    assert np.abs(np.delete(found - true, 3)).max() < 0.01


def test_midstance_of_a_hidden_knee_is_the_usual_share() -> None:
    """Where the knee does not tell, midstance is at the usual share of the stance; from the front, at the side's."""
    filmed = film(Gait())
    unseen = with_xy(filmed.landmarks, np.full_like(filmed.landmarks.xy_px, np.nan))
    contacts = (Contact("left", 1.0, 1.25), Contact("left", 2.0, 2.3))
    timing = StanceTiming(0.3, 0.05, 0.4, seen=True)
    shares: dict[View, float] = {"side": USUAL_MIDSTANCE, "front": 0.5}
    for view, share in shares.items():
        found = find_midstances(unseen, view, contacts, timing)
        np.testing.assert_allclose(found, [1 + 0.25 * share, 2 + 0.3 * share])


@pytest.mark.parametrize("view", ["front", "rear"])
def test_frontal_midstance_follows_the_side_view(view: View) -> None:
    """With a side view's timing the frontal midstance is that of the knee within 8 ms; alone, of the low."""
    filmed, helped = frontal_run_of(STEADY, Camera(view))
    _, alone = run_of(STEADY, Camera(view))
    assert rms(film_events(helped, filmed).midstance_ms) < 8
    assert rms(film_events(alone, filmed).midstance_ms) < 15


def test_timing_is_measured_against_the_low() -> None:
    """A side view tells how long before and after the trunk's low the events are, in shares of a step."""
    _, view = run_of(STEADY)
    timing = stance_timing(view.landmarks, view.valid_strides("right"))
    assert timing is not None
    assert timing.seen
    stance_share = 2 * STEADY.duty
    assert timing.contact_before_low + timing.midstance_after_low == pytest.approx(
        MIDSTANCE_SHARE * stance_share, abs=0.02
    )
    assert timing.contact_before_low + timing.toe_off_after_low == pytest.approx(stance_share, abs=0.02)


def test_timing_is_unknown_without_lows_or_strides() -> None:
    """A walker's trunk is not low in mid-stance, and two strides tell no timing."""
    _, view = run_of(STEADY)
    assert stance_timing(view.landmarks, view.valid_strides("right")[:2]) is None
    assert stance_timing(view.landmarks, ()) is None


def test_no_stances_have_no_midstances() -> None:
    """A foot without a stance gives an empty list in every view."""
    landmarks = film(WALK).landmarks
    for view in ("side", "rear"):
        assert find_midstances(landmarks, view, (), StanceTiming()) == []


def test_frontal_midstance_lies_in_its_stance() -> None:
    """Whatever the timing, midstance lies between contact and toe-off."""
    landmarks = cleaned(film(STEADY, Camera("front", noise_px=4)))
    for timing in (StanceTiming(), StanceTiming(0.25, 0.05, 0.35, seen=True)):
        found = frontal_view_contacts(landmarks, dict.fromkeys(SIDES, timing))
        for side in SIDES:
            times = find_midstances(landmarks, "front", found.of(side), timing)
            assert all(c.initial_contact_s < t < c.toe_off_s for c, t in zip(found.of(side), times, strict=True))
