"""What is behind and in front of a runner: our own rendered room, or plain clutter."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from runners.camera import HEADINGS_DEG, Camera
from runners.cast import draw_wall
from runners.closeup import Closeup, Window
from runners.scene import Mesh, belt, deck, merge, room
from training.pelvis.task import Image

ROOM_CHANCE = 0.55


class Backdrops:
    """Draws what is behind the runner of a shot, and keeps the things in front.

    Parameters
    ----------
    closeup : Closeup
    """

    def __init__(self, closeup: Closeup) -> None:
        self._closeup, self._rooms = closeup, dict[str, Any]()
        self._picture: Image | None = None
        self._room: Any = None
        self.props: list[Any] = []

    def choose(self, rng: np.random.Generator, camera: Camera, props: Mesh | None = None) -> None:
        """Draw by chance what the next shot has."""
        self.props = [] if props is None else [self._closeup.props(props)]
        self._picture = None if rng.random() < ROOM_CHANCE else clutter(rng, self._closeup.size_px)
        view = min(HEADINGS_DEG, key=lambda v: abs((HEADINGS_DEG[v] - camera.yaw_deg + 180) % 360 - 180))
        wall = draw_wall(rng)
        if self._picture is None and view not in self._rooms:
            self._rooms[view] = self._closeup.props(merge([room(view, wall), belt(), deck()]))
        self._room = self._rooms.get(view)

    def draw(self, window: Window) -> Image:
        """Return the picture (height, width, 3), red first."""
        if self._picture is not None:
            return self._picture
        return np.array(self._closeup.draw(window, None, [self._room])[..., :3])


def clutter(rng: np.random.Generator, size_px: tuple[int, int]) -> Image:
    """Return shades, boxes and lines of any colour."""
    width, height = size_px
    cells = rng.integers(0, 256, (int(rng.integers(2, 12)), int(rng.integers(2, 12)), 3)).astype(np.float32)
    shade = cv2.resize(cells, size_px, interpolation=cv2.INTER_CUBIC)
    contrast = rng.uniform(0.05, 0.7)
    picture = np.clip(contrast * shade + (1 - contrast) * rng.uniform(20, 235, 3), 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(0, 22))):
        first = rng.integers((-40, -40), (width, height))
        last = first + rng.integers(-width // 2, width // 2, 2)
        ends = [tuple(int(v) for v in end) for end in (first, last)]
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        if rng.random() < 0.5:
            cv2.rectangle(picture, ends[0], ends[1], colour, -1)
        else:
            cv2.line(picture, ends[0], ends[1], colour, int(rng.integers(1, 14)), cv2.LINE_AA)
    soft = float(rng.uniform(0, 4))
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), soft) if soft > 0.5 else picture, dtype=np.uint8)
