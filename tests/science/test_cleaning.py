from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science.cleaning import clean, cutoff_hz
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries
from midstance.science.settings import CleaningSettings
from midstance.science.signals import low_pass
from tests.science.helpers import keep_frames, with_xy
from tests.support.runner import Camera, Gait, film

SETTINGS = CleaningSettings()
KNEE = LANDMARK_INDEX["right_knee"]


def runner(fps: float = 60, noise_px: float = 0.0, seconds: float = 4.0) -> LandmarkSeries:
    """Film a runner from the right."""
    return film(Gait(duration_s=seconds), Camera(fps=fps, noise_px=noise_px)).landmarks


@pytest.mark.parametrize("fps", [8, 12, 24, 30, 60, 120, 240])
def test_cutoffs_stay_below_their_share_of_the_frame_rate(fps: float) -> None:
    """The wanted cut-off is used where the frame rate allows it, else less than 0.4 of the rate."""
    for wanted in (SETTINGS.body_cutoff_hz, SETTINGS.foot_cutoff_hz):
        found = cutoff_hz(wanted, fps, SETTINGS)
        assert found < 0.4 * fps
        assert found == wanted or wanted >= 0.4 * fps
    clean(runner(fps=fps), SETTINGS)


def test_clean_landmarks_are_hardly_changed() -> None:
    """An error-free clip at 60 frames/s comes back within 2 % of a leg, on the same frames, none called bad."""
    clip = runner()
    cleaned = clean(clip, SETTINGS)
    inner = slice(10, -10)
    body = [LANDMARK_INDEX[f"{s}_{j}"] for s in ("left", "right") for j in ("shoulder", "hip", "knee", "ankle")]
    moved = np.abs(cleaned.landmarks.xy_px - clip.xy_px)[inner][:, body]
    assert moved.max() < 0.02 * 350
    np.testing.assert_allclose(cleaned.landmarks.time_s, clip.time_s)
    np.testing.assert_array_equal(cleaned.landmarks.frame, clip.frame)
    assert (cleaned.outlier_share, cleaned.missing_share, int(cleaned.swapped.sum())) == (0, 0, 0)
    assert cleaned.landmarks.frame_size_px == clip.frame_size_px


def test_noise_is_reduced() -> None:
    """Independent noise from frame to frame shrinks by more than a third for the body, less for the feet."""
    clip, noisy = runner(fps=60), runner(fps=60, noise_px=4)
    error = (clean(noisy, SETTINGS).landmarks.xy_px - clean(clip, SETTINGS).landmarks.xy_px)[10:-10]
    body, foot = (float(np.std(error[:, LANDMARK_INDEX[n]])) for n in ("right_knee", "right_heel"))
    assert body < foot < 0.7 * 4


def test_invisible_landmarks_count_as_missing() -> None:
    """Below the visibility threshold a landmark is not used; the share of missing leg landmarks is told."""
    clip = runner()
    visibility = clip.visibility.copy()
    visibility[60:100, KNEE] = SETTINGS.min_visibility / 2
    cleaned = clean(replace(clip, visibility=visibility), SETTINGS)
    assert np.isnan(cleaned.landmarks.xy_px[62:98, KNEE]).all()
    assert cleaned.missing_share == pytest.approx(40 / (10 * len(clip)))


def test_unknown_visibility_is_no_reason_to_drop() -> None:
    """Landmarks given without a visibility are used."""
    clip = runner()
    cleaned = clean(replace(clip, visibility=np.full_like(clip.visibility, np.nan)), SETTINGS)
    assert np.isfinite(cleaned.landmarks.point("right_knee")).all()


def test_short_gaps_are_filled_and_long_ones_stay() -> None:
    """Six frames at 60 frames/s are bridged within a few pixels, twelve are not."""
    clip = runner()
    xy = clip.xy_px.copy()
    xy[60:66, KNEE] = np.nan
    xy[120:132, KNEE] = np.nan
    found = clean(with_xy(clip, xy), SETTINGS).landmarks.xy_px[:, KNEE]
    whole = clean(clip, SETTINGS).landmarks.xy_px[:, KNEE]
    assert np.abs(found - whole)[55:70].max() < 12  # 3 cm
    assert np.isnan(found[120:132]).all()
    assert np.isfinite(np.delete(found, np.s_[118:134], axis=0)).all()


@pytest.mark.parametrize("name", ["left_hip", "right_ankle"])
def test_frames_that_the_clip_lacks_are_a_gap_like_any_other(name: str) -> None:
    """A freeze of 0.4 s is not bridged: no landmark is invented for the time without frames."""
    clip = runner()
    kept = np.ones(len(clip), dtype=bool)
    kept[100:125] = False
    cleaned = clean(keep_frames(clip, kept), SETTINGS).landmarks
    inside = (cleaned.time_s > clip.time_s[102]) & (cleaned.time_s < clip.time_s[122])
    assert np.isnan(cleaned.point(name)[inside]).all()


@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize("jump_px", [90.0, 250.0])
def test_one_bad_frame_leaves_no_trace(fps: float, jump_px: float) -> None:
    """A landmark that jumps away in one frame is dropped and bridged; its good neighbours stay."""
    clip = runner(fps=fps)
    xy = clip.xy_px.copy()
    at = round(1.7 * fps)
    xy[at, KNEE] += jump_px
    found, whole = clean(with_xy(clip, xy), SETTINGS), clean(clip, SETTINGS)
    np.testing.assert_allclose(found.landmarks.xy_px[:, KNEE], whole.landmarks.xy_px[:, KNEE], atol=7)
    assert 0 < found.outlier_share < 1.5 / (10 * len(clip))


def test_variable_frame_rate_gives_the_same_landmarks() -> None:
    """Frames at uneven times are put on even times, and the path is that of even frames."""
    whole = runner(fps=120)
    rng = np.random.default_rng(4)
    kept = rng.random(len(whole)) > 0.15
    kept[[0, -1]] = True
    uneven = clean(keep_frames(whole, kept), SETTINGS).landmarks
    assert np.ptp(np.diff(uneven.time_s)) < 1e-9
    even = clean(whole, SETTINGS).landmarks
    for axis in (0, 1):
        expected = np.interp(uneven.time_s, even.time_s, even.xy_px[:, KNEE, axis])
        np.testing.assert_allclose(uneven.xy_px[10:-10, KNEE, axis], expected[10:-10], atol=3)


def test_feet_keep_faster_motion_than_the_body() -> None:
    """Ankle, heel and toe get the higher cut-off, everything else the lower."""
    clip = film(Gait(duration_s=4), Camera("front", noise_px=3)).landmarks
    cleaned = clean(clip, replace(SETTINGS, hampel_threshold=1e9)).landmarks
    for name in LANDMARK_NAMES:
        path = clip.point(name)[:, 0]
        foot = name.endswith(("ankle", "heel", "foot_index"))
        if np.isfinite(path).all():
            np.testing.assert_allclose(cleaned.point(name)[:, 0], low_pass(path, 60, 11 if foot else 8), atol=1e-6)


def test_input_is_left_as_it_was() -> None:
    """Cleaning writes to nothing that it was given."""
    clip = film(Gait(duration_s=4), Camera(noise_px=3, swap_runs=4, lost_share=0.02)).landmarks
    given = clip.xy_px.copy()
    clean(clip, SETTINGS)
    np.testing.assert_array_equal(clip.xy_px, given)
