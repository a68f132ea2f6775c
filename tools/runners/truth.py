"""Exact truth of a run, from its 3-D points: angles at any time and one row per stance."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from runners.body import SIDES, SIGN
from runners.camera import Camera
from runners.gait import Gait, Stance
from runners.geometry import Array, unit
from runners.norms import STANDING_NEUTRAL_DEG
from runners.pose import Poser, trunk_line

OTHER = {"left": "right", "right": "left"}
GRID_S = 0.001
EXPECTED_AT_ZERO_FLEXION_DEG, EXPECTED_PER_DEGREE = 5.4, 0.42  # peak dorsiflexion from peak knee flexion

Row = dict[str, float | str]


@dataclass(frozen=True)
class Timeline:
    """Points and angles on a fine time grid.

    Attributes
    ----------
    time_s : (n,) array
    points : mapping of (n, 3) arrays
    angles : mapping of side to mapping of (n,) arrays
        Degrees, positive as in the measures' contract.
    """

    time_s: Array
    points: Mapping[str, Array]
    angles: Mapping[str, Mapping[str, Array]]

    def at(self, side: str, angle: str, t: float) -> float:
        """Return an angle at one instant."""
        return float(np.interp(t, self.time_s, self.angles[side][angle]))

    def peak(self, side: str, angle: str, start_s: float, end_s: float) -> float:
        """Return the greatest value in a span."""
        inside = (self.time_s >= start_s) & (self.time_s <= end_s)
        return float(self.angles[side][angle][inside].max())


def timeline(poser: Poser, duration_s: float, grid_s: float = GRID_S, chunk: int = 500) -> Timeline:
    """Return points and angles from 0 to `duration_s`."""
    t = np.arange(0.0, duration_s + grid_s / 2, grid_s)
    parts = [poser.pose(t[i : i + chunk]).points for i in range(0, len(t), chunk)]
    points = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    return Timeline(t, points, {side: angles(points, side) for side in SIDES})


def angles(points: Mapping[str, Array], side: str) -> dict[str, Array]:
    """Return one side's angles from points (n, 3), in degrees.

    Sagittal and frontal angles are those of the lab's planes; knee flexion and ankle dorsiflexion are
    measured between the segments in 3-D. Ankle and hip are zero in standing (foot flat, legs and
    pelvis as at rest).
    """
    hip, knee, ankle, heel, toe = (points[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "heel", "foot_axis"))
    thigh, shank, foot = hip - knee, knee - ankle, toe - heel
    out = SIGN[side]
    trunk = trunk_line(points)
    asis_line = points[f"{side}_asis"] - points[f"{OTHER[side]}_asis"]
    hip_line = points[f"{side}_hip"] - points[f"{OTHER[side]}_hip"]
    front = points["left_asis"] + points["right_asis"]
    back = points["left_psis"] + points["right_psis"]
    hip_drop = _degrees(hip_line[:, 2], np.abs(hip_line[:, 1]))
    return {
        "tibial_inclination": _degrees(shank[:, 0], shank[:, 2]),
        "thigh_inclination": _degrees(-thigh[:, 0], thigh[:, 2]),
        "knee_flexion": _between(thigh, shank),
        "ankle_dorsiflexion": 90.0 - _between(shank, foot) - STANDING_NEUTRAL_DEG,
        "foot_pitch": _degrees(foot[:, 2], np.hypot(foot[:, 0], foot[:, 1])),
        "foot_progression": _degrees(out * foot[:, 1], foot[:, 0]),
        "knee_valgus": _degrees(out * thigh[:, 1], thigh[:, 2]) - _degrees(out * shank[:, 1], shank[:, 2]),
        "hip_adduction": _degrees(out * thigh[:, 1], thigh[:, 2]) + hip_drop,
        "pelvic_drop": _degrees(asis_line[:, 2], np.abs(asis_line[:, 1])),
        "hip_line_drop": hip_drop,
        "pelvic_tilt": _degrees((back - front)[:, 2], (front - back)[:, 0]),
        "trunk_lean": _degrees(trunk[:, 0], trunk[:, 2]),
        "trunk_side_lean": _degrees(out * trunk[:, 1], trunk[:, 2]),
    }


def stance_rows(gait: Gait, line: Timeline) -> list[Row]:
    """Return one row per stance that lies wholly within the timeline, in order of contact.

    Every row repeats the belt's speed and the runner's stature without shoes.
    """
    end = float(line.time_s[-1])
    steps = sorted((s for side in SIDES for s in gait.stances[side]), key=lambda s: s.step.start_s)
    rows = []
    for i, stance in enumerate(steps):
        if stance.step.start_s < 0 or stance.step.end_s > end or i + 2 >= len(steps):
            continue
        rows.append(_row(gait, line, stance, steps[i - 1], steps[i + 1], steps[i + 2]))
    return rows


def write_rows(path: Path, rows: list[Row]) -> None:
    """Write rows as CSV; what is not known stays empty."""
    with path.open("w", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows({k: _text(v) for k, v in row.items()} for row in rows)


def write_frames(path: Path, poser: Poser, times_s: Array, camera: Camera) -> None:
    """Write every frame's points, in the world and in the picture, as gzipped CSV."""
    pose = poser.pose(times_s)
    with gzip.open(path, "wt", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["frame", "time_s", "point", "x_m", "y_m", "z_m", "x_px", "y_px"])
        for name, places in pose.points.items():
            pixels = camera.project(places)
            for i, (t, xyz, uv) in enumerate(zip(times_s, places, pixels, strict=True)):
                numbers = [f"{v:.5f}" for v in xyz] + [f"{v:.3f}" for v in uv]
                writer.writerow([i, f"{t:.6f}", name, *numbers])


