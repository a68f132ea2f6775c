"""What a runner does: every number of the gait, its variability, and two reference runners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

REFERENCE_STATURE_M = 1.80  # the specs' speed and cadence suit this stature


@dataclass(frozen=True)
class SideSpec:
    """One leg's habits. Angles in degrees, positive as in the measures' contract.

    Attributes
    ----------
    contact_time_s : float
        Heel or foot down to toe tip up.
    knee_flexion_peak_deg, dorsiflexion_peak_deg : float
        Greatest values in stance.
    foot_pitch_contact_deg : float
        Toes up positive: above about 8 a heel strike.
    toe_out_deg : float
        Foot axis against travel.
    knee_valgus_deg : float
        Frontal plane projection angle at midstance.
    pelvic_drop_deg : float
        Greatest drop of the other side during this leg's stance.
    foot_line_m : float
        Distance of the foot's axis from the midline; negative crosses over.
    flat_at, heel_rise_at : float
        Fractions of stance.
    swing_knee_gain, swing_hip_gain : float
        Against the mean curves of 46 runners.
    """

    contact_time_s: float = 0.274
    knee_flexion_peak_deg: float = 41.0
    dorsiflexion_peak_deg: float = 22.7
    foot_pitch_contact_deg: float = 12.0
    toe_out_deg: float = 6.0
    knee_valgus_deg: float = -1.0
    pelvic_drop_deg: float = 4.0
    foot_line_m: float = 0.04
    flat_at: float = 0.18
    heel_rise_at: float = 0.28
    swing_knee_gain: float = 1.0
    swing_hip_gain: float = 1.0


@dataclass(frozen=True)
class Variability:
    """Standard deviations from step to step."""

    step_time_s: float = 0.005
    contact_time_s: float = 0.005
    pelvis_height_m: float = 0.0025
    pelvis_forward_m: float = 0.004
    foot_forward_m: float = 0.005
    foot_line_m: float = 0.008
    toe_out_deg: float = 1.2
    foot_pitch_contact_deg: float = 1.5
    knee_valgus_deg: float = 0.8
    pelvic_drop_deg: float = 0.5
    swing_gain: float = 0.025


@dataclass(frozen=True)
class RunnerSpec:
    """A whole runner.

    Attributes
    ----------
    speed_mps : float
        Belt speed.
    cadence_spm : float
        Steps per minute.
    left, right : SideSpec
    pelvic_tilt_deg, pelvic_tilt_range_deg : float
        Mean of the PSIS-ASIS line against horizontal (anterior positive), and its swing.
    pelvic_rotation_deg, trunk_rotation_deg, arm_swing_deg : float
        Amplitudes.
    trunk_lean_deg : float
        Mean forward lean of the hip-shoulder line.
    variability : Variability
    strictness : float
        How closely knee and ankle follow the curves asked for, against what comes easily to the body. A stiff ankle
        under a usual foot placement does not come easily.
    """

    speed_mps: float = 2.5
    cadence_spm: float = 172.0
    left: SideSpec = field(default_factory=SideSpec)
    right: SideSpec = field(default_factory=SideSpec)
    pelvic_tilt_deg: float = 13.0
    pelvic_tilt_range_deg: float = 2.0
    pelvic_rotation_deg: float = 5.0
    trunk_rotation_deg: float = 9.0
    trunk_lean_deg: float = 9.5
    arm_swing_deg: float = 24.0
    variability: Variability = field(default_factory=Variability)
    strictness: float = 1.0

    def side(self, name: str) -> SideSpec:
        """Return the leg called ``left`` or ``right``."""
        return self.left if name == "left" else self.right

    @property
    def stride_time_s(self) -> float:
        """Return the mean duration of a stride."""
        return 120.0 / self.cadence_spm


TYPICAL = RunnerSpec()
RESTRICTED = RunnerSpec(
    cadence_spm=172.0,
    left=SideSpec(toe_out_deg=8.0, pelvic_drop_deg=5.0, knee_valgus_deg=1.0, foot_line_m=0.03),
    right=SideSpec(
        knee_flexion_peak_deg=37.0,
        dorsiflexion_peak_deg=6.0,
        foot_pitch_contact_deg=8.0,
        toe_out_deg=19.5,
        knee_valgus_deg=11.0,
        pelvic_drop_deg=9.5,
        foot_line_m=0.025,
        flat_at=0.14,
        heel_rise_at=0.25,
        swing_knee_gain=0.95,
    ),
    pelvic_tilt_deg=18.0,
    trunk_lean_deg=8.0,
    strictness=2.0,
)
SPECS: Mapping[str, RunnerSpec] = MappingProxyType({"typical": TYPICAL, "restricted": RESTRICTED})


def steady(spec: RunnerSpec) -> RunnerSpec:
    """Return the same runner with identical strides."""
    names = Variability.__dataclass_fields__
    return replace(spec, variability=Variability(**dict.fromkeys(names, 0.0)))


def in_proportion(spec: RunnerSpec, stature_m: float) -> RunnerSpec:
    """Return the same runner at the speed and tempo that suit a stature, by equal Froude number.

    Times go with the square root of stature, speed likewise; angles stay. A small body at the speed and cadence of a
    tall one has to bend more than its spec asks.
    """
    slower = (stature_m / REFERENCE_STATURE_M) ** 0.5
    left, right = (replace(s, contact_time_s=s.contact_time_s * slower) for s in (spec.left, spec.right))
    return replace(
        spec, speed_mps=spec.speed_mps * slower, cadence_spm=spec.cadence_spm / slower, left=left, right=right
    )
