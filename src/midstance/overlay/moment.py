"""What the annotators draw from: one frozen record per frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from midstance.overlay.layout import Layout
from midstance.overlay.pen import Points
from midstance.overlay.phases import LegPhase, leg_phase
from midstance.overlay.readings import MidstanceValues, Reading, Trace, reading, traces_of
from midstance.overlay.text import Image
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.records import ViewAnalysis


@dataclass(frozen=True, eq=False)
class Moment:
    """One time of a clip as the annotators see it."""

    view: ViewAnalysis
    layout: Layout
    time_s: float
    points_px: Points
    """(33, 2): what the angles are read from, at this time, in pixels of the canvas; NaN = not seen."""
    phases: dict[Side, LegPhase]
    readings: tuple[Reading, ...]

    def point(self, name: str) -> Points:
        """Return a landmark on the canvas, shape (2,)."""
        return np.asarray(self.points_px[LANDMARK_INDEX[name]], dtype=np.float64)

    def midpoint(self, joint: str) -> Points:
        """Return the middle of the left and the right landmark of a joint, shape (2,)."""
        return np.asarray((self.point(f"left_{joint}") + self.point(f"right_{joint}")) / 2, dtype=np.float64)


Annotator: TypeAlias = Callable[[Image, Moment], None]
"""Draws in place on a canvas."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Makes the moments of a clip."""

    view: ViewAnalysis
    layout: Layout

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """The angles that are shown."""
        return traces_of(self.view)

    @cached_property
    def _held(self) -> MidstanceValues:
        return MidstanceValues(self.view)

    def at(self, time_s: float) -> Moment:
        """Return the moment at a time; outside of the analysed time it holds no landmarks."""
        time_s = nearest_known_s(self.view.landmarks, time_s)
        phases = {side: leg_phase(self.view.strides, side, time_s) for side in SIDES}
        return Moment(
            view=self.view,
            layout=self.layout,
            time_s=time_s,
            points_px=on_canvas(interpolated(self.view.centres, time_s), self.layout),
            phases=phases,
            readings=tuple(reading(self.view, trace, phases[trace.side], self._held, time_s) for trace in self.traces),
        )


def nearest_known_s(landmarks: LandmarkSeries, time_s: float) -> float:
    """Move a time that is less than half a frame outside of the landmarks onto their first or last."""
    if len(landmarks) < 2:
        return time_s
    nearest = float(np.clip(time_s, landmarks.time_s[0], landmarks.time_s[-1]))
    return nearest if abs(nearest - time_s) <= 0.5 / landmarks.fps else time_s


def interpolated(landmarks: LandmarkSeries, time_s: float) -> Points:
    """Return the landmarks at a time, linear between frames, shape (33, 2).

    NaN outside of the landmarks' time, and where either neighbouring frame has none.
    """
    times = landmarks.time_s
    if not len(times) or not times[0] <= time_s <= times[-1]:
        return np.full((33, 2), np.nan)
    after = int(np.searchsorted(times, time_s))
    if times[after] == time_s:
        return np.asarray(landmarks.xy_px[after], dtype=np.float64)
    share = (time_s - times[after - 1]) / (times[after] - times[after - 1])
    before_px, after_px = landmarks.xy_px[after - 1 : after + 1]
    return np.asarray(before_px + share * (after_px - before_px), dtype=np.float64)


def on_canvas(points_px: Points, layout: Layout) -> Points:
    """Move points from pixels of the clip to pixels of the canvas."""
    origin = np.array([layout.picture.x, layout.picture.y], dtype=np.float64)
    return points_px * layout.picture_scale + origin
