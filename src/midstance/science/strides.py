"""From stances to strides: midstance, the next contact of the same foot, and whether the stride can be used."""

from __future__ import annotations

import numpy as np

from midstance.science.contacts import Contact, Contacts
from midstance.science.kinematics import knee_flexion
from midstance.science.landmarks import LEG_JOINTS, SIDES, LandmarkSeries, Side
from midstance.science.legs import trunk_height_px
from midstance.science.records import Scene, Stride
from midstance.science.settings import StrideSettings
from midstance.science.signals import Array

MIDSTANCE_SEARCH = (0.15, 0.75)
"""Part of the stance in which midstance is looked for."""
TOP_SHARE = 0.3
"""The top of the curve, as a share of its rise within the stance, that the parabola is fitted to."""
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
        curve = _midstance_curve(landmarks, scene, side)
        usual_s = _usual_stride_s(own)
        for number, contact in enumerate(own, start=1):
            next_s = own[number].initial_contact_s if number < len(own) else float("nan")
            share = midstance_share.get(side) if midstance_share else None
            midstance_s = _midstance(landmarks.time_s, curve, contact, share)
            reason = _why_invalid(landmarks, contact, next_s, usual_s, settings)
            near = scene.near_side in (None, side)
            strides.append(
                Stride(
                    side,
                    number,
                    contact.initial_contact_s,
                    midstance_s,
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


def _midstance_curve(landmarks: LandmarkSeries, scene: Scene, side: Side) -> Array:
    """The curve whose top is midstance: knee flexion from the side, depth of the trunk from front or rear."""
    return knee_flexion(landmarks, side) if scene.view == "side" else -trunk_height_px(landmarks)


def _midstance(time_s: Array, curve: Array, contact: Contact, share: float | None) -> float:
    """Time the top of the curve within the stance by a parabola through all of its upper part.

    Where a side view tells the share of the stance, that is used instead.
    """
    stance_s = contact.toe_off_s - contact.initial_contact_s
    if share is not None:
        return contact.initial_contact_s + share * stance_s
    early, late = (contact.initial_contact_s + s * stance_s for s in MIDSTANCE_SEARCH)
    inside = (time_s >= early) & (time_s <= late) & np.isfinite(curve)
    if inside.sum() < 3:
        return contact.initial_contact_s + USUAL_MIDSTANCE * stance_s
    return _top_of(time_s[inside], curve[inside])


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
