"""The room and the treadmill, as plain coloured boxes and tubes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from runners.geometry import Array, unit

FLOOR_Z = -0.18
BELT_LENGTH_M, BELT_WIDTH_M = 1.70, 0.52
PIECE_M = 0.3  # the lens bends corners only, so that long edges are cut up
GLASS, WOOD, RED, BLUE = (0.55, 0.68, 0.80), (0.20, 0.12, 0.06), (0.35, 0.04, 0.03), (0.03, 0.08, 0.22)
STEEL, DARK, RUBBER = (0.33, 0.34, 0.36), (0.012, 0.013, 0.015), (0.010, 0.010, 0.011)


@dataclass(frozen=True)
class Mesh:
    """Loose triangles: every three rows are one triangle.

    Attributes
    ----------
    vertices, normals, colours : (n, 3) arrays
    grain, gloss : (n,) arrays
    """

    vertices: Array
    normals: Array
    colours: Array
    grain: Array
    gloss: Array

    def interleaved(self) -> np.ndarray:
        """Return rows in the renderer's vertex format, float32."""
        keep = np.ones(len(self.vertices))
        surface = np.stack([keep, self.grain, self.gloss], -1)
        return np.hstack([self.vertices, self.normals, self.colours, self.vertices, surface]).astype(np.float32)


def merge(meshes: list[Mesh]) -> Mesh:
    """Join meshes into one."""
    fields = Mesh.__dataclass_fields__
    return Mesh(**{f: np.concatenate([getattr(m, f) for m in meshes]) for f in fields})


def box(
    centre: tuple[float, float, float],
    size: tuple[float, float, float],
    colour: tuple[float, float, float],
    grain: float = 0.1,
    gloss: float = 0.05,
) -> Mesh:
    """Return an axis-aligned box."""
    vertices, normals = [], []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        square = _grid(_pieces(size[u]), _pieces(size[v]))
        for sign in (-1.0, 1.0):
            corners = np.full((len(square), 3), sign)
            corners[:, [u, v]] = square if sign > 0 else square.reshape(-1, 3, 2)[:, ::-1].reshape(-1, 2)
            vertices.append(corners * np.asarray(size) / 2 + np.asarray(centre))
            normals.append(np.tile(sign * np.eye(3)[axis], (len(square), 1)))
    return _coloured(np.concatenate(vertices), np.concatenate(normals), colour, grain, gloss)


def tube(
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    radius_m: float,
    colour: tuple[float, float, float],
    gloss: float = 0.2,
) -> Mesh:
    """Return a round bar with closed ends."""
    a, b = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    along = unit(b - a)
    x = unit(np.cross(along, [0.3, 0.9, 0.3]))
    y = np.cross(along, x)
    turn = 2 * np.pi * np.arange(19) / 18
    out = np.cos(turn)[:, None] * x + np.sin(turn)[:, None] * y
    n0, n1 = out[:-1], out[1:]
    rings = np.linspace(a, b, _pieces(float(np.linalg.norm(b - a))) + 1)
    strips = []
    for p, q in pairwise(rings):
        strips.append(np.stack([p + radius_m * n0, p + radius_m * n1, q + radius_m * n1], 1))
        strips.append(np.stack([p + radius_m * n0, q + radius_m * n1, q + radius_m * n0], 1))
    caps = [np.stack([p + 0 * n0, p + radius_m * n0, p + radius_m * n1], 1) for p in (a, b)]
    vertices = np.concatenate([*strips, *caps]).reshape(-1, 3)
    round_about = np.concatenate([np.stack(k, 1).reshape(-1, 3) for k in ((n0, n1, n1), (n0, n1, n0))])
    normals = np.tile(round_about, (len(rings) - 1, 1))
    ends = np.concatenate([np.tile(-along, (3 * len(n0), 1)), np.tile(along, (3 * len(n0), 1))])
    return _coloured(vertices, np.concatenate([normals, ends]), colour, 0.05, gloss)


def belt() -> Mesh:
    """Return the moving belt; its pattern scrolls."""
    return box((0, 0, -0.011), (BELT_LENGTH_M, BELT_WIDTH_M, 0.022), RUBBER, grain=0.9, gloss=0.03)


def deck() -> Mesh:
    """Return what lies round the belt and takes the runner's shadow."""
    parts = [box((0, 0, -0.085), (BELT_LENGTH_M + 0.1, BELT_WIDTH_M + 0.1, 0.12), DARK)]
    for y in (-0.335, 0.335):
        parts.append(box((0, y, -0.045), (1.90, 0.13, 0.09), STEEL, gloss=0.15))
        parts.append(box((0, y, 0.004), (1.80, 0.085, 0.012), DARK))
    parts.append(box((1.02, 0, -0.02), (0.32, 0.68, 0.18), DARK, gloss=0.15))
    return merge(parts)


def frame() -> Mesh:
    """Return the treadmill's uprights, handrails and feet."""
    parts = []
    for y in (-0.41, 0.41):
        parts.append(tube((1.08, y, -0.05), (0.98, y, 1.10), 0.026, STEEL))
        parts.append(tube((0.98, y, 1.10), (0.62, y, 1.02), 0.021, DARK))
        parts.append(box((1.02, y, 1.14), (0.05, 0.16, 0.14), DARK))
        parts += [box((x, 0.75 * y, -0.155), (0.10, 0.08, 0.05), DARK) for x in (-0.85, 0.95)]
    return merge(parts)


