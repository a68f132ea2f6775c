from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.science.cleaning import clean
from midstance.science.landmarks import LANDMARK_INDEX, LEG_JOINTS, LandmarkSeries
from midstance.science.legs import FOOT_POINTS
from midstance.science.records import View
from midstance.science.settings import CleaningSettings
from midstance.science.swaps import exchange, find_swaps
from tests.science.helpers import keep_frames, series, with_xy
from tests.support.runner import Camera, Filmed, Gait, film

VIEWS: tuple[View, ...] = ("side", "front", "rear")
SEEN_IN_PX = 25.0
"""A leg this far off (6 cm) is seen to be wrong; nearer than that the two legs cross."""


def filmed(view: View, fps: float, seed: int, runs: int) -> Filmed:
    """Film a slightly noisy runner whose legs are exchanged in some runs of frames."""
    return film(Gait(variability=0.02, seed=seed), Camera(view, fps=fps, noise_px=2, swap_runs=runs, seed=seed))


def furthest_px(found: LandmarkSeries, wanted: LandmarkSeries) -> float:
    """Return the largest distance of a landmark from where it belongs."""
    return float(np.nanmax(np.abs(found.xy_px - wanted.xy_px)))


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("seed", range(3))
def test_random_runs_of_exchanged_legs_are_found_exactly(view: View, fps: float, seed: int) -> None:
    """Every exchanged frame is found, to the frame, and no other."""
    film_ = filmed(view, fps, seed, runs=8)
    assert film_.swapped.sum() >= 8
    np.testing.assert_array_equal(find_swaps(film_.landmarks), film_.swapped)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("fps", [30, 240])
def test_no_exchange_is_invented(view: View, fps: float) -> None:
    """Where the model is right nothing is changed, at low and at high frame rates."""
    assert not find_swaps(filmed(view, fps, seed=5, runs=0).landmarks).any()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("fps", [30, 60])
@pytest.mark.parametrize("seed", range(2))
def test_lower_legs_exchanged_alone_are_put_right_and_knees_stay(view: View, fps: float, seed: int) -> None:
    """A model may exchange feet and ankles only: after cleaning knee and foot are those of the clean clip."""
    clean_clip, swapped = filmed(view, fps, seed, runs=0).landmarks, filmed(view, fps, seed, runs=8).swapped
    spoilt = with_xy(clean_clip, exchange(clean_clip.xy_px, swapped, FOOT_POINTS))
    wanted, found = (clean(clip, CleaningSettings()) for clip in (clean_clip, spoilt))
    assert furthest_px(found.landmarks, wanted.landmarks) < SEEN_IN_PX
    assert found.swapped[swapped].all()


@pytest.mark.parametrize("fps", [30, 60, 120, 240])
def test_long_runs_are_found_at_every_frame_rate(fps: float) -> None:
    """Half a second of exchanged legs is put right whether it holds 15 frames or 120."""
    clip = filmed("side", fps, seed=1, runs=0).landmarks
    for start_s in (1.0, 2.3, 4.1):
        swapped = (clip.time_s >= start_s) & (clip.time_s < start_s + 0.5)
        np.testing.assert_array_equal(find_swaps(with_xy(clip, exchange(clip.xy_px, swapped))), swapped)


def test_majority_decides_which_leg_is_which() -> None:
    """The model's labels hold where it is right in most frames; where it is not, its majority still decides."""
    clip = filmed("side", 30, seed=1, runs=0).landmarks
    frames = np.arange(len(clip))
    for first, expected in ((0.3, frames < 0.3 * len(clip)), (0.7, frames >= 0.7 * len(clip))):
        spoilt = with_xy(clip, exchange(clip.xy_px, frames < first * len(clip)))
        np.testing.assert_array_equal(find_swaps(spoilt), expected)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("hidden_s", [0.05, 0.1])
def test_legs_exchanged_behind_something_are_told_by_their_turn(seed: int, hidden_s: float) -> None:
    """Where the legs are blended as an exchange begins and ends no path is smooth: whose turn it is tells."""
    clip = filmed("side", 60, seed=seed, runs=0).landmarks
    swapped = (clip.time_s >= 2.2) & (clip.time_s < 3.5)
    xy = exchange(clip.xy_px, swapped)
    hidden = np.any([np.abs(clip.time_s - t) < hidden_s for t in (2.2, 3.5)], axis=0)
    for joint in LEG_JOINTS:
        pair = [LANDMARK_INDEX[f"{side}_{joint}"] for side in ("left", "right")]
        xy[np.ix_(hidden, pair)] = xy[np.ix_(hidden, pair)].mean(axis=1, keepdims=True)
    wrong = find_swaps(with_xy(clip, xy)) != swapped
    assert wrong[~hidden].sum() <= 2


