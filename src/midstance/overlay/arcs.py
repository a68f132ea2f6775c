"""Angle arcs: a solid line of the body, a dashed line that it is measured against, and the arc between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from midstance.overlay import pen
from midstance.overlay.layout import Layout
from midstance.overlay.moment import Moment
from midstance.overlay.pen import Points
from midstance.overlay.readings import Reading
from midstance.overlay.style import REFERENCE
from midstance.overlay.text import Image
from midstance.science.landmarks import Side

UP = np.array([0.0, -1.0])
"""The picture's vertical, against which the science takes its angles."""

_LINE = 0.09
_FILL_OPACITY = 0.35
_STEP_DEG = 3.0


@dataclass(frozen=True, eq=False)
class Arc:
    """An angle as it lies in the picture. All in canvas pixels, directions of length 1."""

    apex: Points
    reference: Points
    """Direction of the dashed line."""
    body: Points
    """Direction of the line of the body."""
    radius_px: float
    reference_px: float
    """Length of the dashed line."""
    body_px: float = 0.0
    """Length of the line of the body, where the skeleton has none there."""

    @property
    def turn_rad(self) -> float:
        """From the reference to the body, the short way; positive = clockwise in the picture."""
        return float(np.arctan2(_cross(self.reference, self.body), np.dot(self.reference, self.body)))

    def points(self) -> Points:
        """Return points along the arc, shape (n, 2)."""
        steps = max(2, int(abs(np.degrees(self.turn_rad)) / _STEP_DEG) + 2)
        start = np.arctan2(self.reference[1], self.reference[0])
        angles = start + np.linspace(0, self.turn_rad, steps)
        return self.apex + self.radius_px * np.stack([np.cos(angles), np.sin(angles)], axis=1)

    @property
    def middle(self) -> Points:
        """The middle of the arc, where the line to its number ends."""
        points = self.points()
        return np.asarray((points[(len(points) - 1) // 2] + points[len(points) // 2]) / 2, dtype=np.float64)


def draw_arcs(image: Image, moment: Moment) -> None:
    """Draw the arc of every angle that has a value now."""
    for reading in moment.readings:
        arc = arc_of(moment, reading)
        if arc is not None:
            _draw(image, moment.layout, arc)


def arc_of(moment: Moment, reading: Reading) -> Arc | None:
    """Return how an angle lies in the picture; None when it has no value or a landmark is not seen.

    Foot progression has none: it is not the angle that the foot makes in the picture.
    """
    if not reading.text or reading.trace.measure not in _GEOMETRY:
        return None
    arc = _GEOMETRY[reading.trace.measure](moment, reading.trace.side, reading.value)
    return arc if pen.seen(arc.apex, arc.reference, arc.body, np.array([arc.radius_px])) else None


def _draw(image: Image, layout: Layout, arc: Arc) -> None:
    width, halo = layout.line_px(_LINE), layout.halo_px
    rim = arc.points()
    sector = np.concatenate([arc.apex[np.newaxis], rim])
    pen.translucent(image, sector, 2 * width, _FILL_OPACITY, lambda: pen.shape(image, sector, REFERENCE))
    pen.dashed(image, arc.apex, arc.apex + arc.reference_px * arc.reference, REFERENCE, width, halo_px=halo)
    if arc.body_px:
        pen.line(image, arc.apex, arc.apex + arc.body_px * arc.body, REFERENCE, width, halo_px=halo)
    pen.path(image, rim, REFERENCE, width, halo_px=halo)


def _tibial_inclination(moment: Moment, side: Side, value: float) -> Arc:  # noqa: ARG001 - one form for all
    ankle, knee = moment.point(f"{side}_ankle"), moment.point(f"{side}_knee")
    length, shank = _measured(knee - ankle)
    return Arc(ankle, UP, shank, 0.45 * length, 0.95 * length)


def _knee(moment: Moment, side: Side, value: float) -> Arc:  # noqa: ARG001 - as above
    hip, knee, ankle = (moment.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    length, shank = _measured(ankle - knee)
    _, thigh = _measured(knee - hip)
    return Arc(knee, thigh, shank, 0.36 * length, 0.7 * length)


def _knee_valgus(moment: Moment, side: Side, value: float) -> Arc:  # noqa: ARG001 - as above
    hip, knee, ankle = (moment.point(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
    length, shank = _measured(ankle - knee)
    _, thigh = _measured(knee - hip)
    return Arc(knee, thigh, shank, 0.85 * length, 1.1 * length)


def _trunk(moment: Moment, side: Side, value: float) -> Arc:  # noqa: ARG001 - as above
    hips = moment.midpoint("hip")
    length, trunk = _measured(moment.midpoint("shoulder") - hips)
    return Arc(hips, UP, trunk, 0.75 * length, length, body_px=length)


def _ankle_dorsiflexion(moment: Moment, side: Side, value: float) -> Arc:
    """Turn the foot back by the angle: that is where it would point in neutral.

    Like a goniometer: the arm lies along the foot and its axis at the ankle. Neutral rests on the flat foot
    and the ground of the whole clip, so it cannot be seen in one picture.
    """
    heel, toe = moment.point(f"{side}_heel"), moment.point(f"{side}_foot_index")
    length, foot = _measured(toe - heel)
    neutral = _turned(foot, moment.view.scene.forward * np.radians(value))
    return Arc(moment.point(f"{side}_ankle"), neutral, foot, 0.85 * length, 1.05 * length, body_px=1.05 * length)


_GEOMETRY: dict[str, Callable[[Moment, Side, float], Arc]] = {
    "tibial_inclination": _tibial_inclination,
    "knee_flexion": _knee,
    "ankle_dorsiflexion": _ankle_dorsiflexion,
    "trunk_lean": _trunk,
    "knee_valgus": _knee_valgus,
    "trunk_side_lean": _trunk,
}


def _measured(vector: Points) -> tuple[float, Points]:
    """Return the length and the direction of a vector; a vector of length 0 has no direction."""
    length = float(np.hypot(*vector))
    return length, vector / (length or np.nan)


def _turned(vector: Points, angle_rad: float) -> Points:
    """Turn a vector clockwise in the picture."""
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([cos * vector[0] - sin * vector[1], sin * vector[0] + cos * vector[1]])


def _cross(a: Points, b: Points) -> float:
    return float(a[0] * b[1] - a[1] * b[0])
