"""When each foot is on the ground: initial contact and toe-off from a side view.

A foot on the belt (or on the ground) moves back, as seen from the body, at the running speed and
no other way. The foot counts as in contact while the mean velocity of ankle, heel and toe is more than
`CONTACT_SPEED_SHARE` of that speed. The mean of three points holds for fore-, mid- and rearfoot strike alike and
does not ask where the floor is. Zeni's extremes of the foot's position (Zeni 2008) were left, since in
running the foot turns back well before it lands.
For a frontal view see `frontal`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import foot_velocity_px_s, trunk_extremes
from midstance.science.signals import Array, Mask, crossing_times, low_pass, runs

CONTACT_SPEED_SHARE = 0.55
"""Share of the running speed that the foot moves back with when it lands and leaves. Half way between the 0.5
that suits landing and the 0.6 that suits leaving in treadmill running with a force plate (RBDS subject 1)."""
STANCE_CUTOFF_HZ = 6.0
"""Low-pass in which stances are counted; their edges are then timed in the less smoothed signal."""
SHORTEST_STANCE_S = 0.08
SHORTEST_SWING_S = 0.12
EDGE_WINDOW_S = 0.06
"""How far the timed edge may lie from the counted one."""
FEWEST_FOR_STEADYING = 5
WIDEST_LAG_SPREAD_S = 0.02
STRAY_TOE_OFF_S = 0.04
FEWEST_FOR_USUAL = 3
LATEST_TOP_S = 0.2
"""A top later than this after toe-off belongs to another step."""
TOP_BEFORE_MIDFLIGHT_S = 0.006
"""How much earlier than the middle of the flight the trunk is highest: 7 ms in motion capture, 5 +- 3 ms in rendered
runners."""
FURTHEST_MOVED_S = 0.12
"""Most that a toe-off is moved from where its foot shows it."""
FURTHEST_FROM_FLIGHT_S = 0.03
"""A foot that shows toe-off further than this from free flight (two SD of their difference) is believed no further."""

Share = TypeVar("Share", float, Array)
"""One share of a stance, or many."""


@dataclass(frozen=True)
class Contact:
    """One stance of one foot. Times in seconds of the clip; NaN where the clip cuts it off."""

    side: Side
    initial_contact_s: float
    toe_off_s: float

    def at(self, share: Share) -> Share:
        """Return the time at a share of the stance, 0 at contact and 1 at toe-off."""
        return self.initial_contact_s + share * (self.toe_off_s - self.initial_contact_s)

    def share(self, time_s: Share) -> Share:
        """Return what share of the stance has passed at a time; below 0 before it and above 1 after it."""
        return (time_s - self.initial_contact_s) / (self.toe_off_s - self.initial_contact_s)


@dataclass(frozen=True, eq=False)
class Contacts:
    """All stances of a clip and what they were found with."""

    contacts: tuple[Contact, ...]
    """Sorted by initial contact; only stances that begin and end within the clip."""
    speed_px_s: dict[Side, float]
    """Speed of the foot on the ground per side; NaN in a frontal view."""
    timing_assumed: bool
    """Contact and toe-off lie where they usually do, not where they were seen (a frontal view alone)."""

    def of(self, side: Side) -> tuple[Contact, ...]:
        """Return the stances of one side."""
        return tuple(c for c in self.contacts if c.side == side)


def side_view_contacts(landmarks: LandmarkSeries) -> Contacts:
    """Find the stances of both feet in a side view.

    1. Velocity of each foot along the running direction, seen from the body.
    2. Running speed: the plateau of that velocity.
    3. Stances counted in a strongly smoothed velocity; too short stances and swings are dropped.
    4. Edges timed where the less smoothed velocity crosses the threshold, between frames.
    5. Toe-off, where the velocity changes slowly, steadied by the trunk (see `steady_toe_offs`).

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, on uniform time.
    """
    found: list[Contact] = []
    speeds: dict[Side, float] = {}
    for side in SIDES:
        velocity = foot_velocity_px_s(landmarks, side)
        speeds[side] = plateau_speed(velocity)
        found += _stances(landmarks, velocity + CONTACT_SPEED_SHARE * speeds[side], side)
    steady = steady_toe_offs(in_order(found), trunk_extremes(landmarks)[1])
    return Contacts(without_stray_toe_offs(steady), speeds, timing_assumed=False)


def without_stray_toe_offs(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Time a toe-off by the leg's median contact time where the foot shows it far from there.

    Contact times of a steady run differ by 5 to 10 ms (SD); one that alone differs by `STRAY_TOE_OFF_S` is a foot that
    was not seen to leave, as of a far leg behind the near one (109 ms in a rendered runner).
    """
    usual_s = {side: _usual_contact_time_s(contacts, side) for side in SIDES}
    return tuple(
        replace(c, toe_off_s=c.initial_contact_s + usual_s[c.side])
        if abs(c.toe_off_s - c.initial_contact_s - usual_s[c.side]) > STRAY_TOE_OFF_S
        else c
        for c in contacts
    )


