from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from midstance.science.errors import MidstanceError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries, Side, other_side
from midstance.science.records import View, ViewAnalysis
from midstance.science.settings import Settings
from midstance.science.view import facts_from_side
from tests.science.helpers import analyse, frontal_run_of, keep_frames, run_of, with_xy
from tests.support.runner import Camera, Gait, film, mirrored

VIEWS: tuple[View, ...] = ("side", "front", "rear")
SHORT = Gait(duration_s=4, variability=0.02, seed=3)
LENGTHS = {"overstride_m", "step_width_m", "vertical_oscillation_m"}
QUICK = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
views = st.sampled_from(VIEWS)
seeds = st.integers(0, 50)

Key = tuple[Side, int, str, str]
Spoiler = Callable[[LandmarkSeries, np.random.Generator], NDArray[np.float64]]


def numbers(view: ViewAnalysis, *, swap_sides: bool = False) -> dict[Key, float]:
    """Return every measured number by side, stride, measure and instant."""

    def side(s: Side) -> Side:
        return other_side(s) if swap_sides else s

    return {(side(v.side), v.stride, v.measure, v.instant): v.value for v in view.values if np.isfinite(v.value)}


def events(view: ViewAnalysis, *, swap_sides: bool = False) -> dict[tuple[Side, int], tuple[float, float, float]]:
    """Return contact, midstance and toe-off of every stride."""
    return {
        (other_side(s.side) if swap_sides else s.side, s.number): (s.initial_contact_s, s.midstance_s, s.toe_off_s)
        for s in view.strides
    }


@cache
def noisy(view: View, seed: int) -> LandmarkSeries:
    """Film a noisy runner."""
    return film(replace(SHORT, seed=seed), Camera(view, noise_px=2, seed=seed)).landmarks


def close(found: dict[Key, float], wanted: dict[Key, float], tolerance: float = 1e-6) -> None:
    """Check that the same numbers are there with the same values."""
    assert found.keys() == wanted.keys()
    assert found == pytest.approx(wanted, rel=tolerance, abs=tolerance)


# --- the same run seen otherwise ------------------------------------------------------------------


@QUICK
@given(view=views, seed=seeds)
def test_mirror_picture_exchanges_left_and_right_in_all_numbers(view: View, seed: int) -> None:
    """What the pose model sees in the mirror gives the same numbers with the sides exchanged, signs kept."""
    clip = noisy(view, seed)
    straight, turned = analyse(clip, view), analyse(mirrored(clip, 1080), view)
    close(numbers(turned, swap_sides=True), numbers(straight))
    expected = events(straight)
    for key, times in events(turned, swap_sides=True).items():
        assert times == pytest.approx(expected[key], abs=1e-9)
    assert turned.scene.tilt_deg == pytest.approx(-straight.scene.tilt_deg)


@QUICK
@given(view=views, seed=seeds, shift_s=st.floats(-50, 5000))
def test_shift_in_time_shifts_events_alone(view: View, seed: int, shift_s: float) -> None:
    """A clip that starts later has later events and the same numbers."""
    clip = noisy(view, seed)
    early, late = analyse(clip, view), analyse(replace(clip, time_s=clip.time_s + shift_s), view)
    close(numbers(late), numbers(early), 1e-4)
    for key, times in events(late).items():
        assert np.subtract(times, shift_s) == pytest.approx(events(early)[key], abs=1e-5)


@QUICK
@given(view=views, seed=seeds, scale=st.floats(0.3, 8.0), x=st.floats(-900, 900), y=st.floats(-900, 900))
def test_size_and_place_of_the_picture_leave_angles_and_times(
    view: View, seed: int, scale: float, x: float, y: float
) -> None:
    """A picture of more pixels or another crop scales lengths in pixels and nothing else."""
    clip = replace(noisy(view, seed), frame_size_px=None)
    wanted = {k: v * (scale if k[2] in LENGTHS else 1) for k, v in numbers(analyse(clip, view)).items()}
    close(numbers(analyse(with_xy(clip, clip.xy_px * scale + [x, y]), view)), wanted, 1e-5)


@QUICK
@given(view=views, seed=seeds)
def test_landmarks_that_nothing_needs_change_nothing(view: View, seed: int) -> None:
    """Face, arms and hands may be there or not."""
    clip = noisy(view, seed)
    xy = clip.xy_px.copy()
    rng = np.random.default_rng(seed)
    used = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
    for name in LANDMARK_NAMES:
        if not name.endswith(used):
            xy[:, LANDMARK_INDEX[name]] = rng.uniform(0, 1000, (len(clip), 2))
    close(numbers(analyse(with_xy(clip, xy), view)), numbers(analyse(clip, view)))


@pytest.mark.parametrize("view", VIEWS)
def test_frame_rate_changes_little(view: View) -> None:
    """60 and 120 frames/s of the same run agree within 1 degree at midstance and 3 at contact, stride by stride."""
    slow, fast = (
        (run_of if view == "side" else frontal_run_of)(Gait(variability=0.02), Camera(view, fps=fps))[1]
        for fps in (60, 120)
    )
    assert [(s.side, s.number, s.valid) for s in slow.strides] == [(s.side, s.number, s.valid) for s in fast.strides]
    other = {(v.side, v.stride, v.measure, v.instant): v for v in fast.values}
    for value in (v for v in slow.values if v.unit == "deg" and v.quality == "ok"):
        limit = {"midstance": 1.0, "initial_contact": 3.0}.get(value.instant)
        if limit is not None:
            assert abs(value.value - other[value.side, value.stride, value.measure, value.instant].value) < limit


