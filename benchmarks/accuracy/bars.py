"""The bars: what midstance promises, and whether it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.accuracy.records import Kind, Pair, Tally
from midstance.science.agreement import Agreement, agreement

SLOW_FPS = 50
SLOW_FACTOR = 1.5
"""Below `SLOW_FPS` a figure may be this many times as far off."""
SIDE = ("side",)
FRONTAL = ("front", "rear")
FRONTAL_ANY = (*FRONTAL, "front alone", "rear alone")


@dataclass(frozen=True)
class Choice:
    """Which pairs a bar looks at."""

    measure: str
    instant: str
    views: tuple[str, ...]
    legs: tuple[str, ...] = ()
    """All when empty."""

    def of(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Return the pairs chosen."""
        return [
            p
            for p in pairs
            if (p.measure, p.instant) == (self.measure, self.instant)
            and p.view in self.views
            and (not self.legs or p.leg in self.legs)
        ]


Figure = Callable[[Sequence[Pair], Sequence[Tally]], float]
Limits = dict[Kind, float | None]


@dataclass(frozen=True)
class Bar:
    """One promise."""

    words: str
    unit: str
    limits: Limits
    """The most that the figure may be; None = no promise for that kind."""
    figure: Figure
    """NaN when there is nothing to judge by."""
    usual: Figure | None = None
    """What the usual leg has where `figure` is the worst leg's."""
    relaxed: bool = True
    """Whether a slow camera may miss it by `SLOW_FACTOR`."""

    def judge(self, kind: Kind, fps: int, pairs: Sequence[Pair], tallies: Sequence[Tally]) -> Verdict:
        """Judge recordings of one kind and frame rate."""
        limit = self.limits[kind]
        if limit is not None and self.relaxed and fps < SLOW_FPS:
            limit *= SLOW_FACTOR
        usual = self.usual(pairs, tallies) if self.usual else float("nan")
        return Verdict(self.figure(pairs, tallies), limit, usual)


@dataclass(frozen=True)
class Verdict:
    """A bar's figure for one group of recordings."""

    figure: float
    limit: float | None
    usual: float = float("nan")
    """Of the legs' figures the middle one, where `figure` is the worst."""

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None when there is no bar or nothing to judge by."""
        if self.limit is None or not np.isfinite(self.figure):
            return None
        return self.figure <= self.limit


def over_legs(
    choice: Choice,
    statistic: Callable[[Agreement], float],
    of_all: Callable[[Sequence[float]], float],
    pairs: Sequence[Pair],
    tallies: Sequence[Tally],  # noqa: ARG001 - one form for all figures
) -> float:
    """Return the worst or the middle figure of recordings, views and legs, which must not cancel each other."""
    groups: dict[tuple[str, str, str], list[Pair]] = defaultdict(list)
    for pair in choice.of(pairs):
        groups[pair.recording, pair.view, pair.leg].append(pair)
    figures = [statistic(agreement_of(group)) for group in groups.values()]
    return float(of_all(figures)) if figures else float("nan")


def slope_off(
    choice: Choice,
    pairs: Sequence[Pair],
    tallies: Sequence[Tally],  # noqa: ARG001 - one form for all figures
) -> float:
    """Return how far the slope on truth is from 1, over all recordings."""
    return abs(agreement_of(choice.of(pairs)).slope - 1)


def total(
    field: str,
    pairs: Sequence[Pair],  # noqa: ARG001 - one form for all figures
    tallies: Sequence[Tally],
) -> float:
    """Return a sum over tallies."""
    return float(sum(getattr(t, field) for t in tallies)) if tallies else float("nan")


def agreement_of(pairs: Sequence[Pair]) -> Agreement:
    """Return the agreement of pairs."""
    return agreement([p.truth for p in pairs], [p.estimate for p in pairs])


def _limits(clean: float | None, noisy: float | None, clips: float | None) -> Limits:
    return {"clean": clean, "noisy": noisy, "clips": clips, "points": None}


def _count(words: str, field: str) -> Bar:
    return Bar(words, "", _limits(0, 0, 0), partial(total, field), relaxed=False)


def _timing(words: str, event: str, views: tuple[str, ...], limits: Limits) -> Bar:
    return _worst(f"{words}, RMS", "ms", Choice(event, "event", views), _rms, limits)


def _angle(words: str, choice: Choice, limits: Limits) -> Bar:
    return _worst(f"{words}, mean error", "°", choice, _bias, limits)


def _worst(words: str, unit: str, choice: Choice, statistic: Callable[[Agreement], float], limits: Limits) -> Bar:
    worst, usual = (partial(over_legs, choice, statistic, of_all) for of_all in (np.max, np.median))
    return Bar(words, unit, limits, worst, usual)


def _bias(found: Agreement) -> float:
    return abs(found.bias)


def _sd(found: Agreement) -> float:
    return found.sd


def _rms(found: Agreement) -> float:
    return found.rmse


_TIBIA = Choice("tibial_inclination", "midstance", SIDE, ("near",))
_KNEE = Choice("knee_flexion", "midstance", SIDE, ("near",))
_ANKLE = Choice("ankle_dorsiflexion", "stance_peak", SIDE, ("near",))
_VALGUS = Choice("knee_valgus", "midstance", FRONTAL_ANY)
_FOOT = Choice("foot_progression", "midstance", FRONTAL)
_SIDE_TIMING, _FRONTAL_TIMING = _limits(10, 17, 12), _limits(20, 34, 24)

BARS: tuple[Bar, ...] = (
    _count("stances missed", "missed"),
    _count("stances false", "false"),
    _count("strides with left and right exchanged", "exchanged"),
    _timing("initial contact, side view", "initial_contact", SIDE, _SIDE_TIMING),
    _timing("toe-off, side view", "toe_off", SIDE, _SIDE_TIMING),
    _timing("initial contact, frontal views", "initial_contact", FRONTAL_ANY, _FRONTAL_TIMING),
    _timing("toe-off, frontal views", "toe_off", FRONTAL_ANY, _FRONTAL_TIMING),
    _angle("tibial inclination at midstance, near leg", _TIBIA, _limits(0.7, 1.5, 1.0)),
    _worst("tibial inclination at midstance, near leg, SD", "°", _TIBIA, _sd, _limits(0.6, 2.0, 1.2)),
    _angle("knee flexion at midstance, near leg", _KNEE, _limits(1.0, 2.5, 3.0)),
    _angle("ankle dorsiflexion, stance peak, near leg", _ANKLE, _limits(1.5, 3.0, 3.0)),
    _angle("knee valgus at midstance", _VALGUS, _limits(1.5, 2.5, 2.5)),
    Bar("knee valgus, slope on truth, distance from 1", "", _limits(None, None, 0.15), partial(slope_off, _VALGUS)),
    _angle("foot progression at midstance, side view given", _FOOT, _limits(1.5, 4.0, 4.0)),
)
"""In the order of the report."""