def side_rail() -> Mesh:
    """Return a rail that crosses the legs on both sides, for occlusion."""
    parts = []
    for y in (-0.44, 0.44):
        parts.append(tube((1.00, y, 0.72), (-0.55, y, 0.72), 0.022, STEEL))
        parts.append(tube((-0.55, y, 0.72), (-0.55, y, -0.10), 0.022, STEEL))
    return merge(parts)


def room(camera_side: str, wall: tuple[float, float, float] = (0.50, 0.49, 0.46)) -> Mesh:
    """Return floor, walls and a few things on them, without the wall behind the camera.

    Parameters
    ----------
    camera_side : str
        ``front``, ``rear``, ``left`` or ``right`` of the runner.
    wall : colour
    """
    f = FLOOR_Z
    parts = [
        box((0, 0, f - 0.05), (14, 12, 0.1), (0.10, 0.105, 0.115), grain=0.5),
        box((0, 0, f + 3.25), (14, 12, 0.1), (0.6, 0.6, 0.58), grain=0.02),
    ]
    for side, (x, y, depth_x, depth_y) in WALLS.items():
        if side != camera_side:
            parts.append(box((x, y, f + 1.6), (depth_x, depth_y, 3.2), wall, grain=0.06, gloss=0.0))
            skirting = (depth_x + 0.02, depth_y + 0.02, 0.12)
            parts.append(box((x, y, f + 0.06), skirting, (0.05, 0.05, 0.055)))
            parts += FURNITURE[side]()
    return merge(parts)


def _left_wall() -> list[Mesh]:
    """Return window, posters and a rack of dumb-bells."""
    f = FLOOR_Z
    parts = [
        box((2.0, 3.33, 1.45), (1.5, 0.04, 1.1), GLASS, grain=0.02),
        box((2.0, 3.31, 1.45), (0.04, 0.05, 1.1), STEEL),
        box((-1.7, 3.33, 1.55), (0.62, 0.02, 0.85), BLUE),
        box((0.3, 3.33, 1.7), (0.5, 0.02, 0.35), RED),
        box((-1.9, 3.20, f + 0.45), (1.5, 0.35, 0.06), DARK),
        box((-1.9, 3.20, f + 0.85), (1.5, 0.35, 0.06), DARK),
    ]
    for x in np.arange(-2.4, -1.3, 0.2):
        for z in (0.53, 0.93):
            parts.append(tube((x, 3.06, f + z), (x, 3.12, f + z), 0.055, DARK))
            parts.append(tube((x, 3.26, f + z), (x, 3.32, f + z), 0.055, DARK))
    return parts


def _right_wall() -> list[Mesh]:
    """Return a poster and a bench."""
    return [
        box((-1.2, -5.53, 1.5), (0.9, 0.02, 0.7), BLUE),
        box((1.4, -5.35, FLOOR_Z + 0.25), (1.4, 0.4, 0.5), WOOD, grain=0.4),
    ]


def _rear_wall() -> list[Mesh]:
    """Return what stands behind the runner."""
    return [
        box((-4.53, -1.2, 1.35), (0.04, 1.1, 1.3), GLASS, grain=0.02),
        box((-4.53, 1.35, 1.5), (0.02, 0.7, 0.95), BLUE),
        box((-4.3, 1.9, FLOOR_Z + 0.45), (0.5, 0.9, 0.9), WOOD, grain=0.4),
    ]


def _front_wall() -> list[Mesh]:
    """Return what stands before the runner."""
    return [
        box((5.52, 1.2, 1.35), (0.04, 1.2, 1.2), GLASS, grain=0.02),
        box((5.52, -1.1, 1.5), (0.02, 0.8, 0.9), RED),
        box((5.2, -1.6, FLOOR_Z + 0.45), (0.5, 0.9, 0.9), WOOD, grain=0.4),
    ]


WALLS = {  # middle x, y and thickness in x, y
    "left": (0.0, 3.4, 14.0, 0.1),
    "right": (0.0, -5.6, 14.0, 0.1),
    "front": (5.6, 0.0, 0.1, 12.0),
    "rear": (-4.6, 0.0, 0.1, 12.0),
}
FURNITURE = {"left": _left_wall, "right": _right_wall, "front": _front_wall, "rear": _rear_wall}


def _pieces(length_m: float) -> int:
    return max(1, int(np.ceil(length_m / PIECE_M)))


def _grid(columns: int, rows: int) -> Array:
    """Return the square from -1 to 1 as loose triangles, counter-clockwise, (n, 2)."""
    u, v = np.meshgrid(np.arange(columns), np.arange(rows), indexing="ij")
    low = np.stack([u, v], -1).reshape(-1, 1, 2)
    corners = low + np.array([[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]])
    return np.asarray(2.0 * corners.reshape(-1, 2) / np.array([columns, rows]) - 1.0)


def _coloured(vertices: Array, normals: Array, colour: tuple[float, float, float], grain: float, gloss: float) -> Mesh:
    n = len(vertices)
    return Mesh(vertices, normals, np.tile(np.asarray(colour), (n, 1)), np.full(n, grain), np.full(n, gloss))
