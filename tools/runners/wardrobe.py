"""Clothes over the pelvis: shorts, tights, trousers, skirts, shirts and hoodies of any cut, or no shirt at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from runners.body import Body
from runners.figure import GRAIN_SKIN, Figure, Part, Tailor, shoe_part
from runners.geometry import Array, smoothstep
from runners.looks import Colour, Look, random_cloth, random_look
from runners.shoe import Shoe

BOTTOMS = {"shorts": 0.30, "loose_shorts": 0.20, "tights": 0.20, "half_tights": 0.12, "trousers": 0.10, "skirt": 0.08}
TOPS = {"shirt": 0.42, "fitted": 0.18, "long_shirt": 0.14, "hoodie": 0.10, "cropped": 0.08, "bare": 0.08}
PATTERNS = {"plain": 0.5, "rings": 0.15, "uprights": 0.1, "side_stripe": 0.15, "pockets": 0.1}
HELD_OUT_PATTERN = "blotches"
LAYER_M = 0.006
ROUND, RINGS = 48, 14
"""Of the mesh of a skirt."""


@dataclass(frozen=True)
class Paint:
    """What is on a cloth beside its own colour; heights are of the rest pose, metres.

    Attributes
    ----------
    pattern : str
        One of `PATTERNS`, or `HELD_OUT_PATTERN`.
    second : colour
    period_m : float
    phase : float
        0 to 1.
    band_m : (low, high)
        Waistband; none where low is above high.
    band : colour
    """

    pattern: str = "plain"
    second: Colour = (0.7, 0.7, 0.7)
    period_m: float = 0.04
    phase: float = 0.0
    band_m: tuple[float, float] = (1.0, 0.0)
    band: Colour = (0.02, 0.02, 0.02)


@dataclass(frozen=True)
class Garment:
    """How one piece is cut.

    Attributes
    ----------
    kind : str
        One of `BOTTOMS` or of `TOPS`.
    hem : float
        Lower edge: 0 at the hip, 1 at the knee, 2 at the ankle; negative above the hip.
    looseness_m : float
        Off the skin at the hem.
    fold_m : float
        Depth of folds.
    grain : float
    paint : Paint
    """

    kind: str
    hem: float
    looseness_m: float
    fold_m: float
    grain: float
    paint: Paint = field(default_factory=Paint)


@dataclass(frozen=True)
class Outfit:
    """Skin, hair, shoes and colours (`look`), and what is worn.

    Attributes
    ----------
    look : Look
    bottom, top : Garment
    waist_m : float
        Upper edge of the bottom, above the iliac spines in front.
    tucked : bool
        Whether the shirt ends under the bottom.
    seed : int
        Decides where folds lie.
    """

    look: Look
    bottom: Garment
    top: Garment
    waist_m: float
    tucked: bool
    seed: int


@dataclass(frozen=True)
class Layer:
    """One piece of a dressed body, to be drawn with its own paint."""

    figure: Figure
    paint: Paint


def random_outfit(rng: np.random.Generator, *, held_out: bool = False) -> Outfit:
    """Return clothes drawn at random; `held_out` ones have a pattern that no others have."""
    look = random_look(rng, 0.0)
    bottom, top = (str(rng.choice(list(kinds), p=list(kinds.values()))) for kinds in (BOTTOMS, TOPS))
    return Outfit(
        look=look,
        bottom=_random_bottom(rng, bottom, held_out=held_out),
        top=_random_top(rng, top, held_out=held_out),
        waist_m=float(rng.uniform(-0.025, 0.07)),
        tucked=bool(rng.random() < 0.12 and top in ("shirt", "fitted")),
        seed=int(rng.integers(2**31)),
    )


def _random_bottom(rng: np.random.Generator, kind: str, *, held_out: bool) -> Garment:
    hem = {"half_tights": (0.35, 0.9), "tights": (1.5, 1.95), "trousers": (1.6, 1.9), "skirt": (0.3, 0.75)}
    loose = {"shorts": (0.006, 0.022), "loose_shorts": (0.02, 0.045), "trousers": (0.012, 0.035), "skirt": (0.01, 0.06)}
    folds = rng.uniform(0.0, 0.007)
    tight = "tights" in kind
    return Garment(
        kind=kind,
        hem=float(rng.uniform(*hem.get(kind, (0.25, 0.95)))),
        looseness_m=float(rng.uniform(*loose.get(kind, (0.0, 0.001)))),
        fold_m=0.0 if tight else float(folds),
        grain=float(rng.uniform(0.05, 0.25 if tight else 0.6)),
        paint=_random_paint(rng, held_out=held_out),
    )


def _random_top(rng: np.random.Generator, kind: str, *, held_out: bool) -> Garment:
    hem = {"long_shirt": (0.12, 0.4), "hoodie": (-0.05, 0.3), "cropped": (-0.75, -0.5), "fitted": (-0.3, 0.1)}
    loose = {"hoodie": (0.02, 0.045), "fitted": (0.0, 0.003), "cropped": (0.0, 0.01)}
    return Garment(
        kind=kind,
        hem=float(rng.uniform(*hem.get(kind, (-0.25, 0.2)))),
        looseness_m=float(rng.uniform(*loose.get(kind, (0.006, 0.035)))),
        fold_m=0.0 if kind == "fitted" else float(rng.uniform(0, 0.008)),
        grain=float(rng.uniform(0.05, 0.6)),
        paint=_random_paint(rng, held_out=held_out),
    )


def _random_paint(rng: np.random.Generator, *, held_out: bool) -> Paint:
    pattern = str(rng.choice(list(PATTERNS), p=list(PATTERNS.values())))
    return Paint(
        pattern=HELD_OUT_PATTERN if held_out and rng.random() < 0.3 else pattern,
        second=random_cloth(rng, 0.5),
        period_m=float(np.exp(rng.uniform(np.log(0.015), np.log(0.12)))),
        phase=float(rng.random()),
        band_m=(-float(rng.uniform(0.02, 0.06)), 0.0) if rng.random() < 0.5 else (1.0, 0.0),
        band=random_cloth(rng, 0.6),
    )


def dress_in(body: Body, outfit: Outfit, shoes: dict[str, Shoe]) -> list[Layer]:
    """Return the body dressed: skin and shoes, bottom and top."""
    fitter = _Fitter(body, outfit)
    plain = [fitter.skin(), *(shoe_part(body, side, shoe, outfit.look) for side, shoe in shoes.items())]
    bottom = replace(outfit.bottom.paint, band_m=fitter.band())
    layers = [Layer(Figure(plain), Paint()), Layer(Figure(fitter.bottom()), bottom)]
    if outfit.top.kind != "bare":
        layers.append(Layer(Figure(fitter.top()), replace(outfit.top.paint, band_m=(1.0, 0.0))))
    return layers


class _Fitter:
    """Cuts an outfit on one body."""

    def __init__(self, body: Body, outfit: Outfit) -> None:
        self.body, self.outfit = body, outfit
        self.tailor = Tailor(body, outfit.look)
        self.z, self.arm = self.tailor.z, self.tailor.arm
        self.hip_z, self.knee_z = self.tailor.hip_z, self.tailor.knee_z
        self.waist_z = float(body.pelvis["left_asis"][2]) + outfit.waist_m
        self.bottom_hem_z, self.top_hem_z = (self._height(g.hem) for g in (outfit.bottom, outfit.top))
        if outfit.tucked:
            self.top_hem_z = self.waist_z - 0.03
        self.folds = self._folds()

    def _height(self, hem: float) -> float:
        return float(np.interp(hem, (-1, 0, 1, 2), (2 * self.hip_z - self.knee_z, self.hip_z, self.knee_z, 0.09)))

    def band(self) -> tuple[float, float]:
        """Return the waistband's heights."""
        low, high = self.outfit.bottom.paint.band_m
        return low + self.waist_z, high + self.waist_z

    def skin(self) -> Part:
        """Return the skin that is not under cloth, with socks."""
        look, legs = self.outfit.look, self.arm < -0.5
        under_bottom = np.minimum(self.z - self.bottom_hem_z - 0.03, self.waist_z - 0.02 - self.z)
        covered = [np.where(legs, under_bottom, -1.0), self.tailor.ankle_z - 0.030 - self.z]
        if self.outfit.top.kind != "bare":
            under_top = np.minimum(self.z - self.top_hem_z - 0.03, self.tailor.neck_z - 0.05 - self.z)
            covered.append(np.where(legs, under_top, look.sleeve - 0.14 - self.arm))
        colours = np.tile(np.asarray(look.skin), (len(self.z), 1))
        colours[(self.z < self.tailor.ankle_z + 0.055) & legs] = look.socks
        keep = -np.maximum.reduce(covered)
        return self.tailor.part(self.body.vertices, np.ones(len(self.z), bool), colours, keep, GRAIN_SKIN, 0.10)

    def bottom(self) -> list[Part]:
        """Return what covers hips and thighs."""
        piece = self.outfit.bottom
        colours = np.tile(np.asarray(self.outfit.look.shorts), (len(self.z), 1))
        if piece.kind == "skirt":
            briefs = self._cut(self._bottom_layer(0.001), colours, self._height(0.25), self.waist_z - 0.01, piece.grain)
            return [self._tube(self.waist_z, self.bottom_hem_z, piece, self.outfit.look.shorts, 0.8), briefs]
        layer = self._bottom_layer(piece.looseness_m)
        return [self._cut(layer, colours, self.bottom_hem_z, self.waist_z, piece.grain)]

    def _bottom_layer(self, looseness_m: float) -> Array:
        drop = np.clip((self.waist_z - self.z) / max(self.waist_z - self.bottom_hem_z, 0.05), 0, 1)
        offset = 0.004 + looseness_m * drop + self.outfit.bottom.fold_m * self.folds * drop
        return self.tailor.shell(np.clip(offset, 0.003, None), 3 if looseness_m < 0.003 else 8)

    def _cut(self, layer: Array, colours: Array, low_z: float, high_z: float, grain: float) -> Part:
        keep = np.where(self.arm > -0.5, -1.0, np.minimum(self.z - low_z, high_z - self.z))
        return replace(self.tailor.cloth(layer, keep > -0.12, colours, keep), grain=grain)

    def top(self) -> list[Part]:
        """Return what covers the trunk; below the waist it hangs round both legs."""
        piece, look = self.outfit.top, self.outfit.look
        hangs = self.top_hem_z < self.waist_z + 0.02 and not self.outfit.tucked
        end_z = max(self.top_hem_z, self.waist_z - 0.03) if hangs else self.top_hem_z
        colours = np.tile(np.asarray(look.shirt), (len(self.z), 1))
        parts = [self._trunk_part(end_z, colours)]
        if self.top_hem_z < end_z:
            parts.append(self._tube(end_z + 0.015, self.top_hem_z, piece, look.shirt, 0.7))
        return parts

    def _trunk_part(self, end_z: float, colours: Array) -> Part:
        piece, look = self.outfit.top, self.outfit.look
        drape = np.clip((self.tailor.neck_z - 0.12 - self.z) / 0.35, 0, 1) + np.clip(self.arm, 0, 1)
        over = LAYER_M * smoothstep((self.waist_z + 0.04 - self.z) / 0.04) * (not self.outfit.tucked)
        offset = 0.005 + over + (piece.looseness_m + piece.fold_m * self.folds) * drape
        layer = self.tailor.shell(np.clip(offset, 0.004, None), 4 if piece.looseness_m < 0.004 else 10)
        keep = np.minimum(self.z - end_z, self.tailor.neck_z + 0.02 - self.z)
        keep = np.where(self.arm > -0.5, look.sleeve - self.arm, keep)
        near = (keep > -0.12) & (self.arm < look.sleeve + 0.3)
        return replace(self.tailor.cloth(layer, near, colours, keep), grain=piece.grain)

    def _tube(self, high_z: float, low_z: float, piece: Garment, colour: Colour, follow: float) -> Part:
        """Return cloth that hangs round both thighs; `follow` is the thighs' share in how its hem moves."""
        rows = np.linspace(high_z, low_z, RINGS)
        turn = 2 * np.pi * np.arange(ROUND) / ROUND
        way = np.stack([np.cos(turn), np.sin(turn)], -1)
        trunk = self.body.vertices[(self.arm < -0.5) & (self.z < high_z + 0.05)]
        centre = trunk[np.abs(trunk[:, 2] - high_z) < 0.03].mean(axis=0)[:2]
        drop = np.linspace(0, 1, RINGS)
        reach = np.stack([_reach(trunk, centre, way, z) for z in rows])
        reach = np.maximum.accumulate(reach, axis=0) if piece.kind == "skirt" else _smooth(reach)
        wave = np.sin(turn * round(3 + 5 * piece.paint.phase) + 7 * piece.paint.phase)
        lift = 0.005 + 2 * LAYER_M + piece.looseness_m * drop[:, None] + piece.fold_m * 1.5 * drop[:, None] * wave
        ring = centre + (reach + lift)[..., None] * way
        vertices = np.concatenate([ring, np.broadcast_to(rows[:, None, None], (*ring.shape[:2], 1))], -1).reshape(-1, 3)
        weights = self._tube_weights(vertices, np.repeat(drop, ROUND) * follow)
        colours = np.tile(np.asarray(colour), (len(vertices), 1))
        return Part(vertices, _tube_faces(), weights, colours, np.ones(len(vertices)), piece.grain, 0.02, lining=True)

    def _tube_weights(self, vertices: Array, share: Array) -> sparse.csr_matrix:
        """Hang the cloth on the pelvis, and by `share` on the thigh of its side."""
        left = smoothstep(vertices[:, 1] / 0.16 + 0.5)
        columns = [self.body.bone(b) for b in ("root", "upperleg01.L", "upperleg01.R")]
        values = np.stack([1 - share, share * left, share * (1 - left)], -1)
        n = len(vertices)
        places = (np.repeat(np.arange(n), 3), np.tile(columns, n))
        return sparse.csr_matrix((values.ravel(), places), shape=(n, len(self.body.bones)))

    def _folds(self) -> Array:
        """Return a wavy field over the mesh, about -1 to 1."""
        rng = np.random.default_rng(self.outfit.seed)
        waves = rng.normal(0, 22, (6, 3)) * np.array([1.0, 1.0, 0.7])
        return np.asarray(np.sin(self.body.vertices @ waves.T + rng.uniform(0, 6.28, 6)).sum(axis=1) / 3)


