from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from midstance.science.errors import NoRunnerError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES
from midstance.science.people import FollowSettings, PeopleSeries, follow_runner

FPS = 30.0
FRAME_SIZE_PX = (1280, 720)

# Half the width of the body and the height of each joint above the ground, in body lengths (trunk plus leg).
HEIGHT = {"shoulder": 1.05, "elbow": 0.8, "wrist": 0.65, "hip": 0.6, "knee": 0.32, "ankle": 0.05, "heel": 0.03}


@dataclass(frozen=True)
class Person:
    """Somebody drawn into a clip: landmarks (n, 33, 2), and whether the model sees them in each frame."""

    xy_px: NDArray[np.float64]
    seen: NDArray[np.bool_]


def seconds(duration_s: float) -> NDArray[np.float64]:
    """Return the times of the frames of a clip."""
    return np.arange(round(duration_s * FPS)) / FPS


def person(
    time_s: NDArray[np.float64],
    x_px: ArrayLike,
    *,
    steps_hz: float = 0.0,
    length_px: float = 300.0,
    foot_y_px: float = 650.0,
    noise_px: float = 1.5,
    seen: ArrayLike = True,
    seed: int = 0,
) -> Person:
    """Return a person seen from the side who swings the legs at a step rate (0 = stands)."""
    rng = np.random.default_rng(seed)
    n = len(time_s)
    centre_x = np.broadcast_to(np.asarray(x_px, dtype=float), n)
    swing = np.sin(np.pi * steps_hz * time_s)
    bounce = 0.03 * length_px * np.abs(swing)
    xy = np.zeros((n, len(LANDMARK_NAMES), 2))
    for i, name in enumerate(LANDMARK_NAMES):
        side = 1.0 if name.startswith("left") else -1.0
        joint = name.split("_", 1)[-1]
        height = HEIGHT.get(joint, 0.04 if "foot" in joint else 0.65 if joint in ("pinky", "index", "thumb") else 1.2)
        reach = {"knee": 0.13, "ankle": 0.25, "heel": 0.27, "foot_index": 0.22}.get(joint, 0.0)
        xy[:, i, 0] = centre_x + length_px * (reach * side * swing - (0.1 if joint == "nose" else 0.0))
        xy[:, i, 1] = foot_y_px - length_px * height - bounce
    xy += rng.normal(0, noise_px, xy.shape)
    return Person(xy, np.broadcast_to(np.asarray(seen, dtype=bool), n).copy())


def clip(time_s: NDArray[np.float64], *persons: Person, places: int = 3, seed: int | None = 1) -> PeopleSeries:
    """Return what a model would give: those seen in each frame, in any order unless `seed` is None."""
    rng = np.random.default_rng(seed)
    values = np.full((len(time_s), places, len(LANDMARK_NAMES), 2), np.nan)
    for i in range(len(time_s)):
        found = [p.xy_px[i] for p in persons if p.seen[i]]
        order = range(len(found)) if seed is None else rng.permutation(len(found))
        for place, k in enumerate(order):
            values[i, place] = found[k]
    confidence = np.where(np.isnan(values[..., 0]), np.nan, 0.9)
    return PeopleSeries(time_s, np.arange(len(time_s)), values, confidence, confidence, FRAME_SIZE_PX)


def ghost_of(real: Person, seen: NDArray[np.bool_], *, shift_px: tuple[float, float] = (20.0, 30.0)) -> Person:
    """Return a second, worse detection of a body: displaced, smaller, and noisy."""
    rng = np.random.default_rng(9)
    middle = real.xy_px.mean(axis=1, keepdims=True)
    xy = middle + 0.85 * (real.xy_px - middle) + shift_px + rng.normal(0, 8, real.xy_px.shape)
    return Person(xy, seen)


def test_runner_is_followed_through_any_order_of_people() -> None:
    """Two people always seen, listed in changing order: the larger, more central runner is kept in every frame."""
    t = seconds(4)
    runner = person(t, 640, steps_hz=2.8, length_px=350)
    other = person(t, 1050, length_px=280, seed=2)
    series, report = follow_runner(clip(t, runner, other))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)
    assert (report.people_seen, report.runner_share, report.ghosts) == (2, 1.0, 0)