def test_exchange_at_both_ends_is_found() -> None:
    """The first and the last frames are repaired as well."""
    clip = filmed("side", 60, seed=2, runs=0).landmarks
    swapped = np.zeros(len(clip), dtype=bool)
    swapped[:3] = swapped[-4:] = True
    np.testing.assert_array_equal(find_swaps(with_xy(clip, exchange(clip.xy_px, swapped))), swapped)


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("lost_share", [0.02, 0.05, 0.1])
def test_lost_frames_do_not_mislead(fps: float, lost_share: float) -> None:
    """Where an exchange begins or ends at a lost frame nothing else is exchanged with it."""
    for seed in range(3):
        camera = Camera(fps=fps, noise_px=2, swap_runs=10, lost_share=lost_share, seed=seed)
        clip = film(Gait(variability=0.02, seed=seed, duration_s=6), camera)
        seen = np.isfinite(clip.landmarks.point("left_hip")[:, 0])
        np.testing.assert_array_equal(find_swaps(clip.landmarks)[seen], clip.swapped[seen])


@pytest.mark.parametrize("seed", range(3))
def test_far_leg_that_is_hidden_at_times_misleads_hardly(seed: int) -> None:
    """With one leg missing in every tenth frame at most two frames in a hundred are wrong."""
    camera = Camera(noise_px=2, swap_runs=6, lost_share=0.01, far_hidden_share=0.1, seed=seed)
    clip = film(Gait(variability=0.02), camera)
    seen = np.isfinite(clip.landmarks.point("right_hip")[:, 0]) & np.isfinite(clip.landmarks.point("left_hip")[:, 0])
    assert (find_swaps(clip.landmarks) != clip.swapped)[seen].mean() < 0.02


def test_one_jumping_landmark_is_no_exchange() -> None:
    """A single landmark that flies off in a frame is an outlier, not an exchange of the legs."""
    clip = filmed("side", 60, seed=4, runs=0).landmarks
    xy = clip.xy_px.copy()
    xy[100:104, 27] += 300  # left ankle
    assert not find_swaps(with_xy(clip, xy)).any()


def test_exchange_is_its_own_inverse_and_keeps_the_rest() -> None:
    """Only the named joints of the marked frames change places, and the input is not written to."""
    clip = filmed("front", 60, seed=0, runs=0).landmarks
    frames = np.arange(len(clip)) % 7 == 0
    given = clip.xy_px.copy()
    once = exchange(clip.xy_px, frames, ("knee",))
    np.testing.assert_array_equal(clip.xy_px, given)
    np.testing.assert_array_equal(exchange(once, frames, ("knee",)), given)
    np.testing.assert_array_equal(once[frames, 25], given[frames, 26])
    untouched = [i for i in range(33) if i not in (25, 26)]
    np.testing.assert_array_equal(once[:, untouched], given[:, untouched])


@pytest.mark.parametrize("frames", [0, 1, 2])
def test_too_few_frames_hold_no_exchange(frames: int) -> None:
    """Without three frames nothing can be said, and nothing is changed."""
    clip = keep_frames(filmed("side", 60, seed=0, runs=0).landmarks, slice(0, frames))
    assert find_swaps(clip).tolist() == [False] * frames


def test_no_legs_hold_no_exchange() -> None:
    """Landmarks without legs, or all on one spot, are left as they are."""
    spot = series({f"{s}_{j}": (10, 10) for s in ("left", "right") for j in LEG_JOINTS}, frames=20)
    for clip in (series({"nose": (1, 2)}, frames=20), spot):
        assert not find_swaps(clip).any()


def test_visibility_goes_with_the_leg() -> None:
    """After cleaning a frame whose legs were exchanged, each leg has its own visibility."""
    film_ = filmed("rear", 60, seed=1, runs=8)
    clip = film_.landmarks
    visibility: NDArray[np.float64] = np.ones_like(clip.visibility)
    visibility[:, 25] = 0.5  # the left knee is seen badly throughout
    spoilt = replace(clip, visibility=exchange(visibility, film_.swapped))
    cleaned = clean(spoilt, CleaningSettings())
    np.testing.assert_array_equal(cleaned.landmarks.visibility, visibility)