def test_what_follows_the_clip_does_not_change_what_went_before() -> None:
    """A clip that ends earlier gives the same first strides within half a degree and 3 ms."""
    whole = film(Gait(variability=0.02)).landmarks
    long, short = analyse(whole, "side"), analyse(keep_frames(whole, whole.time_s < 5.5), "side")
    first = numbers(long)
    for (side, number, measure, instant), value in numbers(short).items():
        if number <= 4 and instant == "midstance":
            assert value == pytest.approx(first[side, number, measure, instant], abs=0.5)
    for key, times in events(short).items():
        if key[1] <= 4:
            assert times == pytest.approx(events(long)[key], abs=0.003)


# --- spoilt input ---------------------------------------------------------------------------------


def hide_some(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Lose landmarks at random, one by one."""
    xy = clip.xy_px.copy()
    xy[rng.random(xy.shape[:2]) < rng.choice([0.05, 0.3, 0.8, 1.0])] = np.nan
    return xy


def hide_names(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Lose some landmarks throughout."""
    xy = clip.xy_px.copy()
    xy[:, rng.random(33) < rng.choice([0.1, 0.5])] = np.nan
    return xy


def hide_stretch(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Lose the whole body for a while."""
    xy = clip.xy_px.copy()
    start, stop = np.sort(rng.integers(0, len(clip), 2))
    xy[start:stop] = np.nan
    return xy


def freeze(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Stand still from some frame on."""
    xy = clip.xy_px.copy()
    start = int(rng.integers(0, len(clip)))
    xy[start:] = xy[start]
    return xy


def shuffle_names(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Call every landmark by another's name."""
    return np.asarray(clip.xy_px[:, rng.permutation(33)], dtype=np.float64)


def shuffle_frames(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Play the frames in no order."""
    return np.asarray(clip.xy_px[rng.permutation(len(clip))], dtype=np.float64)


def add_noise(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Jitter up to more than a body's size."""
    jitter = rng.choice([5.0, 50.0, 2000.0]) * rng.standard_normal(clip.xy_px.shape)
    return np.asarray(clip.xy_px + jitter, dtype=np.float64)


def resize(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Blow the picture up or shrink it, to a point or a line at the end."""
    return np.asarray(clip.xy_px * rng.choice([0.0, 1e-9, 1e5, 1e12], size=2), dtype=np.float64)


def constant(clip: LandmarkSeries, rng: np.random.Generator) -> NDArray[np.float64]:
    """Put every landmark on a place of its own for good."""
    return np.broadcast_to(rng.uniform(0, 1000, (33, 2)), clip.xy_px.shape).copy()


SPOILERS: list[Spoiler] = [
    hide_some, hide_names, hide_stretch, freeze, shuffle_names, shuffle_frames, add_noise, resize, constant,
]  # fmt: skip


@dataclass(frozen=True)
class Spoilt:
    """How a good clip is spoilt and asked for."""

    filmed: View
    named: View
    by: tuple[Spoiler, ...]
    frames: int
    dropped_share: float
    force: bool
    seed: int

    def landmarks(self) -> LandmarkSeries:
        """Return the spoilt landmarks."""
        rng = np.random.default_rng(self.seed)
        clip = noisy(self.filmed, 0)
        for spoil in self.by:
            clip = with_xy(clip, spoil(clip, rng))
        kept = (rng.random(len(clip)) >= self.dropped_share) & (np.arange(len(clip)) < self.frames)
        return keep_frames(clip, kept)


@MANY
@given(
    st.builds(
        Spoilt,
        filmed=views,
        named=views,
        by=st.lists(st.sampled_from(SPOILERS), min_size=1, max_size=2).map(tuple),
        frames=st.one_of(st.just(1000), st.integers(0, 240)),
        dropped_share=st.sampled_from([0.0, 0.0, 0.1, 0.6]),
        force=st.booleans(),
        seed=st.integers(0, 10**6),
    )
)
def test_spoilt_landmarks_are_analysed_or_refused_in_one_line(spoilt: Spoilt) -> None:
    """Whatever the landmarks are, there is a result that keeps its promises or an error of our own in one line."""
    try:
        keeps_promises(analyse(spoilt.landmarks(), spoilt.named, settings=Settings(force=spoilt.force)))
    except MidstanceError as error:
        told = str(error)
    else:
        told = "analysed"
    assert len(told.splitlines()) == 1


def keeps_promises(view: ViewAnalysis) -> None:
    """Check what every result has to be, good or bad."""
    assert any(s.valid for s in view.strides)
    for value in view.values:
        assert np.isfinite(value.value) == (value.quality != "unmeasurable")
        assert bool(value.reason) == (value.quality != "ok")
    for stride in view.strides:
        assert bool(stride.reason) == (not stride.valid)
        if stride.valid:
            assert stride.initial_contact_s < stride.toe_off_s <= stride.next_contact_s
            assert stride.initial_contact_s <= stride.midstance_s <= stride.toe_off_s
    assert facts_from_side(view) is not None
