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

_RC: Any = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same picture on every machine
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
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
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
