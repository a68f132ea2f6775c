"""The plan of a run: one record per step, with timing, foot placement and habits, varied by seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from runners.spec import RunnerSpec, SideSpec


@dataclass(frozen=True)
class SideFit:
    """What was fitted for one side so that its joint curves come out as asked.

    Attributes
    ----------
    foot_x_m : float
        Ankle ahead of the lab's origin at contact.
    pitch_toe_off_deg : float
        Foot pitch at toe-off.
    heel_rise : tuple of float
        Shares of the square and of the cube in the rise of the heel; the fourth power has the rest.
    push_skew, push_flat : float
        How early and how evenly the leg pushes, see `pelvis.Push`.
    push_extra_s : float
        What this leg bears beyond its own share, as seconds of body weight a step.
    height_m : float
        Of the hips' midpoint at contact.
    forward_m : tuple of float
        Fore-aft swing of the hips' midpoint, the same for both sides: see `pelvis.forward_waves`.
    """

    foot_x_m: float
    pitch_toe_off_deg: float
    heel_rise: tuple[float, float]
    push_skew: float
    push_flat: float
    push_extra_s: float
    height_m: float
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
    heel_rise: tuple[float, float]
    push_skew: float
    push_flat: float
    push_extra_s: float
    flat_at: float
    heel_rise_at: float
    knee_valgus_deg: float
    pelvic_drop_deg: float
    height_m: float
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
        heel_rise=fit.heel_rise,
        push_skew=fit.push_skew,
        push_flat=fit.push_flat,
        push_extra_s=fit.push_extra_s,
        flat_at=habit.flat_at,
        heel_rise_at=habit.heel_rise_at,
        knee_valgus_deg=habit.knee_valgus_deg + sd.knee_valgus_deg * noise[5],
        pelvic_drop_deg=habit.pelvic_drop_deg + sd.pelvic_drop_deg * noise[6],
        height_m=fit.height_m + sd.pelvis_height_m * noise[7],
        forward_offset_m=sd.pelvis_forward_m * noise[8],
        swing_knee_gain=habit.swing_knee_gain + sd.swing_gain * noise[9],
        swing_hip_gain=habit.swing_hip_gain + sd.swing_gain * noise[10],
    )
