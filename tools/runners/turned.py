"""A gait whose pelvis is turned as one likes, moment by moment; feet stay, and knees stay about where they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from runners.gait import Gait, LegMotion
from runners.geometry import Array, about_x, about_y, about_z, apply, dot, unit
from runners.pelvis import PelvisPath


@dataclass(frozen=True)
class Turns:
    """How the pelvis is turned round each of some moments; degrees, and degrees a second.

    Attributes
    ----------
    time_s : (n,) array
        In order. At any time the nearest one counts.
    angles_deg, rates_deg_s : (n, 3) arrays
        Tilt (anterior positive), obliquity (left side up), rotation (to the left).
    """

    time_s: Array
    angles_deg: Array
    rates_deg_s: Array

    def at(self, t: Array) -> Array:
        """Return the angles (n, 3) at times t, degrees."""
        nearest = np.abs(np.asarray(t)[:, None] - self.time_s).argmin(axis=1)
        since = (t - self.time_s[nearest])[:, None]
        # Far from the moment only a calm posture is wanted, to calibrate the trunk by.
        return np.asarray(self.angles_deg[nearest] + self.rates_deg_s[nearest] * np.clip(since, -0.05, 0.05))


@dataclass(frozen=True)
class TurnedPath:
    """A pelvis's path with other orientations."""

    path: PelvisPath
    turns: Turns

    def phase(self, t: Array) -> Array:
        """Return strides since the first right contact."""
        return self.path.phase(t)

    def position(self, t: Array) -> Array:
        """Return the midpoint of the hips, (n, 3)."""
        return self.path.position(t)

    def orientation(self, t: Array) -> Array:
        """Return rotations (n, 3, 3) of the pelvis against its rest pose."""
        tilt, obliquity, rotation = np.radians(self.turns.at(t)).T
        rest = np.radians(self.path.rest_tilt_deg)
        return np.asarray(about_z(rotation) @ about_x(obliquity) @ about_y(tilt - rest))


class TurnedGait:
    """A gait with another pelvis, in its place for a `pose.Poser`.

    Parameters
    ----------
    gait : Gait
    turns : Turns
    """

    def __init__(self, gait: Gait, turns: Turns) -> None:
        self.gait, self.body, self.spec, self.limbs = gait, gait.body, gait.spec, gait.limbs
        self.path = TurnedPath(gait.path, turns)

    def leg(self, side: str, t: Array) -> LegMotion:
        """Return one leg's motion: foot as it was, thigh and shank from the turned hip."""
        own, leg = self.gait.leg(side, t), self.limbs.legs[side]
        hip = self.path.position(t) + apply(self.path.orientation(t), self.limbs.hip_offsets[side])
        ankle = leg.within_reach(hip, own.ankle)
        reach = ankle - hip
        length = np.linalg.norm(reach, axis=-1, keepdims=True)
        down = reach / length
        towards = own.knee - hip
        ahead = unit(towards - dot(towards, down) * down)
        cos = (leg.thigh_m**2 + length**2 - leg.shank_m**2) / (2 * leg.thigh_m * length)
        knee = hip + leg.thigh_m * (cos * down + np.sqrt(np.clip(1 - cos**2, 0, None)) * ahead)
        return replace(own, hip=hip, knee=knee, ankle=ankle)
