"""The same person standing quietly on the belt: where the ankle has its zero."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from runners.body import SIDES, SIGN, Body
from runners.gait import LegMotion, limbs_of
from runners.geometry import Array, about_y, about_z, apply, unit
from runners.norms import STANDING_LEAN_DEG
from runners.pose import Arms, Poser
from runners.spec import RunnerSpec

KNEE_BEND_DEG = 5.0
ANKLES_OVER_STATURE = 0.10
"""Distance of the ankles from each other."""
TOE_OUT_DEG = 8.0
SWAY_DEG, SWAY_HZ = 0.4, 0.3
"""Of the shanks, fore and aft."""
TRUNK_LEAN_DEG = 1.0
HANGING = Arms(back_deg=0.0, out_deg=9.0, inward_deg=5.0, elbow_deg=14.0)
LEANS_DEG = (-15.0, 25.0)
"""Of the shank, among which the one is looked for that gives the ankle its angle."""


@dataclass(frozen=True)
class Sway:
    """Where the hips are over the feet, and how they are turned; the gait's phase stands still."""

    height_m: float
    amplitude_m: float
    tilt_rad: float
    """Of the pelvis against its rest pose."""
    cycles: float
    """Where in its cycle the sway is at time 0."""

    def phase(self, t: Array) -> Array:
        """Return a phase in which arms and trunk are in the middle of their swing."""
        return np.full(len(t), 0.25)

    def position(self, t: Array) -> Array:
        """Return the midpoint of the hips, (n, 3)."""
        ahead = self.amplitude_m * np.sin(2 * np.pi * (SWAY_HZ * t + self.cycles))
        return np.stack([ahead, np.zeros(len(t)), np.full(len(t), self.height_m)], -1)

    def orientation(self, t: Array) -> Array:
        """Return rotations (n, 3, 3) of the pelvis."""
        return np.broadcast_to(about_y(self.tilt_rad), (len(t), 3, 3))


class Standing:
    """Quiet standing, in the place of a gait.

    Parameters
    ----------
    body : Body
    spec : RunnerSpec
        Of the same person's run.
    seed : int
        Decides where the sway begins.
    lean_deg : float
        Shank over the flat foot, knee ahead: where this person's ankle has its zero.
    """

    def __init__(self, body: Body, spec: RunnerSpec, seed: int, lean_deg: float = STANDING_LEAN_DEG) -> None:
        self.body, self.limbs = body, limbs_of(body)
        self.spec = replace(
            spec, speed_mps=0.0, trunk_lean_deg=TRUNK_LEAN_DEG, trunk_rotation_deg=0.0, arm_swing_deg=0.0
        )
        leg, foot = self.limbs.legs["left"], self.limbs.feet["left"]
        bend = np.radians(KNEE_BEND_DEG) / 2
        self.path = Sway(
            height_m=float(foot.shoe.ankle[2] + (leg.thigh_m + leg.shank_m) * np.cos(bend)),
            amplitude_m=(leg.thigh_m + leg.shank_m) * float(np.radians(SWAY_DEG)),
            tilt_rad=float(np.radians(spec.pelvic_tilt_deg - self.limbs.rest_tilt_deg)),
            cycles=float(np.random.default_rng(seed).random()),
        )
        self._ankles = {side: self._placed(side, lean_deg) for side in SIDES}

    def leg(self, side: str, t: Array) -> LegMotion:
        """Return one leg's posture at times t (n,)."""
        n, leg = len(t), self.limbs.legs[side]
        hip = self.path.position(t) + apply(self.path.orientation(t), self.limbs.hip_offsets[side])
        ankle = leg.within_reach(hip, np.broadcast_to(self._ankles[side], (n, 3)))
        yaw, still = np.full(n, _yaw(side)), np.zeros(n)
        knee = leg.knee(hip, ankle, yaw / 2, still, side)
        return LegMotion(hip, knee, ankle, still, yaw, still, np.ones(n, dtype=bool))

    def _placed(self, side: str, lean_deg: float) -> Array:
        """Return where an ankle stands so that shank and foot make the angle asked for while nothing sways."""

        def ankle(ahead_m: float) -> Array:
            aside = SIGN[side] * ANKLES_OVER_STATURE / 2 * self.body.stature_m
            return np.array([ahead_m, aside, self.limbs.feet[side].shoe.ankle[2]])

        def miss(ahead_m: float) -> float:
            return self._ankle_deg(side, ankle(ahead_m)) - lean_deg

        reach = self.path.height_m * np.tan(np.radians(LEANS_DEG))
        return ankle(float(brentq(miss, -reach[1] / 2, -reach[0] / 2)))

    def _ankle_deg(self, side: str, ankle: Array) -> float:
        """Return the shank's angle to the foot, 0 when they are square."""
        leg = self.limbs.legs[side]
        turned = about_y(self.path.tilt_rad)
        hip = np.array([0.0, 0.0, self.path.height_m]) + turned @ self.limbs.hip_offsets[side]
        yaw = np.asarray(_yaw(side))
        shank = unit(leg.knee(hip, leg.within_reach(hip, ankle), yaw / 2, np.asarray(0.0), side) - ankle)
        return float(np.degrees(np.arcsin(shank @ apply(about_z(yaw), np.array([1.0, 0.0, 0.0])))))


def standing_poser(body: Body, spec: RunnerSpec, seed: int, lean_deg: float = STANDING_LEAN_DEG) -> Poser:
    """Return somebody who stands, to be filmed as a runner is."""
    return Poser(Standing(body, spec, seed, lean_deg), HANGING)


def _yaw(side: str) -> float:
    return SIGN[side] * float(np.radians(TOE_OUT_DEG))
