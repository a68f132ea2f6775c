"""Angles of the body segments in the picture plane, at every moment of the clip.

Every function takes cleaned landmarks and returns an (n,) array in degrees, NaN where a landmark is missing.
Signs are those of the contract: the positive direction is the one named. Angles are two-dimensional
projections: a side view sees the sagittal plane, a front or rear view the frontal plane.
"""

from __future__ import annotations

import numpy as np

from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.legs import forward_sign
from midstance.science.neutrals import STANDING_NEUTRAL_DEG
from midstance.science.records import View
from midstance.science.signals import Array


def lean_deg(lower: Array, upper: Array, towards: Array | float) -> Array:
    """Return the angle of the line from `lower` to `upper` against the picture's vertical.

    Parameters
    ----------
    lower, upper : (n, 2) arrays
        In pixels, y down.
    towards : (n,) array or float
        +1 where leaning to the picture's right counts as positive, -1 where to its left.
    """
    line = upper - lower
    return np.degrees(np.arctan2(line[:, 0] * towards, -line[:, 1]))


def wrapped_deg(angle_deg: Array) -> Array:
    """Bring angles into -180..180 degrees."""
    return (angle_deg + 180) % 360 - 180


# --- sagittal plane -------------------------------------------------------------------------------


def tibial_inclination(landmarks: LandmarkSeries, side: Side) -> Array:
    """Ankle to knee against vertical; positive = knee ahead of ankle."""
    return lean_deg(landmarks.point(f"{side}_ankle"), landmarks.point(f"{side}_knee"), forward_sign(landmarks))


def thigh_inclination(landmarks: LandmarkSeries, side: Side) -> Array:
    """Knee to hip against vertical; positive = hip ahead of knee."""
    return lean_deg(landmarks.point(f"{side}_knee"), landmarks.point(f"{side}_hip"), forward_sign(landmarks))


def knee_flexion(landmarks: LandmarkSeries, side: Side) -> Array:
    """Hip-knee-ankle; 0 = straight, positive = bent."""
    bend = tibial_inclination(landmarks, side) - thigh_inclination(landmarks, side)
    return wrapped_deg(bend)


def trunk_lean(landmarks: LandmarkSeries) -> Array:
    """Middle of the hips to middle of the shoulders against vertical; positive = forward."""
    return lean_deg(landmarks.midpoint("hip"), landmarks.midpoint("shoulder"), forward_sign(landmarks))


def hip_flexion(landmarks: LandmarkSeries, side: Side) -> Array:
    """Thigh against the trunk; 0 = in line, positive = thigh forward.

    The trunk stands in for the pelvis, which the landmarks do not show.
    """
    return wrapped_deg(trunk_lean(landmarks) - thigh_inclination(landmarks, side))


def foot_line_pitch(landmarks: LandmarkSeries, side: Side) -> Array:
    """Heel to toe landmark against the picture's horizontal; positive = toes up.

    The two landmarks do not lie at equal heights on a flat foot: see `flat_foot_pitch_deg`.
    """
    line = landmarks.point(f"{side}_foot_index") - landmarks.point(f"{side}_heel")
    return np.degrees(np.arctan2(-line[:, 1], line[:, 0] * forward_sign(landmarks)))


def foot_pitch(landmarks: LandmarkSeries, side: Side, flat_deg: float) -> Array:
    """Foot against the ground; positive = toes up. `flat_deg` is the foot line's pitch when the foot is flat."""
    return wrapped_deg(foot_line_pitch(landmarks, side) - flat_deg)


def ankle_dorsiflexion(
    landmarks: LandmarkSeries, side: Side, pitch_deg: Array, neutral_deg: float = STANDING_NEUTRAL_DEG
) -> Array:
    """Shank against the foot, 0 as in standing; positive = toes up.

    The slope of the ground in the picture does not enter: on an inclined treadmill add the incline, to see the angle
    of the joint itself.

    Parameters
    ----------
    landmarks : LandmarkSeries
    side : Side
    pitch_deg : (n,) array
        Of the foot against the ground, see `foot_pitch`.
    neutral_deg : float
        How far the shank leans forward over a flat foot in standing: from a standing trial (`standing`), or a mean.
    """
    shank = tibial_inclination(landmarks, side) - neutral_deg
    return wrapped_deg(shank + pitch_deg)


# --- frontal plane --------------------------------------------------------------------------------


def outward_sign(side: Side, view: View) -> float:
    """Return +1 where `side` of the runner lies on the picture's right, -1 where on its left."""
    return 1.0 if (side == "right") == (view == "rear") else -1.0


def thigh_adduction(landmarks: LandmarkSeries, side: Side, view: View) -> Array:
    """Thigh against vertical; positive = knee nearer to the midline than the hip."""
    outward = outward_sign(side, view)
    return lean_deg(landmarks.point(f"{side}_knee"), landmarks.point(f"{side}_hip"), outward)


def knee_valgus(landmarks: LandmarkSeries, side: Side, view: View) -> Array:
    """Frontal plane projection angle of hip, knee and ankle; positive = knee inward (Willson 2008)."""
    return wrapped_deg(thigh_adduction(landmarks, side, view) - shank_outward(landmarks, side, view))


def shank_outward(landmarks: LandmarkSeries, side: Side, view: View) -> Array:
    """Shank against vertical; positive = knee further from the midline than the ankle."""
    ankle, knee = (landmarks.point(f"{side}_{joint}") for joint in ("ankle", "knee"))
    return lean_deg(ankle, knee, outward_sign(side, view))


def trunk_side_lean(landmarks: LandmarkSeries, side: Side, view: View) -> Array:
    """Middle of the hips to middle of the shoulders against vertical; positive = towards `side`."""
    return lean_deg(landmarks.midpoint("hip"), landmarks.midpoint("shoulder"), outward_sign(side, view))


def foot_progression(landmarks: LandmarkSeries, side: Side, view: View, foot_length_px: float) -> Array:
    """Heel to toe against the direction of travel; positive = toes out.

    The sideways distance from heel to toe over the length of the foot is the sine of the angle. The angle that
    the foot makes in the picture is of no use: a true 7 degrees looks like 26 from 1 m of camera height.

    Parameters
    ----------
    foot_length_px : float
        Heel to toe in the pixels of this view, from a side view or from the body's proportions.
    """
    line = landmarks.point(f"{side}_foot_index") - landmarks.point(f"{side}_heel")
    sine = line[:, 0] * outward_sign(side, view) / foot_length_px
    return np.degrees(np.arcsin(np.where(np.abs(sine) <= 1, sine, np.nan)))
