"""The leg as two rigid segments between a hip, a knee and an ankle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runners.body import SIGN
from runners.geometry import FORWARD, UP, Array, about_z, apply, dot, unit

REACH = 0.9995  # a leg is never quite straight


@dataclass(frozen=True)
class Leg:
    """Segment lengths in metres."""

    thigh_m: float
    shank_m: float

    def knee_flexion(self, distance: Array) -> Array:
        """Return knee flexion (radians, 0 = straight) for a hip-ankle distance."""
        cos = (distance**2 - self.thigh_m**2 - self.shank_m**2) / (2 * self.thigh_m * self.shank_m)
        return np.arccos(np.clip(cos, -1, 1))

    def sagittal_angles(self, hip: Array, ankle: Array) -> tuple[Array, Array]:
        """Return thigh inclination (knee forward positive) and knee flexion as seen exactly from the side."""
        reach = ankle - hip
        x, down = reach[..., 0], -reach[..., 2]
        knee = self.knee_flexion(np.hypot(x, down))
        ahead = np.arctan2(self.shank_m * np.sin(knee), self.thigh_m + self.shank_m * np.cos(knee))
        return np.arctan2(x, down) + ahead, knee

    def sagittal_reach(self, thigh: Array, knee: Array) -> tuple[Array, Array]:
        """Return the ankle's x and z from the hip: the inverse of `sagittal_angles`."""
        x = self.thigh_m * np.sin(thigh) + self.shank_m * np.sin(thigh - knee)
        z = -self.thigh_m * np.cos(thigh) - self.shank_m * np.cos(thigh - knee)
        return x, z

    def within_reach(self, hip: Array, ankle: Array) -> Array:
        """Return the ankle, drawn in where the leg would be too short for it."""
        reach = ankle - hip
        length = np.linalg.norm(reach, axis=-1, keepdims=True)
        limit = REACH * (self.thigh_m + self.shank_m)
        return np.asarray(hip + reach * np.minimum(1.0, limit / length))

    def knee(self, hip: Array, ankle: Array, yaw: Array, swivel: Array, side: str) -> Array:
        """Return the knee centre.

        Parameters
        ----------
        hip, ankle : (..., 3) arrays
        yaw : (...) array, radians
            Direction in which the knee points, from forward to the left.
        swivel : (...) array, radians
            Turn of the knee about the hip-ankle line, inward positive.
        side : str
        """
        reach = ankle - hip
        length = np.linalg.norm(reach, axis=-1, keepdims=True)
        down = reach / length
        cos = (self.thigh_m**2 + length**2 - self.shank_m**2) / (2 * self.thigh_m * length)
        sin = np.sqrt(np.clip(1 - cos**2, 0, None))
        pole = apply(about_z(yaw), FORWARD)
        ahead = unit(pole - dot(pole, down) * down)
        inward = -SIGN[side] * np.cross(ahead, down)
        turned = ahead * np.cos(swivel)[..., None] + inward * np.sin(swivel)[..., None]
        return np.asarray(hip + self.thigh_m * (cos * down + sin * turned))


def knee_valgus(hip: Array, knee: Array, ankle: Array, side: str) -> Array:
    """Return the frontal plane projection angle, knee inward positive (radians)."""
    thigh, shank = hip - knee, knee - ankle
    outward = SIGN[side]
    lean = [np.arctan2(outward * s[..., 1], s[..., 2]) for s in (thigh, shank)]
    return np.asarray(lean[0] - lean[1])


def tibial_inclination(knee: Array, ankle: Array) -> Array:
    """Return the shank's lean from vertical seen from the side, knee ahead positive (radians)."""
    shank = knee - ankle
    return np.asarray(np.arctan2(shank @ FORWARD, shank @ UP))
