"""The leg on the belt: where foot, ankle and hip are during one stance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runners.body import SIGN
from runners.foot import FootModel, FootPlace, stance_pitch
from runners.geometry import Array, about_y, about_z, apply
from runners.steps import Step


@dataclass(frozen=True)
class FootState:
    """Foot and ankle over time: ankle (n, 3), pitch, yaw and toe extension in radians (n,)."""

    ankle: Array
    pitch: Array
    yaw: Array
    toe_extension: Array


def foot_rotation(yaw: Array, pitch: Array) -> Array:
    """Return the foot frame's rotation, toes up and toes left positive."""
    return np.asarray(about_z(yaw) @ about_y(-pitch))


def step_yaw(step: Step) -> float:
    """Return the foot's direction, to the left positive (radians)."""
    return SIGN[step.side] * float(np.radians(step.toe_out_deg))


def stance_foot(step: Step, model: FootModel, speed_mps: float, t: Array) -> FootState:
    """Return the foot at times within a stance: locked to the belt, rolling from heel to toe tip."""
    u = (t - step.start_s) / step.contact_time_s
    contact, toe_off = np.radians(step.pitch_contact_deg), np.radians(step.pitch_toe_off_deg)
    pitch = stance_pitch(u, contact, step.flat_at, step.heel_rise_at, toe_off, step.heel_rise)
    place = model.on_belt(pitch)
    yaw = np.full_like(pitch, step_yaw(step))
    spot = np.stack(
        [
            step.foot_x_m - speed_mps * (t - step.start_s),
            np.full_like(t, SIGN[step.side] * step.foot_line_m),
            np.zeros_like(t),
        ],
        -1,
    )
    return FootState(_ankle(model, spot, place, yaw), pitch, yaw, place.toe_extension)


def _ankle(model: FootModel, spot: Array, place: FootPlace, yaw: Array) -> Array:
    """Return the ankle of a foot whose flat ankle stands over `spot`."""
    ankle = model.shoe.ankle
    flat = np.array([ankle[0], ankle[1], 0.0])
    pitched = apply(about_y(-place.pitch), ankle)
    pitched[:, 0] += place.origin_x
    pitched[:, 2] += place.origin_z
    return np.asarray(spot + apply(about_z(yaw), pitched - flat))
