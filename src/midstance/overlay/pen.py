"""Lines with sub-pixel ends and a dark halo, so that they neither jitter nor vanish on a bright picture."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.overlay.style import HALO, Colour
from midstance.overlay.text import Image

Points = NDArray[np.float64]
Fixed = NDArray[np.int32]
_BITS = 4
"""Fractional bits of the coordinates that OpenCV is given."""
_FAR_PX = 30_000
"""OpenCV's fixed-point drawing overflows beyond this; nothing that far out is in the picture."""


def seen(*points: Points) -> bool:
    """Return whether all points are known and near enough to be drawn."""
    return all(-_FAR_PX < v < _FAR_PX for p in points for v in p.ravel().tolist())  # false for NaN as well


def fixed(points: Points) -> Fixed:
    """Return points in OpenCV's fixed-point form."""
    return np.rint(points * (1 << _BITS)).astype(np.int32)


def line(image: Image, start: Points, end: Points, colour: Colour, width_px: int, *, halo_px: int = 0) -> None:
    """Draw a line, over a halo that is `halo_px` wider on each side. A missing end draws nothing."""
    path(image, np.array([start, end]), colour, width_px, halo_px=halo_px)


def path(
    image: Image, points: Points, colour: Colour, width_px: int, *, halo_px: int = 0, closed: bool = False
) -> None:
    """Draw a line through (n, 2) points. A missing point draws nothing."""
    if len(points) > 1 and seen(points):
        _polylines(image, [fixed(points)], colour, width_px, halo_px, closed=closed)


def dashed(image: Image, start: Points, end: Points, colour: Colour, width_px: int, *, halo_px: int = 0) -> None:
    """Draw a dashed line. A missing end draws nothing."""
    if seen(start, end):
        _polylines(image, list(fixed(dashes(start, end, 4.0 * width_px))), colour, width_px, halo_px)


def dashes(start: Points, end: Points, dash_px: float) -> Points:
    """Return the dashes of a line as an (n, 2, 2) array; the first begins at its start, the last ends at its end."""
    length = float(np.hypot(*(end - start)))
    count = max(1, round(length / dash_px / 2))
    shares = np.linspace(0, 1, 2 * count)
    return (start + shares[:, np.newaxis] * (end - start)).reshape(count, 2, 2)


def _polylines(
    image: Image, lines: list[Fixed], colour: Colour, width_px: int, halo_px: int, *, closed: bool = False
) -> None:
    if halo_px:
        cv2.polylines(image, lines, closed, HALO, width_px + 2 * halo_px, cv2.LINE_AA, _BITS)
    cv2.polylines(image, lines, closed, colour, width_px, cv2.LINE_AA, _BITS)


def disc(image: Image, centre: Points, radius_px: float, colour: Colour, *, halo_px: int = 0) -> None:
    """Draw a filled circle. A missing centre draws nothing."""
    if not seen(centre):
        return
    x, y = (int(v) for v in fixed(centre))
    if halo_px:
        cv2.circle(image, (x, y), round((radius_px + halo_px) * (1 << _BITS)), HALO, -1, cv2.LINE_AA, _BITS)
    cv2.circle(image, (x, y), round(radius_px * (1 << _BITS)), colour, -1, cv2.LINE_AA, _BITS)


def shape(image: Image, corners: Points, colour: Colour, *, halo_px: int = 0) -> None:
    """Draw a filled convex polygon. A missing corner draws nothing."""
    if not seen(corners):
        return
    if halo_px:
        cv2.polylines(image, [fixed(corners)], True, HALO, 2 * halo_px, cv2.LINE_AA, _BITS)  # noqa: FBT003 - closed
    cv2.fillConvexPoly(image, fixed(corners), colour, cv2.LINE_AA, _BITS)


def rectangle(image: Image, x: float, y: float, width: float, height: float, colour: Colour) -> None:
    """Fill an upright rectangle."""
    left, top, right, bottom = round(x), round(y), round(x + width), round(y + height)
    if right > left and bottom > top:
        cv2.rectangle(image, (left, top), (right - 1, bottom - 1), colour, -1)


def translucent(image: Image, points: Points, pad_px: int, opacity: float, draw: Callable[[], None]) -> None:
    """Run a drawing and let the picture shine through it.

    Parameters
    ----------
    image : (h, w, 3) uint8 array
    points : (n, 2) array
        Around which `draw` draws; missing ones are left out.
    pad_px : int
        How far from the points it draws.
    opacity : float
        1 covers all, 0 leaves nothing to see.
    draw : callable
        Draws in place on `image`.
    """
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        return
    size = np.array([image.shape[1], image.shape[0]])
    left, top = np.clip(np.floor(known.min(axis=0)) - pad_px, 0, size).astype(int)
    right, bottom = np.clip(np.ceil(known.max(axis=0)) + pad_px, 0, size).astype(int)
    part = image[top:bottom, left:right]
    if not part.size:
        return
    before = part.copy()
    draw()
    part[:] = cv2.addWeighted(part, opacity, before, 1 - opacity, 0)
