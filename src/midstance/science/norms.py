"""What is usual in running: mean curves of 46 runners, and single figures from the literature.

A norm is shown only beside a measure that is defined alike. The curves are three-dimensional joint angles
from markers at about 2.5 m/s on a treadmill; a camera's projected angles come near them in the sagittal plane.
They describe runners; they are no target.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midstance.science import _norm_curves as curves
from midstance.science.records import Instant

Strength = Literal["computed", "full text", "abstract", "second-hand"]
"""How a figure was obtained: computed from open data, or how much of its source was read."""

SPEED_MPS = 2.5
RUNNERS = 46
CURVE_SOURCE = "46 runners at 2.5 m/s; RBDS and RIC data, Fukuchi et al. 2017, CC BY 4.0"
_BRAMAH = "36 healthy runners, 3.2 m/s (Bramah 2018)"
_MALISOUX = "Malisoux 2023"
_RBDS = "RBDS data at 2.5 m/s; Fukuchi et al. 2017, CC BY 4.0"
_FOUR_LEGS = f"4 legs, {_RBDS}"


@dataclass(frozen=True, eq=False)
class NormBand:
    """The usual course of one angle over the stride.

    Attributes
    ----------
    measure : str
        Name in the catalogue, whose sign it shares.
    percent : (101,) float array
        0..100 % of the stride, from initial contact.
    mean, sd : (101,) float array
        Over the runners, in degrees.
    source : str
        Who was measured, and the attribution that the licence asks for.
    speed_mps : float
        Running speed; angles depend on it.
    remark : str
        How its definition differs from a camera's angle.
    """

    measure: str
    percent: NDArray[np.float64]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    source: str
    speed_mps: float
    remark: str


@dataclass(frozen=True)
class PointNorm:
    """The usual range of one measure at one instant, in the measure's unit."""

    low: float
    """Mean minus one SD, or the lower end of a published range."""
    high: float
    text: str
    """As it is printed, with unit."""
    source: str
    strength: Strength
    only_at_mps: float | None = None
    """The running speed it holds for, when it changes much with speed."""


_MEAN_SD: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "knee_flexion": (curves.KNEE_FLEXION_MEAN_DEG, curves.KNEE_FLEXION_SD_DEG),
    "ankle_dorsiflexion": (curves.ANKLE_DORSIFLEXION_MEAN_DEG, curves.ANKLE_DORSIFLEXION_SD_DEG),
}

_REMARKS: dict[str, str] = {
    "knee_flexion": "Hip centres from the greater trochanter: 3 to 5° more flexed than from a pelvis model.",
    "ankle_dorsiflexion": "Zero is a vertical shank over a flat foot.",
}

_ABSENT: dict[str, str] = {
    # One runner (RBDS 001) measured both ways: 6.5-11.5° apart where the SD between runners is 5-7°.
    "hip_flexion": "The published curve is measured against the pelvis; in one runner it differed by 6 to 12° "
    "from the angle to the vertical, more than the SD between runners.",
    # The same runner: peaks in stance of 7.3 and 11.2° against the hip line, of 5.1 and 5.0° against the vertical.
    "hip_adduction": "Published figures are measured against the pelvis, this one against the vertical; in one "
    "runner the peaks in stance differed by 2 to 6°.",
    # 20° of abduction in swing suggests cross-talk between the axes of the knee.
    "knee_valgus": "The published knee angle in the frontal plane is not reliable, and a projected angle is "
    "another quantity.",
}


def norm_band(measure: str) -> NormBand | None:
    """Return the usual curve of a measure, or None when there is none that is defined alike."""
    if measure not in _MEAN_SD:
        return None
    mean, sd = (np.array(values, dtype=np.float64) for values in _MEAN_SD[measure])
    return NormBand(measure, np.arange(101.0), mean, sd, CURVE_SOURCE, SPEED_MPS, _REMARKS[measure])


def why_no_band(measure: str) -> str:
    """Return why a measure has no normal band, in one sentence; empty when it has one."""
    if measure in _MEAN_SD:
        return ""
    return _ABSENT.get(measure, "No published curve with this definition was found.")


def point_norm(measure: str, instant: Instant) -> PointNorm | None:
    """Return the usual range of a measure at an instant, or None when no source gives one."""
    return _POINTS.get((measure, instant))


def _about(mean: float, sd: float, unit: str, source: str, strength: Strength) -> PointNorm:
    gap = "" if unit == "°" else " "
    text = f"{mean:g} ± {sd:g}{gap}{unit}"
    return PointNorm(round(mean - sd, 6), round(mean + sd, 6), text, source, strength)


def _between(low: float, high: float, unit: str, source: str, strength: Strength) -> PointNorm:
    text = f"{low:g} to {high:g}°".replace("-", "−") if unit == "°" else f"{low:.2f} to {high:.2f} {unit}"
    return PointNorm(low, high, text, source, strength)


_POINTS: dict[tuple[str, Instant], PointNorm] = {
    ("ankle_dorsiflexion", "stance_peak"): _about(22.7, 2.8, "°", CURVE_SOURCE, "computed"),
    ("knee_flexion", "stance_peak"): _about(40.9, 5.2, "°", CURVE_SOURCE, "computed"),
    # Midstance is the greatest stance knee flexion: the same figure by definition.
    ("knee_flexion", "midstance"): _about(40.9, 5.2, "°", CURVE_SOURCE, "computed"),
    ("tibial_inclination", "initial_contact"): _between(-13, -2, "°", _FOUR_LEGS, "computed"),
    ("tibial_inclination", "midstance"): _between(19, 27, "°", _FOUR_LEGS, "computed"),
    ("trunk_lean", "midstance"): _about(9.5, 2.9, "°", _BRAMAH, "full text"),
    ("foot_progression", "midstance"): _between(-2, 12, "°", _RBDS, "computed"),
    ("pelvic_drop", "stance_peak"): _about(3.7, 1.9, "°", _BRAMAH, "full text"),
    ("step_width_m", "midstance"): _between(0.08, 0.1, "m", "no primary source found", "second-hand"),
    ("cadence", "stride"): _about(164, 9, "steps/min", _MALISOUX, "second-hand"),
    ("duty_factor", "stride"): _about(39, 4, "%", _MALISOUX, "second-hand"),
    ("vertical_oscillation_m", "stride"): _about(0.077, 0.012, "m", _MALISOUX, "second-hand"),
    ("contact_time", "stride"): PointNorm(
        0.28, 0.30, "0.28 to 0.30 s at 2.5 m/s", _RBDS, "computed", only_at_mps=SPEED_MPS
    ),
}
