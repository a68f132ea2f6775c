"""When the body is deepest in each stance.

Midstance is the greatest stance knee flexion (Dingenen 2018). Its curve is flat there and landmark noise shifts
its top, while the trunk's low is sharp (SD 3-6 ms) and near it (2-8 ms, RBDS subject 1): from the side the two are
weighed against each other, from front or rear the low leads.

With a pose model's landmarks the flat top says little: an arm that swings past the hip moves it by 11 +- 11 ms
(rendered runners). There it is weighed against the middle of the curve's two flanks, which are steep.
"""

from __future__ import annotations

import numpy as np

from midstance.science.frontal import StanceTiming
from midstance.science.kinematics import knee_flexion
from midstance.science.landmarks import LandmarkSeries
from midstance.science.legs import trunk_extremes
from midstance.science.records import Stride, View
from midstance.science.signals import MAD_TO_SD, Array, crossing_times
from midstance.science.stances import Contact

MIDSTANCE_SEARCH = (0.15, 0.75)
"""Part of the stance in which midstance is looked for."""
TOP_SHARE = 0.3
"""The top of the curve, as a share of its rise within the stance, that the parabola is fitted to."""
FURTHEST_FROM_LOW_S = 0.025
"""Most that midstance is moved from the trunk's low towards the greatest knee flexion: three times the 8 ms between
them in motion capture."""
FURTHEST_FROM_USUAL_S = 0.02
"""Most that a single stance's distance between the two may differ from the leg's median: three to six times its SD.
Single tops were up to 62 ms off in rendered runners, where noise made a second top."""
FLANK_SHARE = 0.5
"""Of the rise of knee flexion within the stance, at which its flanks are timed."""
FLANKS_WEIGHT = 0.7
"""Of the middle of the flanks against the top itself. Together they were 3 ms from runner to runner off the true
midstance, alone 5 and 6 (rendered runners, group `learn`)."""
EARLIER = 0.02
"""How much earlier than the two together midstance comes, as a share of the stance: 0.00 to 0.015 in motion capture,
0.02 in rendered runners."""
GOOD_TOP_SPREAD_S = 0.008
"""Spread of the distance between knee top and trunk's low at which both are trusted alike."""
FEWEST_LOWS = 3
USUAL_MIDSTANCE = 0.41
"""Greatest stance knee flexion as a share of the stance, where it cannot be seen (evidence: 41 %)."""


def find_midstances(
    landmarks: LandmarkSeries,
    view: View,
    contacts: tuple[Contact, ...],
    timing: StanceTiming,
    *,
    modelled: bool = False,
) -> list[float]:
    """Time the midstance of each stance of one foot, in seconds of the clip.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned.
    view : View
    contacts : tuple of Contact
        Of one foot.
    timing : StanceTiming
        How far midstance lies from the trunk's low, for a frontal view.
    modelled : bool
        The landmarks come from a pose model: from the side, go by the flanks of the knee's curve.
    """
    if view != "side":
        return [c.at(timing.midstance_share) for c in contacts]
    lows_s, _ = trunk_extremes(landmarks)
    lows = np.array([_low_within(lows_s, c) for c in contacts])
    bend = knee_flexion(landmarks, contacts[0].side) if contacts else np.zeros(0)
    find = _between_flanks if modelled else _knee_top
    tops = np.array([find(landmarks.time_s, bend, c) for c in contacts])
    return [float(t) for t in _near_lows(lows, tops)]


def stance_timing(landmarks: LandmarkSeries, strides: tuple[Stride, ...]) -> StanceTiming | None:
    """Measure in a side view when the events happen around the trunk's low; None when it cannot be told.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, from the side.
    strides : tuple of Stride
        Of the near leg, valid.
    """
    lows_s, _ = trunk_extremes(landmarks)
    shares = []
    for s in strides:
        low_s = _low_within(lows_s, Contact(s.side, s.initial_contact_s, s.toe_off_s))
        step_s = (s.next_contact_s - s.initial_contact_s) / 2
        shares.append([low_s - s.initial_contact_s, s.midstance_s - low_s, s.toe_off_s - low_s] / np.array(step_s))
    known = np.array([share for share in shares if np.isfinite(share).all()])
    if len(known) < FEWEST_LOWS:
        return None
    before, midstance, after = np.median(known, axis=0)
    return StanceTiming(float(before), float(midstance), float(after), seen=True)


