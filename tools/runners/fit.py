"""Find the pelvis path and foot placement that give the joint angles a runner is asked to have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from runners.body import SIDES, Body
from runners.foot import FootModel
from runners.geometry import Array
from runners.leg import Leg
from runners.norms import STANDING_NEUTRAL_DEG, curves
from runners.pelvis import FORWARD_WAVES, GRAVITY_MPS2, PelvisPath, Push
from runners.spec import RunnerSpec, SideSpec, steady
from runners.stance import stance_foot
from runners.steps import SideFit, plan_steps
from runners.swing import LegContext

STANCE_FRACTIONS = np.linspace(0, 1, 21)
CLOSENESS = {"knee": 8.0, "ankle": 4.0, "hip": 1.0}  # how many times closer than the runners' own SD to follow them
PEAK_SD_DEG = np.array([0.45, 0.5])  # of knee flexion and of dorsiflexion
FORWARD_SD_MPS2 = np.array([0.1, 0.3, 0.1, 0.3])  # acceleration of each wave; the odd ones make the sides differ
PITCH_TOE_OFF_DEG, PITCH_TOE_OFF_SD_DEG = -44.0, 1.2  # motion capture of a runner at 2.5 m/s: -43 and -45
HEEL_RISE, HEEL_RISE_SD = (0.8, 0.8), (0.3, 0.5)
PUSH_SKEW, PUSH_SKEW_SD = 0.20, 0.01  # greatest push at 44 % of stance
PUSH_FLAT, PUSH_FLAT_SD = 0.11, 0.01
PUSH_EXTRA_SD_S = 0.0005
OVERREACH_DEG_PER_M = 2000.0  # a leg too short counts as a knee bent backwards, so that the solver sees a slope
WAVES = 2 * len(FORWARD_WAVES)
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
        **{f"{k}_sd": np.interp(percent, np.arange(101), mean[k].sd_deg) for k in CLOSENESS},
    }


def fit_sides(spec: RunnerSpec, limbs: Limbs) -> dict[str, SideFit]:
    """Return the fitted placement of both sides, by nonlinear least squares over identical strides."""
    calm = steady(spec)
    targets = {s: target_curves(spec.side(s), spec.stride_time_s) for s in SIDES}
    reach = sum(limbs.legs["left"].__dict__.values()) + limbs.feet["left"].shoe.ankle[2]

    def residuals(x: Array) -> Array:
        fits = unpack(x, calm)
        common = _common_priors(fits["left"], calm)
        return np.concatenate([*(_side_residuals(s, calm, limbs, fits, targets[s]) for s in SIDES), common])

    each = [0.2, PITCH_TOE_OFF_DEG / 100, *HEEL_RISE, PUSH_SKEW, PUSH_FLAT]
    first = np.array([0.95 * reach, 0.0, *([0.0] * WAVES), *each, *each])
    solved = least_squares(_finite(residuals), first, x_scale=0.1)
    return unpack(solved.x, calm)


def unpack(x: Array, spec: RunnerSpec) -> dict[str, SideFit]:
    """Read both sides' fit from the solver's vector.

    It holds the mean height at contact, the seconds of body weight that the left leg bears beyond its share, the
    fore-aft waves, and for the left and the right side foot placement, toe-off pitch (in 100 degrees), heel rise (2),
    skew and flatness of the push.
    """
    height, extra, *forward = (float(v) for v in x[: 2 + WAVES])
    fits = {}
    for side, sign, part in zip(SIDES, (1, -1), np.split(np.asarray(x[2 + WAVES :]), 2), strict=True):
        foot, pitch, square, cube, skew, flat = (float(v) for v in part)
        fits[side] = SideFit(foot, 100 * pitch, (square, cube), skew, flat, sign * extra, height, tuple(forward))
    return _periodic(fits, spec)


def _periodic(fits: dict[str, SideFit], spec: RunnerSpec) -> dict[str, SideFit]:
    """Return the fits with the contact heights at which identical strides repeat."""
    step_s = spec.stride_time_s / 2
    contact = {s: spec.side(s).contact_time_s for s in SIDES}
    left, right = SIDES
    longer = (contact[left] - contact[right]) / 2
    borne = {left: step_s + longer + fits[left].push_extra_s, right: step_s - longer + fits[right].push_extra_s}
    gain = {}
    for s in SIDES:
        push = Push(GRAVITY_MPS2 * borne[s] / contact[s], fits[s].push_skew, fits[s].push_flat, contact[s])
        gain[s] = float(push.rise(step_s)) - GRAVITY_MPS2 * step_s**2 / 2
    speed_up = GRAVITY_MPS2 * (borne[left] - step_s)
    start = -(gain[left] + gain[right] + speed_up * step_s) / (2 * step_s)
    higher = (start * step_s + gain[left]) / 2
    return {s: replace(fits[s], height_m=fits[s].height_m - k * higher) for s, k in ((left, 1), (right, -1))}


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
    ankle = np.degrees(foot.pitch + flat_knee - thigh) - STANDING_NEUTRAL_DEG
    tilt, habit = spec.pelvic_tilt_deg - limbs.rest_tilt_deg, spec.side(side)
    knee = knee - OVERREACH_DEG_PER_M * overreach
    found = {"knee": knee, "ankle": ankle, "hip": np.degrees(thigh) + tilt}
    middle = STANCE_FRACTIONS < 0.8
    peaks = [knee[middle].max() - habit.knee_flexion_peak_deg, ankle[middle].max() - habit.dorsiflexion_peak_deg]
    strict = {"knee": spec.strictness, "ankle": spec.strictness, "hip": 1.0}
    misses = [strict[k] * CLOSENESS[k] * (found[k] - target[k]) / target[f"{k}_sd"] for k in CLOSENESS]
    return np.concatenate([*misses, np.array(peaks) / PEAK_SD_DEG, _side_priors(fits[side])])


def _side_priors(fit: SideFit) -> Array:
    """Keep one leg's motion plausible: usual foot placement, roll and push."""
    return np.array(
        [
            *(np.array(fit.heel_rise) - HEEL_RISE) / HEEL_RISE_SD,
            (fit.pitch_toe_off_deg - PITCH_TOE_OFF_DEG) / PITCH_TOE_OFF_SD_DEG,
            (fit.foot_x_m - FOOT_X_M) / FOOT_X_SD_M,
            (fit.push_skew - PUSH_SKEW) / PUSH_SKEW_SD,
            (fit.push_flat - PUSH_FLAT) / PUSH_FLAT_SD,
        ]
    )


def _common_priors(fit: SideFit, spec: RunnerSpec) -> Array:
    """Keep fore-aft forces and the difference between the legs small."""
    rate = 2 * np.pi * np.array(FORWARD_WAVES) / spec.stride_time_s
    waves = np.reshape(fit.forward_m, (2, -1)) * rate**2 / FORWARD_SD_MPS2
    return np.append(waves.ravel(), fit.push_extra_s / PUSH_EXTRA_SD_S)


def _finite(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    """Return the function with anything not finite made large, so that the solver backs off."""
    return lambda x: np.nan_to_num(function(x), nan=1e3, posinf=1e3, neginf=-1e3)
