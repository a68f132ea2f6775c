"""The curve measures of a view over the whole clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.science import kinematics as kin
from midstance.science.contacts import Contacts
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import mean_over, segment_length_px
from midstance.science.records import AngleSeries, Scene
from midstance.science.scene import flat_part
from midstance.science.signals import Array

FOOT_OVER_SHANK = 0.52
"""Heel to toe over knee to ankle landmark, where no side view tells it."""


@dataclass(frozen=True)
class FootLength:
    """Length of the foot (heel to toe landmark) as a share of the shank, and whether it was seen."""

    over_shank: float = FOOT_OVER_SHANK
    known: bool = False


def measure_angles(landmarks: LandmarkSeries, contacts: Contacts, scene: Scene, foot: FootLength) -> AngleSeries:
    """Return every curve measure that the view allows, for both sides.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned.
    contacts : Contacts
        For the stretches in which the foot is flat.
    scene : Scene
    foot : FootLength
        For the foot progression angle.
    """
    values: dict[tuple[str, Side], Array] = {}
    for side in SIDES:
        if scene.view == "side":
            curves = _sagittal(landmarks, contacts, side)
        else:
            curves = _frontal(landmarks, scene, foot, side)
        values |= {(name, side): curve for name, curve in curves.items()}
    return AngleSeries(landmarks.time_s, values)


def _sagittal(landmarks: LandmarkSeries, contacts: Contacts, side: Side) -> dict[str, Array]:
    flat = flat_foot_pitch_deg(landmarks, contacts, side)
    return {
        "tibial_inclination": kin.tibial_inclination(landmarks, side),
        "ankle_dorsiflexion": kin.ankle_dorsiflexion(landmarks, side, flat),
        "knee_flexion": kin.knee_flexion(landmarks, side),
        "hip_flexion": kin.hip_flexion(landmarks, side),
        "foot_pitch": kin.foot_pitch(landmarks, side, flat),
        "trunk_lean": kin.trunk_lean(landmarks),
    }


def _frontal(landmarks: LandmarkSeries, scene: Scene, foot: FootLength, side: Side) -> dict[str, Array]:
    foot_px = foot.over_shank * _shank_px(landmarks)
    return {
        "foot_progression": kin.foot_progression(landmarks, side, scene.view, foot_px),
        "knee_valgus": kin.knee_valgus(landmarks, side, scene.view),
        "hip_adduction": kin.thigh_adduction(landmarks, side, scene.view),
        "trunk_side_lean": kin.trunk_side_lean(landmarks, side, scene.view),
    }


def flat_foot_pitch_deg(landmarks: LandmarkSeries, contacts: Contacts, side: Side) -> float:
    """Return the pitch of the heel-toe line while the foot is flat: the zero of the foot's angles.

    Median over the stances of the mean over the flat part of each. It holds the slope of the ground in the
    picture and the unequal heights of the two landmarks.
    """
    pitch = kin.foot_line_pitch(landmarks, side)
    flats = [mean_over(landmarks, pitch, *flat_part(c)) for c in contacts.of(side)]
    known = [f for f in flats if np.isfinite(f)]
    return float(np.median(known)) if known else float("nan")


def foot_length_from_side(landmarks: LandmarkSeries, near: Side) -> FootLength:
    """Measure the near foot over the near shank in a side view."""
    line = landmarks.point(f"{near}_foot_index") - landmarks.point(f"{near}_heel")
    lengths = np.hypot(line[:, 0], line[:, 1])
    shank = segment_length_px(landmarks, f"{near}_knee", f"{near}_ankle")
    if not np.isfinite(lengths).any() or not shank > 0:
        return FootLength()
    return FootLength(float(np.nanmedian(lengths)) / shank, known=True)


def _shank_px(landmarks: LandmarkSeries) -> float:
    shanks = [segment_length_px(landmarks, f"{s}_knee", f"{s}_ankle") for s in SIDES]
    return float(np.nanmean(shanks)) if np.isfinite(shanks).any() else float("nan")
