from __future__ import annotations

import numpy as np
import pytest

from midstance.science.landmarks import LANDMARK_INDEX, SIDES
from midstance.science.records import View, ViewAnalysis
from midstance.science.squaring import JOINTS, USUAL_FORE_AFT, find_yaw_deg, squared_up
from midstance.science.stances import Contact, Contacts
from midstance.science.view import facts_from_side
from tests.science.helpers import STEADY, cleaned, frontal_run_of, run_of
from tests.support.runner import SHANK_M, THIGH_M, Camera, Gait, film

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("yaw_deg", [-8.0, 0.0, 3.0, 8.0])
def test_yaw_is_found_from_the_feet_on_the_belt(view: View, yaw_deg: float) -> None:
    """The angle off the line of running is found within half a degree, by the speed that the side view tells."""
    _, found = frontal_run_of(STEADY, Camera(view, distance_m=3.5, yaw_deg=yaw_deg))
    assert abs(found.scene.yaw_deg) == pytest.approx(abs(yaw_deg), abs=0.5)


def test_sign_of_yaw_is_that_of_the_drift_in_the_picture() -> None:
    """A turn that makes feet drift to the picture's right from the front makes them drift to its left from behind."""
    signs = [
        np.sign(frontal_run_of(STEADY, Camera(view, distance_m=3.5, yaw_deg=6.0))[1].scene.yaw_deg)
        for view in ("front", "rear")
    ]
    mirrored = np.sign(frontal_run_of(STEADY, Camera("front", distance_m=3.5, yaw_deg=-6.0))[1].scene.yaw_deg)
    assert signs == [1, -1]
    assert mirrored == -1


def test_yaw_is_not_told_without_feet_on_the_belt() -> None:
    """Too few stances, or a side view, have none; nor has a runner who crosses the picture."""
    nothing = Contacts((), dict.fromkeys(SIDES, float("nan")), timing_assumed=True)
    assert np.isnan(find_yaw_deg(cleaned(film(STEADY, Camera("front"))), nothing, 2.9))
    assert np.isnan(run_of(STEADY)[1].scene.yaw_deg)


def test_side_view_tells_the_course_of_the_leg() -> None:
    """Speed and fore-and-aft places come out in leg lengths: the ankle lies under the hip at midstance."""
    course = facts_from_side(run_of(STEADY)[1]).fore_aft
    leg_m = THIGH_M + SHANK_M
    assert course.seen
    assert course.speed_legs_s == pytest.approx(2.5 / leg_m, rel=0.05)
    midstance_percent = 100 * 0.40 * STEADY.duty
    ankle = np.interp(midstance_percent, np.linspace(0, 100, 21), course.ahead_legs["ankle"])
    assert ankle == pytest.approx(0.0, abs=0.03)
    knee = np.interp(midstance_percent, np.linspace(0, 100, 21), course.ahead_legs["knee"])
    assert knee > 0.1


def test_usual_course_is_like_a_runners() -> None:
    """Where no side view helps, the course in store is near another runner's through the stance."""
    course = facts_from_side(run_of(STEADY)[1]).fore_aft
    for joint in ("knee", "ankle"):
        stance = slice(2, 7)
        np.testing.assert_allclose(USUAL_FORE_AFT.ahead_legs[joint][stance], course.ahead_legs[joint][stance], atol=0.2)


def test_hips_and_trunk_are_left_alone() -> None:
    """Squaring up moves the legs alone, sideways alone, and not those of a frame without strides around it."""
    filmed = film(Gait(duration_s=3.0), Camera("front", distance_m=3.5, yaw_deg=5.0))
    landmarks = cleaned(filmed)
    _, found = frontal_run_of(STEADY, Camera("front", distance_m=3.5))
    nothing = Contacts((), dict.fromkeys(SIDES, float("nan")), timing_assumed=True)
    assert np.array_equal(
        squared_up(landmarks, nothing, "front", USUAL_FORE_AFT, 5.0).xy_px, landmarks.xy_px, equal_nan=True
    )
    moved = (
        squared_up(found.landmarks, found_contacts(found), "front", USUAL_FORE_AFT, 5.0).xy_px - found.landmarks.xy_px
    )
    legs = [LANDMARK_INDEX[f"{s}_{j}"] for s in SIDES for j in JOINTS]
    others = [i for i in range(33) if i not in legs]
    assert np.nanmax(np.abs(moved[:, others])) == 0
    assert np.nanmax(np.abs(moved[..., 1])) == 0
    assert np.nanmin(np.abs(moved[:, legs, 0]).max(axis=0)) > 1


def found_contacts(view: ViewAnalysis) -> Contacts:
    """Return the stances of an analysis."""
    stances = tuple(Contact(s.side, s.initial_contact_s, s.toe_off_s) for s in view.strides)
    return Contacts(stances, dict.fromkeys(SIDES, float("nan")), timing_assumed=False)
