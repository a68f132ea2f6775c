"""Colours and matplotlib settings of the plots, applied in a context and never globally."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from midstance.science.landmarks import Side

SIDE_COLOUR: dict[Side, str] = {"left": "#0072B2", "right": "#D55E00"}
"""Blue and vermilion of Okabe and Ito: told apart with any colour vision."""

SIDE_MARKER: dict[Side, str] = {"left": "o", "right": "s"}
"""Tells the sides apart in grey."""

NORM_COLOUR = "#9A9A9A"
INK = "#222222"
FAINT_INK = "#5A5A5A"

GRID_COLOUR, GRID_WIDTH = "#DDDDDD", 0.5
TICK_FONT, TICK_SIZE = "DejaVu Sans", 7.5
TICK_LENGTH, TICK_WIDTH, TICK_PAD = 3.5, 0.8, 3.5

_RC: Any = {
    "font.family": TICK_FONT,  # comes with matplotlib: the same picture on every machine
    "font.size": 8,
    "text.color": INK,
    "axes.edgecolor": FAINT_INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 8,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID_COLOUR,
    "grid.linewidth": GRID_WIDTH,
    **{f"{axis}.color": INK for axis in ("xtick", "ytick")},
    **{f"{axis}.labelsize": TICK_SIZE for axis in ("xtick", "ytick")},
    **{f"{axis}.major.size": TICK_LENGTH for axis in ("xtick", "ytick")},
    **{f"{axis}.major.width": TICK_WIDTH for axis in ("xtick", "ytick")},
    **{f"{axis}.major.pad": TICK_PAD for axis in ("xtick", "ytick")},
    "legend.fontsize": 7,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "midstance",  # fixed ids: the same SVG for the same analysis
    "svg.fonttype": "path",
}


def style() -> AbstractContextManager[None]:
    """Return a context in which matplotlib draws in the style of midstance."""
    from matplotlib import rc_context

    return rc_context(_RC)
