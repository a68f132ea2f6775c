"""Paint markers into rendered frames, where they truly are: discs with a rim, blurred, with noise, behind the arms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.markers.clips import Array, RenderedClip
from midstance.science.landmarks import SIDES

ARM_RADIUS_M = 0.045
HAND_BEYOND_WRIST = 0.35
"""Of the forearm: how far the hand goes on."""
OBLIQUE = 0.7
"""Width over height of a disc that lies on the turning flank of the body."""
STEPS_IN_EXPOSURE = 5
PATCH_PX = 24


@dataclass(frozen=True)
class Look:
    """How the markers look and how the camera blurs them."""

    radius_m: float = 0.008
    rim_m: float = 0.013
    dark: float = 40.0
    light: float = 215.0
    """Grey levels of disc and rim."""
    noise: float = 4.0
    """Standard deviation, grey levels."""
    shutter_s: float = 1 / 240


def random_look(rng: np.random.Generator) -> Look:
    """Return a marker as people may use: a dot of 12 to 20 mm, on a patch or light tape."""
    radius_m = float(rng.uniform(0.006, 0.010))
    return Look(
        radius_m=radius_m,
        rim_m=radius_m + float(rng.uniform(0.003, 0.007)),
        dark=float(rng.uniform(25, 80)),
        light=float(rng.uniform(170, 235)),
        noise=float(rng.uniform(2, 7)),
        shutter_s=float(rng.choice([1 / 500, 1 / 240, 1 / 120])),
    )


def painted(
    clip: RenderedClip, look: Look, start: int, stop: int, rng: np.random.Generator
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Yield the clip's frames with both markers painted in."""
    speeds = {name: np.gradient(clip.points_px[name], clip.time_s, axis=0) for name in clip.marked}
    for number, picture in clip.pictures(start, stop):
        picture = picture.copy()
        for name in clip.marked:
            smear = speeds[name][number] * look.shutter_s
            _paint(picture, clip, name, number, smear, look, rng, hidden_from=arms_px(clip, number, name))
        yield number, picture


def hidden_by_arms(clip: RenderedClip) -> NDArray[np.bool_]:
    """Return for each frame and marker whether an arm covers the marker's middle, (n, 2)."""
    out = np.zeros((len(clip.time_s), 2), dtype=bool)
    for i in range(len(clip.time_s)):
        for marker, name in enumerate(clip.marked):
            place = clip.points_px[name][i]
            out[i, marker] = bool(covered(place[None], arms_px(clip, i, name), clip.px_per_m)[0])
    return out


def arms_px(clip: RenderedClip, frame: int, name: str) -> list[tuple[Array, Array]]:
    """Return the ends of the arm segments that are nearer to the camera than a marker, in pixels."""
    out = []
    for side in SIDES if clip.view != "side" else (clip.near,):
        joints = [f"{side}_{j}" for j in ("shoulder", "elbow", "wrist")]
        m, px = ([p[j][frame] for j in joints] for p in (clip.points_m, clip.points_px))
        m.append(m[2] + HAND_BEYOND_WRIST * (m[2] - m[1]))
        px.append(px[2] + HAND_BEYOND_WRIST * (px[2] - px[1]))
        for a, b in ((0, 1), (1, 3)):
            if _nearer(clip, (m[a] + m[b]) / 2, clip.points_m[name][frame]):
                out.append((px[a], px[b]))
    return out


def covered(places_px: Array, arms: list[tuple[Array, Array]], px_per_m: float) -> NDArray[np.bool_]:
    """Return which places (n, 2) lie under one of the arms."""
    out = np.zeros(len(places_px), dtype=bool)
    for a, b in arms:
        along = np.clip((places_px - a) @ (b - a) / max(float((b - a) @ (b - a)), 1e-9), 0, 1)
        distance = np.linalg.norm(places_px - a - along[:, None] * (b - a), axis=1)
        out |= distance < ARM_RADIUS_M * px_per_m
    return out


def _nearer(clip: RenderedClip, arm_m: Array, marker_m: Array) -> bool:
    if clip.view == "side":
        return True
    ahead = float(arm_m[0] - marker_m[0])
    return ahead > 0 if clip.view == "front" else ahead < 0


def _paint(
    picture: NDArray[np.uint8],
    clip: RenderedClip,
    name: str,
    frame: int,
    smear_px: Array,
    look: Look,
    rng: np.random.Generator,
    *,
    hidden_from: list[tuple[Array, Array]],
) -> None:
    place = clip.points_px[name][frame]
    x, y = np.rint(place).astype(int)
    top, left = max(0, y - PATCH_PX), max(0, x - PATCH_PX)
    patch = picture[top : y + PATCH_PX + 1, left : x + PATCH_PX + 1]
    if not patch.size:
        return
    rows, columns = np.mgrid[: patch.shape[0], : patch.shape[1]]
    pixels = np.stack([columns + left, rows + top], axis=-1).astype(np.float64)
    cover, grey = _exposed(pixels, place, smear_px, look, clip.px_per_m)
    cover *= ~covered(pixels.reshape(-1, 2), hidden_from, clip.px_per_m).reshape(cover.shape)
    noisy = grey + rng.normal(0, look.noise, grey.shape)
    mixed = patch * (1 - cover[..., None]) + (cover * noisy)[..., None]
    patch[...] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)


def _exposed(pixels: Array, place: Array, smear_px: Array, look: Look, px_per_m: float) -> tuple[Array, Array]:
    """Return how much of each pixel a marker covers, and its grey level there, over the exposure."""
    cover, light = np.zeros(pixels.shape[:2]), np.zeros(pixels.shape[:2])
    for share in np.linspace(-0.5, 0.5, STEPS_IN_EXPOSURE):
        off = (pixels - place - share * smear_px) / np.array([OBLIQUE, 1.0])
        distance = np.hypot(off[..., 0], off[..., 1])
        whole = np.clip(look.rim_m * px_per_m - distance + 0.5, 0, 1)
        disc = np.clip(look.radius_m * px_per_m - distance + 0.5, 0, 1)
        cover += whole / STEPS_IN_EXPOSURE
        light += (disc * look.dark + (whole - disc) * look.light) / STEPS_IN_EXPOSURE
    return cover, light / np.maximum(cover, 1e-9)
