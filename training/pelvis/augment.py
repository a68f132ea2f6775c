"""Chance in the pictures, alike for the three frames: place, mirror, light, colour, sharpness, noise, compression."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.pose.crops import CELL_PX, through
from training.augment import smear
from training.pelvis.shards import Shards
from training.pelvis.task import (
    FRAMES,
    HIPS_PX,
    MARGIN_PX,
    MIRRORED,
    MIRRORED_ANGLES,
    PRIOR_MAPS,
    PRIORS,
    PX_PER_TORSO,
    SIZE_PX,
    Array,
    Image,
)

Rng = np.random.Generator
SHIFT_PX, SCALE_SD = 6.0, 0.03
PRIOR_SIGMA_PX = 8.0
BLIND_CHANCE = 0.03
"""How often the landmarks are not told at all, so that the network does not rest on them alone."""
MIRRORED_PRIOR = tuple(i + 1 if i % 2 == 0 else i - 1 for i in range(len(PRIORS)))
LONGEST_SMEAR_PX = 8.0
FEWEST_PX = 0.35
"""Share of the crop's own fineness that a coarse clip has."""


@dataclass(frozen=True, eq=False)
class Sample:
    """What the network reads and what it should say; see `net.PelvisNet`.

    Attributes
    ----------
    pictures : (9, height, width) float32 array
    maps : (4, height / 4, width / 4) float32 array
    told : (72,) float32 array
    points : (points, 2) float32 array
        In pixels of the crop.
    hidden : (points,) float32 array
    angles_deg : (3,) float32 array
    """

    pictures: NDArray[np.float32]
    maps: NDArray[np.float32]
    told: NDArray[np.float32]
    points: NDArray[np.float32]
    hidden: NDArray[np.float32]
    angles_deg: NDArray[np.float32]


def draw(rng: Rng | None, examples: Shards, number: int) -> Sample:
    """Return one example as the network reads it; without chance where `rng` is None."""
    pictures = examples.pictures(number)
    points, prior = (np.asarray(v[number], dtype=float) for v in (examples.points, examples.prior))
    hidden, angles = examples.hidden[number], np.asarray(examples.angles_deg[number], dtype=float)
    affine = _place(rng)
    crops = [
        cv2.warpAffine(p, affine, SIZE_PX, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for p in pictures
    ]
    points, prior = (through(affine, v) for v in (points, prior))
    if rng is not None and rng.random() < 0.5:
        crops = [crop[:, ::-1] for crop in crops]
        points, prior = (np.stack([SIZE_PX[0] - 1 - v[..., 0], v[..., 1]], -1) for v in (points, prior))
        points, hidden, prior = points[list(MIRRORED)], hidden[list(MIRRORED)], prior[:, list(MIRRORED_PRIOR)]
        angles = angles * np.array(MIRRORED_ANGLES)
    image = np.concatenate(crops, axis=1).astype(np.uint8)
    seen = _as_float(image) if rng is None else _spoil(rng, image)
    planes = np.concatenate([part.transpose(2, 0, 1) for part in np.split(seen, len(crops), axis=1)])
    blind = rng is not None and rng.random() < BLIND_CHANCE
    maps, told = prior_maps(prior[len(crops) // 2]), prior_told(prior)
    return Sample(
        pictures=np.ascontiguousarray(planes),
        maps=np.zeros_like(maps) if blind else maps,
        told=np.zeros_like(told) if blind else told,
        points=points.astype(np.float32),
        hidden=hidden.astype(np.float32),
        angles_deg=angles.astype(np.float32),
    )


def prior_maps(prior: Array) -> NDArray[np.float32]:
    """Return where the pose model has hips and knees, as soft spots on the network's grid."""
    x, y = ((np.arange(size // CELL_PX) + 0.5) * CELL_PX - 0.5 for size in SIZE_PX)
    spots = prior[list(PRIOR_MAPS)]
    across, down = (x[None] - spots[:, :1]) ** 2, (y[None] - spots[:, 1:]) ** 2
    spread = down[:, :, None] + across[:, None, :]
    return np.asarray(np.exp(-spread / (2 * PRIOR_SIGMA_PX**2)), dtype=np.float32)


def prior_told(prior: Array) -> NDArray[np.float32]:
    """Return the landmarks of the three frames as numbers, in torsos from where the hips belong in the crop."""
    told = (prior - np.array(HIPS_PX)) / PX_PER_TORSO
    return np.asarray(told.clip(-3, 3), dtype=np.float32).ravel()


def _place(rng: Rng | None) -> Array:
    """Return the affine map (2, 3) from an example's pictures to the crop, a little beside its place."""
    if rng is None:
        return np.column_stack([np.eye(2), np.full(2, -float(MARGIN_PX))])
    scale = float(np.exp(np.clip(rng.normal(0, SCALE_SD), -0.08, 0.08)))
    middle = np.array(HIPS_PX)
    shift = rng.uniform(-SHIFT_PX, SHIFT_PX, 2)
    return np.column_stack([scale * np.eye(2), middle + shift - scale * (middle + MARGIN_PX)])


def _spoil(rng: Rng, image: Image) -> NDArray[np.float32]:
    """Return what a phone makes of the three pictures side by side, 0 to 1; in whole numbers while it may be."""
    if rng.random() < 0.4:
        share = rng.uniform(FEWEST_PX, 0.9)
        coarse = cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        image = np.asarray(cv2.resize(coarse, image.shape[1::-1]), dtype=np.uint8)
    mix = np.eye(3) + rng.normal(0, 0.08, (3, 3))
    shades = np.clip(np.arange(256) / 255 * rng.uniform(0.6, 1.4), 0, 1) ** float(np.exp(rng.normal(0, 0.25)))
    table = np.clip(255 * (shades + rng.normal(0, 0.04)), 0, 255).astype(np.uint8)
    image = np.asarray(cv2.LUT(cv2.transform(image, mix), table), dtype=np.uint8)
    if rng.random() < 0.3:
        image = np.asarray(smear(rng, image, LONGEST_SMEAR_PX), dtype=np.uint8)
    if rng.random() < 0.35:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.8))), dtype=np.uint8)
    if rng.random() < 0.35:
        _, code = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
        image = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), dtype=np.uint8)
    return _noisy(rng, _as_float(image))


def _noisy(rng: Rng, image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Add a sensor's noise: for each frame another piece of one sheet of it, flipped by chance."""
    rows, columns = image.shape[0], image.shape[1] // FRAMES
    strength, sheet = np.float32(rng.uniform(0, 0.035)), _grain()
    for part in np.split(image, FRAMES, axis=1):
        top, left = rng.integers(0, (sheet.shape[0] - rows, sheet.shape[1] - columns))
        down, across = rng.choice((-1, 1), 2)
        part += strength * sheet[top : top + rows, left : left + columns][::down, ::across]
    return np.asarray(np.clip(image, 0, 1, out=image), dtype=np.float32)


@cache
def _grain() -> NDArray[np.float32]:
    """Return a sheet of noise, drawn once: noise anew for each picture took half the time of drawing it."""
    return np.random.default_rng(0).standard_normal((4 * SIZE_PX[1], 4 * SIZE_PX[0], 3), dtype=np.float32)


def _as_float(image: Image) -> NDArray[np.float32]:
    return np.asarray(image * np.float32(1 / 255), dtype=np.float32)
