"""Chance in the pictures: where the pose model puts the leg, what phones do to light, and what real shoes look like."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.pose.crops import Affine, Points, through
from training.task import MARGIN_PX, Image, Task

Rng = np.random.Generator
Picture = NDArray[np.float32]

SHORTEST_SOLE_PX = 35.0
"""A foot that points at the camera shows no sole to speak of."""
FAR_OFF_CHANCE, FAR_OFF = 0.12, 2.5
"""Now and then the pose model is further off than usual, so many times."""


def place(rng: Rng, task: Task, view: str) -> Affine:
    """Return the affine map (2, 3) from an example's picture to a crop placed as the pose model might."""
    wide = FAR_OFF if rng.random() < FAR_OFF_CHANCE else 1.0
    turn = np.radians(rng.normal(0, task.turn_deg * wide))
    scale = float(np.exp(rng.normal(0, task.scale)))
    shift = rng.normal(0, np.array(task.shift_px) * wide) + np.array(task.mean_shift_px)
    cosine, sine = scale * np.cos(turn), scale * np.sin(turn)
    matrix = np.array([[cosine, -sine], [sine, cosine]])
    anchor = np.array(task.anchor_px[view])
    return np.column_stack([matrix, anchor + shift - matrix @ (anchor + MARGIN_PX)])


