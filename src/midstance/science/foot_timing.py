"""When the stances of a frontal view are, from how its feet rise and fall against those of the side view.

The trunk's low tells a front or rear view's stances to 10 to 30 ms: it lies before midstance in one runner and after
it in another, and not alike in the two views of one run. The feet are sharper. What they do in the picture follows
from a side view of the same run: their height, and, because the camera looks down, how far ahead they are. The stances
of a leg are moved together to where that fits best. Without a side view the usual course stands in, and tells the
contacts alone: how long a foot stays down differs from runner to runner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.interpolate import CubicSpline

from midstance.science._usual_foot import AHEAD_LEGS, UP_LEGS
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import FOOT_POINTS, leg_length_px
from midstance.science.phase import PERCENT as STORED_PERCENT
from midstance.science.phase import course_over_stride, percent_of_stride
from midstance.science.records import Stride
from midstance.science.signals import Array
from midstance.science.stances import Contact, Contacts, in_order

PERCENT = np.linspace(0, 100, 101)
FURTHEST_S, STEP_S = 0.07, 0.002
"""How far a leg's stances may be moved, and in what steps that is tried."""
LEAST_EXPLAINED = 0.9
"""Share of the feet's rise and fall that the side view has to explain; else the stances stay by the trunk's lows."""
FEWEST_STANCES = 3
LEAST_SEEN = 0.5
"""Share of the feet's points that have to be seen."""


@dataclass(frozen=True, eq=False)
class FootCourse:
    """Where a leg's foot is through the stride, as a side view shows it.

    Attributes
    ----------
    ahead_legs, up_legs : (3, 101) arrays
        Of `FOOT_POINTS`, at 0..100 % of the stride from contact on: ahead of the hips, and height, in leg lengths.
    """

    ahead_legs: Array
    up_legs: Array


FootCourses = Mapping[Side, FootCourse]


def foot_courses(landmarks: LandmarkSeries, strides: tuple[Stride, ...], forward: float) -> FootCourses:
    """Measure the courses of both feet in a side view; a foot that is not seen throughout is left out.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Joint centres, from the side.
    strides : tuple of Stride
        Valid ones.
    forward : float
        +1 where the runner faces the picture's right, else -1.
    """
    by_side = {side: tuple(s for s in strides if s.side == side) for side in SIDES}
    found = {side: _foot_course(landmarks, own, forward) for side, own in by_side.items() if own}
    return {side: course for side, course in found.items() if course is not None}


def _foot_course(landmarks: LandmarkSeries, strides: tuple[Stride, ...], forward: float) -> FootCourse | None:
    leg_px = leg_length_px(landmarks)
    hips = landmarks.midpoint("hip")[:, 0]
    points = [landmarks.point(f"{strides[0].side}_{name}") for name in FOOT_POINTS]
    ahead = (
        np.stack([course_over_stride(landmarks.time_s, p[:, 0] - hips, strides, PERCENT) for p in points])
        * forward
        / leg_px
    )
    up = -np.stack([course_over_stride(landmarks.time_s, p[:, 1], strides, PERCENT) for p in points]) / leg_px
    known = bool(np.isfinite(ahead).all() and np.isfinite(up).all())
    return FootCourse(ahead, up) if known else None


def moved_to_feet(landmarks: LandmarkSeries, contacts: Contacts, courses: FootCourses) -> Contacts:
    """Return a frontal view's stances, those of each leg moved to where its foot's rise and fall fits best.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from front or rear.
    contacts : Contacts
        By the trunk's lows.
    courses : mapping of Side to FootCourse
        From a side view of the same run; stances of a leg without one stay as they are. Without any, contacts alone are
        moved, by the usual course.
    """
    asked = courses or dict.fromkeys(SIDES, usual_course())
    moves_s = {side: _best_move_s(landmarks, contacts, side, course) for side, course in asked.items()}
    toe_off_share = 1.0 if courses else 0.0
    moved = [_moved(c, moves_s.get(c.side, 0.0), toe_off_share) for c in contacts.contacts]
    first_s, last_s = landmarks.time_s[0], landmarks.time_s[-1]
    whole = [c for c in moved if c.initial_contact_s >= first_s and c.toe_off_s <= last_s]
    return replace(contacts, contacts=in_order(whole))


@cache
def usual_course() -> FootCourse:
    """Return the course of a foot that stands in where no side view shows it."""
    tables = (np.array([table[name] for name in FOOT_POINTS]) for table in (AHEAD_LEGS, UP_LEGS))
    return FootCourse(*(np.asarray(CubicSpline(STORED_PERCENT, rows, axis=1)(PERCENT)) for rows in tables))


def _moved(contact: Contact, by_s: float, toe_off_share: float) -> Contact:
    return Contact(contact.side, contact.initial_contact_s + by_s, contact.toe_off_s + toe_off_share * by_s)


def _best_move_s(landmarks: LandmarkSeries, contacts: Contacts, side: Side, course: FootCourse) -> float:
    """Return by how much a leg's stances come later than the trunk has them; 0 when nothing fits."""
    own = contacts.of(side)
    if len(own) < FEWEST_STANCES:
        return 0.0
    inside = (landmarks.time_s >= own[0].initial_contact_s) & (landmarks.time_s <= own[-1].toe_off_s)
    time_s = landmarks.time_s[inside]
    seen = -np.stack([landmarks.point(f"{side}_{name}")[inside, 1] for name in FOOT_POINTS]) / leg_length_px(landmarks)
    if np.isfinite(seen).mean() < LEAST_SEEN:
        return 0.0
    moves_s = np.arange(-FURTHEST_S, FURTHEST_S + STEP_S / 2, STEP_S)
    left = [_left_over(seen, percent_of_stride(time_s - move_s, own), course) for move_s in moves_s]
    best = int(np.argmin(left))
    at_the_edge = best in {0, len(moves_s) - 1}
    rise_and_fall = sum(float(np.sum((p - p.mean()) ** 2)) for p in (q[np.isfinite(q)] for q in seen) if len(p))
    return 0.0 if at_the_edge or left[best] > (1 - LEAST_EXPLAINED) * rise_and_fall else float(moves_s[best])


def _left_over(seen: Array, percent: Array, course: FootCourse) -> float:
    """Return the sum of squares that the side view's course leaves of the feet's rise and fall in a picture.

    A camera before the runner shows height, and what is nearer lower; both more so the nearer it is. Each point may
    lie off by a constant.
    """
    known = np.isfinite(seen)
    up, ahead = (
        np.stack([np.interp(percent, PERCENT, c) for c in curves]) for curves in (course.up_legs, course.ahead_legs)
    )
    up = up - up.mean()
    which = np.broadcast_to(np.eye(len(seen))[:, :, None], (len(seen), len(seen), seen.shape[1]))
    terms = np.stack([up, ahead, up * ahead, ahead**2, *which.transpose(1, 0, 2)])[:, known]
    # The normal equations are seven by seven and well conditioned; the whole matrix takes ten times as long.
    weights = np.linalg.lstsq(terms @ terms.T, terms @ seen[known], rcond=None)[0]
    return float(np.sum((seen[known] - weights @ terms) ** 2))
