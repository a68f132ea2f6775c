"""Small vector and rotation helpers; every function works on stacks of vectors or angles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

FORWARD = np.array([1.0, 0.0, 0.0])
LEFTWARD = np.array([0.0, 1.0, 0.0])
UP = np.array([0.0, 0.0, 1.0])


def unit(vectors: ArrayLike) -> Array:
    """Return vectors scaled to length one along the last axis."""
    v = np.asarray(vectors, dtype=float)
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-12))


def dot(a: Array, b: Array) -> Array:
    """Return the row-wise scalar product, keeping the last axis."""
    return np.asarray(np.sum(a * b, axis=-1, keepdims=True))


def rotation(axis: ArrayLike, angle_rad: ArrayLike) -> Array:
    """Return rotation matrices (..., 3, 3) about axes (..., 3) by angles (...)."""
    a = np.asarray(angle_rad, dtype=float)
    n = unit(np.broadcast_to(np.asarray(axis, dtype=float), (*a.shape, 3)))
    cos, sin = np.cos(a)[..., None, None], np.sin(a)[..., None, None]
    outer = n[..., :, None] * n[..., None, :]
    return np.asarray(cos * np.eye(3) + sin * cross_matrix(n) + (1 - cos) * outer)


def cross_matrix(vectors: Array) -> Array:
    """Return the matrices that take the cross product with the given vectors."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    rows = [np.stack(r, -1) for r in ((zero, -z, y), (z, zero, -x), (-y, x, zero))]
    return np.stack(rows, -2)


def about_x(angle_rad: ArrayLike) -> Array:
    """Rotate about the forward axis; positive lifts the runner's left side."""
    return rotation(FORWARD, angle_rad)


def about_y(angle_rad: ArrayLike) -> Array:
    """Rotate about the leftward axis; positive tips the top forward."""
    return rotation(LEFTWARD, angle_rad)


def about_z(angle_rad: ArrayLike) -> Array:
    """Rotate about the vertical; positive turns to the runner's left."""
    return rotation(UP, angle_rad)


def between(start: Array, end: Array, fraction: float) -> Array:
    """Return rotations a fraction of the way from `start` to `end` (both (..., 3, 3))."""
    relative = np.swapaxes(start, -1, -2) @ end
    cos = np.clip((np.trace(relative, axis1=-2, axis2=-1) - 1) / 2, -1, 1)
    axis = np.stack(
        [
            relative[..., 2, 1] - relative[..., 1, 2],
            relative[..., 0, 2] - relative[..., 2, 0],
            relative[..., 1, 0] - relative[..., 0, 1],
        ],
        -1,
    )
    return np.asarray(start @ rotation(axis, np.arccos(cos) * fraction))


def hinge_frame(long_axis: Array, pole: Array) -> Array:
    """Return frames (..., 3, 3) with z along `long_axis` and x as near `pole` as a right angle allows."""
    z = unit(long_axis)
    x = unit(pole - dot(pole, z) * z)
    return np.stack([x, np.cross(z, x), z], -1)


def apply(matrices: Array, vectors: ArrayLike) -> Array:
    """Multiply a stack of matrices with one vector or a stack of them."""
    return np.asarray(np.einsum("...ij,...j->...i", matrices, np.asarray(vectors, dtype=float)))


def smoothstep(x: ArrayLike) -> Array:
    """Return the cubic ease from 0 (x <= 0) to 1 (x >= 1)."""
    u = np.clip(np.asarray(x, dtype=float), 0.0, 1.0)
    return np.asarray(u * u * (3 - 2 * u))
