"""From the pose model's landmarks to joint centres.

A pose model marks joints where people see them: the ankle on the outer malleolus, the toe at the big toe, the hip in
the flesh. Against centres of rotation these lie off by up to a twentieth of the leg, alike from runner to runner, and
this is what biases angles most. `_landmark_offsets` holds the mean distance through the stride, learnt on rendered
runners; `benchmarks/ACCURACY.md` judges it on bodies, cameras and habits that it never saw. Landmarks that do not
come from the pose model (a file without a model's name) are left as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from midstance.science._landmark_offsets import OFFSETS_LEGS
from midstance.science.contacts import Contacts
from midstance.science.kinematics import outward_sign
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.legs import forward_sign, leg_length_px
from midstance.science.phase import PERCENT, percent_of_stride
from midstance.science.records import Scene
from midstance.science.signals import Array

JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")


def joint_centres(landmarks: LandmarkSeries, contacts: Contacts, scene: Scene) -> LandmarkSeries:
    """Return landmarks moved to where the joint centres are expected.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from the pose model.
    contacts : Contacts
    scene : Scene

    Returns
    -------
    LandmarkSeries
        Heel and foot_index become the ends of the foot's axis.
    """
    xy_px = landmarks.xy_px.copy()
    leg_px = leg_length_px(landmarks)
    for side in SIDES:
        percent = percent_of_stride(landmarks.time_s, contacts.of(side))
        for joint in JOINTS if len(percent) else ():
            across, up = _offset(situation(scene, side), joint, percent) * leg_px
            place = xy_px[:, LANDMARK_INDEX[f"{side}_{joint}"]]
            place[:, 0] -= across * across_sign(landmarks, scene, side)
            place[:, 1] += up
    return replace(landmarks, xy_px=xy_px)


def situation(scene: Scene, side: Side) -> str:
    """Return which table a leg belongs to: `near`, `far`, `front` or `rear`."""
    if scene.view == "side":
        return "near" if side == scene.near_side else "far"
    return scene.view


def across_sign(landmarks: LandmarkSeries, scene: Scene, side: Side) -> Array | float:
    """Return +1 where forward (from the side) or outward (from front and rear) is to the picture's right, else -1."""
    return forward_sign(landmarks) if scene.view == "side" else outward_sign(side, scene.view)


def _offset(where: str, joint: str, percent: Array) -> Array:
    """Return how far a landmark lies from its centre, (2, n): forward or outward, and up, in leg lengths."""
    table = OFFSETS_LEGS.get((where, joint))
    if table is None:
        return np.zeros((2, len(percent)))
    return np.stack([np.interp(percent, PERCENT, axis) for axis in table])
