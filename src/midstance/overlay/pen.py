"""Lines with sub-pixel ends and a dark halo, so that they neither jitter nor vanish on a bright picture."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.overlay.style import HALO, Colour
from midstance.overlay.text import Image

Points = NDArray[np.float64]
_BITS = 4
"""Fractional bits of the coordinates that OpenCV is given."""
_FAR_PX = 30_000
"""OpenCV's fixed-point drawing overflows beyond this; nothing that far out is in the picture."""


def seen(*points: Points) -> bool:
    """Return whether all points are known and near enough to be drawn."""
    return all(bool(np.isfinite(p).all() and (np.abs(p) < _FAR_PX).all()) for p in points)


def fixed(points: Points | Sequence[Points]) -> NDArray[np.int32]:
    """Return points in OpenCV's fixed-point form."""
    return np.rint(np.asarray(points, dtype=np.float64) * (1 << _BITS)).astype(np.int32)


def line(image: Image, start: Points, end: Points, colour: Colour, width_px: int, *, halo_px: int = 0) -> None:
    """Draw a line, over a halo that is `halo_px` wider on each side. A missing end draws nothing."""
    path(image, np.stack([start, end]), colour, width_px, halo_px=halo_px)


def path(
    image: Image, points: Points, colour: Colour, width_px: int, *, halo_px: int = 0, closed: bool = False
) -> None:
    """Draw a line through (n, 2) points. A missing point draws nothing."""
    if len(points) < 2 or not seen(points):
        return
    lines = [fixed(points)]
    if halo_px:
        cv2.polylines(image, lines, closed, HALO, width_px + 2 * halo_px, cv2.LINE_AA, _BITS)
    cv2.polylines(image, lines, closed, colour, width_px, cv2.LINE_AA, _BITS)


def dashes(start: Points, end: Points, dash_px: float) -> list[Points]:
    """Return the dashes of a line as (2, 2) arrays."""
    length = float(np.hypot(*(end - start)))
    count = max(1, round(length / dash_px / 2))
    edges = np.linspace(0, 1, 2 * count)
    return [np.stack([start + a * (end - start), start + b * (end - start)]) for a, b in edges.reshape(-1, 2)]


def dashed(image: Image, start: Points, end: Points, colour: Colour, width_px: int, *, halo_px: int = 0) -> None:
    """Draw a dashed line. A missing end draws nothing."""
    if not seen(start, end):
        return
    for dash in dashes(start, end, 4.0 * width_px):
        path(image, dash, colour, width_px, halo_px=halo_px)


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
    left, top = max(0, round(x)), max(0, round(y))
    image[top : max(top, round(y + height)), left : max(left, round(x + width))] = colour
