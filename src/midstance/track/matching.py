"""Where a small picture is found in another: optical flow there and back, and normalised correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from midstance.track.windows import Array, Window

WEIGHT_WIDTH = 0.4
"""Standard deviation of the weight over half the side of the template."""
FLOW_LEVELS = 2
"""Levels of the pyramid above the picture itself."""


@dataclass(frozen=True, eq=False)
class Template:
    """What the marker and its surroundings look like."""

    image: NDArray[np.float32]
    """(k, k) grey levels around the marker, its middle at the marker's place."""
    weight: NDArray[np.float32]
    """(k, k) falls off from the middle: what is around the marker changes as the body turns."""

    @property
    def half_px(self) -> int:
        """Half the side, less half a pixel."""
        return len(self.image) // 2


@dataclass(frozen=True, eq=False)
class Match:
    """Where a template fits best, and how well."""

    place_px: Array
    """(2,) in the frame."""
    score: float
    """Normalised correlation, -1 to 1; it does not look at contrast."""
    contrast: float
    """Of what was found over that of the template."""


def template_at(window: Window, place_px: Array, half_px: int) -> Template:
    """Cut a template with the marker exactly in its middle, between pixels if need be."""
    import cv2

    x, y = place_px - window.origin_px
    side = 2 * half_px + 1
    image = cv2.getRectSubPix(window.image.astype(np.float32), (side, side), (float(x), float(y)))
    across = np.arange(side) - half_px
    weight = np.exp(-(across[:, None] ** 2 + across[None, :] ** 2) / (2 * (WEIGHT_WIDTH * half_px) ** 2))
    return Template(np.asarray(image, dtype=np.float32), weight.astype(np.float32))


def best_match(template: Template, window: Window, around_px: Array, radius_px: float) -> Match | None:
    """Find the best place for a template within a square around a place; None where the window has no room for it.

    The place is refined between pixels by parabolas through the correlation.
    """
    import cv2

    half, reach = template.half_px, round(radius_px)
    x, y = np.rint(around_px - window.origin_px).astype(int)
    left, top = max(0, x - reach - half), max(0, y - reach - half)
    part = window.image[top : y + reach + half + 1, left : x + reach + half + 1]
    if min(part.shape) < 2 * half + 1:
        return None
    raw = cv2.matchTemplate(part.astype(np.float32), template.image, cv2.TM_CCOEFF_NORMED, mask=template.weight)
    scores: Array = np.nan_to_num(np.asarray(raw, dtype=np.float64), nan=-1.0, posinf=-1.0, neginf=-1.0)
    row, column = (int(i) for i in np.unravel_index(int(np.argmax(scores)), scores.shape))
    fine = np.array([_vertex(scores[row], column), _vertex(scores[:, column], row)])
    place = window.origin_px + np.array([left, top]) + half + np.array([column, row]) + fine
    found = part[row : row + 2 * half + 1, column : column + 2 * half + 1].astype(np.float32)
    contrast = _spread(found, template.weight) / max(_spread(template.image, template.weight), 1e-6)
    return Match(np.asarray(place, dtype=np.float64), float(scores[row, column]), contrast)


def flow(
    start: Window, end: Window, place_px: Array, guess_px: Array, size_px: int, levels: int = FLOW_LEVELS
) -> Array | None:
    """Follow a place from one window to another by pyramidal Lucas-Kanade flow (Bouguet 2001).

    Parameters
    ----------
    start, end : Window
        Of equal size.
    place_px, guess_px : (2,) arrays
        In the frames: the place in the first, and where it may be in the second.
    size_px : int
        Side of the square around the place that is compared.
    levels : int
        Levels of the pyramid above the picture itself: 0 finds small shifts only.

    Returns
    -------
    (2,) array or None
        None where the flow is not found or leads out of the window.
    """
    import cv2

    first = (place_px - start.origin_px).astype(np.float32).reshape(1, 1, 2)
    guess = (guess_px - end.origin_px).astype(np.float32).reshape(1, 1, 2)
    if start.image.shape != end.image.shape or not start.inside(place_px):
        return None
    found, status, _ = cv2.calcOpticalFlowPyrLK(
        start.image, end.image, first, guess.copy(), winSize=(size_px, size_px), maxLevel=levels,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )  # fmt: skip
    if found is None or not int(status[0, 0]):
        return None
    place = np.asarray(found[0, 0], dtype=np.float64) + end.origin_px
    return place if end.inside(place) else None


def _spread(image: NDArray[np.float32], weight: NDArray[np.float32]) -> float:
    """Return the weighted standard deviation of grey levels."""
    mean = np.average(image, weights=weight)
    return float(np.sqrt(np.average((image - mean) ** 2, weights=weight)))


def _vertex(values: Array, index: int) -> float:
    """Return how far the top of the parabola through three values lies from the middle one, -0.5 to 0.5."""
    if not 0 < index < len(values) - 1:
        return 0.0
    left, middle, right = (float(v) for v in values[index - 1 : index + 2])
    bend = left - 2 * middle + right
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5)) if bend < 0 else 0.0