def draw(rng: Rng, picture: Image, points: NDArray[np.float32], task: Task, view: str) -> tuple[Picture, Points]:
    """Return a crop, blue first from 0 to 1, and its points in pixels."""
    affine = place(rng, task, view)
    crop = cv2.warpAffine(picture, affine, task.size_px, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    there = through(affine, points.astype(np.float64))
    painted = paint(rng, np.asarray(crop / np.float32(255), dtype=np.float32), there, task)
    return spoil(rng, painted), there


def paint(rng: Rng, crop: Picture, points: Points, task: Task) -> Picture:
    """Put clothes on the leg, patterns and another sole on the shoe, and things in front."""
    crop = np.ascontiguousarray(crop)
    if rng.random() < 0.4:
        field = rng.normal(0, 0.18, (int(rng.integers(3, 9)), int(rng.integers(3, 7)), 3)).astype(np.float32)
        crop *= 1 + cv2.resize(field, task.size_px, interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:
        _dress(rng, crop, *points[list(task.shank)])
    if rng.random() < 0.4:
        _resole(rng, crop, *points[list(task.shoe)])
    for _ in range(int(rng.integers(0, 5)) if rng.random() < 0.5 else 0):
        _stripe(rng, crop, points, task)
    if rng.random() < 0.15:
        _bar(rng, crop, task)
    return crop


def _dress(rng: Rng, crop: Picture, knee: Points, ankle: Points) -> None:
    """Cover the knee as shorts do, or the shank as tights and trousers do."""
    shank = ankle - knee
    aside = np.array([-shank[1], shank[0]]) / max(float(np.hypot(*shank)), 1.0)
    hem = knee + shank * (rng.uniform(-0.12, 0.28) if rng.random() < 0.7 else rng.uniform(0.6, 1.0))
    sway = aside * rng.normal(0, 4)
    top, bottom = aside * rng.uniform(18, 34), aside * rng.uniform(13, 30)
    start = knee - 0.7 * shank
    _fill(rng, crop, np.stack([start - top, start + top, hem + bottom + sway, hem - bottom + sway]))


def _resole(rng: Rng, crop: Picture, heel: Points, toe: Points) -> None:
    """Give the shoe another sole: thicker, longer behind the heel or beyond the toe."""
    length = float(np.hypot(*(toe - heel)))
    if length < SHORTEST_SOLE_PX:
        return
    along = (toe - heel) / length
    down = np.array([-along[1], along[0]]) * (1 if along[0] >= 0 else -1)
    back, tip = heel - along * rng.uniform(-2, 9), toe + along * rng.uniform(-3, 6)
    upper, lower = down * rng.uniform(1, 4), down * rng.uniform(6, 11)
    _fill(rng, crop, np.stack([back + upper, tip + upper, tip - along * rng.uniform(0, 8) + lower, back + lower]))


def _fill(rng: Rng, crop: Picture, corners: Points) -> None:
    """Fill a shape with one colour, lighter towards one end."""
    mask = np.zeros(crop.shape[:2], dtype=np.float32)
    cv2.fillConvexPoly(mask, np.rint(corners).astype(np.int32), 1.0, cv2.LINE_AA)
    top, bottom = (float(end) for end in rng.uniform(0.7, 1.3, 2))
    shade = np.linspace(top, bottom, crop.shape[0], dtype=np.float32)[:, None, None]
    crop += mask[:, :, None] * (rng.random(3).astype(np.float32) * shade - crop)


def _stripe(rng: Rng, crop: Picture, points: Points, task: Task) -> None:
    """Draw a stripe across the shoe, as logos, seams and laces are."""
    heel, toe = points[list(task.shoe)]
    ends = heel + rng.uniform(0.05, 0.9, (2, 1)) * (toe - heel) + rng.normal(0, 5, (2, 2)) - (0, 4)
    first, last = (tuple(int(v) for v in end) for end in ends)
    cv2.line(crop, first, last, tuple(rng.random(3).tolist()), int(rng.integers(1, 4)), cv2.LINE_AA)


def _bar(rng: Rng, crop: Picture, task: Task) -> None:
    """Draw a rail or an edge in front of the runner."""
    middle = rng.uniform((0, 0), task.size_px)
    along = rng.normal(0, 1, 2)
    along *= 300 / np.hypot(*along)
    first, last = (tuple(int(v) for v in middle + way * along) for way in (-1, 1))
    cv2.line(crop, first, last, tuple(rng.random(3).tolist()), int(rng.integers(4, 16)), cv2.LINE_AA)


def spoil(rng: Rng, crop: Picture) -> Picture:
    """Return what a phone makes of it: light, colour, blur, noise, compression."""
    mix = np.eye(3) + rng.normal(0, 0.08, (3, 3))
    crop = np.clip(crop @ mix.T.astype(np.float32) * rng.uniform(0.6, 1.4), 0, 1)
    crop = crop ** float(np.exp(rng.normal(0, 0.25))) + np.float32(rng.normal(0, 0.04))
    if rng.random() < 0.35:
        crop = np.asarray(smear(rng, crop), dtype=np.float32)
    if rng.random() < 0.4:
        crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), float(rng.uniform(0.4, 1.8))), dtype=np.float32)
    crop = np.clip(crop + rng.normal(0, rng.uniform(0, 0.035), crop.shape), 0, 1).astype(np.float32)
    return _compress(rng, crop) if rng.random() < 0.3 else crop


def smear(rng: Rng, crop: NDArray[Any], longest_px: float = 14.0) -> NDArray[Any]:
    """Blur along a line, as a slow shutter does to a quick foot."""
    length, turn = rng.uniform(3, longest_px), rng.uniform(0, np.pi)
    half = length / 2 * np.array([np.cos(turn), np.sin(turn)])
    kernel = np.zeros((15, 15), dtype=np.float32)
    first, last = (tuple(int(v) for v in np.rint(7 + way * half)) for way in (-1, 1))
    cv2.line(kernel, first, last, 1.0, 1, cv2.LINE_AA)
    columns, rows = np.minimum(np.ceil(np.abs(half)).astype(int) + 1, 7)
    kernel = kernel[7 - rows : 8 + rows, 7 - columns : 8 + columns]
    return np.asarray(cv2.filter2D(crop, -1, kernel / kernel.sum()))


def _compress(rng: Rng, crop: Picture) -> Picture:
    _, code = cv2.imencode(".jpg", (crop * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
    picture = np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), dtype=np.float32)
    return np.asarray(picture / np.float32(255))