def _near_lows(lows_s: Array, tops_s: Array) -> Array:
    """Weigh the shifted lows and the knee's own tops: the less the two keep step, the more the lows count."""
    both = np.isfinite(lows_s)
    if both.sum() < FEWEST_LOWS:
        return tops_s
    distance_s = (tops_s - lows_s)[both]
    usual_s = float(np.median(distance_s))
    near_usual_s = lows_s + np.clip(tops_s - lows_s, usual_s - FURTHEST_FROM_USUAL_S, usual_s + FURTHEST_FROM_USUAL_S)
    tops_s = np.where(both, near_usual_s, tops_s)
    spread_s = MAD_TO_SD * float(np.median(np.abs(distance_s - usual_s)))
    trust_in_tops = 1 / (1 + (spread_s / GOOD_TOP_SPREAD_S) ** 2)
    from_lows = lows_s + np.clip(usual_s, -FURTHEST_FROM_LOW_S, FURTHEST_FROM_LOW_S)
    return np.where(both, trust_in_tops * tops_s + (1 - trust_in_tops) * from_lows, tops_s)


def _low_within(lows_s: Array, contact: Contact) -> float:
    """Return the trunk's low in the middle of a stance; NaN without one (as in walking)."""
    early_s, late_s = _search(contact)
    inside = lows_s[(lows_s >= early_s) & (lows_s <= late_s)]
    return float(inside[0]) if len(inside) else float("nan")


def _search(contact: Contact) -> tuple[float, float]:
    early, late = MIDSTANCE_SEARCH
    return contact.at(early), contact.at(late)


def _usual_midstance(contact: Contact) -> float:
    return contact.at(USUAL_MIDSTANCE)


def _knee_top(time_s: Array, bend: Array, contact: Contact) -> float:
    """Time the top of the knee flexion within the stance by a parabola through all of its upper part."""
    early_s, late_s = _search(contact)
    inside = (time_s >= early_s) & (time_s <= late_s) & np.isfinite(bend)
    return _top_of(time_s[inside], bend[inside]) if inside.sum() >= 3 else _usual_midstance(contact)


def _between_flanks(time_s: Array, bend: Array, contact: Contact) -> float:
    """Time the top of the knee flexion, and the middle of its flanks; the top alone where a flank is not seen."""
    top_s = _knee_top(time_s, bend, contact)
    around = (time_s >= contact.at(-0.1)) & (time_s <= contact.at(1.1)) & np.isfinite(bend)
    t, values = time_s[around], bend[around]
    if len(t) < 3:
        return top_s
    ends = np.interp([contact.at(0.0), contact.at(0.95)], t, values)
    level = float(ends.max() + FLANK_SHARE * (np.interp(top_s, t, values) - ends.max()))
    up = crossing_times(t, values - level, rising=True)
    down = crossing_times(t, values - level, rising=False)
    up, down = up[up < top_s], down[down > top_s]
    if not len(up) or not len(down):
        return top_s
    middle_s = float(up[-1] + down[0]) / 2
    together_s = FLANKS_WEIGHT * middle_s + (1 - FLANKS_WEIGHT) * top_s
    return together_s - EARLIER * (contact.toe_off_s - contact.initial_contact_s)


def _top_of(time_s: Array, values: Array) -> float:
    top = int(np.argmax(values))
    rise = float(values[top] - values.min())
    upper = _around(values >= values[top] - TOP_SHARE * rise, top)
    if upper.sum() < 3:
        upper = np.abs(np.arange(len(values)) - top) <= 1
    at_s = time_s[upper] - time_s[top]
    bend, slope, _ = np.polyfit(at_s, values[upper], 2) if upper.sum() >= 3 else (0.0, 0.0, 0.0)
    if bend >= 0:
        return float(time_s[top])
    return float(np.clip(time_s[top] - slope / (2 * bend), time_s[upper][0], time_s[upper][-1]))


def _around(mask: np.ndarray, index: int) -> np.ndarray:
    """Keep the run of True that holds `index`."""
    out = np.zeros_like(mask)
    start, stop = index, index
    while start > 0 and mask[start - 1]:
        start -= 1
    while stop < len(mask) - 1 and mask[stop + 1]:
        stop += 1
    out[start : stop + 1] = True
    return out
