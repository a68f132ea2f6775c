from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science.cleaning import clean
from midstance.science.contacts import (
    plateau_speed,
    side_view_contacts,
)
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side
from midstance.science.settings import CleaningSettings
from tests.science.helpers import STEADY, cleaned, errors_ms, keep_frames, rms, with_xy
from tests.support.runner import WALK, Camera, Gait, film


@pytest.mark.parametrize("strike", ["rear", "mid", "fore"])
@pytest.mark.parametrize("fps", [30, 60, 120, 240])
def test_side_view_events_for_every_strike_and_frame_rate(strike: str, fps: float) -> None:
    """Each stance is found once; contact is right within 10 ms RMS and toe-off within 7 whatever lands first."""
    filmed = film(replace(STEADY, strike=strike), Camera(fps=fps))
    contact, toe_off = errors_ms(side_view_contacts(cleaned(filmed)), filmed)
    assert rms(contact) < 10
    assert rms(toe_off) < 7


@pytest.mark.parametrize(
    "gait",
    [
        pytest.param(replace(STEADY, duty=0.33), id="long flight"),
        pytest.param(replace(STEADY, duty=0.42, speed_mps=2.2), id="short flight"),
        pytest.param(replace(STEADY, cadence_spm=150, speed_mps=2.2), id="slow cadence"),
        pytest.param(replace(STEADY, cadence_spm=195), id="fast cadence"),
        pytest.param(replace(STEADY, variability=0.04), id="uneven steps"),
    ],
)
@pytest.mark.parametrize("facing", SIDES)
def test_side_view_events_for_other_runners(gait: Gait, facing: Side) -> None:
    """Cadence, flight and unevenness change neither the count nor, by more than a few ms, the times."""
    filmed = film(gait, Camera(facing=facing))
    contact, toe_off = errors_ms(side_view_contacts(cleaned(filmed)), filmed)
    assert rms(contact) < 8
    assert rms(toe_off) < 10


def test_side_view_events_over_the_ground() -> None:
    """A runner who crosses the picture is no different: the foot is judged against the body."""
    filmed = film(replace(STEADY, overground=True, duration_s=4), Camera(px_per_m=150))
    contact, toe_off = errors_ms(side_view_contacts(cleaned(filmed)), filmed)
    assert rms(contact) < 8
    assert rms(toe_off) < 10


@pytest.mark.parametrize("seed", range(3))
def test_side_view_events_with_noise_swaps_and_losses(seed: int) -> None:
    """With jitter, exchanged legs, lost frames and a half-hidden far leg no stance is missed or invented."""
    camera = Camera(noise_px=5, swap_runs=8, lost_share=0.01, far_hidden_share=0.1, seed=seed)
    filmed = film(STEADY, camera)
    contact, toe_off = errors_ms(side_view_contacts(cleaned(filmed)), filmed)
    assert rms(contact) < 12
    assert rms(toe_off) < 17


def test_walkers_stances_are_found_as_well() -> None:
    """Stances that overlap (no flight) are told apart by foot."""
    filmed = film(WALK)
    contact, toe_off = errors_ms(side_view_contacts(cleaned(filmed)), filmed)
    assert rms(contact) < 20
    assert rms(toe_off) < 10


def test_side_view_knows_the_speed_of_the_ground() -> None:
    """The plateau of the foot's velocity is the belt's speed; the timing is seen, not assumed."""
    found = side_view_contacts(cleaned(film(STEADY)))
    assert not found.timing_assumed
    for side in SIDES:
        assert found.speed_px_s[side] == pytest.approx(2.5 * 400, rel=0.02)


def test_stances_cut_off_by_the_clip_are_left_out() -> None:
    """A clip that begins and ends in mid-stance has only the whole stances between."""
    filmed = film(STEADY, Camera(fps=120))
    first, *_, last = (s for s in filmed.stances(margin_s=0.5) if s.side == "right")
    time_s = filmed.landmarks.time_s
    cut = keep_frames(filmed.landmarks, (time_s > first.midstance_s) & (time_s < last.midstance_s))
    found = side_view_contacts(clean(cut, CleaningSettings()).landmarks).of("right")
    assert found[0].initial_contact_s > first.toe_off_s
    assert found[-1].toe_off_s < last.initial_contact_s


def test_foot_hidden_around_a_contact_gives_no_stance_there() -> None:
    """Where the foot is not seen landing, no landing is made up; the other foot keeps all of its stances."""
    filmed = film(STEADY)
    hidden = next(s for s in filmed.stances(margin_s=2) if s.side == "right")
    xy = filmed.landmarks.xy_px.copy()
    gap = np.abs(filmed.landmarks.time_s - hidden.initial_contact_s) < 0.1
    for name in ("right_ankle", "right_heel", "right_foot_index"):
        xy[gap, LANDMARK_INDEX[name]] = np.nan
    found = side_view_contacts(clean(with_xy(filmed.landmarks, xy), CleaningSettings()).landmarks)
    assert not any(abs(c.initial_contact_s - hidden.initial_contact_s) < 0.05 for c in found.of("right"))
    assert len(found.of("left")) == len(found.of("right")) + 1 or len(found.of("left")) == len(found.of("right")) + 2


@pytest.mark.parametrize("velocity", [np.full(50, np.nan), np.zeros(50), np.ones(50), np.zeros(0), np.array([1.0, -1])])
def test_a_foot_that_never_goes_back_has_no_speed(velocity: np.ndarray) -> None:
    """Missing, resting or forward-moving feet give no plateau and no warning."""
    assert np.isnan(plateau_speed(velocity))