def _row(gait: Gait, line: Timeline, stance: Stance, before: Stance, other: Stance, following: Stance) -> Row:
    side, start, end = stance.step.side, stance.step.start_s, stance.step.end_s
    middle = _midstance(line, side, start, end)
    row: Row = {"side": side, "initial_contact_s": start, "toe_off_s": end, "midstance_s": middle}
    for name in ("tibial_inclination", "knee_flexion", "foot_pitch", "hip_flexion", "ankle_dorsiflexion"):
        row[f"{name}_contact_deg"] = _at(gait, line, side, name, start)
    for name in (
        "tibial_inclination",
        "knee_flexion",
        "ankle_dorsiflexion",
        "hip_flexion",
        "foot_pitch",
        "foot_progression",
        "knee_valgus",
        "hip_adduction",
        "pelvic_drop",
        "pelvic_tilt",
        "trunk_lean",
        "trunk_side_lean",
    ):
        row[f"{name}_midstance_deg"] = _at(gait, line, side, name, middle)
    for name in ("tibial_inclination", "ankle_dorsiflexion", "hip_adduction", "pelvic_drop", "hip_line_drop"):
        row[f"{name}_stance_peak_deg"] = line.peak(side, name, start, end)
    peak_knee = line.peak(side, "knee_flexion", start, end)
    expected = EXPECTED_AT_ZERO_FLEXION_DEG + EXPECTED_PER_DEGREE * peak_knee
    row["dorsiflexion_residual_deg"] = float(row["ankle_dorsiflexion_stance_peak_deg"]) - expected
    same = {"speed_mps": gait.spec.speed_mps, "height_m": gait.body.stature_m}
    return row | _timing(line, stance, before, other, following, middle) | same


def _timing(line: Timeline, stance: Stance, before: Stance, other: Stance, following: Stance, middle: float) -> Row:
    step, side = stance.step, stance.step.side
    stride = following.step.start_s - step.start_s
    ankle = _point(line, f"{side}_ankle", middle)
    opposite = _point(line, f"{OTHER[side]}_ankle", _clamp(line, before.midstance_s))
    landing = _point(line, f"{side}_ankle", step.start_s)
    hips = (line.points["left_hip"] + line.points["right_hip"]) / 2
    inside = (line.time_s >= step.start_s) & (line.time_s <= following.step.start_s)
    whole = following.step.start_s <= line.time_s[-1]
    centre = np.array([np.interp(step.start_s, line.time_s, hips[:, k]) for k in range(3)])
    known = before.midstance_s >= 0
    return {
        "swing_peak_knee_flexion_deg": line.peak(side, "knee_flexion", step.end_s, following.step.start_s)
        if whole
        else np.nan,
        "step_width_m": SIGN[side] * float(ankle[1] - opposite[1]) if known else np.nan,
        "overstride_m": float(landing[0] - centre[0]),
        "contact_time_s": step.contact_time_s,
        "flight_time_s": other.step.start_s - step.end_s,
        "stride_time_s": stride,
        "duty_factor_percent": 100 * step.contact_time_s / stride,
        "cadence_spm": 120 / stride,
        "vertical_oscillation_m": float(np.ptp(hips[inside, 2])) if whole else np.nan,
    }


def _at(gait: Gait, line: Timeline, side: str, name: str, t: float) -> float:
    if name != "hip_flexion":
        return line.at(side, name, t)
    tilt = line.at(side, "pelvic_tilt", t) - gait.limbs.rest_tilt_deg
    return line.at(side, "thigh_inclination", t) + tilt


def _midstance(line: Timeline, side: str, start: float, end: float) -> float:
    inside = np.flatnonzero((line.time_s >= start) & (line.time_s <= end))
    return float(line.time_s[inside[np.argmax(line.angles[side]["knee_flexion"][inside])]])


def _point(line: Timeline, name: str, t: float) -> Array:
    return np.array([np.interp(t, line.time_s, line.points[name][:, k]) for k in range(3)])


def _clamp(line: Timeline, t: float) -> float:
    return float(np.clip(t, line.time_s[0], line.time_s[-1]))


def _degrees(y: Array, x: Array) -> Array:
    return np.asarray(np.degrees(np.arctan2(y, x)))


def _between(a: Array, b: Array) -> Array:
    cos = np.sum(unit(a) * unit(b), axis=-1)
    return np.asarray(np.degrees(np.arccos(np.clip(cos, -1, 1))))


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return "" if np.isnan(value) else f"{value:.4f}"
