from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.science import kinematics as kin
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side, other_side
from midstance.science.records import Facing, View
from midstance.science.signals import Array
from tests.science.helpers import FLAT_FEET, series, with_xy

Angles = NDArray[np.float64]
FORWARD: dict[Facing, float] = {"right": 1.0, "left": -1.0}
OUTWARD: dict[tuple[View, Side], float] = {
    ("front", "right"): -1.0,  # a runner who looks at the camera has the right side on the picture's left
    ("front", "left"): 1.0,
    ("rear", "right"): 1.0,
    ("rear", "left"): -1.0,
}
VIEWS_AND_SIDES = [pytest.param(v, s, id=f"{v}-{s}") for v, s in OUTWARD]
FACINGS_AND_SIDES = [pytest.param(f, s, id=f"facing {f}-{s}") for f in FORWARD for s in SIDES]


def up_from(start: tuple[float, float], length: float, lean_deg: float, forward: float) -> tuple[float, float]:
    """Return the upper end of a segment that leans forward by an angle, y down."""
    lean = np.radians(lean_deg)
    return start[0] + forward * length * float(np.sin(lean)), start[1] - length * float(np.cos(lean))


def sagittal(
    side: Side, facing: Facing, shank: float, thigh: float, trunk: float = 0, foot: float = 0
) -> LandmarkSeries:
    """Pose a runner by the lean of each segment in degrees, hip ahead of knee and so on positive."""
    forward = FORWARD[facing]
    ankle = (500.0, 900.0)
    knee = up_from(ankle, 170, shank, forward)
    hip = up_from(knee, 180, thigh, forward)
    shoulder = up_from(hip, 200, trunk, forward)
    heel = (ankle[0] - forward * 20, ankle[1] + 20)
    toe = up_from(heel, 90, 90 - foot, forward)
    own = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder, "heel": heel, "foot_index": toe}
    other = own | {"heel": (0, 0), "foot_index": (forward * 90, 0)}
    far = other_side(side)
    return series({f"{side}_{n}": p for n, p in own.items()} | {f"{far}_{n}": p for n, p in other.items()})


def frontal(view: View, side: Side, **outward_px: float) -> LandmarkSeries:
    """Pose one leg (hip 0, knee 100, ankle 200 px down) by the distance of each joint to the outside."""
    heights = {"shoulder": -150, "hip": 0, "knee": 100, "ankle": 200, "heel": 200, "foot_index": 210}
    sign = OUTWARD[view, side]
    return series({f"{side}_{n}": (500 + sign * out, 300 + heights[n]) for n, out in outward_px.items()})


# --- sagittal plane -------------------------------------------------------------------------------


def dorsiflexion(landmarks: LandmarkSeries, side: Side, flat_deg: float) -> Array:
    """Return the dorsiflexion of a foot whose line reads `flat_deg` when it is flat."""
    return kin.ankle_dorsiflexion(landmarks, side, kin.foot_pitch(landmarks, side, flat_deg))


@pytest.mark.parametrize(("facing", "side"), FACINGS_AND_SIDES)
@pytest.mark.parametrize("lean", [-20.0, 0.0, 23.5, 95.0])
def test_tibial_inclination_is_positive_with_the_knee_ahead(facing: Facing, side: Side, lean: float) -> None:
    """The shank's lean is read off for both facings and sides, also past the horizontal."""
    np.testing.assert_allclose(kin.tibial_inclination(sagittal(side, facing, lean, 0), side), lean, atol=1e-9)


@pytest.mark.parametrize(("facing", "side"), FACINGS_AND_SIDES)
@pytest.mark.parametrize(
    ("shank", "thigh", "flexion"),
    [(0, 0, 0), (12, 12, 0), (25, -15, 40), (-5, -20, 15), (100, -20, 120), (170, -30, -160), (5, 8, -3)],
)
def test_knee_flexion_is_positive_when_bent(
    facing: Facing, side: Side, shank: float, thigh: float, flexion: float
) -> None:
    """Straight is 0 at any lean of the leg, bent is positive, overstretched negative, and it wraps at 180."""
    found = kin.knee_flexion(sagittal(side, facing, shank, thigh), side)
    np.testing.assert_allclose(found, flexion, atol=1e-9)


@pytest.mark.parametrize(("facing", "side"), FACINGS_AND_SIDES)
def test_trunk_thigh_and_hip(facing: Facing, side: Side) -> None:
    """Forward lean of the trunk and a thigh that swings forward both flex the hip."""
    pose = sagittal(side, facing, shank=10, thigh=-30, trunk=8)
    np.testing.assert_allclose(kin.trunk_lean(pose), 8)
    np.testing.assert_allclose(kin.thigh_inclination(pose, side), -30)
    np.testing.assert_allclose(kin.hip_flexion(pose, side), 38)
    behind = sagittal(side, facing, shank=10, thigh=25, trunk=8)
    np.testing.assert_allclose(kin.hip_flexion(behind, side), -17)


