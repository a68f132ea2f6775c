"""Square pieces of a picture, turned with the person in them, as MediaPipe cuts them out for its models.

MediaPipe interpolates between pixels in steps of 1/32, as OpenCV 4 did. What its models find moves by half a pixel and
more when the steps are finer, so they are kept: then landmarks agree with MediaPipe's own to some thousandths of a
pixel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
STEPS_PER_PX = 32


@dataclass(frozen=True, eq=False)
class Square:
    """A square in a picture.

    Attributes
    ----------
    centre_px : (2,) array
    side_px : float
    turn_rad : float
        Clockwise in the picture, from upright.
    """

    centre_px: Points
    side_px: float
    turn_rad: float = 0.0

    def to_picture(self, shares: Points) -> Points:
        """Return points (..., 2) given in shares of the side, from the square's top left corner, in pixels."""
        cosine, sine = np.cos(self.turn_rad), np.sin(self.turn_rad)
        turn = np.array([[cosine, -sine], [sine, cosine]]) * self.side_px
        return np.asarray((shares - 0.5) @ turn.T + self.centre_px)


def around(width_px: int, height_px: int) -> Square:
    """Return the smallest upright square that holds a picture, both centred."""
    return Square(np.array([width_px / 2, height_px / 2]), float(max(width_px, height_px)))


def cut_out(image: NDArray[np.uint8], square: Square, size_px: int, *, repeat_edge: bool) -> NDArray[np.uint8]:
    """Return a square as a picture of `size_px` by `size_px`.

    Parameters
    ----------
    image : (height, width, 3) array
    square : Square
    size_px : int
    repeat_edge : bool
        Beyond the edge the picture goes on with its last pixels; else it is black there.
    """
    import cv2

    start, right, bottom = square.to_picture(np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]))
    shares = np.arange(size_px) / size_px
    places = start + shares[None, :, None] * (right - start) + shares[:, None, None] * (bottom - start)
    in_steps = (np.rint(places * STEPS_PER_PX) / STEPS_PER_PX).astype(np.float32)
    whole, rest = cv2.convertMaps(in_steps, None, cv2.CV_16SC2)  # type: ignore[call-overload]  # one map may hold both
    border = cv2.BORDER_REPLICATE if repeat_edge else cv2.BORDER_CONSTANT
    return np.asarray(cv2.remap(image, whole, rest, cv2.INTER_LINEAR, borderMode=border), dtype=np.uint8)
