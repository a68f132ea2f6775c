"""A made-up clip: a textured body that bounces, with two round markers, and an arm that passes in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries

Array = NDArray[np.float64]

SIZE_PX = (480, 360)
FPS = 60.0
LEG_PX = 400.0
BOUNCE_PX = 20.0
RADIUS_PX = 5.0
OFFSETS_PX = np.array([[40.0, 5.0], [-40.0, -6.0]])
"""Of the front and the back marker from the middle of the hips."""


@dataclass(frozen=True)
class MadeClip:
    """Where things are in each frame."""

    frames: int = 90
    markers: bool = True
    arm_over: tuple[int, int] | None = None
    """Frames in which an arm covers the front marker."""
    gone: tuple[int, int] | None = None
    """Frames in which the front marker has fallen off."""
    landmark_error_px: float = 6.0
    """How far the hip landmarks wander about the hips."""

    @property
    def time_s(self) -> Array:
        """Time of each frame."""
        return np.arange(self.frames) / FPS

    @property
    def hips_px(self) -> Array:
        """(n, 2) middle of the hips."""
        phase = 2 * np.pi * 2.8 * self.time_s
        return np.column_stack([240 + 8 * np.sin(phase / 2), 180 + BOUNCE_PX * np.cos(phase)])

    @property
    def markers_px(self) -> Array:
        """(n, 2, 2) true places of the front and the back marker."""
        return np.asarray(self.hips_px[:, None] + OFFSETS_PX, dtype=np.float64)

    def landmarks(self) -> LandmarkSeries:
        """Return hips and shoulders as a pose model would see them."""
        xy = np.full((self.frames, 33, 2), np.nan)
        wander = self.landmark_error_px * np.sin(2 * np.pi * 1.3 * self.time_s + 1)[:, None]
        for side in ("left", "right"):
            xy[:, LANDMARK_INDEX[f"{side}_hip"]] = self.hips_px + wander
            xy[:, LANDMARK_INDEX[f"{side}_shoulder"]] = self.hips_px - [0, 220]
        visibility = np.where(np.isnan(xy[..., 0]), np.nan, 1.0)
        return LandmarkSeries(self.time_s, xy, visibility, np.arange(self.frames), SIZE_PX)

    def pictures(self) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield each frame's number and picture, drawn between pixels."""
        rng = np.random.default_rng(3)
        cloth = cv2.GaussianBlur(rng.normal(120, 200, (240, 240)).astype(np.float32), (0, 0), 4)
        wall = cv2.GaussianBlur(rng.normal(150, 450, SIZE_PX[::-1]).astype(np.float32), (0, 0), 6)
        for i, hips in enumerate(self.hips_px):
            move = np.array([[1, 0, hips[0] - 120], [0, 1, hips[1] - 120]], dtype=np.float64)
            body = cv2.warpAffine(cloth, move, SIZE_PX, borderValue=-1.0)
            picture = np.where(body >= 0, body, wall)
            for marker, place in enumerate(self.markers_px[i]) if self.markers else ():
                if marker or not _within(i, self.gone):
                    picture = _with_disc(picture, place)
            if _within(i, self.arm_over):
                _draw_arm(picture, self.markers_px[i, 0])
            noisy = picture + rng.normal(0, 3, picture.shape)
            grey = np.clip(noisy, 0, 255).astype(np.uint8)
            yield i, np.repeat(grey[..., None], 3, axis=2)


def _within(frame: int, span: tuple[int, int] | None) -> bool:
    return span is not None and span[0] <= frame < span[1]


def _with_disc(picture: NDArray[np.float32], place: Array) -> NDArray[np.float32]:
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]]
    distance = np.hypot(columns - place[0], rows - place[1])
    rim = np.clip(RADIUS_PX + 3.5 - distance, 0, 1)
    disc = np.clip(RADIUS_PX + 0.5 - distance, 0, 1)
    return np.asarray((picture * (1 - rim) + 230 * rim) * (1 - disc) + 30 * disc, dtype=np.float32)


def _draw_arm(picture: NDArray[np.float32], place: Array) -> None:
    x, y = np.rint(place).astype(int)
    cv2.rectangle(picture, (int(x) - 22, int(y) - 120), (int(x) + 22, int(y) + 120), (170.0,), thickness=-1)