@pytest.mark.parametrize(("facing", "side"), FACINGS_AND_SIDES)
@pytest.mark.parametrize("pitch", [-60.0, 0.0, 15.0])
def test_foot_pitch_is_positive_with_toes_up(facing: Facing, side: Side, pitch: float) -> None:
    """The heel-toe line against the horizontal, and against the line of the flat foot."""
    pose = sagittal(side, facing, 0, 0, foot=pitch)
    np.testing.assert_allclose(kin.foot_line_pitch(pose, side), pitch, atol=1e-9)
    np.testing.assert_allclose(kin.foot_pitch(pose, side, flat_deg=-4.0), pitch + 4, atol=1e-9)


@pytest.mark.parametrize(("facing", "side"), FACINGS_AND_SIDES)
def test_dorsiflexion_is_shank_lean_plus_toes_up(facing: Facing, side: Side) -> None:
    """Standing (shank leaning 4.8 over a flat foot) is 0; a shank leaning 20 over toes 10 up is 25.2."""
    np.testing.assert_allclose(dorsiflexion(sagittal(side, facing, 4.8, 0, foot=3), side, 3.0), 0, atol=1e-9)
    np.testing.assert_allclose(dorsiflexion(sagittal(side, facing, 20, 0, foot=13), side, 3.0), 25.2)


@pytest.mark.parametrize(("facing", "side"), FACINGS_AND_SIDES)
@pytest.mark.parametrize("tilt", [-6.0, 4.0])
def test_knee_and_hip_do_not_depend_on_the_roll_of_the_camera(facing: Facing, side: Side, tilt: float) -> None:
    """Turning the picture leaves knee, hip and foot against the ground; what is held against the vertical turns."""
    pose = sagittal(side, facing, 20, -15, trunk=8, foot=10)
    turn = np.radians(tilt)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    rolled = with_xy(pose, pose.xy_px @ matrix)
    forward = FORWARD[facing]
    np.testing.assert_allclose(kin.knee_flexion(rolled, side), 35)
    np.testing.assert_allclose(kin.hip_flexion(rolled, side), 23)
    np.testing.assert_allclose(kin.tibial_inclination(rolled, side), 20 + forward * tilt)
    flat_in_picture = -forward * tilt  # the ground's right side is low: a flat foot that looks there points down
    np.testing.assert_allclose(kin.foot_pitch(rolled, side, flat_in_picture), 10)
    np.testing.assert_allclose(dorsiflexion(rolled, side, flat_in_picture), 25.2 + forward * tilt)


# --- frontal plane --------------------------------------------------------------------------------


@pytest.mark.parametrize(("view", "side"), VIEWS_AND_SIDES)
def test_outward_sign(view: View, side: Side) -> None:
    """From the front the runner's right is on the picture's left, from the rear on its right."""
    assert kin.outward_sign(side, view) == OUTWARD[view, side]


@pytest.mark.parametrize(("view", "side"), VIEWS_AND_SIDES)
@pytest.mark.parametrize("inward", [-6.0, 0.0, 10.0])
def test_knee_valgus_is_positive_with_the_knee_inward(view: View, side: Side, inward: float) -> None:
    """A knee inside the line from hip to ankle is valgus, outside it varus."""
    pose = frontal(view, side, hip=30, knee=30 - inward, ankle=30)
    expected = 2 * np.degrees(np.arctan(inward / 100))
    np.testing.assert_allclose(kin.knee_valgus(pose, side, view), expected, atol=1e-9)


@pytest.mark.parametrize(("view", "side"), VIEWS_AND_SIDES)
def test_straight_leaning_leg_has_no_valgus(view: View, side: Side) -> None:
    """The whole leg may slant to the midline without being knock-kneed; the thigh is adducted then."""
    pose = frontal(view, side, hip=30, knee=15, ankle=0)
    np.testing.assert_allclose(kin.knee_valgus(pose, side, view), 0, atol=1e-9)
    np.testing.assert_allclose(kin.thigh_adduction(pose, side, view), np.degrees(np.arctan(0.15)))


@pytest.mark.parametrize(("view", "side"), VIEWS_AND_SIDES)
def test_trunk_side_lean_is_positive_towards_the_side(view: View, side: Side) -> None:
    """The same lean is positive for the side that it goes to and negative for the other."""
    sign = OUTWARD[view, side]
    hips = {f"{s}_hip": (500.0, 300.0) for s in SIDES}
    shoulders = {f"{s}_shoulder": (500.0 + sign * 20, 100.0) for s in SIDES}
    pose = series({**hips, **shoulders})
    expected = np.degrees(np.arctan(0.1))
    np.testing.assert_allclose(kin.trunk_side_lean(pose, side, view), expected)
    np.testing.assert_allclose(kin.trunk_side_lean(pose, other_side(side), view), -expected)


