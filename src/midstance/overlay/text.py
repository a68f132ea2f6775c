"""Text in OpenCV's built-in variable font, which knows the degree sign. Glyphs are cached by OpenCV."""

from __future__ import annotations

import threading
from functools import cache, lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.overlay.style import Colour

Image = NDArray[np.uint8]
Align = Literal["left", "centre", "right"]

REGULAR = 400
SEMIBOLD = 600
_SHIFT: dict[Align, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}
_CAP_HEIGHT = 0.7
"""Height of a capital or a digit over the size of the font."""


_pen = threading.Lock()
"""Several clips may be drawn at once; a font and its glyphs serve one thread at a time."""


@cache
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


@cache
def _digit_free_width(text: str, size_px: int, weight: int) -> int:
    with _pen:
        x, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _face(), size_px, weight)
    return int(x + width)


@lru_cache(maxsize=4096)
def text_width(text: str, size_px: int, weight: int = REGULAR) -> int:
    """Return the width of a text in pixels. All digits are equally wide, so numbers do not jitter."""
    return _digit_free_width("".join("0" if c.isdigit() else c for c in text), size_px, weight)


def shortened(text: str, room_px: float, size_px: int, weight: int = REGULAR) -> str:
    """Return a text, cut with an ellipsis where it is wider than the room for it."""
    if text_width(text, size_px, weight) <= room_px:
        return text
    kept = next((n for n in range(len(text), 0, -1) if text_width(text[:n] + "…", size_px, weight) <= room_px), 0)
    return text[:kept] + "…"


def draw_text(
    image: Image,
    text: str,
    at: tuple[float, float],
    size_px: int,
    colour: Colour,
    *,
    weight: int = REGULAR,
    align: Align = "left",
) -> None:
    """Draw a line of text.

    Parameters
    ----------
    image : (h, w, 3) uint8 array
    text : str
    at : tuple of (x, y)
        `align` says which point of the text lies at x; the middle of its capitals lies at y.
    size_px : int
        Of the font.
    colour : tuple
        Blue, green, red.
    weight : int
        From 100, thin, to 1000, black.
    align : {"left", "centre", "right"}
    """
    x = at[0] - _SHIFT[align] * text_width(text, size_px, weight)
    y = at[1] + _CAP_HEIGHT / 2 * size_px
    with _pen:
        cv2.putText(image, text, (round(x), round(y)), colour, _face(), size_px, weight)
