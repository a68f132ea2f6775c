"""From blue, green and red to the luma and chroma that encoders take: BT.709, limited range, 4:2:0."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

_RED, _BLUE = 0.2126, 0.0722
"""Weights of BT.709 in luma; green has the rest."""
_BLACK, _LUMA_SPAN = 16, 219
_GREY, _CHROMA_SPAN = 128, 224


def _matrix() -> NDArray[np.float64]:
    """Return the rows of Y, U and V over blue, green, red and 1, for values of 0 to 255."""
    luma = np.array([_BLUE, 1 - _BLUE - _RED, _RED])
    blue, red = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, 1.0])
    chroma = [(blue - luma) / (2 * (1 - _BLUE)), (red - luma) / (2 * (1 - _RED))]
    rows = np.stack([_LUMA_SPAN * luma, *(_CHROMA_SPAN * row for row in chroma)]) / 255
    return np.column_stack([rows, [_BLACK, _GREY, _GREY]])


class Yuv420Frame:
    """A frame for the encoder that is filled again for every picture, so that nothing is allocated.

    OpenCV's steps round each colour once and take less time than FFmpeg's scaler with its copies of the picture.

    Parameters
    ----------
    width_px, height_px : int
        Even.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._frame = VideoFrame(width_px, height_px, "yuv420p")
        self._matrix = _matrix()
        self._full = np.empty((height_px, width_px, 3), np.uint8)
        self._half = np.empty((height_px // 2, width_px // 2, 3), np.uint8)

    def filled(self, image_bgr: NDArray[np.uint8]) -> VideoFrame:
        """Return the frame with a picture in it; it is the same frame each time.

        Parameters
        ----------
        image_bgr : (h, w, 3) uint8 array
            Of the frame's size, or one pixel less on a side: then its last row or column is repeated.
        """
        height, width = self._full.shape[:2]
        short = (height - image_bgr.shape[0], width - image_bgr.shape[1])
        if any(short):
            image_bgr = np.pad(image_bgr, ((0, short[0]), (0, short[1]), (0, 0)), mode="edge")
        cv2.transform(image_bgr, self._matrix, dst=self._full)
        cv2.resize(self._full, self._half.shape[1::-1], dst=self._half, interpolation=cv2.INTER_AREA)
        self._frame.make_writable()  # an encoder may still hold the picture before
        for plane, (source, channel) in enumerate([(self._full, 0), (self._half, 1), (self._half, 2)]):
            cv2.extractChannel(source, channel, dst=pixels(self._frame.planes[plane]))
        return self._frame


def pixels(plane: VideoPlane) -> NDArray[np.uint8]:
    """Return the pixels of a plane as a view, (h, w), without the padding of its rows."""
    rows: NDArray[np.uint8] = np.frombuffer(cast("Any", plane), np.uint8)  # PyAV's stub hides that it is a buffer
    return rows.reshape(plane.height, plane.line_size)[:, : plane.width]
