from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from midstance.science.checks import check_running
from midstance.science.errors import (
    CannotAnalyseError,
    FrameRateError,
    LegsOutOfFrameError,
    NoRunnerError,
    NotRunningError,
    SlowMotionError,
    TooFewStridesError,
)
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries
from midstance.science.records import View
from midstance.science.settings import Settings
from midstance.science.stances import Contact, Contacts, in_order
from tests.science.helpers import STEADY, analyse, analyse_film, keep_frames, run_of, with_xy
from tests.support.runner import WALK, Camera, Gait, film

VIEWS: tuple[View, ...] = ("side", "front", "rear")
FORCED = Settings(force=True)


def hidden(landmarks: LandmarkSeries, *parts: str) -> LandmarkSeries:
    """Return the clip without the landmarks whose name holds one of the parts."""
    xy = landmarks.xy_px.copy()
    xy[:, [i for name, i in LANDMARK_INDEX.items() if any(p in name for p in parts)]] = np.nan
    return with_xy(landmarks, xy)


def random_movement(seconds: float, seed: int) -> LandmarkSeries:
    """Return a body that moves smoothly and without rhythm, like a gymnast."""
    rng = np.random.default_rng(seed)
    clip = film(Gait(duration_s=seconds)).landmarks
    steps = rng.normal(0, 1, clip.xy_px.shape)
    kernel = np.hanning(25) / np.hanning(25).sum()
    smooth = np.apply_along_axis(lambda path: np.convolve(path, kernel, mode="same"), 0, np.cumsum(steps, axis=0))
    return with_xy(clip, clip.xy_px.mean(axis=0) + 12 * (smooth - smooth.mean(axis=0)))


# --- somebody to measure --------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("settings", [Settings(), FORCED])
def test_nobody(view: View, settings: Settings) -> None:
    """A clip without a body says what it looked for, forced or not."""
    clip = film(STEADY, Camera(view)).landmarks
    with pytest.raises(NoRunnerError, match="expected hips"):
        analyse(with_xy(clip, np.full_like(clip.xy_px, np.nan)), view, settings=settings)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scale", [0.0, 1e-200, 1e-12])
def test_everything_on_one_point(view: View, scale: float) -> None:
    """Landmarks that all lie on one point, or as good as, are no body."""
    clip = film(STEADY, Camera(view)).landmarks
    with pytest.raises(NoRunnerError):
        analyse(with_xy(clip, 500.0 * scale + clip.xy_px * scale), view, settings=FORCED)


@pytest.mark.parametrize("joint", ["hip", "knee", "ankle", "heel", "foot_index"])
def test_joint_that_is_needed_is_named(joint: str) -> None:
    """A file without a joint that the science needs says which one it lacks."""
    with pytest.raises(NoRunnerError, match=f"_{joint}"):
        analyse(hidden(film(STEADY).landmarks, joint), "side")


def test_landmarks_that_are_hardly_visible_count_as_unseen() -> None:
    """A model that guesses a body at no visibility has seen nobody."""
    clip = film(STEADY).landmarks
    with pytest.raises(NoRunnerError):
        analyse(replace(clip, visibility=np.full_like(clip.visibility, 0.05)), "side")


@pytest.mark.parametrize("side", SIDES)
def test_one_leg_is_enough(side: str) -> None:
    """From the side a single leg with both hips gives its strides; the other leg has none."""
    clip = hidden(film(STEADY).landmarks, *(f"{side}_{j}" for j in ("knee", "ankle", "heel", "foot")))
    counts = {s: len(analyse(clip, "side").valid_strides(s)) for s in SIDES}
    assert counts.pop(side) == 0  # type: ignore[call-overload]  # a side
    assert next(iter(counts.values())) >= 6


@pytest.mark.parametrize("frames", [0, 1, 2, 20])
def test_clip_that_is_too_short(frames: int) -> None:
    """Less than a second tells its own length and asks for ten."""
    clip = keep_frames(film(STEADY).landmarks, slice(0, frames))
    with pytest.raises(NoRunnerError, match=r"given \d\.\d\d s: film 10 s"):
        analyse(clip, "side")


