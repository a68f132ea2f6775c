from __future__ import annotations

import numpy as np
import pytest

from midstance.science.angles import FOOT_OVER_SHANK, FootLength, foot_length_from_side, measure_angles
from midstance.science.catalogue import measures_of
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side
from midstance.science.records import AngleSeries, Instant, View
from midstance.science.stances import Contacts
from tests.science.helpers import STEADY, frontal_run_of, numbers_of, run_of, series, stride_of, values_of, with_xy
from tests.support.runner import FOOT_M, SHANK_M, Camera, Filmed, Gait, TrueStance, film

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses

SAGITTAL = ("tibial_inclination", "ankle_dorsiflexion", "knee_flexion", "hip_flexion", "foot_pitch", "trunk_lean")
FRONTAL = ("foot_progression", "knee_valgus", "hip_adduction", "trunk_side_lean")
FOOT_LENGTH_M = FOOT_M["foot_index"][0] - FOOT_M["heel"][0]


def true_stance(filmed: Filmed, side: Side, contact_s: float) -> TrueStance:
    """Return the true stance that an initial contact belongs to."""
    return min((s for s in filmed.stances() if s.side == side), key=lambda s: abs(s.initial_contact_s - contact_s))


def errors_deg(gait: Gait, camera: Camera, measure: str, instant: Instant, side: Side) -> np.ndarray:
    """Return found less true values of one angle over the strides, at the found and the true instant."""
    filmed, view = run_of(gait, camera) if camera.view == "side" else frontal_run_of(gait, camera)
    out = []
    for value in values_of(view, measure, instant, side):
        stance = true_stance(filmed, side, stride_of(view, value).initial_contact_s)
        at_s = {"initial_contact": stance.initial_contact_s, "midstance": stance.midstance_s}[instant]
        out.append(value.value - filmed.angle(measure, side, at_s))
    assert len(out) >= 6
    return np.array(out)


@pytest.mark.parametrize("facing", SIDES)
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("measure", SAGITTAL)
def test_sagittal_angles_at_midstance(measure: str, side: Side, facing: Side) -> None:
    """Every angle at midstance is the figure's own within 0.7 degrees, for both legs and facings."""
    assert np.abs(errors_deg(STEADY, Camera(facing=facing), measure, "midstance", side)).max() < 0.7


@pytest.mark.parametrize(("strike", "fps", "limit"), [("rear", 120, 1.0), ("mid", 120, 2.0), ("fore", 120, 2.0)])
@pytest.mark.parametrize("measure", ["tibial_inclination", "knee_flexion", "hip_flexion", "trunk_lean"])
def test_sagittal_angles_at_contact(measure: str, strike: str, fps: float, limit: float) -> None:
    """At 120 frames/s the angles at contact are right within 2 degrees whatever lands first."""
    gait = Gait(strike=strike, variability=0.02)
    assert np.abs(errors_deg(gait, Camera(fps=fps), measure, "initial_contact", "right")).max() < limit


@pytest.mark.parametrize(("strike", "low", "high"), [("rear", 10, 17), ("mid", -3, 3), ("fore", -12, -6)])
def test_foot_pitch_at_contact_tells_the_strike(strike: str, low: float, high: float) -> None:
    """Heel strikers land toes up (15 true), forefoot strikers toes down (-9), midfoot strikers flat (1)."""
    _, view = run_of(Gait(strike=strike, variability=0.02), Camera(fps=120))
    found = numbers_of(view, "foot_pitch", "initial_contact", "right")
    assert low < found.min() <= found.max() < high


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("measure", FRONTAL)
def test_frontal_angles_at_midstance(measure: str, side: Side, view: View) -> None:
    """From front and rear every angle at midstance is right within 0.7 degrees, on both sides."""
    assert np.abs(errors_deg(STEADY, Camera(view, distance_m=3.5), measure, "midstance", side)).max() < 0.7


@pytest.mark.parametrize(("inward", "toe_out"), [(-0.02, -8.0), (0.03, 15.0)])
def test_valgus_and_toe_out_keep_their_slope(inward: float, toe_out: float) -> None:
    """Changes of the true angle are shown in full, sign included."""
    gait = Gait(knee_inward_m=(inward, inward / 2), toe_out_deg=(toe_out, toe_out / 2))
    for side in SIDES:
        assert np.abs(errors_deg(gait, Camera("rear", distance_m=3.5), "knee_valgus", "midstance", side)).max() < 0.7
        assert (
            np.abs(errors_deg(gait, Camera("rear", distance_m=3.5), "foot_progression", "midstance", side)).max() < 1.0
        )


def test_roll_of_the_camera_moves_what_is_held_against_the_vertical_alone() -> None:
    """With the picture's right side 4 degrees low, a runner to the right leans 4 forward; joints stay."""
    level, rolled = (run_of(STEADY, Camera(roll_deg=r))[1] for r in (0.0, 4.0))
    shifts = {m: np.mean(numbers_of(rolled, m, "midstance", "right") - numbers_of(level, m, "midstance", "right"))
              for m in SAGITTAL}  # fmt: skip
    expected = dict.fromkeys(SAGITTAL, 0.0) | dict.fromkeys(
        ("tibial_inclination", "trunk_lean", "ankle_dorsiflexion"), 4.0
    )
    assert shifts == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("measure", ["tibial_inclination", "knee_flexion", "ankle_dorsiflexion"])
