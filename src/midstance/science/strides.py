"""From stances to strides: midstance, the next contact of the same foot, and whether the stride can be used."""

from __future__ import annotations

import numpy as np

from midstance.science.contacts import Contact, Contacts
from midstance.science.kinematics import knee_flexion
from midstance.science.landmarks import LEG_JOINTS, SIDES, LandmarkSeries, Side
from midstance.science.legs import trunk_extremes
from midstance.science.records import Scene, Stride
from midstance.science.settings import StrideSettings
from midstance.science.signals import MAD_TO_SD, Array

MIDSTANCE_SEARCH = (0.15, 0.75)
"""Part of the stance in which midstance is looked for."""
TOP_SHARE = 0.3
"""The top of the curve, as a share of its rise within the stance, that the parabola is fitted to."""
FURTHEST_FROM_LOW_S = 0.015
"""Most that midstance is moved from the trunk's low towards the greatest knee flexion."""
GOOD_TOP_SPREAD_S = 0.008
"""Spread of the distance between knee top and trunk's low at which both are trusted alike."""
FEWEST_LOWS = 3
USUAL_MIDSTANCE = 0.41
"""Greatest stance knee flexion as a share of the stance, where it cannot be seen (evidence: 41 %)."""


def build_strides(
    landmarks: LandmarkSeries,
    contacts: Contacts,
    scene: Scene,
    settings: StrideSettings,
    midstance_share: dict[Side, float] | None = None,
) -> tuple[Stride, ...]:
    """Make strides of the stances of both feet and mark those that cannot be used.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned.
    contacts : Contacts
    scene : Scene
    settings : StrideSettings
    midstance_share : dict, optional
        Midstance as a share of the stance per side, from a side view of the same run, for a frontal view.

    Returns
    -------
    tuple of Stride
        In order of initial contact.
    """
    strides: list[Stride] = []
    for side in SIDES:
        own = contacts.of(side)
        share = midstance_share.get(side) if midstance_share else None
        midstances_s = _midstances(landmarks, scene, own, share)
        usual_s = _usual_stride_s(own)
        for number, contact in enumerate(own, start=1):
            next_s = own[number].initial_contact_s if number < len(own) else float("nan")
            reason = _why_invalid(landmarks, contact, next_s, usual_s, settings)
            near = scene.near_side in (None, side)
            strides.append(
                Stride(
                    side,
                    number,
                    contact.initial_contact_s,
                    midstances_s[number - 1],
                    contact.toe_off_s,
                    next_s,
                    near,
                    not reason,
                    reason,
                )
            )
    return tuple(sorted(strides, key=lambda s: s.initial_contact_s))


def midstance_shares(strides: tuple[Stride, ...]) -> dict[Side, float]:
    """Return midstance as a share of the stance per side, median over valid strides; sides without any are left out."""
    out: dict[Side, float] = {}
    for side in SIDES:
        shares = [
            (s.midstance_s - s.initial_contact_s) / (s.toe_off_s - s.initial_contact_s)
            for s in strides
            if s.side == side and s.valid
        ]
        if shares:
            out[side] = float(np.median(shares))
    return out


def _midstances(
    landmarks: LandmarkSeries, scene: Scene, contacts: tuple[Contact, ...], share: float | None
) -> list[float]:
    """Time the midstance of each stance of one foot.

    From front or rear: at the given share of the stance, or at the trunk's low. From the side, midstance is the
    greatest knee flexion; but the top of that curve is flat and landmark noise shifts it, while the trunk's low
    is sharp (SD 3-6 ms) and near it (2-8 ms, RBDS subject 1). So the two are weighed: see `_near_lows`.
    """
    if share is not None:
        return [c.initial_contact_s + share * (c.toe_off_s - c.initial_contact_s) for c in contacts]
    lows_s, _ = trunk_extremes(landmarks)
    lows = np.array([_low_within(lows_s, c) for c in contacts])
    if scene.view != "side":
        return [low if np.isfinite(low) else _usual_midstance(c) for low, c in zip(lows, contacts, strict=True)]
    bend = knee_flexion(landmarks, contacts[0].side) if contacts else np.zeros(0)
    tops = np.array([_knee_top(landmarks.time_s, bend, c) for c in contacts])
    return [float(t) for t in _near_lows(lows, tops)]


def _near_lows(lows_s: Array, tops_s: Array) -> Array:
    """Weigh the shifted lows and the knee's own tops: the less the two keep step, the more the lows count."""
    both = np.isfinite(lows_s)
    if both.sum() < FEWEST_LOWS:
        return tops_s
    distance_s = (tops_s - lows_s)[both]
    usual_s = float(np.median(distance_s))
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
    stance_s = contact.toe_off_s - contact.initial_contact_s
    early, late = MIDSTANCE_SEARCH
    return contact.initial_contact_s + early * stance_s, contact.initial_contact_s + late * stance_s


def _usual_midstance(contact: Contact) -> float:
    return contact.initial_contact_s + USUAL_MIDSTANCE * (contact.toe_off_s - contact.initial_contact_s)


def _knee_top(time_s: Array, bend: Array, contact: Contact) -> float:
    """Time the top of the knee flexion within the stance by a parabola through all of its upper part."""
    early_s, late_s = _search(contact)
    inside = (time_s >= early_s) & (time_s <= late_s) & np.isfinite(bend)
    return _top_of(time_s[inside], bend[inside]) if inside.sum() >= 3 else _usual_midstance(contact)


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


def _usual_stride_s(contacts: tuple[Contact, ...]) -> float:
    starts = [c.initial_contact_s for c in contacts]
    return float(np.median(np.diff(starts))) if len(starts) > 1 else float("nan")


def _why_invalid(
    landmarks: LandmarkSeries, contact: Contact, next_s: float, usual_s: float, settings: StrideSettings
) -> str:
    """Say why a stride cannot be used; empty when it can."""
    if not np.isfinite(next_s):
        return "the clip ends before the next contact"
    stride_s = next_s - contact.initial_contact_s
    if abs(stride_s / usual_s - 1) > settings.max_stride_time_deviation:
        return f"stride time {stride_s:.2f} s is far from the usual {usual_s:.2f} s"
    if contact.toe_off_s - contact.initial_contact_s > stride_s:
        return "toe-off is not before the next contact"
    missing = _missing_share(landmarks, contact.side, contact.initial_contact_s, next_s)
    if missing > settings.max_missing_share:
        return f"the leg is hidden in {missing:.0%} of the stride"
    return ""


def _missing_share(landmarks: LandmarkSeries, side: Side, start_s: float, stop_s: float) -> float:
    inside = (landmarks.time_s >= start_s) & (landmarks.time_s <= stop_s)
    if not inside.any():
        return 1.0
    return float(np.mean([np.isnan(landmarks.point(f"{side}_{j}")[inside, 0]).mean() for j in LEG_JOINTS]))