def test_too_few_frames_a_second() -> None:
    """Below 15 frames/s a running leg cannot be followed, and forcing does not help."""
    with pytest.raises(FrameRateError, match=r"given 10\.0: film at 60"):
        analyse(film(STEADY, Camera(fps=10)).landmarks, "side", settings=FORCED)
    assert analyse(film(STEADY, Camera(fps=20)).landmarks, "side").valid_strides("right")


def test_a_hole_of_days_is_refused_and_one_of_seconds_is_not() -> None:
    """Landmarks with frames days apart would be filled up to millions of frames; they are refused before that."""
    clip = film(Gait(duration_s=6.0)).landmarks
    later = np.arange(len(clip)) > len(clip) // 2
    with pytest.raises(FrameRateError, match="cut out the part in which someone runs"):
        analyse(replace(clip, time_s=clip.time_s + later * 1e6), "side")
    assert len(analyse(replace(clip, time_s=clip.time_s + later * 5.0), "side").strides) > 10


# --- the legs in the picture ----------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("settings", [Settings(), FORCED])
def test_legs_below_the_picture(view: View, settings: Settings) -> None:
    """Feet that lie under the lower edge are told in per cent, with what to do."""
    clip = film(STEADY, Camera(view)).landmarks
    knee = np.nanmean(clip.point("left_knee")[:, 1])
    with pytest.raises(LegsOutOfFrameError, match=r"outside it in \d+% of the frames: step back"):
        analyse(replace(clip, frame_size_px=(1080, round(knee))), view, settings=settings)


def test_feet_that_leave_the_picture_at_times_are_allowed() -> None:
    """A runner who enters and leaves the picture is analysed, and so are landmarks without a picture size."""
    clip = film(STEADY).landmarks
    low = np.nanpercentile(clip.point("right_heel")[:, 1], 85)
    assert analyse(replace(clip, frame_size_px=(1080, round(low))), "side").strides
    assert analyse(replace(clip, frame_size_px=None), "side").strides


# --- running --------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
def test_walking_is_told_and_can_be_forced(view: View) -> None:
    """A walker is called one, with the cadence; --force analyses all the same."""
    clip = film(WALK, Camera(view)).landmarks
    with pytest.raises(NotRunningError, match=r"walking at 10[4-6] steps/min.*--force"):
        analyse(clip, view)
    assert analyse(clip, view, settings=FORCED).valid_strides("right")


@pytest.mark.parametrize("cadence", [90, 125, 140])
def test_walkers_of_any_cadence_are_walkers(cadence: float) -> None:
    """Brisk walking at a runner's cadence is walking: the body is highest at midstance."""
    with pytest.raises(NotRunningError, match="walking"):
        analyse_film(film(replace(WALK, cadence_spm=cadence)))


def test_grounded_running_is_running() -> None:
    """Slow running without flight has a duty factor over half and bounces: it is no walking."""
    view = analyse_film(film(Gait(duty=0.495, speed_mps=1.6, cadence_spm=160)))
    assert len(view.valid_strides("right")) >= 6


@pytest.mark.parametrize("roll", [-5.0, 0.0, 3.0, 5.0])
def test_runner_who_crosses_a_leaning_picture_does_not_walk(roll: float) -> None:
    """A trunk that rises or sinks steadily across the picture hides no bounce."""
    camera = Camera(px_per_m=150, size_px=(1920, 1080), roll_deg=roll)
    assert analyse_film(film(Gait(overground=True, duration_s=4), camera)).valid_strides("right")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("times", [4.0, 8.0])
def test_slow_motion_is_told_with_the_cadence(view: View, times: float) -> None:
    """120 or 240 frames/s played at 30 give a cadence of a quarter or an eighth, and the option to give."""
    clip = film(Gait(duration_s=6, slow_motion=times), Camera(view, fps=30)).landmarks
    with pytest.raises(SlowMotionError, match=rf"given {168 / times:.0f}: probably slow motion; give --capture-fps"):
        analyse(clip, view)