def test_output_keeps_the_clip_time_frames_and_visibility() -> None:
    """Times, frame numbers, size and visibility are those of the clip."""
    t = seconds(2)
    people = clip(t, person(t, 640, steps_hz=2.8))
    series, _ = follow_runner(replace(people, frame=people.frame + 100, time_s=t + 0.5))
    assert series.frame[0] == 100
    assert series.time_s[0] == 0.5
    assert series.frame_size_px == FRAME_SIZE_PX
    assert np.all(series.visibility == 0.9)


def test_person_in_front_of_the_runner_does_not_take_over() -> None:
    """Somebody walks in front of the runner, who is hidden for 0.5 s: NaN then, the runner before and after."""
    t = seconds(6)
    walker_x = 100 + 180 * t
    hidden = np.abs(walker_x - 640) < 50
    runner = person(t, 640, steps_hz=2.8, length_px=300, seen=~hidden)
    walker = person(t, walker_x, steps_hz=1.8, length_px=380, foot_y_px=700, seed=2)
    series, report = follow_runner(clip(t, runner, walker))
    np.testing.assert_array_equal(series.xy_px[~hidden], runner.xy_px[~hidden])
    assert np.isnan(series.xy_px[hidden]).all()
    assert report.people_seen == 2
    assert report.runner_share == pytest.approx(np.mean(~hidden))


def test_runners_who_cross_are_not_exchanged() -> None:
    """Two runners pass each other in opposite directions: the track stays with one of them all the way."""
    t = seconds(3)
    near = person(t, 100 + 360 * t, steps_hz=2.8, length_px=330)
    far = person(t, 1180 - 360 * t, steps_hz=3.0, length_px=290, foot_y_px=620, seed=2)
    series, _ = follow_runner(clip(t, near, far))
    np.testing.assert_array_equal(series.xy_px, near.xy_px)


def test_ghosts_do_not_flip_the_track() -> None:
    """A second detection of the runner in every third frame, listed in any order, is dropped."""
    t = seconds(4)
    runner = person(t, 640, steps_hz=2.8)
    ghost = ghost_of(runner, np.arange(len(t)) % 3 == 2)
    series, report = follow_runner(clip(t, runner, ghost))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)
    assert report.people_seen == 1
    assert report.ghosts == int(ghost.seen.sum())


def test_detection_merged_of_two_people_does_not_end_the_track() -> None:
    """A single frame in which the model draws one body over two people is left out, and the runner goes on after it."""
    t = seconds(3)
    broken = np.arange(len(t)) == 40
    runner = person(t, 640, steps_hz=2.8, seen=~broken)
    merged = person(t, 660, length_px=520, foot_y_px=500, seen=broken, noise_px=20)
    series, report = follow_runner(clip(t, runner, merged))
    np.testing.assert_array_equal(series.xy_px[~broken], runner.xy_px[~broken])
    assert np.isnan(series.xy_px[broken]).all()
    assert report.people_seen == 1


@pytest.mark.parametrize("speed_px_s", [0, 400])
def test_short_gaps_are_bridged(speed_px_s: float) -> None:
    """A runner lost for 0.3 s three times, on the spot or crossing the picture, is one track with NaN in the gaps."""
    t = seconds(3)
    lost = (t % 1 > 0.5) & (t % 1 < 0.8)
    runner = person(t, 40 + speed_px_s * t, steps_hz=2.8, length_px=200, seen=~lost)
    series, report = follow_runner(clip(t, runner))
    np.testing.assert_array_equal(np.isnan(series.xy_px).all(axis=(1, 2)), lost)
    assert report.runner_share == pytest.approx(np.mean(~lost))


def test_somebody_near_a_lost_runner_is_not_taken_for_the_runner() -> None:
    """While the runner is not seen, a person who stands one body length away does not become the runner."""
    t = seconds(4)
    lost = (t > 1.5) & (t < 2.2)
    runner = person(t, 640, steps_hz=2.8, seen=~lost)
    helper = person(t, 900, seen=t > 1.6, seed=2)
    series, _ = follow_runner(clip(t, runner, helper))
    assert np.isnan(series.xy_px[lost]).all()
    np.testing.assert_array_equal(series.xy_px[~lost], runner.xy_px[~lost])


