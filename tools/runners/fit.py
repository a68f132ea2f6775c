"""Find the pelvis path and foot placement that give the joint angles a runner is asked to have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from runners.body import SIDES, Body
from runners.foot import FootModel
from runners.geometry import Array
from runners.leg import Leg
from runners.norms import curves
from runners.pelvis import PelvisPath
from runners.spec import RunnerSpec, SideSpec, steady
from runners.stance import stance_foot
from runners.steps import PHASES, SideFit, plan_steps
from runners.swing import LegContext

STANCE_FRACTIONS = np.linspace(0, 1, 21)
KNEE_SD_DEG, ANKLE_SD_DEG, HIP_SD_DEG = 1.0, 1.0, 4.0
FORWARD_SD_M, GRAVITY_SD = 0.006, 3.0
PITCH_TOE_OFF_DEG, PITCH_TOE_OFF_SD_DEG = -48.0, 8.0
OVERREACH_DEG_PER_M = 2000.0  # a leg too short counts as a knee bent backwards, so that the solver sees a slope
FOOT_X_M, FOOT_X_SD_M = 0.20, 0.08


@dataclass(frozen=True)
class Limbs:
    """What the fit needs of a body: legs, feet and hip offsets from the hip midpoint, by side."""

    legs: dict[str, Leg]
    feet: dict[str, FootModel]
    hip_offsets: dict[str, Array]
    rest_tilt_deg: float

    def context(self, side: str, path: PelvisPath) -> LegContext:
        """Return one leg's context on a pelvis path."""
        return LegContext(side, self.legs[side], self.feet[side], path, self.hip_offsets[side], path.spec.speed_mps)


def rest_tilt_deg(body: Body) -> float:
    """Return the PSIS-ASIS line's tilt in the rest pose."""
    p = body.pelvis
    line = p["left_asis"] + p["right_asis"] - p["left_psis"] - p["right_psis"]
    return float(np.degrees(np.arctan2(-line[2], line[0])))


def target_curves(habit: SideSpec, stride_time_s: float) -> dict[str, Array]:
    """Return knee, ankle and hip angles (deg) wanted over stance: the mean runner's, scaled to the peaks."""
    percent = 100 * habit.contact_time_s / stride_time_s * STANCE_FRACTIONS
    mean = curves()
    knee, ankle = mean["knee"].at(percent), mean["ankle"].at(percent)
    knee_low, ankle_low = float(knee[0]), 3.0
    knee_gain = (habit.knee_flexion_peak_deg - knee_low) / (knee.max() - knee_low)
    ankle_gain = (habit.dorsiflexion_peak_deg - ankle_low) / (ankle.max() - ankle_low)
    return {
        "knee": knee_low + (knee - knee_low) * np.where(knee > knee_low, knee_gain, 1.0),
        "ankle": ankle_low + (ankle - ankle_low) * np.where(ankle > ankle_low, ankle_gain, 1.0),
        "hip": mean["hip"].at(percent),
    }


def fit_sides(spec: RunnerSpec, limbs: Limbs) -> dict[str, SideFit]:
    """Return the fitted placement of both sides, by nonlinear least squares over identical strides."""
    calm = steady(spec)
    targets = {s: target_curves(spec.side(s), spec.stride_time_s) for s in SIDES}
    reach = sum(limbs.legs["left"].__dict__.values()) + limbs.feet["left"].shoe.ankle[2]

    def residuals(x: Array) -> Array:
        fits = unpack(x)
        return np.concatenate([_side_residuals(s, calm, limbs, fits, targets[s]) for s in SIDES])

    size = 2 + 2 * len(PHASES)
    first = np.array([0.2, -0.48, *([0.90 * reach] * len(PHASES)), *([0.0] * len(PHASES))])
    solved = least_squares(_finite(residuals), np.tile(first, 2), x_scale=np.tile([0.1] * size, 2))
    return unpack(solved.x)


def unpack(x: Array) -> dict[str, SideFit]:
    """Read both sides' fit from the solver's vector."""
    n = len(PHASES)
    fits = {}
    for side, part in zip(SIDES, np.split(np.asarray(x), 2), strict=True):
        height, forward = tuple(part[2 : 2 + n]), tuple(part[2 + n :])
        fits[side] = SideFit(float(part[0]), 100 * float(part[1]), height, forward)
    return fits


def _side_residuals(
    side: str, spec: RunnerSpec, limbs: Limbs, fits: dict[str, SideFit], target: dict[str, Array]
) -> Array:
    steps = plan_steps(spec, fits, 0.0, None)
    path = PelvisPath(tuple(steps), spec, fits, limbs.rest_tilt_deg)
    ctx = limbs.context(side, path)
    step = next(s for s in steps[6:] if s.side == side)
    t = step.start_s + STANCE_FRACTIONS * step.contact_time_s
    foot, hip = stance_foot(step, ctx.foot, spec.speed_mps, t), ctx.hip(t)
    thigh, flat_knee = ctx.leg.sagittal_angles(hip, foot.ankle)
    distance = np.linalg.norm(foot.ankle - hip, axis=1)
    knee = np.degrees(ctx.leg.knee_flexion(distance))
    overreach = np.clip(distance - (ctx.leg.thigh_m + ctx.leg.shank_m), 0, None)
    ankle = np.degrees(foot.pitch + flat_knee - thigh)
    tilt = spec.pelvic_tilt_deg - limbs.rest_tilt_deg
    return np.concatenate(
        [
            (knee - OVERREACH_DEG_PER_M * overreach - target["knee"]) / KNEE_SD_DEG,
            (ankle - target["ankle"]) / ANKLE_SD_DEG,
            (np.degrees(thigh) + tilt - target["hip"]) / HIP_SD_DEG,
            _priors(fits[side], path, step.end_s, step.start_s + spec.stride_time_s / 2),
        ]
    )


def _priors(fit: SideFit, path: PelvisPath, toe_off_s: float, next_contact_s: float) -> Array:
    """Keep the path plausible: little drift, free fall in flight, usual foot placement."""
    t = np.linspace(toe_off_s, next_contact_s, 3)
    h = 0.01
    fall = (path.position(t - h) - 2 * path.position(t) + path.position(t + h))[:, 2] / h**2
    return np.concatenate(
        [
            np.asarray(fit.forward_m) / FORWARD_SD_M,
            (fall + 9.81) / GRAVITY_SD,
            [(fit.pitch_toe_off_deg - PITCH_TOE_OFF_DEG) / PITCH_TOE_OFF_SD_DEG],
            [(fit.foot_x_m - FOOT_X_M) / FOOT_X_SD_M],
        ]
    )


def _finite(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return the function with anything not finite made large, so that the solver backs off."""
    return lambda x: np.nan_to_num(function(x), nan=1e3, posinf=1e3, neginf=-1e3)