def _usual_contact_time_s(contacts: tuple[Contact, ...], side: Side) -> float:
    """Return a leg's median contact time; NaN of too few stances to tell a stray one."""
    times_s = [c.toe_off_s - c.initial_contact_s for c in contacts if c.side == side]
    return float(np.median(times_s)) if len(times_s) >= FEWEST_FOR_USUAL else float("nan")


def steady_toe_offs(contacts: tuple[Contact, ...], tops_s: Array) -> tuple[Contact, ...]:
    """Time each toe-off from the trunk's next top, less the usual time between the two of that foot.

    The foot tells the mean of toe-off and single ones badly (SD 4-6 ms on error-free landmarks, 12-16 ms
    on noisy ones); the trunk's top follows toe-off within 2-3 ms (5 ms noisy). How late it comes is the mean of what
    the foot shows (5 to 15 ms off from runner to runner, up to 120 where a foot is dragged off the belt) and of what
    free flight asks (see `_flight_lag_s`; 9 ms off). Where foot and trunk do not keep step, or strides are few,
    toe-off stays as the foot shows it.
    """
    out = list(contacts)
    for side in SIDES:
        own = [(i, c, _next_top(tops_s, c.toe_off_s)) for i, c in enumerate(contacts) if c.side == side]
        paired = [(i, c, top_s) for i, c, top_s in own if np.isfinite(top_s)]
        shown = np.array([top_s - c.toe_off_s for _, c, top_s in paired])
        if len(shown) < FEWEST_FOR_STEADYING:
            continue
        lag_s = _lag_s(shown, _times_down_s(contacts, [top_s for _, _, top_s in paired], side))
        for i, contact, top_s in paired:
            if abs(top_s - lag_s - contact.toe_off_s) <= FURTHEST_MOVED_S:
                out[i] = replace(contact, toe_off_s=top_s - lag_s)
    return tuple(out)


def _lag_s(shown_s: Array, down_s: Array) -> float:
    """Return how long after toe-off a foot's tops come; NaN where nothing keeps step.

    Parameters
    ----------
    shown_s : (n,) array
        From the toe-offs that the foot shows to the tops.
    down_s : (m,) array
        From the tops to the other foot's contacts.
    """
    flight_s = _flight_lag_s(down_s)
    if not _keeps_step(shown_s):
        return flight_s if _keeps_step(down_s) else float("nan")
    usual_s = float(np.median(shown_s))
    if np.isnan(flight_s):
        return usual_s
    return flight_s + float(np.clip(usual_s - flight_s, -FURTHEST_FROM_FLIGHT_S, FURTHEST_FROM_FLIGHT_S)) / 2


def _keeps_step(lags_s: Array) -> bool:
    return len(lags_s) > 0 and float(np.median(np.abs(lags_s - np.median(lags_s)))) <= WIDEST_LAG_SPREAD_S


def _times_down_s(contacts: tuple[Contact, ...], tops_s: list[float], side: Side) -> Array:
    """Return the time from each top to the other foot's next contact, where there is one."""
    landings_s = np.array([c.initial_contact_s for c in contacts if c.side != side])
    later = [(top_s, landings_s[landings_s > top_s]) for top_s in tops_s]
    return np.array([after[0] - top_s for top_s, after in later if len(after)])


def _flight_lag_s(down_s: Array) -> float:
    """Return how long after toe-off the trunk's top comes, by free flight; NaN where there is none.

    A body in the air is as long on its way up as down, so the top lies half way between toe-off and the other foot's
    contact, less `TOP_BEFORE_MIDFLIGHT_S`, since it lands lower than it left.
    """
    lag_s = float(np.median(down_s)) - 2 * TOP_BEFORE_MIDFLIGHT_S if len(down_s) else float("nan")
    return lag_s if 0 < lag_s < LATEST_TOP_S else float("nan")


def _next_top(tops_s: Array, toe_off_s: float) -> float:
    """Return the first top after toe-off (or just before it, in running without flight); NaN without one."""
    later = tops_s[(tops_s > toe_off_s - EDGE_WINDOW_S) & (tops_s < toe_off_s + LATEST_TOP_S)]
    return float(later[0]) if len(later) else float("nan")


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


def in_order(found: list[Contact]) -> tuple[Contact, ...]:
    """Return stances sorted by initial contact."""
    return tuple(sorted(found, key=lambda c: c.initial_contact_s))
