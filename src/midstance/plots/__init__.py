"""Plots of measures, good enough to print in a letter.

`plot_measure` draws one measure, `write_plots` those of `plot_names` into files; `second_hand` is a process that does
so beside this one. `draw_chain` draws the chain from foot to pelvis on a picture of the runner at one of the
`chain_moments`. matplotlib is loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.plots.chain import chain_moments, draw_chain
    from midstance.plots.files import plot_names, write_plots
    from midstance.plots.hand import Hand, second_hand
    from midstance.plots.measure import plot_measure

__all__ = ["Hand", "chain_moments", "draw_chain", "plot_measure", "plot_names", "second_hand", "write_plots"]

_HOME = {
    "chain_moments": "chain",
    "draw_chain": "chain",
    "plot_measure": "measure",
    "plot_names": "files",
    "write_plots": "files",
    "Hand": "hand",
    "second_hand": "hand",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"midstance.plots.{_HOME[name]}"), name)