@pytest.mark.parametrize(("view", "side"), VIEWS_AND_SIDES)
@pytest.mark.parametrize("toe_out", [-10.0, 0.0, 7.0, 40.0])
def test_foot_progression_is_the_sideways_share_of_the_foot(view: View, side: Side, toe_out: float) -> None:
    """Toes out is positive on both sides; the height of the toe in the picture does not enter."""
    pose = frontal(view, side, heel=10, foot_index=10 + 80 * float(np.sin(np.radians(toe_out))))
    np.testing.assert_allclose(kin.foot_progression(pose, side, view, 80.0), toe_out, atol=1e-9)


def test_foot_wider_than_it_is_long_is_unknown() -> None:
    """A sideways distance longer than the foot is no angle, and no warning either."""
    assert np.isnan(kin.foot_progression(frontal("rear", "left", heel=0, foot_index=81), "left", "rear", 80.0)).all()


# --- missing and wrapping -------------------------------------------------------------------------

NEEDS: dict[str, tuple[Callable[[LandmarkSeries], Angles], tuple[str, ...]]] = {
    "tibial_inclination": (lambda s: kin.tibial_inclination(s, "left"), ("left_ankle", "left_knee")),
    "thigh_inclination": (lambda s: kin.thigh_inclination(s, "left"), ("left_knee", "left_hip")),
    "knee_flexion": (lambda s: kin.knee_flexion(s, "left"), ("left_ankle", "left_knee", "left_hip")),
    "trunk_lean": (kin.trunk_lean, ("left_hip", "right_hip", "left_shoulder", "right_shoulder")),
    "hip_flexion": (lambda s: kin.hip_flexion(s, "left"), ("left_knee", "right_hip", "right_shoulder")),
    "foot_pitch": (lambda s: kin.foot_pitch(s, "left", 2.0), ("left_heel", "left_foot_index")),
    "ankle_dorsiflexion": (
        lambda s: dorsiflexion(s, "left", 2.0),
        ("left_ankle", "left_knee", "left_heel", "left_foot_index"),
    ),
    "knee_valgus": (lambda s: kin.knee_valgus(s, "left", "front"), ("left_hip", "left_knee", "left_ankle")),
    "thigh_adduction": (lambda s: kin.thigh_adduction(s, "left", "front"), ("left_hip", "left_knee")),
    "trunk_side_lean": (lambda s: kin.trunk_side_lean(s, "left", "rear"), ("right_hip", "left_shoulder")),
    "foot_progression": (
        lambda s: kin.foot_progression(s, "left", "rear", 100.0),
        ("left_heel", "left_foot_index"),
    ),
}


@pytest.mark.parametrize(("name", "needed"), [(n, p) for n, (_, points) in NEEDS.items() for p in points])
def test_missing_landmark_makes_its_frame_unknown_and_no_other(name: str, needed: str) -> None:
    """NaN in is NaN out, in that frame only; no line is drawn across."""
    function, _ = NEEDS[name]
    pose = sagittal("left", "right", 20, -15, trunk=8, foot=10)
    xy = pose.xy_px.copy()
    xy[2, LANDMARK_INDEX[needed]] = np.nan
    found = function(with_xy(pose, xy))
    np.testing.assert_array_equal(np.isnan(found), [False, False, True, False, False])
    np.testing.assert_allclose(found[[0, 4]], function(pose)[[0, 4]])


@pytest.mark.parametrize(
    ("angle", "wrapped"), [(0, 0), (179, 179), (181, -179), (-181, 179), (180, -180), (540, -180), (-720, 0)]
)
def test_wrapping(angle: float, wrapped: float) -> None:
    """Angles are brought into -180..180."""
    assert kin.wrapped_deg(np.array([angle], dtype=float))[0] == wrapped


def test_feet_alone_tell_the_forward_direction() -> None:
    """The same shank is a forward lean for feet that look right and a backward one for feet that look left."""
    shank = {"left_ankle": (100.0, 100.0), "left_knee": (150.0, 100.0 - 50 * np.sqrt(3))}
    turned = {n: (200 - x, y) for n, (x, y) in FLAT_FEET.items()}
    np.testing.assert_allclose(kin.tibial_inclination(series({**FLAT_FEET, **shank}), "left"), 30)
    np.testing.assert_allclose(kin.tibial_inclination(series({**turned, **shank}), "left"), -30)
