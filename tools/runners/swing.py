"""The leg in the air: mean joint curves, bent so that they leave and meet the belt where they must."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicHermiteSpline

from runners.body import SIGN
from runners.foot import FootModel
from runners.geometry import Array, smoothstep
from runners.leg import Leg
from runners.norms import STANDING_NEUTRAL_DEG, curves
from runners.pelvis import PelvisPath
from runners.stance import FootState, stance_foot, step_yaw
from runners.steps import Step

CIRCUMDUCTION_M = 0.02
CLEARANCE_M = 0.012  # the least height of the sole in mid-swing
LIFT_M, LIFT_RAD, LARGEST_LIFT = 0.010, float(np.radians(7.0)), 5.0
EARLY_PEAK, LATE_PEAK = 0.16, 0.8  # fractions of swing
DEPARTURE, ARRIVAL = 0.45, 0.45  # fractions of swing over which the ends are blended
STEP_BACK_S = 1e-4
LANDING_SHARE, LANDING_S = 0.40, 0.18  # see _behind_m


@dataclass(frozen=True)
class LegContext:
    """What a leg needs to know beside its steps."""

    side: str
    leg: Leg
    foot: FootModel
    path: PelvisPath
    hip_offset: Array
    speed_mps: float

    def hip(self, t: Array) -> Array:
        """Return the hip centre, (n, 3)."""
        return np.asarray(self.path.position(t) + self.path.orientation(t) @ self.hip_offset)


def sagittal_state(ctx: LegContext, step: Step, t: Array) -> Array:
    """Return thigh inclination, knee flexion, foot pitch and ankle y during stance, (n, 4)."""
    foot = stance_foot(step, ctx.foot, ctx.speed_mps, t)
    thigh, knee = ctx.leg.sagittal_angles(ctx.hip(t), foot.ankle)
    return np.stack([thigh, knee, foot.pitch, foot.ankle[:, 1]], -1)


def swing_foot(ctx: LegContext, before: Step, after: Step, t: Array) -> FootState:
    """Return the foot at times between the toe-off of `before` and the contact of `after`."""
    start, end = before.end_s, after.start_s
    ends = sagittal_state(ctx, before, np.array([start - STEP_BACK_S, start]))
    landing = sagittal_state(ctx, after, np.array([end]))[0]
    slope = (ends[1] - ends[0]) / STEP_BACK_S * (end - start)
    u = (t - start) / (end - start)
    thigh, knee, pitch = _joint_curves(ctx, before, u, ends[1], slope, landing).T
    x, z = ctx.leg.sagittal_reach(thigh, knee)
    hip = ctx.hip(t)
    y = CubicHermiteSpline([0.0, 1.0], [ends[1, 3], landing[3]], [slope[3], 0.0])(u)
    y = y + SIGN[ctx.side] * CIRCUMDUCTION_M * np.sin(np.pi * u) ** 2
    bend = float(ctx.foot.toe_extension(np.array([ends[1, 2]]))[0])
    return FootState(
        ankle=np.stack([hip[:, 0] + x, y, hip[:, 2] + z], -1),
        pitch=pitch,
        yaw=step_yaw(before) + (step_yaw(after) - step_yaw(before)) * smoothstep(u),
        toe_extension=bend * (1 - smoothstep(u / 0.4)),
    )


def lifted_swing_foot(ctx: LegContext, before: Step, after: Step, t: Array) -> FootState:
    """Return the swinging foot, lifted where its sole would come too near the belt.

    After toe-off the toes come up and the knee bends a little more; before contact the knee bends.
    Both lifts start and end with the foot's own velocity.
    """
    span = after.start_s - before.end_s
    grid = np.linspace(0, 1, 81)
    trial = swing_foot(ctx, before, after, before.end_s + grid * span)
    early = _least(lambda size: _height(ctx, _raise(trial, size * _early(grid))), _early_margin(grid))
    trial = _raise(trial, early * _early(grid))
    late = _least(lambda size: _height(ctx, _raise(trial, size * _late(grid))), _late_margin(grid))
    u = (t - before.end_s) / span
    foot = _raise(swing_foot(ctx, before, after, t), early * _early(u) + late * _late(u))
    return replace(foot, ankle=foot.ankle - _behind_m(ctx, after.start_s - t))


def _behind_m(ctx: LegContext, left_s: Array) -> Array:
    """Return how much further back the foot is before landing, (n, 3), so that it lands less braked.

    Joint curves alone bring the foot to the belt's speed before it lands. In motion capture with a force plate
    (RBDS subject 1, 2.5 m/s) it moves back at 0.54 of the belt's speed at contact and at the whole of it 40 ms later.
    """
    early = np.clip(left_s / LANDING_S, 0, 1)
    back = LANDING_SHARE * ctx.speed_mps * left_s * (1 - early) ** 2
    return np.asarray(back[:, None] * np.array([1.0, 0.0, 0.0]))


def _raise(foot: FootState, amount: Array) -> FootState:
    """Return the foot raised: `amount` 1 lifts the ankle and turns the toes up by one unit."""
    up = np.array([0.0, 0.0, LIFT_M])
    return replace(foot, ankle=foot.ankle + up * amount[:, None], pitch=foot.pitch + LIFT_RAD * amount)


def _height(ctx: LegContext, foot: FootState) -> Array:
    """Return the sole's least height."""
    ankle = ctx.foot.shoe.ankle
    origin_z = foot.ankle[:, 2] - np.sin(foot.pitch) * ankle[0] - np.cos(foot.pitch) * ankle[2]
    return ctx.foot.clearance(foot.pitch, foot.toe_extension, origin_z)