def test_half_speed_from_the_side_is_slow_motion() -> None:
    """60 frames/s played at 30 show a runner's body at a walker's cadence."""
    with pytest.raises(SlowMotionError, match="given 84"):
        analyse_film(film(Gait(slow_motion=2)))


def test_slow_motion_undone_by_real_times_is_fine() -> None:
    """With the times of the movement, the same frames are a run at 168 steps/min."""
    filmed = film(Gait(slow_motion=4), Camera(fps=30))
    clip = replace(filmed.landmarks, time_s=filmed.landmarks.time_s / 4)
    _, usual = run_of(Gait(), Camera(fps=120))
    assert len(analyse(clip, "side").valid_strides("right")) == len(usual.valid_strides("right"))


def test_too_fast_is_told() -> None:
    """More than 260 steps/min is a file that plays too fast."""
    clip = film(Gait(duration_s=16, cadence_spm=150, speed_mps=2.2), Camera(fps=60)).landmarks
    with pytest.raises(SlowMotionError, match="300: the file plays too fast"):
        analyse(replace(clip, time_s=clip.time_s / 2), "side")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("seed", range(4))
def test_gymnast_is_no_runner(view: View, seed: int) -> None:
    """Smooth movement without a rhythm is refused with a reason, in every view."""
    with pytest.raises(CannotAnalyseError):
        analyse(random_movement(6, seed), view)


@pytest.mark.parametrize("view", VIEWS)
def test_standing_is_no_running(view: View) -> None:
    """Someone who stands still, give or take a tremor, is refused."""
    still = film(Gait(duration_s=4), Camera(view)).landmarks
    rng = np.random.default_rng(0)
    swaying = with_xy(still, np.repeat(still.xy_px[:1], len(still), axis=0) + rng.normal(0, 0.5, still.xy_px.shape))
    with pytest.raises(CannotAnalyseError):
        analyse(swaying, view)


# --- strides --------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("seconds", [1.0, 1.5, 2.0])
def test_short_run_has_too_few_strides(view: View, seconds: float) -> None:
    """A second or two of good running is not called something else."""
    clip = film(Gait(duration_s=seconds), Camera(view)).landmarks
    with pytest.raises(TooFewStridesError, match="film 10 s or more"):
        analyse(clip, view)


def test_too_few_strides_tells_counts_and_reasons() -> None:
    """The message says how many strides of each leg there are and why others were left out."""
    clip = keep_frames(film(Gait()).landmarks, slice(0, 130))
    message = r"at least 3 whole strides of a leg, given [12] left and [12] right \(left out: the clip ends"
    with pytest.raises(TooFewStridesError, match=message):
        analyse(clip, "side", settings=FORCED)


def test_least_number_of_strides_is_a_setting() -> None:
    """A user may ask for more strides than the clip has."""
    settings = Settings()
    strict = replace(settings, strides=replace(settings.strides, min_strides=20))
    with pytest.raises(TooFewStridesError, match="at least 20"):
        analyse_film(film(STEADY), settings=strict)


def _steps_at(*left_s: float) -> Contacts:
    """Return stances of a left foot at some times, and of a right foot half way between them."""
    right_s = [(a + b) / 2 for a, b in pairwise(left_s)]
    stances = [Contact("left", t, t + 0.25) for t in left_s] + [Contact("right", t, t + 0.25) for t in right_s]
    return Contacts(in_order(stances), {"left": 500.0, "right": 500.0}, timing_assumed=False)


def test_few_irregular_strides_are_no_run() -> None:
    """Two people who move about can give four strides of which two happen to be alike; a runner's are all alike."""
    landmarks = film(Gait(duration_s=6)).landmarks
    check_running(landmarks, _steps_at(0.5, 1.2, 1.92, 2.6, 3.32), "front", Settings().strides)
    with pytest.raises(NotRunningError, match="without a regular leg cycle"):
        check_running(landmarks, _steps_at(0.5, 1.2, 1.9, 2.4, 3.4), "front", Settings().strides)
