"""Turn a frontal view into what a distant camera square to the runner would have seen.

A phone seldom stands square, and it stands near. Both shift a joint sideways by how far it is ahead of or behind
the hips, which a frontal picture does not show: the side view of the same run does, else the usual course is taken.

- *Yaw.* The foot on the belt moves straight back at a known speed. What it drifts sideways in the picture, over that
  speed, is the sine of the angle between the camera and the line of running.
- *Nearness.* A joint ahead of the hips is nearer to a camera in front, and looks larger by as much.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.legs import foot_centre, leg_length_px
from midstance.science.phase import PERCENT, course_over_stride, percent_of_stride
from midstance.science.records import Stride, View
from midstance.science.signals import Array, sample
from midstance.science.stances import Contact, Contacts

JOINTS = ("knee", "ankle", "heel", "foot_index")
USUAL_SPEED_LEGS_S = 2.9
"""Belt speed in leg lengths per second where no side view tells it: an easy 2.5 m/s."""
CAMERA_DISTANCE_LEGS = 4.0
"""From camera to hips, about 3.5 m: the distance from which a phone held upright takes in a runner."""
STEADY_PART = (0.15, 0.5)
"""Of the stance, in which the foot stays where it is on the belt."""
FEWEST_STANCES = 3
MOST_YAW_DEG = 20.0
"""More is no frontal view, or no foot on a belt."""


@dataclass(frozen=True, eq=False)
class ForeAft:
    """How far the joints of a leg are ahead of its hip through the stride, and the speed of the belt."""

    ahead_legs: dict[str, Array]
    """For each of `JOINTS` an array (21,) at `PERCENT` of the stride, in leg lengths."""
    speed_legs_s: float
    """Leg lengths per second."""
    seen: bool
    """From a side view of the same run."""


USUAL_FORE_AFT = ForeAft(
    {
        "knee": np.array([14, 16, 16, 13, 7, -2, -10, -16, -19, -17, -13, -6, 3, 12, 19, 22, 22, 20, 17, 15, 14]) / 100,
        "ankle": np.array(
            [19, 11, 2, -7, -17, -26, -35, -41, -46, -50, -51, -49, -43, -34, -25, -15, -5, 6, 16, 21, 19]
        )
        / 100,
        "heel": np.array(
            [11, 1, -8, -18, -28, -38, -47, -54, -58, -61, -63, -60, -53, -45, -36, -28, -18, -6, 6, 13, 11]
        )
        / 100,
        "foot_index": np.array(
            [36, 26, 17, 8, -2, -12, -23, -33, -41, -48, -52, -51, -45, -35, -22, -9, 6, 20, 31, 37, 36]
        )
        / 100,
    },
    USUAL_SPEED_LEGS_S,
    seen=False,
)
"""Median of both legs of RBDS runner 1 at 2.5 m/s."""


def fore_aft(landmarks: LandmarkSeries, strides: tuple[Stride, ...], speed_px_s: float, forward: float) -> ForeAft:
    """Measure the fore-and-aft course of the near leg in a side view.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from the side.
    strides : tuple of Stride
        Valid ones of the near leg.
    speed_px_s : float
        Of the belt.
    forward : float
        +1 where the runner faces the picture's right, else -1.
    """
    leg_px = leg_length_px(landmarks)
    if not strides or not leg_px > 0 or not speed_px_s > 0:
        return USUAL_FORE_AFT
    courses = {joint: _course(landmarks, strides, joint) * forward / leg_px for joint in JOINTS}
    if not all(np.isfinite(course).all() for course in courses.values()):
        return USUAL_FORE_AFT
    return ForeAft(courses, speed_px_s / leg_px, seen=True)


def find_yaw_deg(landmarks: LandmarkSeries, contacts: Contacts, speed_legs_s: float) -> float:
    """Find how far the camera stands off the line of running; NaN when it cannot be told.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from front or rear, of a treadmill.
    contacts : Contacts
    speed_legs_s : float
        Belt speed in leg lengths per second.

    Returns
    -------
    float
        In degrees. Positive = feet on the belt drift to the picture's right. Mean of both sides, so that a foot
        that turns in stance, left and right alike, does not count.
    """
    drifts = [_drift_px_s(landmarks, contacts, side) for side in SIDES]
    sine = float(np.mean(drifts)) / (leg_length_px(landmarks) * speed_legs_s)
    return float(np.degrees(np.arcsin(sine))) if abs(sine) < np.sin(np.radians(MOST_YAW_DEG)) else float("nan")


def squared_up(
    landmarks: LandmarkSeries, contacts: Contacts, view: View, course: ForeAft, yaw_deg: float
) -> LandmarkSeries:
    """Return the legs as a distant camera square to the runner would have seen them.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from front or rear.
    contacts : Contacts
    view : View
    course : ForeAft
    yaw_deg : float
        See `find_yaw_deg`; NaN is taken as square.
    """
    leg_px = leg_length_px(landmarks)
    drift = np.tan(np.radians(yaw_deg)) if np.isfinite(yaw_deg) else 0.0
    nearer = (1.0 if view == "front" else -1.0) / CAMERA_DISTANCE_LEGS
    middle_px = float(np.nanmedian(landmarks.midpoint("hip")[:, 0]))  # the yaw holds where in the picture that is
    xy_px = landmarks.xy_px.copy()
    for side in SIDES:
        percent = percent_of_stride(landmarks.time_s, contacts.of(side))
        for joint in JOINTS if len(percent) else ():
            ahead = np.interp(percent, PERCENT, course.ahead_legs[joint])
            x = xy_px[:, LANDMARK_INDEX[f"{side}_{joint}"], 0]
            x += ahead * leg_px * drift
            x += (middle_px - x) * ahead * nearer
    return replace(landmarks, xy_px=xy_px)


def _course(landmarks: LandmarkSeries, strides: tuple[Stride, ...], joint: str) -> Array:
    side = strides[0].side
    ahead = landmarks.point(f"{side}_{joint}") - landmarks.point(f"{side}_hip")
    return course_over_stride(landmarks.time_s, ahead[:, 0], strides, PERCENT)


def _drift_px_s(landmarks: LandmarkSeries, contacts: Contacts, side: Side) -> float:
    """Return the median sideways velocity of the flat foot, to the picture's right; NaN with too few stances."""
    across = foot_centre(landmarks, side)[:, 0]
    slopes = [_slope(landmarks.time_s, across, c) for c in contacts.of(side)]
    known = [s for s in slopes if np.isfinite(s)]
    return float(np.median(known)) if len(known) >= FEWEST_STANCES else float("nan")


def _slope(time_s: Array, across: Array, contact: Contact) -> float:
    early, late = STEADY_PART
    at_s = np.linspace(contact.at(early), contact.at(late), 9)
    x = sample(time_s, across, at_s)
    centred_s = at_s - at_s.mean()
    return float(centred_s @ x / (centred_s @ centred_s))
