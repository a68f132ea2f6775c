"""A baked human body: rest mesh, skinning weights, joint centres and the bony landmarks of the pelvis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from scipy import sparse

from runners.geometry import Array, unit

ASSETS = Path(__file__).parent / "assets"
WIDE, WIDE_FILE = "wide_", "bodies_wide.npz"
SIDES = ("left", "right")
SUFFIX = {"left": ".L", "right": ".R"}
SIGN = {"left": 1.0, "right": -1.0}  # of the leftward axis


@dataclass(frozen=True)
class Body:
    """One body in its rest pose.

    Attributes
    ----------
    name : str
        Name of the baked file.
    vertices : (n, 3) array
        Rest mesh, metres, the world's axes.
    faces : (m, 3) int array
    weights : (n, bones) sparse array
        Skinning weights; each row sums to one.
    bones : tuple of str
    parents : (bones,) int array
        -1 for the root.
    heads : (bones, 3) array
        Where each bone starts, at rest.
    """

    name: str
    vertices: Array
    faces: np.ndarray
    weights: sparse.csr_matrix
    bones: tuple[str, ...]
    parents: np.ndarray
    heads: Array

    def bone(self, name: str) -> int:
        """Return the index of a bone."""
        return self.bones.index(name)

    def head(self, name: str) -> Array:
        """Return the rest position where a bone starts."""
        return np.asarray(self.heads[self.bone(name)])

    def weight_of(self, *prefixes: str) -> Array:
        """Return the summed weight of all bones whose names start with one of `prefixes`."""
        columns = [i for i, b in enumerate(self.bones) if b.startswith(prefixes)]
        return np.asarray(self.weights[:, columns].sum(axis=1), dtype=float).ravel()

    @property
    def stature_m(self) -> float:
        """Return the barefoot height."""
        return float(np.ptp(self.vertices[:, 2]))

    @property
    def floor_m(self) -> float:
        """Return the height of the bare sole in the rest frame."""
        return float(self.vertices[:, 2].min())

    @cached_property
    def pelvis(self) -> dict[str, Array]:
        """Return ASIS, PSIS and hip joint centres at rest, by names such as ``left_asis``."""
        return pelvic_landmarks(self)

    @cached_property
    def arm_coordinate(self) -> Array:
        """Return each vertex's place along its upper arm: 0 shoulder, 1 elbow, -1 not on an arm."""
        place = np.full(len(self.vertices), -1.0)
        on_arm = self.weight_of("upperarm", "lowerarm", "wrist", "finger", "metacarpal") > 0.3
        for side in SIDES:
            shoulder, elbow = self.head("upperarm01" + SUFFIX[side]), self.head("lowerarm01" + SUFFIX[side])
            axis = elbow - shoulder
            along = (self.vertices - shoulder) @ axis / (axis @ axis)
            mine = on_arm & (self.vertices[:, 1] * SIGN[side] > 0)
            place[mine] = along[mine]
        return place


def load_body(name: str, folder: Path = ASSETS) -> Body:
    """Read a baked body by name, for example ``"female_1"`` or ``"wide_07"``."""
    vertices, heads = _baked(name, folder)
    with np.load(folder / "topology.npz") as shared:
        rows = np.repeat(np.arange(len(vertices)), shared["weight_bones"].shape[1])
        weights = sparse.csr_matrix(
            (shared["weights_255"].ravel() / 255.0, (rows, shared["weight_bones"].ravel())),
            shape=(len(vertices), len(shared["bones"])),
        )
        return Body(
            name=name,
            vertices=vertices,
            faces=shared["faces"].astype(int),
            weights=sparse.csr_matrix(sparse.diags_array(1 / np.asarray(weights.sum(axis=1)).ravel()) @ weights),
            bones=tuple(str(b) for b in shared["bones"]),
            parents=shared["parents"].astype(int),
            heads=heads,
        )


def _baked(name: str, folder: Path) -> tuple[Array, Array]:
    """Return rest mesh and heads of the bones, metres."""
    if name.startswith(WIDE):
        with np.load(folder / WIDE_FILE) as many:
            return many[f"{name}_vertices"].astype(float) * 1e-4, many[f"{name}_heads"].astype(float)
    with np.load(folder / f"body_{name}.npz") as own:
        return own["vertices_um10"].astype(float) * 1e-5, own["heads"].astype(float)


def wide_names(folder: Path = ASSETS) -> list[str]:
    """Return the names of the forty bodies that are there to train on."""
    with np.load(folder / WIDE_FILE) as many:
        return sorted(n.removesuffix("_heads") for n in many.files if n.endswith("_heads"))


def body_names(folder: Path = ASSETS) -> list[str]:
    """Return the names of the baked bodies."""
    return sorted(p.stem.removeprefix("body_") for p in folder.glob("body_*.npz"))


def pelvic_landmarks(body: Body) -> dict[str, Array]:
    """Place ASIS and PSIS on the skin, and the hip centres that belong to them.

    The spines stand at heights and widths found by inverting Harrington's regression at the rig's hip
    height, scaled to stature; their depth is the skin's. The hip centres then come from the regression,
    because the rig's own hip joints lie 3 cm too far out and 5 cm too far back.
    """
    scale = body.stature_m / 1.75
    rig_hip = body.head("upperleg01.R")
    marks: dict[str, Array] = {}
    for side in SIDES:
        for name, out_m, up_m, facing in (("asis", 0.120, 0.083, 1.0), ("psis", 0.048, 0.108, -1.0)):
            y, z = SIGN[side] * out_m * scale, rig_hip[2] + up_m * scale
            marks[f"{side}_{name}"] = np.array([_skin_depth(body, y, z, facing, rig_hip[0]), y, z])
    return marks | hip_centres(marks)


def hip_centres(marks: dict[str, Array]) -> dict[str, Array]:
    """Regress both hip joint centres from the pelvic spines (Harrington et al. 2007, J Biomech 40:595).

    Parameters
    ----------
    marks : dict of (..., 3) arrays
        ``left_asis``, ``right_asis``, ``left_psis``, ``right_psis``, metres.

    Returns
    -------
    dict of (..., 3) arrays
        ``left_hip`` and ``right_hip``.
    """
    front = (marks["left_asis"] + marks["right_asis"]) / 2
    back = (marks["left_psis"] + marks["right_psis"]) / 2
    across = marks["left_asis"] - marks["right_asis"]
    width = np.linalg.norm(across, axis=-1, keepdims=True)
    depth = np.linalg.norm(front - back, axis=-1, keepdims=True)
    left = across / width
    forward = front - back
    forward = unit(forward - np.sum(forward * left, axis=-1, keepdims=True) * left)
    up = np.cross(forward, left)
    middle = front + forward * (-0.24 * depth - 0.0099) + up * (-0.30 * width - 0.0109)
    return {f"{s}_hip": middle + left * SIGN[s] * (0.33 * width + 0.0073) for s in SIDES}


def _skin_depth(body: Body, y: float, z: float, facing: float, split_x: float) -> float:
    """Return x of the trunk's skin at (y, z), on its front (facing = 1) or its back (-1)."""
    v = body.vertices
    near = (body.arm_coordinate < -0.5) & (facing * (v[:, 0] - split_x) > 0)
    near &= (np.abs(v[:, 1] - y) < 0.05) & (np.abs(v[:, 2] - z) < 0.05)
    points = v[near]
    badness = ((points[:, 1] - y) ** 2 + (points[:, 2] - z) ** 2) / 0.012**2
    best = np.argsort(badness)[:6]
    weight = np.exp(-0.5 * badness[best])
    return float(points[best, 0] @ weight / weight.sum())
