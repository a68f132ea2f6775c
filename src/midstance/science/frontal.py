"""When each foot is on the ground, from a front or rear view.

The feet show little there, but the trunk rises and falls once a step, with its low near midstance. Contact and
toe-off are set around the low, as far from it as a side view of the same run shows them; without one, as far as
they usually are, and that is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import mean_over, trunk_extremes
from midstance.science.signals import Array
from midstance.science.stances import Contact, Contacts, in_order

LONGEST_STEP = 1.6
"""Lows further apart than this many usual step times are not those of two steps in a row."""


@dataclass(frozen=True)
class StanceTiming:
    """When a stance's events happen around the trunk's low, in shares of the step time."""

    contact_before_low: float = 0.33
    """Usual value: treadmill running with a force plate (RBDS subject 1, 2.5 m/s)."""
    midstance_after_low: float = -0.02
    """Usual value: at 42 % of the stance (evidence and rendered runners: 41 %, that subject: 44 %)."""
    toe_off_after_low: float = 0.40
    """Together with the above a duty factor of 36.5 % (Malisoux 2023: 39 ± 4 %)."""
    seen: bool = False
    """Measured in a side view of the same run."""

    @property
    def midstance_share(self) -> float:
        """Of the stance that has passed at midstance."""
        before = self.contact_before_low
        return (before + self.midstance_after_low) / (before + self.toe_off_after_low)


Timings = Mapping[Side, StanceTiming]
"""Of each leg."""
USUAL_TIMING = StanceTiming()
USUAL_TIMINGS: Timings = MappingProxyType(dict.fromkeys(SIDES, USUAL_TIMING))


def frontal_view_contacts(landmarks: LandmarkSeries, timings: Timings = USUAL_TIMINGS) -> Contacts:
    """Find the stances of both feet in a front or rear view.

    1. The trunk's height, smoothed; each low belongs to one stance.
    2. The foot on the ground at a low is the lower ankle; sides alternate, so each low follows the better-fitting
       alternation of its neighbourhood.
    3. Contact and toe-off at their distances from the low, scaled by the step time there.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned, on uniform time.
    timings : mapping of Side to StanceTiming
        From a side view of the same run, or the usual ones.
    """
    lows_s, _ = trunk_extremes(landmarks)
    sides = _stance_sides(landmarks, lows_s)
    found = [
        _around(low_s, step_s, side, timings[side])
        for low_s, step_s, side in zip(lows_s, step_times_s(lows_s), sides, strict=True)
    ]
    first_s, last_s = landmarks.time_s[0], landmarks.time_s[-1]
    whole = [c for c in found if c.initial_contact_s >= first_s and c.toe_off_s <= last_s]
    nowhere: dict[Side, float] = {"left": float("nan"), "right": float("nan")}
    return Contacts(in_order(whole), nowhere, timing_assumed=not any(timing.seen for timing in timings.values()))


def _around(low_s: float, step_s: float, side: Side, timing: StanceTiming) -> Contact:
    return Contact(side, low_s - timing.contact_before_low * step_s, low_s + timing.toe_off_after_low * step_s)


def step_times_s(lows_s: Array) -> Array:
    """Return the step time at each low: the median of the distances to the lows around it.

    NaN for fewer than two lows. A hole in the clip between two lows is no step.
    """
    gaps = np.diff(lows_s)
    if not len(gaps):
        return np.full(len(lows_s), np.nan)
    gaps = np.where(gaps <= LONGEST_STEP * np.median(gaps), gaps, np.nan)
    known = np.flatnonzero(np.isfinite(gaps))
    nearest = known[np.abs(np.arange(len(gaps))[:, None] - known).argmin(axis=1)]
    padded = np.pad(gaps[nearest], 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, 4), axis=1), dtype=np.float64)


def _stance_sides(landmarks: LandmarkSeries, lows: Array) -> list[Side]:
    """Say which foot is on the ground at each low, with alternating sides."""
    if not len(lows):
        return []
    lower = landmarks.point("left_ankle")[:, 1] - landmarks.point("right_ankle")[:, 1]
    evidence = np.nan_to_num([mean_over(landmarks, lower, t - 0.05, t + 0.05) for t in lows])
    alternation = np.where(np.arange(len(lows)) % 2 == 0, 1.0, -1.0)
    agreement = np.convolve(evidence * alternation, np.ones(5))[2 : len(lows) + 2]
    left = agreement * alternation > 0
    return ["left" if is_left else "right" for is_left in left]
