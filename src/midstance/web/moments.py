"""Which frames show what a number is about."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Analysis, Curve, Stride, ViewAnalysis

MOST = 12
"""Moments given for a number."""


@dataclass(frozen=True)
class Moment:
    """A time of a view that shows a number, and the number."""

    view: str
    side: Side
    stride: int
    time_s: float
    value: float


class MomentFinder:
    """Finds the times at which the values of an analysis were read."""

    def __init__(self, analysis: Analysis) -> None:
        self._views = {view.name: view for view in analysis.views}
        self._strides = {(v.name, s.side, s.number): s for v in analysis.views for s in v.strides}
        self._curves = {(v.name, c.side, c.stride, c.measure): c for v in analysis.views for c in v.curves}

    def of(self, view: str, side: str, measure: str, instant: str) -> list[dict[str, Any]]:
        """Return the moments of a measure, those of the most typical stride first; empty when nothing shows it."""
        found = self._views.get(view)
        sides = SIDES if side == "both" else tuple(s for s in SIDES if s == side)
        moments = [m for s in sides for m in self._moments(found, s, measure, instant)] if found else []
        if not moments:
            return []
        middle = float(np.median([m.value for m in moments]))
        nearest = sorted(moments, key=lambda m: abs(m.value - middle))[:MOST]
        return [
            {"view": m.view, "side": m.side, "stride": m.stride, "time_s": round(m.time_s, 4), "value": m.value}
            for m in nearest
        ]

    def _moments(self, view: ViewAnalysis, side: Side, measure: str, instant: str) -> list[Moment]:
        moments = []
        for value in view.values:
            if (value.side, value.measure, value.instant) != (side, measure, instant) or not isfinite(value.value):
                continue
            stride = self._strides.get((view.name, side, value.stride))
            if stride is not None:
                time_s = self._time_s(view, stride, measure, instant, value.value)
                moments.append(Moment(view.name, side, value.stride, time_s, value.value))
        return moments

    def _time_s(self, view: ViewAnalysis, stride: Stride, measure: str, instant: str, value: float) -> float:
        known = {"initial_contact": stride.initial_contact_s, "toe_off": stride.toe_off_s}
        if instant in known:
            return known[instant]
        curve = self._curves.get((view.name, stride.side, stride.number, measure))
        if instant in ("stance_peak", "swing_peak") and curve is not None:
            return _time_of(curve, stride, value, in_stance=instant == "stance_peak")
        return stride.midstance_s


def _time_of(curve: Curve, stride: Stride, value: float, *, in_stance: bool) -> float:
    """Return when a curve comes nearest to its peak, within stance or swing."""
    percent = np.arange(len(curve.values))
    part = (percent <= stride.toe_off_percent) == in_stance
    off = np.where(part & np.isfinite(curve.values), np.abs(curve.values - value), np.inf)
    if not np.isfinite(off).any():
        return stride.midstance_s
    share = float(percent[int(np.argmin(off))]) / 100
    return stride.initial_contact_s + share * (stride.next_contact_s - stride.initial_contact_s)
