"""From the pose model's landmarks to joint centres.

A pose model marks joints where people see them: the ankle on the outer malleolus, the toe at the big toe, the hip in
the flesh. Against centres of rotation these lie off by up to a twentieth of the leg, alike from runner to runner, and
this is what biases angles most. `_landmark_offsets` holds the mean distance through the stride, learnt on rendered
runners; `benchmarks/ACCURACY.md` judges it on bodies, cameras and habits that it never saw. Landmarks that do not
come from the pose model (a file without a model's name) are left as they are.

From the side, heel and toe go by the pitch of the foot instead: how far they lie off depends on how steep the foot
stands, and a runner whose heel rises early has it steep at an unusual time.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from midstance.science._landmark_offsets import OFFSETS_LEGS
from midstance.science.kinematics import foot_line_pitch, outward_sign
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.legs import forward_sign, leg_length_px
from midstance.science.model_names import has_own_networks
from midstance.science.phase import PERCENT, percent_of_stride
from midstance.science.records import Scene
from midstance.science.signals import Array
from midstance.science.stances import Contacts

JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
JOINTS_BESIDE_OWN_NETWORKS = ("shoulder", "hip")
"""Knees and feet of our own networks are joint centres as they come."""
BY_PITCH = ("heel", "foot_index")
"""Joints that from the side go by the pitch of the foot."""
FRONTAL = ("front", "rear")
MIDDLE_OF_STANCE_PERCENT = 16.0
"""Of the stride."""
PITCH_DEG = np.linspace(-70, 30, 21)
"""Of the line from heel to toe landmark, at which tables by pitch have their values."""


def joint_centres(landmarks: LandmarkSeries, contacts: Contacts, scene: Scene, model: str) -> LandmarkSeries:
    """Return landmarks moved to where the joint centres are expected.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from the pose model.
    contacts : Contacts
    scene : Scene
    model : str
        Name of the pose model, see `model_names`.

    Returns
    -------
    LandmarkSeries
        Heel and foot_index become the ends of the foot's axis.
    """
    xy_px = landmarks.xy_px.copy()
    for side in SIDES:
        percent = percent_of_stride(landmarks.time_s, contacts.of(side))
        if len(percent):
            _move(xy_px, landmarks, situation(scene, side), side, percent, model)
    return replace(landmarks, xy_px=xy_px)


def centres_in_standing(landmarks: LandmarkSeries, near: Side, model: str | None) -> LandmarkSeries:
    """Return landmarks of somebody who stands, the near leg's moved to where its joint centres are expected.

    What is seen of a leg that stands is taken to lie off as in the middle of stance, when it is nearest to upright.

    Parameters
    ----------
    landmarks : LandmarkSeries
        From the side.
    near : Side
    model : str or None
        Name of the pose model; None leaves the landmarks as they are.
    """
    if not model:
        return landmarks
    xy_px = landmarks.xy_px.copy()
    _move(xy_px, landmarks, "near", near, np.full(len(landmarks), MIDDLE_OF_STANCE_PERCENT), model)
    return replace(landmarks, xy_px=xy_px)


def _move(xy_px: Array, landmarks: LandmarkSeries, where: str, side: Side, percent: Array, model: str) -> None:
    """Move one side's joints in `xy_px` (n, 33, 2), at each time by what the table has for it."""
    leg_px, sign = leg_length_px(landmarks), across_sign(landmarks, where, side)
    for joint in joints_moved(model):
        at = place_in_table(landmarks, where, side, joint, percent)
        across, up = _offset(where, joint, at) * leg_px
        place = xy_px[:, LANDMARK_INDEX[f"{side}_{joint}"]]
        place[:, 0] -= across * sign
        place[:, 1] += up


def joints_moved(model: str) -> tuple[str, ...]:
    """Return the joints whose landmarks lie off their centres."""
    return JOINTS_BESIDE_OWN_NETWORKS if has_own_networks(model) else JOINTS


def situation(scene: Scene, side: Side) -> str:
    """Return which table a leg belongs to: `near`, `far`, `front` or `rear`."""
    if scene.view == "side":
        return "near" if side == scene.near_side else "far"
    return scene.view


def across_sign(landmarks: LandmarkSeries, where: str, side: Side) -> Array | float:
    """Return +1 where forward (from the side) or outward (from front and rear) is to the picture's right, else -1."""
    return outward_sign(side, "front" if where == "front" else "rear") if where in FRONTAL else forward_sign(landmarks)


def place_in_table(landmarks: LandmarkSeries, where: str, side: Side, joint: str, percent: Array) -> Array:
    """Return what a joint's table goes by at each time: the foot's pitch in degrees, or percent of the stride."""
    return foot_line_pitch(landmarks, side) if _by_pitch(where, joint) else percent


def steps_of(where: str, joint: str) -> Array:
    """Return the steps of a joint's table: `PITCH_DEG` or `PERCENT`."""
    return PITCH_DEG if _by_pitch(where, joint) else PERCENT


def _by_pitch(where: str, joint: str) -> bool:
    return where not in FRONTAL and joint in BY_PITCH


def _offset(where: str, joint: str, place: Array) -> Array:
    """Return how far a landmark lies from its centre, (2, n): forward or outward, and up, in leg lengths."""
    table = OFFSETS_LEGS.get((where, joint))
    if table is None:
        return np.zeros((2, len(place)))
    return np.stack([np.interp(place, steps_of(where, joint), axis) for axis in table])
