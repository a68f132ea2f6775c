"""A dressed body as one skinned, coloured mesh."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from runners.body import SIDES, SUFFIX, Body
from runners.geometry import Array, smoothstep, unit
from runners.looks import Look
from runners.shoe import Shoe

GRAIN_SKIN, GRAIN_CLOTH, GRAIN_HAIR, GRAIN_SHOE = 0.10, 0.30, 0.9, 0.15
GLOSS_SKIN, GLOSS_CLOTH, GLOSS_HAIR, GLOSS_SHOE = 0.10, 0.02, 0.10, 0.08


@dataclass(frozen=True)
class Part:
    """One layer of the figure.

    Attributes
    ----------
    vertices, colours : (n, 3) arrays
    faces : (m, 3) int array
    weights : (n, bones) sparse array
    keep : (n,) array
        The layer is drawn where this is positive: hems are cut per pixel.
    grain, gloss : float
        Strength of the fine pattern and of the highlight.
    lining : bool
        Whether its inside can be seen.
    """

    vertices: Array
    faces: np.ndarray
    weights: sparse.csr_matrix
    colours: Array
    keep: Array
    grain: float
    gloss: float
    lining: bool = False


class Figure:
    """All layers joined, without the faces that are never drawn; poses with linear blend skinning.

    Parameters
    ----------
    parts : list of Part
        Those that can be seen from inside (``lining``) come first.
    """

    def __init__(self, parts: list[Part]) -> None:
        parts = sorted((_drawn(p) for p in parts), key=lambda p: not p.lining)
        self.lined_faces = sum(len(p.faces) for p in parts if p.lining)
        offsets = np.cumsum([0] + [len(p.vertices) for p in parts])
        self.vertices = np.concatenate([p.vertices for p in parts])
        self.faces = np.concatenate([p.faces + o for p, o in zip(parts, offsets[:-1], strict=True)])
        self.weights = sparse.csr_matrix(sparse.vstack([p.weights for p in parts])).astype(np.float32)
        self.colours = np.concatenate([p.colours for p in parts])
        self.keep = np.concatenate([p.keep for p in parts])
        self.grain = np.concatenate([np.full(len(p.vertices), p.grain) for p in parts])
        self.gloss = np.concatenate([np.full(len(p.vertices), p.gloss) for p in parts])
        self._rest = self.vertices.astype(np.float32)
        self._normals = _vertex_normals(self.vertices, self.faces).astype(np.float32)

    def skin(self, matrices: Array) -> tuple[np.ndarray, np.ndarray]:
        """Return posed vertices and normals (n, 3), float32, for bone matrices (bones, 3, 4)."""
        mixed = (self.weights @ matrices.reshape(len(matrices), 12).astype(np.float32)).reshape(-1, 3, 4)
        turn = mixed[..., :3]
        posed = np.einsum("nij,nj->ni", turn, self._rest) + mixed[..., 3]
        return posed, np.einsum("nij,nj->ni", turn, self._normals)


def _drawn(part: Part) -> Part:
    """Drop the faces that lie wholly where nothing is kept, and the vertices that only they use."""
    faces = part.faces[(part.keep[part.faces] >= 0).any(axis=1)]
    used = np.unique(faces)
    renumber = np.full(len(part.vertices), -1)
    renumber[used] = np.arange(len(used))
    return replace(
        part,
        vertices=part.vertices[used],
        faces=renumber[faces],
        weights=sparse.csr_matrix(part.weights[used]),
        colours=part.colours[used],
        keep=part.keep[used],
    )


def dress(body: Body, look: Look, shoes: dict[str, Shoe]) -> Figure:
    """Return the body in shirt, shorts, socks, hair and shoes."""
    tailor = Tailor(body, look)
    parts = [tailor.skin(), tailor.shirt(), tailor.shorts(), tailor.hair()]
    parts += [shoe_part(body, side, shoes[side], look) for side in SIDES]
    if look.ponytail:
        parts.append(tailor.ponytail())
    return Figure(parts)


class Tailor:
    """Cuts layers from one body's mesh."""

    def __init__(self, body: Body, look: Look) -> None:
        self.body, self.look = body, look
        v = body.vertices
        self.z, self.arm = v[:, 2], body.arm_coordinate
        self.hip_z, self.knee_z = body.pelvis["left_hip"][2], body.head("lowerleg01.L")[2]
        self.hem_z = self.hip_z - look.hem * (self.hip_z - self.knee_z)
        self.waist_z = body.pelvis["left_asis"][2] + 0.045
        self.shirt_z = self.hip_z - 0.03
        self.neck_z = body.head("neck01")[2]
        self.ankle_z = body.head("foot.L")[2]
        self.eyes = [body.head("eye" + SUFFIX[s]) for s in SIDES]
        self.adjacent = _neighbour_mean(body.faces, len(v))
        self.normals = _vertex_normals(v, body.faces)
        self.smooth_normals = unit(_relax(self.normals, self.adjacent, 8, 0.7))

    def skin(self) -> Part:
        """Return the skin that no cloth covers."""
        look, v = self.look, self.body.vertices
        under_shirt = np.minimum(self.z - self.shirt_z - 0.03, self.neck_z - 0.05 - self.z)
        under_shirt = np.where(self.arm > -0.5, look.sleeve - 0.14 - self.arm, under_shirt)
        under_shorts = np.minimum(self.z - self.hem_z - 0.03, self.waist_z - 0.03 - self.z)
        under_shorts = np.where(self.arm > -0.5, -1.0, under_shorts)
        in_shoe = self.ankle_z - 0.030 - self.z
        keep = -np.maximum.reduce([under_shirt, under_shorts, in_shoe])
        colours = np.tile(np.asarray(look.skin), (len(v), 1))
        sock = (self.z < self.ankle_z + 0.055) & (self.arm < -0.5)
        colours[sock] = look.socks
        self._paint_face(colours)
        return self.part(v, np.ones(len(v), bool), colours, keep, GRAIN_SKIN, GLOSS_SKIN)

    def shirt(self) -> Part:
        """Return the shirt."""
        drape = np.clip((self.neck_z - 0.12 - self.z) / 0.35, 0, 1) + np.clip(self.arm, 0, 1)
        layer = self.shell(0.008 + self.look.looseness_m * drape, 10)
        collar = 0.030 - 0.045 * smoothstep((self.body.vertices[:, 0] + 0.02) / 0.10)
        keep = np.minimum(self.z - self.shirt_z, self.neck_z + collar - self.z)
        keep = np.where(self.arm > -0.5, self.look.sleeve - self.arm, keep)
        near = (keep > -0.12) & (self.arm < self.look.sleeve + 0.3)
        colours = np.tile(np.asarray(self.look.shirt), (len(layer), 1))
        return self.cloth(layer, near, colours, keep)

    def shorts(self) -> Part:
        """Return the shorts."""
        drape = np.clip((self.hip_z + 0.03 - self.z) / (self.hip_z - self.hem_z + 0.03), 0, 1)
        layer = self.shell(0.006 + 1.2 * self.look.looseness_m * drape, 8)
        keep = np.minimum(self.z - self.hem_z, self.waist_z - self.z)
        keep = np.where(self.arm > -0.5, -1.0, keep)
        colours = np.tile(np.asarray(self.look.shorts), (len(layer), 1))
        return self.cloth(layer, keep > -0.12, colours, keep)

    def hair(self) -> Part:
        """Return the hair on the head."""
        v, eye = self.body.vertices, np.mean(self.eyes, axis=0)
        height, back = self.z - eye[2], eye[0] - v[:, 0]
        hairline = 0.062 - 0.050 * smoothstep((back - 0.045) / 0.03) - 0.085 * smoothstep((back - 0.085) / 0.03)
        keep = height - hairline + 0.004 * np.sin(120 * v[:, 1]) * np.cos(90 * v[:, 0])
        layer = self.shell(0.004 + 0.009 * np.clip(height / 0.08, 0, 1), 3)
        near = (self.body.weight_of("head") > 0.5) & (keep > -0.05)
        colours = np.tile(np.asarray(self.look.hair), (len(v), 1))
        return replace(self.part(layer, near, colours, keep, GRAIN_HAIR, GLOSS_HAIR), lining=True)

    def ponytail(self) -> Part:
        """Return a tapered tail that hangs from the back of the head."""
        eye = np.mean(self.eyes, axis=0)
        rings, ring = 10, 12
        s = np.linspace(0, 1, rings)
        centre = np.stack([eye[0] - 0.175 - 0.05 * np.sin(np.pi * s * 0.7), 0 * s, eye[2] + 0.05 - 0.22 * s], -1)
        radius = 0.028 * np.sin(np.pi * np.clip(0.12 + 0.88 * s, 0, 0.985)) ** 0.6
        a = 2 * np.pi * np.arange(ring) / ring
        around = np.stack([np.cos(a), np.sin(a), 0 * a], -1)
        vertices = (centre[:, None] + radius[:, None, None] * around).reshape(-1, 3)
        i, k = np.meshgrid(np.arange(rings - 1), np.arange(ring), indexing="ij")
        p, q = (i * ring + k).ravel(), (i * ring + (k + 1) % ring).ravel()
        faces = np.concatenate([np.stack([p, p + ring, q], 1), np.stack([q, p + ring, q + ring], 1)])
        weights = _one_bone(self.body, "head", len(vertices))
        colours = np.tile(np.asarray(self.look.hair), (len(vertices), 1))
        return Part(vertices, faces, weights, colours, np.ones(len(vertices)), GRAIN_HAIR, GLOSS_HAIR)

    def _paint_face(self, colours: Array) -> None:
        """Darken brows, eyes and lips so that the head reads as a face."""
        v, eye = self.body.vertices, np.mean(self.eyes, axis=0)
        front = (v[:, 0] > eye[0] - 0.03) & (self.body.weight_of("head", "eye") > 0.5)
        for centre in self.eyes:
            y, z = (v[:, 1] - centre[1]), v[:, 2] - centre[2]
            brow = front & (np.abs(y) < 0.021) & (np.abs(z - 0.023) < 0.0055)
            colours[brow] = np.asarray(self.look.hair) * 1.3
            lid = front & (np.hypot(y / 0.017, z / 0.008) < 1)
            colours[lid] = np.asarray(self.look.skin) * 0.45
        ball = self.body.weight_of("eye") > 0.5
        colours[ball] = (0.6, 0.58, 0.55)
        for centre in self.eyes:
            colours[ball & (np.hypot(v[:, 1] - centre[1], v[:, 2] - centre[2]) < 0.0065)] = (0.03, 0.02, 0.015)
        lips = front & (np.abs(v[:, 1]) < 0.024) & (np.abs(v[:, 2] - eye[2] + 0.072) < 0.008)
        colours[lips] = np.asarray(self.look.skin) * np.array([0.85, 0.55, 0.55])

    def shell(self, offset: Array, smoothing: int) -> Array:
        """Return the mesh smoothed and pushed outwards by `offset`, never below the skin."""
        v = self.body.vertices
        smooth = _relax(v, self.adjacent, smoothing, 0.5)
        layer = smooth + self.smooth_normals * offset[:, None]
        depth = np.sum((layer - v) * self.normals, axis=1)
        short = np.clip(0.45 * offset - depth, 0, None)
        return np.asarray(layer + self.normals * short[:, None])

    def cloth(self, vertices: Array, chosen: np.ndarray, colours: Array, keep: Array) -> Part:
        """Return a layer of cloth, whose inside can be seen."""
        return replace(self.part(vertices, chosen, colours, keep, GRAIN_CLOTH, GLOSS_CLOTH), lining=True)

    def part(
        self, vertices: Array, chosen: np.ndarray, colours: Array, keep: Array, grain: float, gloss: float
    ) -> Part:
        """Return a layer made of the faces whose vertices are all chosen."""
        faces = self.body.faces[chosen[self.body.faces].all(axis=1)]
        return Part(vertices, faces, self.body.weights, colours, keep, grain, gloss)


