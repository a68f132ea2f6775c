"""Truth of a trial: angles in 3-D and stances on the force plate, one row a stance."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.mocap.rbds import FORCE_HZ, Trial
from benchmarks.mocap.skeleton import OUTWARD, Points, Skeleton
from midstance.science.landmarks import SIDES, Side, other_side
from midstance.science.signals import Array, crossing_times, low_pass

ON_GROUND_N = 50.0
FORCE_CUTOFF_HZ = 30.0
SHORTEST_STANCE_S, LONGEST_STANCE_S = 0.12, 0.5
AT_MIDSTANCE = (
    "tibial_inclination", "knee_flexion", "ankle_dorsiflexion", "hip_flexion", "foot_pitch",
    "foot_progression", "knee_valgus", "hip_adduction", "pelvic_drop", "pelvic_tilt",
)  # fmt: skip
AT_CONTACT = ("tibial_inclination", "knee_flexion", "foot_pitch")
STANCE_PEAKS = ("tibial_inclination", "ankle_dorsiflexion", "knee_flexion", "pelvic_drop")

Row = dict[str, float | str]
Indices = NDArray[np.int64]


def stance_truth(trial: Trial, skeleton: Skeleton) -> list[Row]:
    """Return one row per stance, in order of contact, in the names and signs of the contract."""
    angles = {side: angles_of(skeleton.points, skeleton.standing, side) for side in SIDES}
    rows: list[Row] = []
    for start_s, end_s in stances_on_plate(trial.force_n):
        inside = np.flatnonzero((skeleton.time_s >= start_s) & (skeleton.time_s <= end_s))
        if len(inside):
            side = _lower_ankle(skeleton.points, inside)
            row = _row(skeleton.time_s, angles[side], side, (start_s, end_s), inside)
            rows.append(row | _distances(skeleton, side, rows, row) | {"speed_mps": trial.speed_mps})
    return rows


def write_truth(path: Path, rows: list[Row]) -> None:
    """Write rows as CSV."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[-1].keys())
        writer.writeheader()
        writer.writerows({k: v if isinstance(v, str) else f"{v:.4f}" for k, v in row.items()} for row in rows)


def stances_on_plate(force_n: Array) -> list[tuple[float, float]]:
    """Return contact and toe-off of each whole stance, where the force passes `ON_GROUND_N`."""
    time_s = np.arange(len(force_n)) / FORCE_HZ
    excess = low_pass(force_n, FORCE_HZ, FORCE_CUTOFF_HZ) - ON_GROUND_N
    edges = [(float(t), up) for up in (True, False) for t in crossing_times(time_s, excess, rising=up)]
    found = []
    for (start_s, up), (end_s, up_again) in pairwise(sorted(edges)):
        if up and not up_again and SHORTEST_STANCE_S < end_s - start_s < LONGEST_STANCE_S:
            found.append((start_s, end_s))
    return found


def angles_of(points: Points, standing: Points, side: Side) -> dict[str, Array]:
    """Return one side's angles in degrees, (n,).

    Inclinations and frontal angles are those of the lab's planes; knee flexion and dorsiflexion are measured
    between segments in 3-D, dorsiflexion and foot pitch from the standing trial on.
    """
    hip, knee, ankle, heel, mt2 = (points[f"{side}_{n}"] for n in ("hip", "knee", "ankle", "heel", "mt2"))
    thigh, shank, foot = hip - knee, knee - ankle, mt2 - heel
    out, other = OUTWARD[side], other_side(side)
    asis = {s: points[f"{s[0].upper()}.ASIS"] for s in SIDES}
    asis_line, ahead = asis[side] - asis[other], _pelvis_ahead(points)
    tilt = _degrees(-ahead[:, 1], ahead[:, 0])
    drop = _degrees(asis_line[:, 1], np.abs(asis_line[:, 2]))
    return {
        "tibial_inclination": _degrees(shank[:, 0], shank[:, 1]),
        "knee_flexion": _between(thigh, shank),
        "ankle_dorsiflexion": _ankle(points, side) - _ankle(standing, side),
        "foot_pitch": _pitch(foot) - _pitch(standing[f"{side}_mt2"] - standing[f"{side}_heel"]),
        "hip_flexion": _degrees(-thigh[:, 0], thigh[:, 1]) + tilt - _standing_tilt(standing),
        "foot_progression": _degrees(out * foot[:, 2], foot[:, 0]),
        "knee_valgus": _degrees(out * thigh[:, 2], thigh[:, 1]) - _degrees(out * shank[:, 2], shank[:, 1]),
        "hip_adduction": _degrees(out * thigh[:, 2], thigh[:, 1]) + drop,
        "pelvic_drop": drop,
        "pelvic_tilt": tilt,
    }


def _row(time_s: Array, angles: dict[str, Array], side: Side, stance: tuple[float, float], inside: Indices) -> Row:
    middle = inside[int(np.argmax(angles["knee_flexion"][inside]))]
    row: Row = {"side": side, "initial_contact_s": stance[0], "toe_off_s": stance[1], "midstance_s": time_s[middle]}
    row |= {f"{a}_contact_deg": float(np.interp(stance[0], time_s, angles[a])) for a in AT_CONTACT}
    row |= {f"{a}_midstance_deg": float(angles[a][middle]) for a in AT_MIDSTANCE}
    return row | {f"{a}_stance_peak_deg": float(angles[a][inside].max()) for a in STANCE_PEAKS}


def _distances(skeleton: Skeleton, side: Side, before: list[Row], row: Row) -> Row:
    """Return overstride at contact, and step width from the other foot's midstance before."""
    time_s, points = skeleton.time_s, skeleton.points
    ankle, hips = points[f"{side}_ankle"], points["left_hip"] / 2 + points["right_hip"] / 2
    ahead = np.interp(float(row["initial_contact_s"]), time_s, ankle[:, 0] - hips[:, 0])
    out: Row = {"overstride_m": float(ahead)}
    if before and before[-1]["side"] != side:
        there = np.interp(float(before[-1]["midstance_s"]), time_s, points[f"{other_side(side)}_ankle"][:, 2])
        here = np.interp(float(row["midstance_s"]), time_s, ankle[:, 2])
        out["step_width_m"] = float((here - there) * OUTWARD[side])
    return out


def _lower_ankle(points: Points, inside: Indices) -> Side:
    heights = {side: points[f"{side}_ankle"][inside, 1].mean() for side in SIDES}
    return "left" if heights["left"] < heights["right"] else "right"


def _ankle(points: Points, side: Side) -> Array:
    shank = points[f"{side}_knee"] - points[f"{side}_ankle"]
    return 90.0 - _between(shank, points[f"{side}_mt2"] - points[f"{side}_heel"])


def _pelvis_ahead(points: Points) -> Array:
    return (points["R.ASIS"] + points["L.ASIS"] - points["R.PSIS"] - points["L.PSIS"]) / 2


def _standing_tilt(standing: Points) -> Array:
    ahead = _pelvis_ahead(standing)
    return _degrees(-ahead[:, 1], np.hypot(ahead[:, 0], ahead[:, 2]))


def _pitch(foot: Array) -> Array:
    return _degrees(foot[:, 1], np.hypot(foot[:, 0], foot[:, 2]))


def _degrees(y: Array, x: Array) -> Array:
    return np.asarray(np.degrees(np.arctan2(y, x)))


def _between(a: Array, b: Array) -> Array:
    cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))