def _least(height: Callable[[float], Array], margin: Array) -> float:
    """Return the least size of a lift that keeps the margin, found by bisection."""
    low, high = 0.0, LARGEST_LIFT
    if np.all(height(low) >= margin):
        return low
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (low, middle) if np.all(height(middle) >= margin) else (middle, high)
    return high


def _early(u: Array) -> Array:
    return np.asarray((u / EARLY_PEAK) ** 2 * np.exp(2 * (1 - u / EARLY_PEAK)) * (1 - u) ** 2)


def _late(u: Array) -> Array:
    return np.asarray((u / LATE_PEAK) ** 8 * ((1 - u) / (1 - LATE_PEAK)) ** 2)


def _early_margin(u: Array) -> Array:
    wanted = CLEARANCE_M * smoothstep(u / 0.2)
    return np.where((u > 0.02) & (u < 0.5), wanted, -np.inf)


def _late_margin(u: Array) -> Array:
    wanted = CLEARANCE_M * smoothstep((1 - u) / 0.2)
    return np.where((u >= 0.5) & (u < 0.97), wanted, -np.inf)


def _joint_curves(ctx: LegContext, before: Step, u: Array, ends: Array, slope: Array, landing: Array) -> Array:
    """Return thigh, knee and pitch over swing, (n, 3) radians."""
    first = _norm_angles(ctx, before, np.array([0.0, 1e-3]))
    last = _norm_angles(ctx, before, np.array([1.0]))[0]
    norm_slope = (first[1] - first[0]) / 1e-3
    leave = ends[:3] - first[0]
    leave_slope = slope[:3] - norm_slope
    arrive = landing[:3] - last
    rest = 1 - smoothstep(u / DEPARTURE)
    drift = u * np.clip(1 - u / DEPARTURE, 0, None) ** 2
    near = smoothstep((u - 1 + ARRIVAL) / ARRIVAL)
    shape = _norm_angles(ctx, before, u)
    blend = leave * rest[:, None] + leave_slope * drift[:, None] + arrive * near[:, None]
    return np.asarray(shape + blend)


def _norm_angles(ctx: LegContext, before: Step, u: Array) -> Array:
    """Return thigh, knee and foot pitch of the mean runner over swing, with this swing's gains."""
    stride = ctx.path.spec.stride_time_s
    start = 100 * before.contact_time_s / stride
    percent = start + u * (100 - start)
    mean = curves()
    thigh = mean["hip"].at(percent)
    thigh = thigh + (before.swing_hip_gain - 1) * np.clip(thigh, 0, None)
    knee = mean["knee"].at(percent)
    low = 12.0
    knee = knee + (before.swing_knee_gain - 1) * np.clip(knee - low, 0, None)
    pitch = mean["ankle"].at(percent) + STANDING_NEUTRAL_DEG - (knee - thigh)
    return np.radians(np.stack([thigh, knee, pitch], -1))