def test_large_passer_by_is_not_the_runner() -> None:
    """Somebody twice as large who crosses close to the camera within a second is counted, not followed."""
    t = seconds(8)
    runner = person(t, 640, steps_hz=2.8, length_px=250, foot_y_px=600)
    passer = person(t, (t - 3) * 1280, steps_hz=1.9, length_px=500, foot_y_px=720, seen=(t > 3) & (t < 4), seed=2)
    series, report = follow_runner(clip(t, runner, passer))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)
    assert report.people_seen == 2


def test_moving_legs_decide_between_similar_people() -> None:
    """A coach who stands nearer to the middle and is a bit larger is not taken for the runner."""
    t = seconds(5)
    runner = person(t, 850, steps_hz=2.8, length_px=300)
    coach = person(t, 560, length_px=345, seed=2)
    series, _ = follow_runner(clip(t, runner, coach))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)


@pytest.mark.parametrize(("x_px", "length_px"), [(640, 300), (300, 360)], ids=["more central", "larger"])
def test_size_and_place_decide_between_runners(x_px: float, length_px: float) -> None:
    """Of two who run side by side, the more central one, or at the same distance the larger one, is followed."""
    t = seconds(5)
    wanted = person(t, x_px, steps_hz=2.8, length_px=length_px)
    other = person(t, 980, steps_hz=2.8, length_px=315, seed=2)
    series, _ = follow_runner(clip(t, other, wanted))
    np.testing.assert_array_equal(series.xy_px, wanted.xy_px)


@pytest.mark.parametrize(("x_px", "length_px", "foot_y_px"), [(800, 480, 720), (500, 430, 740), (900, 260, 650)])
def test_hard_cut_ends_the_track(x_px: float, length_px: float, foot_y_px: float) -> None:
    """After a cut to another scale, place or both, the runner of the longer scene is kept, the other scene is NaN."""
    t = seconds(6)
    first, second = t < 4, t >= 4
    kept = person(t, 500, steps_hz=2.8, length_px=260, foot_y_px=600, seen=first)
    after = person(t, x_px, steps_hz=2.8, length_px=length_px, foot_y_px=foot_y_px, seen=second, seed=2)
    series, report = follow_runner(clip(t, kept, after))
    np.testing.assert_array_equal(series.xy_px[first], kept.xy_px[first])
    assert np.isnan(series.xy_px[second]).all()
    assert report.runner_share == pytest.approx(np.mean(first))


def test_bad_detections_in_a_row_do_not_break_the_track() -> None:
    """The runner drawn too high in one frame and too small in the next: the track goes on with the good ones after."""
    t = seconds(3)
    runner = person(t, 640, steps_hz=2.8, seen=~np.isin(np.arange(len(t)), [60, 61]))
    high = Person(runner.xy_px - [0, 90], np.arange(len(t)) == 60)
    middle = runner.xy_px.mean(axis=1, keepdims=True)
    small = Person(middle + 0.7 * (runner.xy_px - middle), np.arange(len(t)) == 61)
    series, _ = follow_runner(clip(t, runner, high, small))
    np.testing.assert_array_equal(series.xy_px[runner.seen], runner.xy_px[runner.seen])


def test_exchanged_legs_do_not_end_the_track() -> None:
    """Frames in which the model swaps left and right stay with the runner: putting that right is for later."""
    t = seconds(3)
    runner = person(t, 640, steps_hz=2.8)
    swapped = (np.arange(len(t)) // 4) % 3 == 1
    pairs = [(LANDMARK_INDEX[n], LANDMARK_INDEX["right" + n[4:]]) for n in LANDMARK_NAMES if n.startswith("left")]
    for left, right in pairs:
        both = runner.xy_px[np.ix_(swapped, [left, right])]
        runner.xy_px[np.ix_(swapped, [right, left])] = both
    series, _ = follow_runner(clip(t, runner))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)


def test_runner_at_ten_frames_a_second_is_one_track() -> None:
    """A fast runner crossing the picture is followed at a low and uneven frame rate too."""
    t = np.cumsum(np.tile([0.1, 0.12, 0.09], 8))
    runner = person(t, 50 + 450 * t, steps_hz=2.8, length_px=120)
    series, _ = follow_runner(clip(t, runner))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)


