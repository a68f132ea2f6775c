"""The pelvis's path and orientation through a run of steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline

from runners.body import SIGN
from runners.geometry import Array, about_x, about_y, about_z
from runners.spec import RunnerSpec
from runners.steps import PHASES, SideFit, Step

DROP_SHAPE = (0.10, 0.50, 0.87, 1.00, 0.74, 0.38, 0.08, -0.05)  # of the peak drop at each knot of the step
SWAY_M = 0.008


@dataclass(frozen=True)
class PelvisPath:
    """Hip-midpoint position and pelvic orientation as functions of time."""

    steps: tuple[Step, ...]
    spec: RunnerSpec
    fits: dict[str, SideFit]
    rest_tilt_deg: float

    @cached_property
    def knot_times(self) -> Array:
        """Return the times of all knots."""
        starts = np.array([s.start_s for s in self.steps])
        lengths = np.append(np.diff(starts), self.spec.stride_time_s / 2)
        return np.asarray(starts[:, None] + lengths[:, None] * np.array(PHASES)).ravel()

    @cached_property
    def _splines(self) -> dict[str, CubicSpline]:
        fits = [self.fits[s.side] for s in self.steps]
        sign = np.array([SIGN[s.side] for s in self.steps])[:, None]
        height = np.array([f.height_m for f in fits]) + np.array([[s.height_offset_m] for s in self.steps])
        forward = np.array([f.forward_m for f in fits]) + np.array([[s.forward_offset_m] for s in self.steps])
        drop = sign * np.array([[s.pelvic_drop_deg] for s in self.steps]) * np.array(DROP_SHAPE)
        phase = np.arange(len(self.steps))[:, None] / 2 + np.array(PHASES) / 2
        values = {"height": height, "forward": forward, "obliquity": np.radians(drop), "phase": phase}
        return {k: CubicSpline(self.knot_times, v.ravel()) for k, v in values.items()}

    def phase(self, t: Array) -> Array:
        """Return strides since the first right contact."""
        return np.asarray(self._splines["phase"](t))

    def position(self, t: Array) -> Array:
        """Return the midpoint of the hips, (n, 3)."""
        shift = SWAY_M * np.cos(2 * np.pi * (self.phase(t) - 0.18))
        return np.stack([self._splines["forward"](t), -shift, self._splines["height"](t)], -1)

    def orientation(self, t: Array) -> Array:
        """Return rotations (n, 3, 3) of the pelvis against its rest pose."""
        turn = 2 * np.pi * self.phase(t)
        yaw = np.radians(self.spec.pelvic_rotation_deg) * np.cos(turn + 0.2)
        tilt = self.spec.pelvic_tilt_deg - self.rest_tilt_deg
        swing = self.spec.pelvic_tilt_range_deg * np.cos(2 * turn - 2.4)
        return np.asarray(about_z(yaw) @ about_x(self._splines["obliquity"](t)) @ about_y(np.radians(tilt + swing)))
