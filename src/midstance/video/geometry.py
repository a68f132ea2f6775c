"""From the stored picture to the one shown: square pixels, upright, mirrored where the file asks for it.

OpenCV turns pictures by itself (`CAP_PROP_ORIENTATION_AUTO`), but ignores mirroring: a matrix that mirrors
left for right makes it turn the picture upside down. So that is switched off and done here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

_QUARTER_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_LARGEST_ASPECT = 4.0
"""Pixels more than four times as wide as high, or the reverse, are a mistake in the header: taken as
square."""


@dataclass(frozen=True)
class PictureGeometry:
    """How a decoded picture becomes the one shown.

    Attributes
    ----------
    square_px : tuple of (width, height)
        Of the stored picture once its pixels are square, before turning.
    rotation_deg : int
        Clockwise turn: 0, 90, 180 or 270.
    mirrored : bool
        Whether left and right are exchanged after turning.
    """

    square_px: tuple[int, int]
    rotation_deg: int = 0
    mirrored: bool = False

    @property
    def shown_px(self) -> tuple[int, int]:
        """Width and height of the picture as shown."""
        width, height = self.square_px
        return (height, width) if self.rotation_deg in (90, 270) else (width, height)

    def shown(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the picture as shown: (h, w, 3), C-contiguous, always of the size `shown_px`."""
        image: NDArray[Any] = image_bgr
        if (image.shape[1], image.shape[0]) != self.square_px:
            image = cv2.resize(image, self.square_px, interpolation=cv2.INTER_LINEAR)
        if self.rotation_deg:
            image = cv2.rotate(image, _QUARTER_TURNS[self.rotation_deg])
        if self.mirrored:
            image = cv2.flip(image, 1)
        return np.ascontiguousarray(cast("NDArray[np.uint8]", image))


def square_size(width_px: int, height_px: int, aspect: float) -> tuple[int, int]:
    """Return the size at which pixels of the given width over height are square; neither side shrinks."""
    if not 1 / _LARGEST_ASPECT <= aspect <= _LARGEST_ASPECT:
        return width_px, height_px
    if aspect >= 1:
        return round(width_px * aspect), height_px
    return width_px, round(height_px / aspect)


def orientation(matrix: Sequence[int]) -> tuple[int, bool]:
    """Read a display matrix as a clockwise turn followed by mirroring left for right.

    Parameters
    ----------
    matrix : sequence of 9 int
        In FFmpeg's layout: the first two of each row map the stored x and y axis to the shown ones, y down.

    Returns
    -------
    rotation_deg : int
        0, 90, 180 or 270; other angles are rounded to the nearest of these.
    mirrored : bool
    """
    a, b, _, c, d = matrix[:5]
    mirrored = a * d - b * c < 0
    turn_deg = math.degrees(math.atan2(b, -a if mirrored else a))
    return round(turn_deg / 90) % 4 * 90, mirrored