def test_flickering_false_detections_are_not_people() -> None:
    """Bodies seen for a frame here and there in the background are not counted."""
    t = seconds(6)
    runner = person(t, 640, steps_hz=2.8)
    poster = person(t, 150, length_px=200, seen=np.arange(len(t)) % 12 == 0, seed=2)
    _, report = follow_runner(clip(t, runner, poster))
    assert report.people_seen == 1


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_order_of_people_does_not_matter(seed: int) -> None:
    """Whatever the order in which the model lists people in each frame, the result is the same."""
    t = seconds(2)
    runner = person(t, 640, steps_hz=2.8)
    ghost = ghost_of(runner, np.arange(len(t)) % 5 == 2)
    walker = person(t, 200 + 300 * t, steps_hz=1.8, length_px=250, seed=2)
    series, _ = follow_runner(clip(t, runner, ghost, walker, seed=seed))
    np.testing.assert_array_equal(series.xy_px, runner.xy_px)


@settings(max_examples=25, deadline=None)
@given(scale=st.floats(0.3, 4), start_s=st.floats(0, 1000))
def test_result_does_not_depend_on_scale_or_start(scale: float, start_s: float) -> None:
    """The same scene in another resolution, or later in a recording, gives the same runner."""
    t = seconds(3)
    hidden = (t > 1.2) & (t < 1.6)
    runner = person(t, 640, steps_hz=2.8, seen=~hidden)
    walker = person(t, 200 + 250 * t, steps_hz=1.8, length_px=280, seed=2)
    people = clip(t, runner, walker)
    size = (round(FRAME_SIZE_PX[0] * scale), round(FRAME_SIZE_PX[1] * scale))
    other = replace(people, xy_px=people.xy_px * scale, time_s=t + start_s, frame_size_px=size)
    expected, _ = follow_runner(people)
    series, _ = follow_runner(other)
    np.testing.assert_array_equal(series.xy_px, expected.xy_px * scale)


def test_nobody_is_said_in_one_line() -> None:
    """A clip without people says so."""
    t = seconds(2)
    with pytest.raises(NoRunnerError, match=r"^expected a runner, found nobody in 60 frames: .*$"):
        follow_runner(clip(t))


def test_clip_without_frames_has_no_runner() -> None:
    """An empty series is nobody, too."""
    nothing = np.empty((0, 3, 33))
    people = PeopleSeries(np.empty(0), np.empty(0, np.int64), np.empty((0, 3, 33, 2)), nothing, nothing, None)
    with pytest.raises(NoRunnerError, match="found nobody in 0 frames"):
        follow_runner(people)


def test_one_frame_has_no_runner() -> None:
    """A single picture is no clip of a runner."""
    t = np.array([0.0])
    with pytest.raises(NoRunnerError, match=r"found one for 0\.0 s and in 100%"):
        follow_runner(clip(t, person(t, 640)))


@pytest.mark.parametrize(
    ("seen_s", "clip_s", "found"), [(0.5, 1.0, r"0\.5 s and in 50%"), (2.0, 10.0, r"2\.0 s and in 20%")]
)
def test_runner_seen_too_little_is_refused_with_the_numbers(seen_s: float, clip_s: float, found: str) -> None:
    """Less than a stride, or less than 30 % of the clip, is not enough; the message says how much was found."""
    t = seconds(clip_s)
    with pytest.raises(NoRunnerError, match=found):
        follow_runner(clip(t, person(t, 640, steps_hz=2.8, seen=t < seen_s)))


def test_limits_can_be_set() -> None:
    """A caller with other clips may accept a runner who is seen for less."""
    t = seconds(10)
    people = clip(t, person(t, 640, steps_hz=2.8, seen=t < 2))
    _, report = follow_runner(people, FollowSettings(min_seen_share=0.1))
    assert report.runner_share == pytest.approx(0.2)


@pytest.mark.parametrize("name", ["frame", "xy_px", "visibility", "presence"])
def test_arrays_of_other_lengths_are_refused(name: str) -> None:
    """A series whose arrays do not belong together names the one that is wrong."""
    people = clip(seconds(1))
    with pytest.raises(ValueError, match=f"{name}: expected shape"):
        replace(people, **{name: getattr(people, name)[1:]})


def test_times_that_go_back_are_refused() -> None:
    """Times must increase."""
    people = clip(seconds(1))
    with pytest.raises(ValueError, match="strictly increasing"):
        replace(people, time_s=people.time_s[::-1])
