"""From where somebody clicked to the middle of the marker that was meant."""

from __future__ import annotations

import numpy as np

from midstance.track.windows import Array, Grey, Window

LEAST_AREA, MOST_AREA = 0.02, 0.4
"""Area of a marker over that of the square it is looked for in."""
LEAST_CONTRAST = 25.0
"""Grey levels between a marker and its surroundings."""
LEAST_ROUND = 0.5
"""Area of a marker over that of the circle with its greatest width; a disc has 1."""


def snapped(window: Window, place_px: Array, half_px: int) -> Array:
    """Return the middle of the dark or light spot that was clicked on; the place itself where there is none.

    Parameters
    ----------
    window : Window
    place_px : (2,) array
        In the frame.
    half_px : int
        Half the side of the square in which a whole spot has to lie.
    """
    x, y = np.rint(place_px - window.origin_px).astype(int)
    left, top = max(0, x - half_px), max(0, y - half_px)
    part = window.image[top : y + half_px + 1, left : x + half_px + 1]
    if min(part.shape) < half_px:
        return place_px
    middles = [_spot_middle(p, np.array([x - left, y - top])) for p in (part, 255 - part)]
    known = [m + window.origin_px + np.array([left, top]) for m in middles if m is not None]
    return min(known, key=lambda m: float(np.hypot(*(m - place_px))), default=place_px)


def _spot_middle(part: Grey, click: Array) -> Array | None:
    """Return the middle of the light spot nearest to a click, in pixels of the part; None without one."""
    import cv2

    _, binary = cv2.threshold(part, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    light = np.asarray(binary, dtype=np.uint8)
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    best, nearest = None, 0.25 * min(part.shape)
    for outline in outlines:
        inside = np.zeros_like(part)
        cv2.drawContours(inside, [outline], 0, 1, thickness=cv2.FILLED)
        middle = _middle(part, inside)
        distance = float(np.hypot(*(middle - click)))
        if distance < nearest and _is_spot(part, inside, light):
            best, nearest = middle, distance
    return best


def _is_spot(part: Grey, inside: Grey, light: Grey) -> bool:
    """Whether a region, its holes filled, is whole, of a marker's size, round, and stands out from what is around."""
    import cv2

    rows, columns = np.nonzero(inside)
    touches = min(rows.min(), columns.min()) == 0 or rows.max() == len(part) - 1 or columns.max() == part.shape[1] - 1
    width = 1 + max(np.ptp(rows), np.ptp(columns))
    if (
        touches
        or not LEAST_AREA <= len(rows) / part.size <= MOST_AREA
        or len(rows) < LEAST_ROUND * width**2 * np.pi / 4
    ):
        return False
    around = (cv2.dilate(inside, np.ones((5, 5), dtype=np.uint8)) > 0) & (inside == 0)
    own = (inside > 0) & (light > 0)
    return float(part[own].mean()) - float(part[around].mean()) >= LEAST_CONTRAST


def _middle(part: Grey, inside: Grey) -> Array:
    """Return the middle of a region, its edge weighted by how far each pixel stands out."""
    import cv2

    edge = (cv2.dilate(inside, np.ones((3, 3), dtype=np.uint8)) > 0) & (inside == 0)
    low = float(part[edge].min()) if edge.any() else 0.0
    high = float(part[inside > 0].max())
    weight = np.where(inside > 0, 1.0, np.where(edge, (part - low) / max(high - low, 1.0) / 2, 0.0))
    rows, columns = np.nonzero(weight)
    return np.array(
        [np.average(columns, weights=weight[rows, columns]), np.average(rows, weights=weight[rows, columns])]
    )
