"""From stances to strides: midstance, the next contact of the same foot, and whether the stride can be used."""

from __future__ import annotations

import numpy as np

from midstance.science.frontal import USUAL_TIMINGS, Timings
from midstance.science.kinematics import knee_valgus, tibial_inclination
from midstance.science.landmarks import LEG_JOINTS, SIDES, LandmarkSeries, Side
from midstance.science.midstance import find_midstances
from midstance.science.records import Scene, Stride, View
from midstance.science.settings import StrideSettings
from midstance.science.signals import Array, sample
from midstance.science.stances import Contact, Contacts


def build_strides(
    landmarks: LandmarkSeries,
    contacts: Contacts,
    scene: Scene,
    settings: StrideSettings,
    timings: Timings = USUAL_TIMINGS,
    *,
    modelled: bool = False,
) -> tuple[Stride, ...]:
    """Make strides of the stances of both feet and mark those that cannot be used.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned.
    contacts : Contacts
    scene : Scene
    settings : StrideSettings
    timings : mapping of Side to StanceTiming
        For a frontal view: from a side view of the same run, or the usual ones.
    modelled : bool
        The landmarks come from a pose model.

    Returns
    -------
    tuple of Stride
        In order of initial contact.
    """
    strides: list[Stride] = []
    for side in SIDES:
        own = contacts.of(side)
        midstances_s = find_midstances(landmarks, scene.view, own, timings[side], modelled=modelled)
        usual_s = _usual_stride_s(own)
        strange = _why_strange(landmarks, scene.view, side, midstances_s, settings.max_midstance_deviation_deg)
        for number, contact in enumerate(own, start=1):
            next_s = own[number].initial_contact_s if number < len(own) else float("nan")
            reason = _why_invalid(landmarks, contact, next_s, usual_s, settings) or strange[number - 1]
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


def _why_strange(
    landmarks: LandmarkSeries, view: View, side: Side, midstances_s: list[float], limit_deg: float
) -> list[str]:
    """Say of each stance why its leg cannot be right; empty where it can.

    A leg that stands at midstance far from where it usually does is the other leg, or none: no runner varies so.
    """
    angle = tibial_inclination(landmarks, side) if view == "side" else knee_valgus(landmarks, side, view)
    at_midstance = sample(landmarks.time_s, angle, np.array(midstances_s))
    off = np.abs(at_midstance - _median(at_midstance))
    told = "the leg at midstance is {:.0f} deg from where it usually is: probably landmarks of the other leg"
    return [told.format(o) if o > limit_deg else "" for o in off]


def _median(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


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
