"""When each foot is on the ground: initial contact and toe-off from a side view.

A foot on the belt (or on the ground) moves back, as seen from the body, at the running speed and
no other way. The foot counts as in contact while the mean velocity of ankle, heel and toe is more than
`CONTACT_SPEED_SHARE` of that speed. The mean of three points holds for fore-, mid- and rearfoot strike alike and
does not ask where the floor is. Zeni's extremes of the foot's position (Zeni 2008) were left, since in
running the foot turns back well before it lands.
For a frontal view see `frontal`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import foot_velocity_px_s, trunk_extremes
from midstance.science.signals import Array, Mask, crossing_times, low_pass, runs
from midstance.science.stances import Contact, Contacts, in_order
from midstance.science.toe_offs import LEAVING_SPEED_SHARE, steady_toe_offs, without_stray_toe_offs

CONTACT_SPEED_SHARE = 0.55
"""Share of the running speed that the foot moves back with when it lands and leaves. Half way between the 0.5
that suits landing and the 0.6 that suits leaving in treadmill running with a force plate (RBDS subject 1)."""
STANCE_CUTOFF_HZ = 6.0
"""Low-pass in which stances are counted; their edges are then timed in the less smoothed signal."""
SHORTEST_STANCE_S = 0.08
SHORTEST_SWING_S = 0.12
EDGE_WINDOW_S = 0.06
"""How far the timed edge may lie from the counted one."""


@dataclass(frozen=True, eq=False)
class ShownStances:
    """What the velocity of the feet alone tells.

    Attributes
    ----------
    contacts : tuple of Contact
        In order.
    leavings_s : dict of Side to array
        When each foot slows down below `LEAVING_SPEED_SHARE` of the running speed.
    speed_px_s : dict of Side to float
        Of the ground, by each foot.
    """

    contacts: tuple[Contact, ...]
    leavings_s: dict[Side, Array]
    speed_px_s: dict[Side, float]


def side_view_contacts(landmarks: LandmarkSeries) -> Contacts:
    """Find the stances of both feet in a side view.

    1. Velocity of each foot along the running direction, seen from the body.
    2. Running speed: the plateau of that velocity.
    3. Stances counted in a strongly smoothed velocity; too short stances and swings are dropped.
    4. Edges timed where the less smoothed velocity crosses the threshold, between frames.
    5. Toe-off, where the velocity changes slowly, timed by the trunk's tops (see `toe_offs`).

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, on uniform time.
    """
    shown = shown_stances(landmarks)
    steady = steady_toe_offs(shown.contacts, trunk_extremes(landmarks)[1], shown.leavings_s)
    return Contacts(without_stray_toe_offs(steady), shown.speed_px_s, timing_assumed=False)


def shown_stances(landmarks: LandmarkSeries) -> ShownStances:
    """Find the stances of both feet in a side view by their velocity alone."""
    found: list[Contact] = []
    speeds: dict[Side, float] = {}
    leavings: dict[Side, Array] = {}
    for side in SIDES:
        velocity = foot_velocity_px_s(landmarks, side)
        speeds[side] = plateau_speed(velocity)
        leavings[side] = crossing_times(landmarks.time_s, velocity + LEAVING_SPEED_SHARE * speeds[side], rising=True)
        found += _stances(landmarks, velocity + CONTACT_SPEED_SHARE * speeds[side], side)
    return ShownStances(in_order(found), leavings, speeds)


def plateau_speed(velocity: Array) -> float:
    """Return the speed at which a foot moves back while it is on the ground; NaN when nothing is known.

    The median of the samples near the fastest tenth: the ground's speed is the one speed that the foot keeps.
    """
    known = velocity[np.isfinite(velocity)]
    if len(known) < 3:
        return float("nan")
    fastest = -float(np.percentile(known, 10))
    plateau = known[known < -0.8 * fastest]
    return -float(np.median(plateau)) if fastest > 0 and len(plateau) else float("nan")


def _stances(landmarks: LandmarkSeries, excess: Array, side: Side) -> list[Contact]:
    """Turn a velocity above (swing) and below (stance) zero into stances."""
    time_s, rate_hz = landmarks.time_s, landmarks.fps
    if not np.isfinite(excess).any():
        return []
    coarse = low_pass(excess, rate_hz, min(STANCE_CUTOFF_HZ, 0.35 * rate_hz))
    stance = _without_short(np.nan_to_num(coarse, nan=1.0) < 0, time_s)
    known = np.isfinite(coarse)
    landing, leaving = (crossing_times(time_s, excess, rising=r) for r in (False, True))
    out = []
    for start, stop in runs(stance):
        cut_off = start == 0 or stop == len(stance) or not (known[start - 1] and known[stop])
        if not cut_off:
            contact_s = _nearest(landing, time_s[start], EDGE_WINDOW_S)
            toe_off_s = _nearest(leaving, time_s[stop], EDGE_WINDOW_S)
            out.append(Contact(side, contact_s, toe_off_s))
    return out


def _without_short(stance: Mask, time_s: Array) -> Mask:
    """Close swings and then drop stances that are too short to be one."""
    out = stance.copy()
    for value, shortest_s in ((False, SHORTEST_SWING_S), (True, SHORTEST_STANCE_S)):
        for start, stop in runs(out == value):
            inner = start > 0 and stop < len(out)
            if inner and time_s[stop] - time_s[start] < shortest_s:
                out[start:stop] = not value
    return out


def _nearest(times_s: Array, wanted_s: float, within_s: float) -> float:
    if len(times_s) == 0:
        return float(wanted_s)
    best = float(times_s[np.argmin(np.abs(times_s - wanted_s))])
    return best if abs(best - wanted_s) <= within_s else float(wanted_s)