def shoe_part(body: Body, side: str, shoe: Shoe, look: Look) -> Part:
    """Return a shoe on its foot."""
    suffix = SUFFIX[side]
    n = len(shoe.vertices)
    toes, foot = body.bone("toe2-1" + suffix), body.bone("foot" + suffix)
    rows = np.tile(np.arange(n), 2)
    columns = np.repeat([toes, foot], n)
    share = np.concatenate([shoe.toe_share, 1 - shoe.toe_share])
    weights = sparse.csr_matrix((share, (rows, columns)), shape=(n, len(body.bones)))
    low = shoe.vertices[:, 2] < shoe.origin[2] + 0.026
    along = (shoe.vertices[:, 0] - shoe.origin[0]) / shoe.length_m
    stripe = np.abs(along - 0.5) < 0.05
    colours = np.where(low[:, None], look.sole, look.shoes)
    colours = np.where((stripe & ~low)[:, None], look.sole, colours)
    return Part(shoe.vertices, shoe.faces, weights, colours, np.ones(n), GRAIN_SHOE, GLOSS_SHOE)


def _one_bone(body: Body, bone: str, n: int) -> sparse.csr_matrix:
    columns = np.full(n, body.bone(bone))
    return sparse.csr_matrix((np.ones(n), (np.arange(n), columns)), shape=(n, len(body.bones)))


def _neighbour_mean(faces: np.ndarray, n: int) -> sparse.csr_matrix:
    """Return the matrix that replaces each vertex by the mean of its neighbours."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    links = sparse.csr_matrix((np.ones(len(edges)), edges.T), shape=(n, n))
    links = ((links + links.T) > 0).astype(float)
    degree = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)
    return sparse.csr_matrix(sparse.diags_array(1 / degree) @ links)


def _relax(values: Array, mean: sparse.csr_matrix, times: int, share: float) -> Array:
    for _ in range(times):
        values = (1 - share) * values + share * (mean @ values)
    return values


def _vertex_normals(vertices: Array, faces: np.ndarray) -> Array:
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face_normals = np.cross(b - a, c - a)
    total = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(total, faces[:, k], face_normals)
    return unit(total)