def test_perspective_of_a_phone_costs_little_from_the_side(measure: str) -> None:
    """From 3.5 m away the near leg's angles at midstance are within a degree of the parallel picture's."""
    assert np.abs(errors_deg(STEADY, Camera(distance_m=3.5), measure, "midstance", "right")).max() < 1.0


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("distance_m", [2.5, 6.0])
def test_distance_of_the_phone_costs_little_from_the_front(view: View, distance_m: float) -> None:
    """A bent knee is nearer to a front camera and looks further out: put right for a usual distance, within 1.3 deg."""
    for side in SIDES:
        for measure in ("knee_valgus", "foot_progression"):
            camera = Camera(view, distance_m=distance_m)
            assert np.abs(errors_deg(STEADY, camera, measure, "midstance", side)).max() < 1.3


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("yaw_deg", [-8.0, 5.0])
def test_camera_off_the_line_of_running_costs_little(view: View, yaw_deg: float) -> None:
    """Uncorrected, 8 degrees of yaw are 8 of foot progression and 6 of valgus; both stay within 1.2 degrees."""
    for side in SIDES:
        for measure in ("knee_valgus", "foot_progression"):
            camera = Camera(view, distance_m=3.5, yaw_deg=yaw_deg)
            assert np.abs(errors_deg(STEADY, camera, measure, "midstance", side)).max() < 1.2


def test_each_view_has_its_curves_for_both_sides() -> None:
    """The curves of a view are those of the catalogue, less what landmarks cannot show."""
    unseen = {"pelvic_tilt", "pelvic_drop"}
    for view in ("side", "front", "rear"):
        wanted = {m.name for m in measures_of(view) if m.kind == "curve"} - unseen
        found = run_of(STEADY, Camera(view))[1].angles.values
        assert set(found) == {(name, side) for name in wanted for side in SIDES}


# --- the foot -------------------------------------------------------------------------------------


def test_foot_length_is_measured_from_the_side() -> None:
    """The near foot over the near shank; known from then on."""
    length = foot_length_from_side(film(Gait(toe_out_deg=(0, 0))).landmarks, "right")
    assert length.known
    assert length.over_shank == pytest.approx(np.hypot(FOOT_LENGTH_M, 0.01) / SHANK_M, rel=0.01)


def test_foot_length_is_the_usual_one_where_no_foot_is_seen() -> None:
    """Without heel and toe the body's proportions stand in, and the record says so."""
    assert foot_length_from_side(series({"right_knee": (0, 0), "right_ankle": (0, 100)}), "right") == FootLength(
        FOOT_OVER_SHANK, known=False
    )


def test_foot_without_a_stance_has_no_flat_line() -> None:
    """Foot pitch and dorsiflexion are unknown without a stance to take the flat foot from; the rest stays."""
    _, view = run_of(STEADY)
    nothing = Contacts((), dict.fromkeys(SIDES, float("nan")), timing_assumed=False)
    angles = measure_angles(view.landmarks, nothing, view.scene, FootLength())
    for name, known in (("foot_pitch", False), ("ankle_dorsiflexion", False), ("knee_flexion", True)):
        assert np.isfinite(angles.values[name, "right"]).all() == known


def test_flat_foot_is_zero_although_its_landmarks_are_not_level() -> None:
    """Heel and toe landmarks at unequal heights, and a rolled camera, leave the flat foot at zero."""
    for roll in (0.0, 5.0):
        _, view = run_of(STEADY, Camera(roll_deg=roll))
        np.testing.assert_allclose(numbers_of(view, "foot_pitch", "midstance", "right"), 0, atol=0.6)


# --- the record -----------------------------------------------------------------------------------


def test_angle_at_a_time() -> None:
    """Between samples a line; outside the clip, next to a gap or for another measure nothing."""
    angles = AngleSeries(np.arange(5.0), {("knee_flexion", "left"): np.array([0, 10, np.nan, 30, 40])})
    assert angles.at("knee_flexion", "left", 0.25) == pytest.approx(2.5)
    unknown: tuple[tuple[str, Side, float], ...] = (
        ("knee_flexion", "left", 1.5),
        ("knee_flexion", "left", 4.1),
        ("knee_flexion", "left", -0.1),
        ("knee_flexion", "right", 1.0),
        ("trunk_lean", "left", 1.0),
    )
    for measure, side, time_s in unknown:
        assert np.isnan(angles.at(measure, side, time_s))


def test_missing_landmark_leaves_the_other_angles() -> None:
    """A toe that is never seen takes foot angles with it and no other."""
    _, view = run_of(STEADY)
    xy = view.landmarks.xy_px.copy()
    xy[:, LANDMARK_INDEX["right_foot_index"]] = np.nan
    contacts = Contacts((), dict.fromkeys(SIDES, float("nan")), timing_assumed=False)
    angles = measure_angles(with_xy(view.landmarks, xy), contacts, view.scene, FootLength()).values
    assert np.isnan(angles["foot_pitch", "right"]).all()
    for name in ("knee_flexion", "tibial_inclination", "hip_flexion", "trunk_lean"):
        np.testing.assert_allclose(angles[name, "right"], view.angles.values[name, "right"])
