"""Colours of the overlay, all in blue-green-red order, chosen to be told apart with any colour vision."""

from __future__ import annotations

from midstance.science.landmarks import Side

Colour = tuple[int, int, int]

SIDE_COLOUR: dict[Side, Colour] = {"left": (255, 178, 77), "right": (60, 154, 255)}
"""A light blue and an orange: the hues of the plots, bright enough for a dark band and a dark clip."""

SIDE_LETTER: dict[Side, str] = {"left": "L", "right": "R"}

BAND: Colour = (30, 26, 23)
"""Ground of header, margins and strip."""
PANEL: Colour = (44, 39, 35)
"""Ground of a panel of the strip."""
GRID: Colour = (74, 67, 61)
INK: Colour = (245, 245, 245)
FAINT_INK: Colour = (186, 180, 174)
DIM_INK: Colour = (122, 116, 110)
HALO: Colour = (24, 20, 18)
"""Drawn under every line, so that it shows on any picture."""
REFERENCE: Colour = (245, 245, 245)
"""Lines against which an angle is taken, and the angle's arc."""


def mixed(colour: Colour, ground: Colour, share: float) -> Colour:
    """Return `share` of a colour laid over a ground."""
    blue, green, red = (round(share * c + (1 - share) * g) for c, g in zip(colour, ground, strict=True))
    return blue, green, red
