"""Which angles an overlay shows, their value now and at the last midstance, and how far to trust them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from midstance.overlay.phases import LegPhase, last_midstance
from midstance.science.catalogue import MEASURE
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import MeasureValue, Quality, View, ViewAnalysis

SHOWN: dict[View, tuple[str, ...]] = {
    "side": ("trunk_lean", "knee_flexion", "tibial_inclination", "ankle_dorsiflexion"),
    "front": ("trunk_side_lean", "knee_valgus", "foot_progression"),
    "rear": ("trunk_side_lean", "knee_valgus", "foot_progression"),
}
"""Angles with an arc or a number in the overlay, from the top of the body down."""

SHORT_TITLES: dict[str, str] = {
    "knee_valgus": "Knee valgus",
    "foot_progression": "Foot progression",
}
"""Where the title of the catalogue is too long for a margin."""


@dataclass(frozen=True)
class Trace:
    """An angle of one leg that the overlay shows."""

    measure: str
    side: Side
    quality: Quality
    """Of most of its values: `ok` or `low`, never `unmeasurable`."""

    @property
    def title(self) -> str:
        """The measure in words."""
        return SHORT_TITLES.get(self.measure, MEASURE[self.measure].title)


@dataclass(frozen=True)
class Reading:
    """A trace at one time."""

    trace: Trace
    value: float
    """Degrees now; NaN when it is not seen, or says nothing at this moment."""
    held: float
    """Degrees at the midstance passed last; NaN when there is none that counts."""
    held_quality: Quality

    @property
    def text(self) -> str:
        """The value now as it is written; empty when there is none."""
        return degrees(self.value, self.trace.quality)

    @property
    def held_text(self) -> str:
        """The held value as it is written; empty when there is none."""
        return degrees(self.held, self.held_quality)


def degrees(value: float, quality: Quality) -> str:
    """Write an angle: whole degrees, `~` before one of low quality, nothing for one that is not known."""
    if quality == "unmeasurable" or not np.isfinite(value):
        return ""
    number = f"{value:.0f}".replace("-0", "0") if abs(value) < 0.5 else f"{value:.0f}".replace("-", "−")
    return f"{'~' if quality == 'low' else ''}{number}°"


def traces_of(view: ViewAnalysis) -> tuple[Trace, ...]:
    """Return the angles to show: of the near leg in a side view, of both legs in a frontal one."""
    near = view.scene.near_side
    sides = SIDES if view.scene.view != "side" or near is None else (near,)
    found = [(m, s, quality_of(view, m, s)) for s in sides for m in SHOWN[view.scene.view]]
    return tuple(Trace(m, s, q) for m, s, q in found if q != "unmeasurable" and (m, s) in view.angles.values)


def quality_of(view: ViewAnalysis, measure: str, side: Side) -> Quality:
    """Return the quality of most values of an angle.

    Values that cannot be measured count only when there are no others. Without any value nothing vouches for
    the angle, which makes it `low`.
    """
    grades = Counter(v.quality for v in view.values if (v.measure, v.side) == (measure, side))
    if not grades:
        return "low"
    if set(grades) == {"unmeasurable"}:
        return "unmeasurable"
    return "ok" if grades["ok"] >= grades["low"] else "low"


class MidstanceValues:
    """The values at midstance, found by measure, side and stride."""

    def __init__(self, view: ViewAnalysis) -> None:
        self._strides = view.strides
        at_midstance = (v for v in view.values if v.instant == "midstance")
        self._values: dict[tuple[str, Side, int], MeasureValue] = {
            (v.measure, v.side, v.stride): v for v in at_midstance
        }

    def last(self, measure: str, side: Side, time_s: float) -> tuple[float, Quality]:
        """Return the value at the midstance passed last, and its quality; NaN when it does not count."""
        stride = last_midstance(self._strides, side, time_s)
        found = self._values.get((measure, side, stride.number)) if stride else None
        return (found.value, found.quality) if found else (float("nan"), "unmeasurable")


def reading(view: ViewAnalysis, trace: Trace, phase: LegPhase, held: MidstanceValues, time_s: float) -> Reading:
    """Return a trace at a time.

    The angles of a frontal view are about the leg that carries the body: while the leg swings, the knee
    points at the camera and the projection says nothing. Then there is no value.
    """
    told = view.scene.view == "side" or phase.on_ground is True
    value = view.angles.at(trace.measure, trace.side, time_s) if told else float("nan")
    return Reading(trace, value, *held.last(trace.measure, trace.side, time_s))
