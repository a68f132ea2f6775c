"""The pelvis's path and orientation through a run of steps.

Its height is that of a mass that falls freely in flight and is pushed up by one smooth hump of force a stance. The
fore-aft path is a sum of a few waves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.interpolate import CubicSpline

from runners.body import SIGN
from runners.geometry import Array, about_x, about_y, about_z
from runners.spec import RunnerSpec
from runners.steps import SideFit, Step

PHASES = (0.0, 0.11, 0.23, 0.36, 0.50, 0.64, 0.77, 0.89)  # of a step, where obliquity has its knots
FORWARD_WAVES = (1, 2, 3, 4)  # per stride
DROP_SHAPE = (0.10, 0.50, 0.87, 1.00, 0.74, 0.38, 0.08, -0.05)  # of the peak drop at each knot of the step
SWAY_M = 0.008
GRAVITY_MPS2 = 9.81
HEIGHT_SD_M, PUSH_SD_MPS2 = 0.002, 0.15  # how closely a varied run keeps to its planned heights and pushes


@dataclass(frozen=True)
class Push:
    """The vertical push of one stance: the mass's acceleration is this less gravity.

    A hump over the fraction u of stance, never negative, none at contact and toe-off: the parabola ``6 u (1 - u)``, of
    which `skew` is exchanged for ``12 u (1 - u)^2``, whose peak is at a third of stance, and from which `flat` of
    ``140 u^3 (1 - u)^3 - 6 u (1 - u)`` is taken to lower the peak. All have mean 1.

    Attributes
    ----------
    mean_mps2, skew, flat, contact_time_s : float or array
        `flat` up to 0.4.
    """

    mean_mps2: float | Array
    skew: float | Array
    flat: float | Array
    contact_time_s: float | Array

    def at(self, since_s: Array) -> Array:
        """Return the push at times since contact, m/s2."""
        u = np.clip(since_s / self.contact_time_s, 0, 1)
        w = u * (1 - u)
        shape = 6 * (1 - self.skew + self.flat) + 12 * self.skew * (1 - u) - 140 * self.flat * w**2
        return np.asarray(self.mean_mps2 * w * shape)

    def rise(self, since_s: Array | float) -> Array:
        """Return the height gained by the push at times since contact, m."""
        u = np.asarray(since_s / self.contact_time_s)
        down = np.clip(u, 0, 1)
        middle = down**3 - down**4 / 2
        early = 2 * down**3 - 2 * down**4 + 0.6 * down**5
        peaked = 7 * down**5 - 14 * down**6 + 10 * down**7 - 2.5 * down**8
        twice = (1 - self.skew + self.flat) * middle + self.skew * early - self.flat * peaked
        return np.asarray(self.mean_mps2 * self.contact_time_s**2 * (twice + np.clip(u - 1, 0, None)))


@dataclass(frozen=True)
class Bounce:
    """Height of the hips' midpoint over a run of steps; arrays have one entry per step.

    Attributes
    ----------
    start_s, height_m, velocity_mps : arrays
        Contacts, and height and vertical velocity there.
    push : Push
        With arrays.
    """

    start_s: Array
    height_m: Array
    velocity_mps: Array
    push: Push

    def height(self, t: Array) -> Array:
        """Return the height at times t, m."""
        k, since = self._since(t)
        fall = self.velocity_mps[k] * since - GRAVITY_MPS2 * since**2 / 2
        return np.asarray(self.height_m[k] + fall + self._push(k).rise(since))

    def contact_force(self, t: Array) -> Array:
        """Return the vertical force on the belt, in body weights."""
        k, since = self._since(t)
        return self._push(k).at(since) / GRAVITY_MPS2

    def _since(self, t: Array) -> tuple[np.ndarray, Array]:
        k = np.clip(np.searchsorted(self.start_s, t, side="right") - 1, 0, len(self.start_s) - 1)
        return k, np.asarray(t - self.start_s[k])

    def _push(self, k: np.ndarray) -> Push:
        one = self.push
        return Push(*(np.asarray(v)[k] for v in (one.mean_mps2, one.skew, one.flat, one.contact_time_s)))


def bounce(steps: tuple[Step, ...], step_time_s: float) -> Bounce:
    """Return the height that keeps nearest to the steps' planned heights and pushes.

    Heights at contact follow from the pushes; so pushes are found by linear least squares. Identical strides keep
    exactly to a consistent plan.

    Parameters
    ----------
    steps : tuple of Step
    step_time_s : float
        Of the last step, which has no successor.
    """
    start, contact = (np.array([getattr(s, n) for s in steps]) for n in ("start_s", "contact_time_s"))
    length = np.append(np.diff(start), step_time_s)
    flight = length - contact
    borne = contact + (flight + np.append(flight[:1], flight[:-1])) / 2 + np.array([s.push_extra_s for s in steps])
    plan = GRAVITY_MPS2 * borne / contact
    skew, flat = (np.array([getattr(s, n) for s in steps]) for n in ("push_skew", "push_flat"))
    height, velocity = _states(length, contact, Push(1.0, skew, flat, contact).rise(length))
    n = len(steps)
    wanted = np.array([s.height_m for s in steps]) - height[:, -1]
    rows = np.concatenate([height[:, :-1] / HEIGHT_SD_M, np.eye(n, n + 2, 2) / PUSH_SD_MPS2])
    found, *_ = np.linalg.lstsq(rows, np.concatenate([wanted / HEIGHT_SD_M, plan / PUSH_SD_MPS2]), rcond=None)
    known = np.append(found, 1.0)
    return Bounce(start, height @ known, velocity @ known, Push(found[2:], skew, flat, contact))


def _states(length: Array, contact: Array, rise: Array) -> tuple[Array, Array]:
    """Return contact heights and velocities as linear in first height, first velocity, every push and 1."""
    n = len(length)
    height, velocity = np.zeros((n, n + 3)), np.zeros((n, n + 3))
    height[0, 0] = velocity[0, 1] = 1.0
    for k in range(n - 1):
        height[k + 1] = height[k] + length[k] * velocity[k]
        velocity[k + 1] = velocity[k]
        height[k + 1, 2 + k] += rise[k]
        velocity[k + 1, 2 + k] += contact[k]
        height[k + 1, -1] -= GRAVITY_MPS2 * length[k] ** 2 / 2
        velocity[k + 1, -1] -= GRAVITY_MPS2 * length[k]
    return height, velocity


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
        sign = np.array([SIGN[s.side] for s in self.steps])[:, None]
        drop = sign * np.array([[s.pelvic_drop_deg] for s in self.steps]) * np.array(DROP_SHAPE)
        phase = np.arange(len(self.steps))[:, None] / 2 + np.array(PHASES) / 2
        values = {"obliquity": np.radians(drop), "phase": phase}
        splines = {k: CubicSpline(self.knot_times, v.ravel()) for k, v in values.items()}
        middle = [s.start_s + s.contact_time_s / 2 for s in self.steps]
        return splines | {"drift": CubicSpline(middle, [s.forward_offset_m for s in self.steps])}

    @cached_property
    def bounce(self) -> Bounce:
        """Return the height of the hips' midpoint."""
        return bounce(self.steps, self.spec.stride_time_s / 2)

    def phase(self, t: Array) -> Array:
        """Return strides since the first right contact."""
        return np.asarray(self._splines["phase"](t))

    def position(self, t: Array) -> Array:
        """Return the midpoint of the hips, (n, 3)."""
        shift = SWAY_M * np.cos(2 * np.pi * (self.phase(t) - 0.18))
        return np.stack([self.forward(t), -shift, self.bounce.height(t)], -1)

    def forward(self, t: Array) -> Array:
        """Return the fore-aft place of the hips' midpoint, m."""
        waves = forward_waves(self.phase(t)) @ np.array(self.fits[self.steps[0].side].forward_m)
        return np.asarray(waves + self._splines["drift"](t))

    def orientation(self, t: Array) -> Array:
        """Return rotations (n, 3, 3) of the pelvis against its rest pose."""
        turn = 2 * np.pi * self.phase(t)
        yaw = np.radians(self.spec.pelvic_rotation_deg) * np.cos(turn + 0.2)
        tilt = self.spec.pelvic_tilt_deg - self.rest_tilt_deg
        swing = self.spec.pelvic_tilt_range_deg * np.cos(2 * turn - 2.4)
        return np.asarray(about_z(yaw) @ about_x(self._splines["obliquity"](t)) @ about_y(np.radians(tilt + swing)))


def forward_waves(phase: Array) -> Array:
    """Return the waves (n, 8) of which the fore-aft swing is made: cosines, then sines, of `FORWARD_WAVES`."""
    turn = 2 * np.pi * np.asarray(phase)[:, None] * np.array(FORWARD_WAVES)
    return np.concatenate([np.cos(turn), np.sin(turn)], axis=1)
