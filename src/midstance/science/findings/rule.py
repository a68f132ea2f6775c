"""What a rule is, and how it is judged: three-valued, with a probability from strides and measurement error."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite, nan, sqrt
from typing import ClassVar, Literal

import numpy as np

from midstance.science.findings.lunges import NO_LUNGES, Lunges
from midstance.science.findings.readings import Array, Reading, Readings, pooled
from midstance.science.landmarks import SIDES, Side, other_side
from midstance.science.records import Evidence, Instant

DRAWS = 2000
SEED = 2018
Z_ONE_SIDED_95 = 1.645
"""A rule asks whether one measured value lies beyond a fixed threshold, so the error counts once and on one side."""


@dataclass(frozen=True, eq=False)
class Clip:
    """One view as the rules may use it: by name, or the reason why not."""

    view: str = ""
    barred: str = ""
    """Why it cannot be used; empty when it can."""


@dataclass(frozen=True, eq=False)
class Case:
    """One side of the runner, with what is known of it."""

    readings: Readings
    side: Side
    near: dict[Side, Clip]
    """The side clip in which each leg is the near one."""
    frontal: dict[Side, Clip]
    """The clip from front or rear, for each side."""
    lunges: Lunges = field(default=NO_LUNGES)

    def sagittal(self, measure: str, instant: Instant, *, other: bool = False) -> Reading:
        """Return a number of the leg from the clip in which it is near."""
        return self._read(self.near, measure, instant, other=other)

    def coronal(self, measure: str, instant: Instant, *, other: bool = False) -> Reading:
        """Return a number of the leg from the front or the rear."""
        return self._read(self.frontal, measure, instant, other=other)

    def whole(self, measure: str, instant: Instant) -> Reading:
        """Return a number of the whole runner, over the strides of both sides, from the side or else the front."""
        found = [self._together(clips, measure, instant) for clips in (self.near, self.frontal)]
        return next((r for r in found if not r.missing), found[0])

    def _together(self, clips: dict[Side, Clip], measure: str, instant: Instant) -> Reading:
        views = dict.fromkeys(c.view for c in clips.values() if not c.barred)
        found = [self.readings.read(view, side, measure, instant) for view in views for side in SIDES]
        told = dict.fromkeys(c.barred for c in clips.values() if c.barred)
        return pooled(found) if found else Reading(measure, instant, missing="; ".join(told))

    def _read(self, clips: dict[Side, Clip], measure: str, instant: Instant, *, other: bool) -> Reading:
        side = other_side(self.side) if other else self.side
        clip = clips[side]
        if clip.barred:
            return Reading(measure, instant, missing=clip.barred)
        return self.readings.read(clip.view, side, measure, instant)


class Rule:
    """One question with a threshold. Subclasses say what is asked and of which number."""

    id: ClassVar[str]
    title: ClassVar[str]
    """What is asked, in plain words."""
    advice: ClassVar[str]
    """What to look at when it is met, or how to make it judgeable."""
    source: ClassVar[str]
    threshold: ClassVar[float]
    beyond: ClassVar[Literal["above", "below"]]
    """The side of the threshold on which the rule is met."""

    def reading(self, case: Case) -> Reading:
        """Return the number that the rule looks at."""
        raise NotImplementedError

    def threshold_for(self, reading: Reading) -> float:  # noqa: ARG002 - some thresholds depend on the error
        """Return the threshold for this number."""
        return self.threshold

    def remark(self, reading: Reading, margin: float) -> str:  # noqa: ARG002 - some rules have more to say
        """Return what else a reader should know of a judged number."""
        return reading.remark

    def judge(self, case: Case) -> Evidence:
        """Answer the question: met, not met, or None with the reason."""
        reading = self.reading(case)
        return self._judged(reading) if not reading.missing else unknown(self, reading)

    def _judged(self, reading: Reading) -> Evidence:
        threshold = self.threshold_for(reading)
        sign = 1.0 if self.beyond == "above" else -1.0
        margin = sign * (reading.value - threshold)
        reasons = (self.remark(reading, margin), closeness(margin, reading.standard_error, reading.unit))
        return Evidence(
            rule=self.id,
            title=self.title,
            met=margin >= 0,
            reason="; ".join(r for r in reasons if r),
            view=reading.view,
            measure=reading.measure,
            instant=reading.instant,
            unit=reading.unit,
            value=reading.value,
            threshold=threshold,
            margin=margin,
            standard_error=reading.standard_error,
            probability=probability(reading, threshold, sign),
            strides_meeting=float(np.mean(sign * (reading.each - threshold) >= 0)) if reading.strides else nan,
            strides=len(reading.strides),
            source=self.source,
        )


class ShownRule(Rule):
    """A rule whose number is shown and never judged. Subclasses say why."""

    why: ClassVar[str]

    def judge(self, case: Case) -> Evidence:
        """Show the number without an answer."""
        reading = self.reading(case)
        return unknown(self, reading, reading.missing or self.why)


def unknown(rule: Rule, reading: Reading, reason: str = "") -> Evidence:
    """Return the answer None; a number that is there is shown all the same."""
    return Evidence(
        rule=rule.id,
        title=rule.title,
        met=None,
        reason=reason or reading.missing,
        view=reading.view,
        measure=reading.measure,
        instant=reading.instant,
        unit=reading.unit,
        value=reading.value,
        threshold=rule.threshold,
        margin=nan,
        standard_error=reading.standard_error,
        probability=nan,
        strides_meeting=nan,
        strides=len(reading.strides),
        source=rule.source,
    )


def detectable(standard_error: float) -> float:
    """Return the detectable difference from a fixed threshold: 1.645 standard errors of the value.

    A published smallest detectable difference (1.96 sqrt(2) standard errors) asks whether two measured values
    differ. Here one measured value is held against a number without error, and only one direction matters, so
    that a value further beyond than this lies beyond with 95 % confidence.
    """
    return Z_ONE_SIDED_95 * standard_error


def closeness(margin: float, standard_error: float, unit: str) -> str:
    """Say that a value is too near to its threshold to be sure; empty when it is not."""
    reach = detectable(standard_error)
    if not isfinite(reach):
        return "the error of this number is not known"
    if abs(margin) >= reach:
        return ""
    where = "beyond" if margin >= 0 else "short of"
    return f"{abs(margin):.2g} {unit} {where} the threshold, within the detectable difference of {reach:.2g} {unit}"


def probability(reading: Reading, threshold: float, sign: float) -> float:
    """Return how probable it is that the true value lies beyond the threshold.

    Share of draws beyond it: each draw takes the median of strides drawn with replacement, and adds a normal
    error such that all draws together spread as much as the standard error, which holds the strides' scatter
    already. The same seed every time, so that both sides and all runs compare.
    """
    rng = np.random.default_rng(SEED)
    medians = _medians(reading.values, rng)
    if len(reading.minus):
        medians = medians - _medians(reading.minus, rng)
    rest = max(0.0, reading.standard_error**2 - float(np.var(medians))) if isfinite(reading.standard_error) else 0.0
    drawn = medians + rng.normal(0.0, sqrt(rest), DRAWS)
    return float(np.mean(sign * (drawn - threshold) >= 0))


def _medians(values: Array, rng: np.random.Generator) -> Array:
    """Return the medians of draws with replacement; drawing ranks of sorted values needs no sorting of values."""
    count, ordered = len(values), np.sort(values)
    ranks = np.sort(rng.integers(0, count, (DRAWS, count), dtype=np.int16), axis=1)
    middle = ordered[ranks[:, (count - 1) // 2]] + ordered[ranks[:, count // 2]]
    return np.asarray(middle / 2, dtype=np.float64)
