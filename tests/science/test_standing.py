"""The zero of an ankle, from landmarks of somebody who stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.api import ClipLandmarks, analyze_landmarks, find_neutrals, reanalyse
from midstance.science.errors import CannotAnalyseError, NoRunnerError, NotStandingError
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.neutrals import LOADED_FOOT_DEG, STANDING_NEUTRAL_DEG, StandingNeutral
from midstance.science.records import Analysis, SummaryRow
from midstance.science.settings import CleaningSettings
from midstance.science.standing import standing_neutral
from midstance.science.uncertainty import BESIDE_RENDERED, WITH_STANDING
from tests.science.helpers import clip_facts
from tests.support.runner import Camera, Gait, film
from tests.support.standing import standing, with_points


def measured(landmarks: LandmarkSeries) -> StandingNeutral:
    """Return the zero of a clip with the usual settings."""
    return standing_neutral(landmarks, CleaningSettings())


@given(lean_deg=st.floats(-4, 10), facing=st.sampled_from(["left", "right"]), scale=st.floats(0.5, 3))
def test_lean_of_the_near_shank_is_the_zero(lean_deg: float, facing: Side, scale: float) -> None:
    """Whichever way the person looks, and however large the picture."""
    landmarks = standing(lean_deg, facing=facing)
    found = measured(with_points(landmarks.xy_px * scale))
    assert found.side == facing
    assert found.angle_deg == pytest.approx(lean_deg, abs=1e-6)
    assert found.neutral_deg == pytest.approx(lean_deg + LOADED_FOOT_DEG)
    assert found.seconds == pytest.approx(3.0)


def test_only_the_time_without_motion_counts() -> None:
    """Somebody who steps into place and then stands is measured while standing."""
    landmarks = standing(5.0, seconds=4.0)
    xy_px = landmarks.xy_px.copy()
    moving = landmarks.time_s < 2
    xy_px[moving] += np.stack([400 * (landmarks.time_s[moving] - 2), np.zeros(moving.sum())], 1)[:, None]
    knee = LANDMARK_INDEX["right_knee"]
    xy_px[moving, knee, 0] += 40
    found = measured(with_points(xy_px))
    assert found.angle_deg == pytest.approx(5.0, abs=1e-6)
    assert found.seconds == pytest.approx(2.0, abs=0.1)


def test_noise_averages_out() -> None:
    """Points that jump by 3 px each frame give the zero to half a degree, and say how much they jumped."""
    landmarks = standing(4.0)
    noise = np.random.default_rng(1).normal(0, 3, landmarks.xy_px.shape)
    found = measured(with_points(landmarks.xy_px + noise))
    assert found.angle_deg == pytest.approx(4.0, abs=0.5)
    assert 0.5 < found.sd_deg < 4


@pytest.mark.parametrize(
    "landmarks",
    [
        standing(25.0, knee_deg=50.0),
        standing(foot_px=25.0),
        standing(apart_px=90.0),
        film(Gait(duration_s=4), Camera("side")).landmarks,
    ],
    ids=["bent knees", "from the front", "one foot before the other", "running"],
)
def test_what_is_no_quiet_standing_from_the_side_is_refused(landmarks: LandmarkSeries) -> None:
    """The message says what to film."""
    with pytest.raises(NotStandingError, match="film 3 s from the side, standing still"):
        measured(landmarks)


def test_too_short_a_clip_is_refused() -> None:
    """Under a second nothing tells standing from a step; under three quarters nobody is seen for long enough."""
    with pytest.raises(NotStandingError):
        measured(standing(seconds=0.9))
    with pytest.raises(NoRunnerError):
        measured(standing(seconds=0.5))


def _clip(landmarks: LandmarkSeries, name: str = "clip.csv") -> ClipLandmarks:
    return ClipLandmarks(landmarks, replace(clip_facts(landmarks), file=name), None)


@pytest.fixture(scope="module")
def run() -> list[tuple[str, ClipLandmarks]]:
    """A run from the side."""
    return [("side", _clip(film(Gait(duration_s=8), Camera("side")).landmarks))]


def _row(analysis: Analysis, side: Side, measure: str = "ankle_dorsiflexion") -> SummaryRow:
    (row,) = [r for r in analysis.summary if (r.side, r.measure, r.instant) == (side, measure, "stance_peak")]
    return row


def test_dorsiflexion_counts_from_the_standing_trial(run: list) -> None:  # type: ignore[type-arg] # of (view, clip)
    """The near ankle's zero moves by what the person stands off the mean; its error shrinks; nothing else changes."""
    lean_deg = 7.0
    before = analyze_landmarks(run)
    after = analyze_landmarks(run, neutrals=find_neutrals([_clip(standing(lean_deg), "still.mp4")]))
    near, far = SIDES[1], SIDES[0]
    moved = _row(after, near).median - _row(before, near).median
    assert moved == pytest.approx(STANDING_NEUTRAL_DEG - (lean_deg + LOADED_FOOT_DEG))
    spared = _row(before, near).standard_error ** 2 - _row(after, near).standard_error ** 2
    name = "ankle_dorsiflexion"
    assert spared == pytest.approx(BESIDE_RENDERED[name] ** 2 - WITH_STANDING[name] ** 2)
    assert _row(after, far).median == _row(before, far).median
    assert _row(after, near, "knee_flexion").median == _row(before, near, "knee_flexion").median
    (note,) = [n for n in after.views[0].notes if n.check == "standing"]
    assert (note.level, "still.mp4" in note.message) == ("good", True)
    (advice,) = [n for n in before.views[0].notes if n.check == "standing"]
    assert (advice.level, "--standing" in advice.message) == ("good", True)


def test_edits_keep_the_standing_trial(run: list) -> None:  # type: ignore[type-arg] # of (view, clip)
    """An analysis made anew from an analysis still counts from the same zero."""
    first = analyze_landmarks(run, neutrals=find_neutrals([_clip(standing(7.0))]))
    assert _row(reanalyse(first), "right").median == _row(first, "right").median


def test_trial_of_the_other_side_is_said_to_be_missing(run: list) -> None:  # type: ignore[type-arg] # of (view, clip)
    """A standing clip of the left leg helps no right leg, and the report says so."""
    found = analyze_landmarks(run, neutrals=find_neutrals([_clip(standing(7.0, facing="left"))]))
    (note,) = [n for n in found.views[0].notes if n.check == "standing"]
    assert note.level == "caution"
    assert _row(found, "right").median == _row(analyze_landmarks(run), "right").median


def test_two_trials_of_one_side_are_refused() -> None:
    """Which one counts would be a guess."""
    with pytest.raises(CannotAnalyseError, match="two that show the right side"):
        find_neutrals([_clip(standing()), _clip(standing(5.0))])


def test_refusal_names_the_clip() -> None:
    """With several clips on the command line the message says which."""
    with pytest.raises(NotStandingError, match=r"^squat\.mp4: expected"):
        find_neutrals([_clip(standing(25.0, knee_deg=50.0), "squat.mp4")])
