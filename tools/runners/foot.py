"""How a shod foot rolls over the belt: heel, flat, ball, toe tip, without slip or gap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runners.geometry import Array
from runners.shoe import Shoe

TOE_EXTENSION_LIMIT_RAD = np.radians(32.0)
HEEL_PIN_M = 0.026  # from the back of the shoe: where a heel strike lands


@dataclass(frozen=True)
class FootPlace:
    """Where a rolling foot is, in the vertical plane of its own axis.

    Attributes
    ----------
    origin_x, origin_z : arrays, metres
        The foot frame's origin against where it lies when the foot is flat.
    pitch : array, radians
        Toes up positive.
    toe_extension : array, radians
        Toes bent up against the rear foot.
    """

    origin_x: Array
    origin_z: Array
    pitch: Array
    toe_extension: Array


@dataclass(frozen=True)
class FootModel:
    """The sole of one shoe as a two-part rolling curve."""

    shoe: Shoe

    def toe_extension(self, pitch: Array) -> Array:
        """Return the toes' extension that keeps them on the belt, up to a soft limit."""
        raised = np.clip(-pitch, 0, None)
        return np.asarray(raised / (1 + (raised / TOE_EXTENSION_LIMIT_RAD) ** 4) ** 0.25)

    def sole_points(self, pitch: Array, toe_extension: Array) -> Array:
        """Return sole points (n, points, 2) in the foot's plane, turned about the frame's origin."""
        x = np.linspace(0.004, self.shoe.length_m - 0.004, 40)
        flat = np.stack([x, self.shoe.sole_height(x)], -1)
        ball = self.shoe.ball[[0, 2]]
        bent = _turn(flat[None] - ball, toe_extension[:, None]) + ball
        shaped = np.where((x > ball[0])[None, :, None], bent, flat[None])
        return _turn(shaped, pitch[:, None])

    def on_belt(self, pitch: Array) -> FootPlace:
        """Roll the foot to the given pitch: lowest sole point on the belt, heel or toe tip pinned."""
        pitch = np.asarray(pitch, dtype=float)
        extension = self.toe_extension(pitch)
        sole = self.sole_points(pitch, extension)
        ball = self.shoe.ball[[0, 2]]
        tip = np.array([self.shoe.length_m - 0.012, self.shoe.sole_height(np.array(self.shoe.length_m - 0.012))])
        tip_now = _turn(_turn(tip - ball, extension) + ball, pitch)
        heel = np.array([HEEL_PIN_M, 0.0])
        heel_now = _turn(np.broadcast_to(heel, (len(pitch), 2)), pitch)
        shift = np.where(pitch >= 0, heel[0] - heel_now[:, 0], tip[0] - tip_now[:, 0])
        return FootPlace(shift, -sole[..., 1].min(axis=1), pitch, extension)

    def clearance(self, pitch: Array, toe_extension: Array, origin_z: Array) -> Array:
        """Return the height of the lowest sole point over the belt."""
        return np.asarray(self.sole_points(pitch, toe_extension)[..., 1].min(axis=1) + origin_z)


def stance_pitch(
    u: Array, contact: float, flat_at: float, rise_at: float, toe_off: float, heel_rise: tuple[float, float]
) -> Array:
    """Return foot pitch over stance, in the unit of `contact` and `toe_off`.

    Parameters
    ----------
    u : array
        Fraction of stance, 0 at contact, 1 at toe-off.
    contact, toe_off : float
        Pitch at the ends, toes up positive.
    flat_at, rise_at : float
        Fractions at which the foot comes flat and the heel starts to rise.
    heel_rise : tuple of float
        Shares of the square and of the cube in the heel's rise; the fourth power has the rest.
    """
    landing = contact * np.clip(1 - u / flat_at, 0, None) ** 2
    s = np.clip((u - rise_at) / (1 - rise_at), 0, None)
    square, cube = heel_rise
    return np.asarray(landing + toe_off * s**2 * (square + cube * s + (1 - square - cube) * s**2))


def _turn(points: Array, pitch: Array) -> Array:
    """Turn (x, z) points toes-up by `pitch` about the origin."""
    cos, sin = np.cos(pitch), np.sin(pitch)
    x, z = points[..., 0], points[..., 1]
    return np.stack([x * cos - z * sin, x * sin + z * cos], -1)
