"""The curve measures of a view over the whole clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.science import kinematics as kin
from midstance.science.heel_rise import with_ankle_height
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import segment_length_px
from midstance.science.neutrals import NO_NEUTRALS, STANDING_NEUTRAL_DEG, Neutrals, StandingNeutral
from midstance.science.phase import course_over_stance
from midstance.science.records import AngleSeries, Scene
from midstance.science.signals import Array
from midstance.science.stances import Contacts

FOOT_OVER_SHANK = 0.52
"""Heel to toe over knee to ankle landmark, where no side view tells it."""
FLAT_SHARES = np.linspace(0.10, 0.40, 31)
"""Shares of the stance between landing and heel rise, in which the foot is flat at some time."""
MOST_SLOPE_DEG = 1.5
"""Most that the line of a flat foot is taken to be off level where its axis is known: a foot that is never quite flat,
as under a stiff ankle, must not pass for flat."""
FLAT_WINDOW = 10
"""Samples of them (a tenth of the stance) over which the foot's pitch is averaged."""


@dataclass(frozen=True)
class FootLength:
    """Length of the foot (heel to toe landmark) as a share of the shank, and whether it was seen."""

    over_shank: float = FOOT_OVER_SHANK
    known: bool = False


def measure_angles(
    landmarks: LandmarkSeries,
    contacts: Contacts,
    scene: Scene,
    foot: FootLength,
    neutrals: Neutrals = NO_NEUTRALS,
    *,
    foot_axes: bool = False,
) -> AngleSeries:
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
    neutrals : mapping of Side to StandingNeutral
        Zeros of the ankles, where a standing trial told them.
    foot_axes : bool
        Heel and toe are the ends of the foot's axis (`joint_centres`): what a flat foot reads off level is then the
        camera's roll or the belt's slope, and small. While the near foot is planted its pitch goes by the ankle's
        height (`heel_rise`).
    """
    values: dict[tuple[str, Side], Array] = {}
    for side in SIDES:
        if scene.view == "side":
            near = side == scene.near_side
            curves = _sagittal(landmarks, contacts, side, neutrals.get(side), axes=foot_axes, near=near)
        else:
            curves = _frontal(landmarks, scene, foot, side)
        values |= {(name, side): curve for name, curve in curves.items()}
    return AngleSeries(landmarks.time_s, values)


def _sagittal(
    landmarks: LandmarkSeries,
    contacts: Contacts,
    side: Side,
    standing: StandingNeutral | None,
    *,
    axes: bool,
    near: bool,
) -> dict[str, Array]:
    most_deg = MOST_SLOPE_DEG if axes else np.inf
    flat = float(np.clip(flat_foot_pitch_deg(landmarks, contacts, side), -most_deg, most_deg))
    pitch = kin.foot_pitch(landmarks, side, flat)
    if axes and near:
        pitch = with_ankle_height(pitch, landmarks, contacts.of(side), side)
    neutral = standing.neutral_deg if standing else STANDING_NEUTRAL_DEG
    return {
        "tibial_inclination": kin.tibial_inclination(landmarks, side),
        "ankle_dorsiflexion": kin.ankle_dorsiflexion(landmarks, side, pitch, neutral),
        "knee_flexion": kin.knee_flexion(landmarks, side),
        "hip_flexion": kin.hip_flexion(landmarks, side),
        "foot_pitch": pitch,
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

    The foot turns least while it is flat, between landing and the rise of the heel. A runner's stances are laid
    over each other, and the mean over the stillest part of their median course is taken: a fixed part of the
    stance would hold heel rise in those who rise early. It holds the slope of the ground in the picture and the
    unequal heights of the two landmarks.
    """
    pitch = kin.foot_line_pitch(landmarks, side)
    course = course_over_stance(landmarks.time_s, pitch, contacts.of(side), FLAT_SHARES)
    return float("nan") if course is None else _stillest(course)


def _stillest(course: Array) -> float:
    """Return the mean over the window in which a course changes least."""
    windows = np.lib.stride_tricks.sliding_window_view(course, FLAT_WINDOW)
    return float(windows[np.argmin(np.ptp(windows, axis=1))].mean())


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
