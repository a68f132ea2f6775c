"""Dorsiflexion of a foot that is turned out, from the side and a frontal view together.

From the side, a foot that points outward and a shank that leans outward show in projection only: with 20 deg of
toe-out and 6 deg of lean, dorsiflexion reads 4 deg too great. A frontal view of the same run has both angles; with
them the angle between shank and foot follows in three dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from midstance.science.kinematics import shank_outward
from midstance.science.landmarks import SIDES, Side
from midstance.science.neutrals import NO_NEUTRALS, STANDING_NEUTRAL_DEG, Neutrals
from midstance.science.phase import course_over_stance
from midstance.science.records import AngleSeries, MeasureValue, Stride, ViewAnalysis
from midstance.science.signals import Array
from midstance.science.stances import Contact

SHARES = np.linspace(0.0, 1.0, 21)
"""Of the stance, at which the lean of the shank is kept."""
FADE_SHARE = 0.25
"""Of the stance's length, before contact and after toe-off, over which the sagittal angle comes back."""


@dataclass(frozen=True, eq=False)
class LegAcross:
    """What a frontal view tells of a leg in stance.

    Attributes
    ----------
    progression_deg : float
        Foot progression at midstance; positive = toes out.
    outward_deg : (21,) array
        Lean of the shank at `SHARES` of the stance; positive = knee outward of the ankle.
    """

    progression_deg: float
    outward_deg: Array


def legs_across(frontal: ViewAnalysis) -> dict[Side, LegAcross]:
    """Return what an analysed frontal view tells of each leg; a leg that it does not show is left out."""
    return {side: leg for side in SIDES for leg in _leg_across(frontal, side)}


def _leg_across(view: ViewAnalysis, side: Side) -> Iterator[LegAcross]:
    outward = shank_outward(view.centres, side, view.scene.view)
    course = course_over_stance(view.centres.time_s, outward, stances(view.valid_strides(side)), SHARES)
    turned = [v.value for v in view.values if _is_progression(v, side) and np.isfinite(v.value)]
    if course is not None and turned:
        yield LegAcross(float(np.median(turned)), course)


def _is_progression(value: MeasureValue, side: Side) -> bool:
    return value.measure == "foot_progression" and value.instant == "midstance" and value.side == side


def stances(strides: tuple[Stride, ...]) -> tuple[Contact, ...]:
    """Return the stances of strides."""
    return tuple(Contact(s.side, s.initial_contact_s, s.toe_off_s) for s in strides)


def with_turned_feet(
    angles: AngleSeries,
    strides: tuple[Stride, ...],
    legs: Mapping[Side, LegAcross],
    neutrals: Neutrals = NO_NEUTRALS,
) -> AngleSeries:
    """Return a side view's angles with dorsiflexion in stance as it is in three dimensions.

    Parameters
    ----------
    angles : AngleSeries
    strides : tuple of Stride
        Of both sides.
    legs : mapping of Side to LegAcross
    neutrals : mapping of Side to StandingNeutral
        Zeros of the ankles, where a standing trial told them.

    Returns
    -------
    AngleSeries
        Dorsiflexion in swing, and of legs that are not in `legs`, is as it was.
    """
    values = dict(angles.values)
    for side, leg in legs.items():
        own = stances(tuple(s for s in strides if s.side == side))
        flat = values["ankle_dorsiflexion", side]
        neutral = neutrals[side].neutral_deg if side in neutrals else STANDING_NEUTRAL_DEG
        outward, pitch = _outward(angles.time_s, own, leg), values["foot_pitch", side]
        solid = in_space_deg(values["tibial_inclination", side], outward, pitch, leg) - neutral
        trust = np.where(np.isfinite(solid), _trust(angles.time_s, own), 0.0)
        values["ankle_dorsiflexion", side] = np.where(trust > 0, trust * solid + (1 - trust) * flat, flat)
    return replace(angles, values=values)


def in_space_deg(inclination_deg: Array, outward_deg: Array, pitch_deg: Array, leg: LegAcross) -> Array:
    """Return the angle of shank and foot, zero when they are square, from the angles that two views show.

    Parameters
    ----------
    inclination_deg, pitch_deg : (n,) arrays
        Of shank and foot, as seen from the side.
    outward_deg : (n,) array
        Of the shank, as seen from front or rear.
    leg : LegAcross
    """
    ahead, aside, up, turned = (
        np.tan(np.radians(a)) for a in (inclination_deg, outward_deg, pitch_deg, leg.progression_deg)
    )
    along = ahead + aside * turned + up
    lengths = np.sqrt((ahead**2 + aside**2 + 1) * (1 + turned**2 + up**2))
    solid = np.degrees(np.arcsin(np.clip(along / lengths, -1, 1)))
    return np.asarray(solid)


def _outward(time_s: Array, stances: tuple[Contact, ...], leg: LegAcross) -> Array:
    """Return the lean of the shank at each time; between stances it is not meant."""
    lean = np.full(len(time_s), np.nan)
    for stance in stances:
        share = stance.share(time_s)
        near = np.abs(share - 0.5) <= 0.5 + FADE_SHARE
        lean[near] = np.interp(share[near], SHARES, leg.outward_deg)
    return lean


def _trust(time_s: Array, stances: tuple[Contact, ...]) -> Array:
    """Return 1 in stance and what is left of it around, 0 in swing."""
    trust = np.zeros(len(time_s))
    for stance in stances:
        beyond = np.abs(stance.share(time_s) - 0.5) - 0.5
        trust = np.maximum(trust, np.clip(1 - beyond / FADE_SHARE, 0, 1))
    return trust
