"""Small pictures around where a marker is expected, one a frame: all that tracking keeps of a clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Grey = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Window:
    """A part of a frame in grey levels."""

    image: Grey
    """(h, w)."""
    origin_px: Array
    """(2,) x and y of its first pixel in the frame."""

    def inside(self, place_px: Array, margin_px: float = 0.0) -> bool:
        """Return whether a place in the frame lies in the window, at least a margin from its edges."""
        height, width = self.image.shape
        x, y = place_px - self.origin_px
        return bool(margin_px <= x <= width - 1 - margin_px and margin_px <= y <= height - 1 - margin_px)


def cut_window(frame: NDArray[np.uint8], centre_px: Array, half_px: int) -> Window | None:
    """Cut a window around a place, smaller at the edges of the frame; None where nothing of it is in the frame.

    Parameters
    ----------
    frame : (h, w, 3) uint8 array
        Blue, green, red.
    centre_px : (2,) array
    half_px : int
        The window has 2 half_px + 1 pixels a side.
    """
    import cv2

    height, width = frame.shape[:2]
    x, y = np.rint(centre_px).astype(int)
    left, right = max(0, x - half_px), min(width, x + half_px + 1)
    top, bottom = max(0, y - half_px), min(height, y + half_px + 1)
    if left >= right or top >= bottom:
        return None
    part = cv2.cvtColor(np.ascontiguousarray(frame[top:bottom, left:right]), cv2.COLOR_BGR2GRAY)
    return Window(np.asarray(part, dtype=np.uint8), np.array([left, top], dtype=np.float64))
