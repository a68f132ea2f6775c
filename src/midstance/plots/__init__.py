"""Plots of measures, good enough to print in a letter.

`plot_measure` draws one measure, `write_plots` all of them into files. matplotlib is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.plots.files import write_plots
    from midstance.plots.measure import plot_measure

__all__ = ["plot_measure", "write_plots"]


def __getattr__(name: str) -> object:
    if name == "plot_measure":
        from midstance.plots.measure import plot_measure

        return plot_measure
    if name == "write_plots":
        from midstance.plots.files import write_plots

        return write_plots
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
