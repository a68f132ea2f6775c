"""The plan of a run: one record per step, with timing, foot placement and habits, varied by seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runners.spec import RunnerSpec, SideSpec

PHASES = (0.0, 0.11, 0.23, 0.36, 0.50, 0.64, 0.77, 0.89)  # of a step, where the pelvis path has its knots


@dataclass(frozen=True)
class SideFit:
    """What was fitted for one side so that its joint curves come out as asked.

    Attributes
    ----------
    foot_x_m : float
        Ankle ahead of the lab's origin at contact.
    pitch_toe_off_deg : float
        Foot pitch at toe-off.
    height_m, forward_m : tuple of float
        Hip-midpoint position at the knots of this side's step.
    """

    foot_x_m: float
    pitch_toe_off_deg: float
    height_m: tuple[float, ...]
    forward_m: tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """One step: from this foot's contact to the other foot's."""

    side: str
    start_s: float
    contact_time_s: float
    foot_x_m: float
    foot_line_m: float
    toe_out_deg: float
    pitch_contact_deg: float
    pitch_toe_off_deg: float
    flat_at: float
    heel_rise_at: float
    knee_valgus_deg: float
    pelvic_drop_deg: float
    height_offset_m: float
    forward_offset_m: float
    swing_knee_gain: float
    swing_hip_gain: float

    @property
    def end_s(self) -> float:
        """Return toe-off."""
        return self.start_s + self.contact_time_s


def plan_steps(
    spec: RunnerSpec, fits: dict[str, SideFit], duration_s: float, rng: np.random.Generator | None
) -> list[Step]:
    """Lay out steps from before time 0 until after `duration_s`, right foot first.

    Parameters
    ----------
    spec : RunnerSpec
    fits : dict of SideFit
        By side.
    duration_s : float
    rng : Generator or None
        None gives identical strides, starting three strides before time 0.
    """
    mean = spec.stride_time_s / 2
    lead = 3 * spec.stride_time_s
    start = -lead - (0.0 if rng is None else float(rng.uniform(0, spec.stride_time_s)))
    steps: list[Step] = []
    while start < duration_s + lead:
        side = "right" if len(steps) % 2 == 0 else "left"
        noise = np.zeros(12) if rng is None else np.clip(rng.standard_normal(12), -2.5, 2.5)
        steps.append(_step(side, start, spec, fits[side], noise))
        start += mean + spec.variability.step_time_s * float(noise[11])
    return steps


def _step(side: str, start: float, spec: RunnerSpec, fit: SideFit, noise: np.ndarray) -> Step:
    habit: SideSpec = spec.side(side)
    sd = spec.variability
    return Step(
        side=side,
        start_s=start,
        contact_time_s=habit.contact_time_s + sd.contact_time_s * noise[0],
        foot_x_m=fit.foot_x_m + sd.foot_forward_m * noise[1],
        foot_line_m=habit.foot_line_m + sd.foot_line_m * noise[2],
        toe_out_deg=habit.toe_out_deg + sd.toe_out_deg * noise[3],
        pitch_contact_deg=habit.foot_pitch_contact_deg + sd.foot_pitch_contact_deg * noise[4],
        pitch_toe_off_deg=fit.pitch_toe_off_deg,
        flat_at=habit.flat_at,
        heel_rise_at=habit.heel_rise_at,
        knee_valgus_deg=habit.knee_valgus_deg + sd.knee_valgus_deg * noise[5],
        pelvic_drop_deg=habit.pelvic_drop_deg + sd.pelvic_drop_deg * noise[6],
        height_offset_m=sd.pelvis_height_m * noise[7],
        forward_offset_m=sd.pelvis_forward_m * noise[8],
        swing_knee_gain=habit.swing_knee_gain + sd.swing_gain * noise[9],
        swing_hip_gain=habit.swing_hip_gain + sd.swing_gain * noise[10],
    )
