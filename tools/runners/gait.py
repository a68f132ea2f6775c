"""A parametric runner on a treadmill: from a body and a spec to joints and orientations at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

from runners.body import SIDES, SUFFIX, Body
from runners.fit import Limbs, fit_sides, rest_tilt_deg
from runners.foot import FootModel
from runners.geometry import Array
from runners.leg import Leg, knee_valgus
from runners.pelvis import PelvisPath
from runners.shoe import build_shoe
from runners.spec import RunnerSpec
from runners.stance import FootState, stance_foot
from runners.steps import Step, plan_steps
from runners.swing import LegContext, lifted_swing_foot

SWIVEL_LIMIT_RAD = np.radians(45.0)
LONGEST = 0.9985  # of the leg in stance: the knee keeps about 6 degrees of flexion
REACH_ROUNDS = 4


@dataclass(frozen=True)
class LegMotion:
    """One leg over time; positions (n, 3), angles (n,) in radians."""

    hip: Array
    knee: Array
    ankle: Array
    pitch: Array
    yaw: Array
    toe_extension: Array
    in_stance: np.ndarray


@dataclass(frozen=True)
class Stance:
    """One stance: its step, and midstance (greatest knee flexion) with the knee's swivel there."""

    step: Step
    midstance_s: float
    swivel_rad: float

    def swivel(self, t: Array) -> Array:
        """Return the knee's inward turn about the hip-ankle line during this stance."""
        u = np.clip((t - self.step.start_s) / self.step.contact_time_s, 0, 1)
        middle = (self.midstance_s - self.step.start_s) / self.step.contact_time_s
        return np.asarray(self.swivel_rad * np.sin(np.pi * u ** (np.log(0.5) / np.log(middle))) ** 2)


def limbs_of(body: Body) -> Limbs:
    """Return the legs, shod feet and hips of a body."""
    middle = (body.pelvis["left_hip"] + body.pelvis["right_hip"]) / 2
    legs, feet, hips = {}, {}, {}
    for side in SIDES:
        hip = body.pelvis[f"{side}_hip"]
        knee, ankle = body.head("lowerleg01" + SUFFIX[side]), body.head("foot" + SUFFIX[side])
        legs[side] = Leg(float(np.linalg.norm(hip - knee)), float(np.linalg.norm(knee - ankle)))
        feet[side] = FootModel(build_shoe(body, side))
        hips[side] = hip - middle
    return Limbs(legs, feet, hips, rest_tilt_deg(body))


class Gait:
    """A run of given length.

    Parameters
    ----------
    body : Body
    spec : RunnerSpec
    duration_s : float
        The motion is defined from half a second before 0 until half a second after this.
    seed : int
        Decides the phase at time 0 and all variability.
    """

    def __init__(self, body: Body, spec: RunnerSpec, duration_s: float, seed: int) -> None:
        self.body, self.spec, self.duration_s = body, spec, duration_s
        self.limbs = limbs_of(body)
        fits = fit_sides(spec, self.limbs)
        steps = plan_steps(spec, fits, duration_s, np.random.default_rng(seed))
        self.path = PelvisPath(tuple(steps), spec, fits, self.limbs.rest_tilt_deg)
        for _ in range(REACH_ROUNDS):
            self.path = replace(self.path, steps=tuple(self._within_reach(s) for s in self.path.steps))

    def _within_reach(self, step: Step) -> Step:
        """Lower the pelvis over a step where chance made the leg too short for its foot."""
        ctx = self.context(step.side)
        t = step.start_s + step.contact_time_s * np.linspace(0, 1, 15)
        gap = ctx.hip(t) - stance_foot(step, ctx.foot, ctx.speed_mps, t).ankle
        length = np.linalg.norm(gap, axis=1)
        lower = np.clip(length - LONGEST * (ctx.leg.thigh_m + ctx.leg.shank_m), 0, None) * length / gap[:, 2]
        return replace(step, height_m=step.height_m - float(lower.max()))

    @cached_property
    def stances(self) -> dict[str, list[Stance]]:
        """Return every stance of each side, in order."""
        found: dict[str, list[Stance]] = {side: [] for side in SIDES}
        for step in self.path.steps[2:-2]:
            found[step.side].append(self._stance(step))
        return found

    def context(self, side: str) -> LegContext:
        """Return one leg's context."""
        return self.limbs.context(side, self.path)

    def leg(self, side: str, t: Array) -> LegMotion:
        """Return one leg's motion at times t (n,)."""
        ctx = self.context(side)
        foot, swivel, planted = self._foot(ctx, t)
        hip = ctx.hip(t)
        ankle = ctx.leg.within_reach(hip, foot.ankle)
        knee = ctx.leg.knee(hip, ankle, foot.yaw / 2, swivel, side)
        return LegMotion(hip, knee, ankle, foot.pitch, foot.yaw, foot.toe_extension, planted)

    def _foot(self, ctx: LegContext, t: Array) -> tuple[FootState, Array, np.ndarray]:
        """Return foot state, knee swivel and whether the foot is down."""
        n = len(t)
        ankle, angles = np.full((n, 3), np.nan), np.full((n, 3), np.nan)
        swivel, planted = np.zeros(n), np.zeros(n, dtype=bool)

        def put(where: np.ndarray, foot: FootState) -> None:
            ankle[where] = foot.ankle
            angles[where] = np.stack([foot.pitch, foot.yaw, foot.toe_extension], -1)

        mine = self.stances[ctx.side]
        for here, following in pairwise(mine):
            down = (t >= here.step.start_s) & (t <= here.step.end_s)
            up = (t > here.step.end_s) & (t < following.step.start_s)
            if down.any():
                put(down, stance_foot(here.step, ctx.foot, ctx.speed_mps, t[down]))
                swivel[down] = here.swivel(t[down])
                planted |= down
            if up.any():
                put(up, lifted_swing_foot(ctx, here.step, following.step, t[up]))
        return FootState(ankle, *angles.T), swivel, planted

    def _stance(self, step: Step) -> Stance:
        """Find midstance and the knee swivel that gives this step's valgus there."""
        ctx = self.context(step.side)
        t = step.start_s + step.contact_time_s * np.linspace(0.15, 0.75, 121)
        foot, hip = stance_foot(step, ctx.foot, ctx.speed_mps, t), ctx.hip(t)
        i = int(np.argmin(np.linalg.norm(foot.ankle - hip, axis=1)))
        h, a, yaw = hip[i], foot.ankle[i], np.asarray(foot.yaw[i] / 2)

        def miss(swivel: float) -> float:
            knee = ctx.leg.knee(h, a, yaw, np.asarray(swivel), step.side)
            return float(np.degrees(knee_valgus(h, knee, a, step.side)) - step.knee_valgus_deg)

        return Stance(step, float(t[i]), float(brentq(miss, -SWIVEL_LIMIT_RAD, SWIVEL_LIMIT_RAD)))
