"""From markers to joint centres and to what a pose model would call landmarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.mocap.rbds import MARKER_HZ, Trial
from midstance.science.landmarks import SIDES, Side
from midstance.science.signals import Array, low_pass

CUTOFF_HZ = 12.0
TOE_OVER_MT2 = 1.3
"""Where the tip of the shoe lies, from the heel marker through the second metatarsal head."""
TRUNK_LEAN_DEG = 8.0
TRUNK_M, SHOULDER_HALF_M = 0.50, 0.18
OUTWARD = {"left": -1.0, "right": 1.0}
"""Direction of a side on the z axis."""
PELVIS_MARKERS = ("R.ASIS", "L.ASIS", "R.PSIS", "L.PSIS")
SHANK_CLUSTER = ("Shank.Top.Lateral", "Shank.Top.Medial", "Shank.Bottom.Lateral", "Shank.Bottom.Medial")
SHANK_TARGETS = ("Knee", "Knee.Medial", "Ankle", "Ankle.Medial")
HEEL_CLUSTER = ("Heel.Top", "Heel.Bottom", "Heel.Lateral")

Points = Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Points of the running body and of the same body standing."""

    time_s: Array
    points: Points
    """`left_hip`, `right_knee`, ... and the pelvis markers: (n, 3) in metres."""
    standing: Points
    """The same, each of shape (1, 3)."""


def build_skeleton(trial: Trial) -> Skeleton:
    """Return joint centres, feet, pelvis and a made-up rigid trunk.

    1. Knee, ankle and metatarsal markers, worn only in standing, are carried along by the rigid clusters.
    2. Joint centres are the middles of the medial and lateral markers; hips follow Harrington 2007.
    3. All paths are cut at `CUTOFF_HZ`.
    """
    standing = {k: v[None, :] for k, v in trial.standing.items()}
    return Skeleton(trial.time_s, _points(trial, trial.running, smooth=True), _points(trial, standing, smooth=False))


def _points(trial: Trial, markers: Points, *, smooth: bool) -> dict[str, Array]:
    finish = _smoothed if smooth else _as_is
    found = {name: finish(markers[name]) for name in PELVIS_MARKERS}
    for side in SIDES:
        found |= {name: finish(path) for name, path in _leg(trial, markers, side).items()}
    found |= _hips(found)
    return found | _trunk(found)


def _leg(trial: Trial, markers: Points, side: Side) -> dict[str, Array]:
    letter = side[0].upper()
    shank = _carried(trial, markers, letter, SHANK_CLUSTER, SHANK_TARGETS)
    mt2 = _carried(trial, markers, letter, HEEL_CLUSTER, ("MT2",))["MT2"]
    heel = markers[f"{letter}.Heel.Bottom"]
    return {
        f"{side}_knee": (shank["Knee"] + shank["Knee.Medial"]) / 2,
        f"{side}_ankle": (shank["Ankle"] + shank["Ankle.Medial"]) / 2,
        f"{side}_heel": heel,
        f"{side}_mt2": mt2,
        f"{side}_foot_index": heel + TOE_OVER_MT2 * (mt2 - heel),
    }


def _carried(
    trial: Trial, markers: Points, letter: str, cluster: tuple[str, ...], targets: tuple[str, ...]
) -> dict[str, Array]:
    """Carry markers worn only in standing along with a rigid cluster; NaN where fewer than three are seen."""
    at_rest = np.array([trial.standing[f"{letter}.{m}"] for m in cluster])
    now = np.stack([markers[f"{letter}.{m}"] for m in cluster], axis=1)
    wanted = np.array([trial.standing[f"{letter}.{m}"] for m in targets])
    out = np.full((len(now), len(targets), 3), np.nan)
    for i, places in enumerate(now):
        seen = np.isfinite(places).all(axis=1)
        if seen.sum() >= 3:
            out[i] = _rigid_move(at_rest[seen], places[seen], wanted)
    return {name: out[:, j] for j, name in enumerate(targets)}


def _rigid_move(before: Array, after: Array, points: Array) -> Array:
    """Move points by the rotation and shift that best take `before` to `after` (Kabsch 1976)."""
    shift_from, shift_to = before.mean(axis=0), after.mean(axis=0)
    u, _, vt = np.linalg.svd((before - shift_from).T @ (after - shift_to))
    mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ mirror @ vt
    return np.asarray((points - shift_from) @ rotation + shift_to)


def _hips(points: Points) -> dict[str, Array]:
    """Regress hip centres from pelvic width and depth (Harrington et al. 2007)."""
    asis, psis = (points[f"R.{m}"] / 2 + points[f"L.{m}"] / 2 for m in ("ASIS", "PSIS"))
    across = points["R.ASIS"] - points["L.ASIS"]
    width, depth = _length(across), _length(asis - psis)
    right = across / width
    ahead = asis - psis
    ahead = ahead - _dot(ahead, right) * right
    ahead = ahead / _length(ahead)
    up = np.cross(right, ahead)
    middle = asis - (0.24 * depth + 0.0099) * ahead - (0.30 * width + 0.0109) * up
    return {f"{s}_hip": middle + OUTWARD[s] * (0.33 * width + 0.0073) * right for s in SIDES}


def _trunk(points: Points) -> dict[str, Array]:
    """Place shoulders and nose on a rigid trunk over the pelvis; the trial has no markers there."""
    pelvis = np.mean([points[m] for m in PELVIS_MARKERS], axis=0)
    lean = np.radians(TRUNK_LEAN_DEG)
    trunk = TRUNK_M * np.array([np.sin(lean), np.cos(lean), 0.0])
    shoulders = {f"{s}_shoulder": pelvis + trunk + [0, 0, OUTWARD[s] * SHOULDER_HALF_M] for s in SIDES}
    return {**shoulders, "nose": pelvis + 1.5 * trunk + [0.10, 0, 0], "pelvis": pelvis}


def _smoothed(path: Array) -> Array:
    index = np.arange(len(path), dtype=np.float64)
    columns = []
    for column in path.T:
        seen = np.isfinite(column)
        columns.append(low_pass(np.interp(index, index[seen], column[seen]), MARKER_HZ, CUTOFF_HZ))
    return np.column_stack(columns)


def _as_is(path: Array) -> Array:
    return path


def _length(vectors: Array) -> Array:
    return np.asarray(np.linalg.norm(vectors, axis=1, keepdims=True))


def _dot(a: Array, b: Array) -> Array:
    return np.asarray((a * b).sum(axis=1, keepdims=True))