def _reach(points: Array, centre: Array, way: Array, z: float) -> Array:
    """Return how far the hull of a slice of the body reaches in each direction."""
    near = points[np.abs(points[:, 2] - z) < 0.02]
    near = near if len(near) > ROUND else points[np.argsort(np.abs(points[:, 2] - z))[:ROUND]]
    support = (near[:, :2] - centre) @ way.T
    # The hull is the innermost of the lines that touch it: at each direction, of the neighbours' lines the nearest.
    limit = support.max(axis=0)
    cosine = way @ way.T
    with np.errstate(divide="ignore"):
        along = np.where(cosine > 0.2, limit[None, :] / np.maximum(cosine, 0.2), np.inf)
    return np.asarray(along.min(axis=1))


def _smooth(reach: Array) -> Array:
    """Keep a shirt that hangs from falling in faster than cloth does."""
    out = reach.copy()
    for i in range(1, len(out)):
        out[i] = np.maximum(out[i], out[i - 1] - 0.004)
    return out


def _tube_faces() -> np.ndarray:
    i, k = np.meshgrid(np.arange(RINGS - 1), np.arange(ROUND), indexing="ij")
    p, q = (i * ROUND + k).ravel(), (i * ROUND + (k + 1) % ROUND).ravel()
    return np.concatenate([np.stack([p, p + ROUND, q], 1), np.stack([q, p + ROUND, q + ROUND], 1)])
