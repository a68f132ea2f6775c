"""Which angles an overlay shows, their value now and at the last midstance, and how far to trust them."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

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

LOW_MARK = "≈"
"""Stands before a value of low quality. A tilde would look like one more minus in small type."""


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
    """Write an angle: whole degrees, marked when of low quality, nothing for one that is not known."""
    if quality == "unmeasurable" or not math.isfinite(value):
        return ""
    number = f"{round(value)}".replace("-", "−")  # a whole number has no minus zero
    return f"{LOW_MARK} {number}°" if quality == "low" else f"{number}°"


def traces_of(view: ViewAnalysis) -> tuple[Trace, ...]:
    """Return the angles to show: of the near leg in a side view, of both legs in a frontal one."""
    near = view.scene.near_side
    sides = (near,) if near else SIDES
    found = [(m, s, quality_of(view, m, s)) for s in sides for m in SHOWN[view.scene.view]]
    return tuple(Trace(m, s, q) for m, s, q in found if q != "unmeasurable" and (m, s) in view.angles.values)


def quality_of(view: ViewAnalysis, measure: str, side: Side) -> Quality:
    """Return how far the curve of an angle can be trusted: the worst of its stance instants.

    An instant has the quality of most of its values. Contact and toe-off do not count: what is in doubt there
    is mostly when they were, which does not touch the curve. `unmeasurable` only if nothing was measured;
    without any value nothing vouches for the angle, which makes it `low`.
    """
    mine = [v for v in view.values if (v.measure, v.side) == (measure, side)]
    if mine and all(v.quality == "unmeasurable" for v in mine):
        return "unmeasurable"
    grades = [_most([v.quality for v in mine if v.instant == instant]) for instant in ("midstance", "stance_peak")]
    return "ok" if set(grades) == {"ok"} else "low"


def _most(qualities: list[Quality]) -> Quality:
    """Return the quality of most values that were measured; `low` when there are none."""
    counts = Counter(qualities)
    return "ok" if counts["ok"] > counts["low"] else "low"


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


def told(view: View, *, on_ground: bool | None) -> bool:
    """Return whether an angle says something: in a frontal view only of the leg that carries the body.

    While the leg swings its knee points at the camera, and the projection says nothing.
    """
    return view == "side" or on_ground is True


def reading(view: ViewAnalysis, trace: Trace, phase: LegPhase, held: MidstanceValues, time_s: float) -> Reading:
    """Return a trace at a time; its value is NaN when it says nothing then."""
    says = told(view.scene.view, on_ground=phase.on_ground)
    value = view.angles.at(trace.measure, trace.side, time_s) if says else float("nan")
    return Reading(trace, value, *held.last(trace.measure, trace.side, time_s))
