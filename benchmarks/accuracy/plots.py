"""Bland-Altman plots: difference against mean, one picture a measure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.accuracy.bars import agreement_of
from benchmarks.accuracy.records import Pair

PLOTTED = (
    ("tibial_inclination", "midstance"),
    ("knee_flexion", "midstance"),
    ("ankle_dorsiflexion", "stance_peak"),
    ("foot_pitch", "initial_contact"),
    ("knee_valgus", "midstance"),
    ("foot_progression", "midstance"),
    ("contact_time", "stride"),
)
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
"""For the legs; told apart by colour-blind eyes too (Okabe and Ito 2008)."""
DPI = 60


def write_plots(pairs: Sequence[Pair], folder: Path) -> list[Path]:
    """Write a PNG for each measure of `PLOTTED` that has pairs, a panel for each source.

    Returns
    -------
    list of Path
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for measure, instant in PLOTTED:
        chosen = [p for p in pairs if (p.measure, p.instant) == (measure, instant) and "alone" not in p.view]
        if chosen:
            path = folder / f"{measure}_{instant}.png"
            _figure(chosen, f"{measure}, {instant}").savefig(path, dpi=DPI, metadata={"Software": None})
            written.append(path)
    return written


def _figure(pairs: Sequence[Pair], title: str) -> Figure:
    sources = list(dict.fromkeys(p.source for p in pairs))
    panels = sorted({(p.source, p.fps) for p in pairs}, key=lambda panel: (sources.index(panel[0]), panel[1]))
    figure = Figure(figsize=(2.8 * len(panels) + 0.6, 3.0), layout="constrained")
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for ax, (source, fps) in zip(axes, panels, strict=True):
        plot_agreement(ax, [p for p in pairs if (p.source, p.fps) == (source, fps)])
        ax.set_title(f"{source.replace(', ', chr(10))}, {fps} fps", fontsize=8)
    axes[0].set_ylabel("estimate − truth")
    figure.suptitle(title, fontsize=10)
    return figure


def plot_agreement(ax: Axes, pairs: Sequence[Pair]) -> Axes:
    """Draw the differences against the means, with the bias and the limits of agreement."""
    for colour, leg in zip(COLOURS, sorted({p.leg for p in pairs}), strict=False):
        own = [p for p in pairs if p.leg == leg]
        means = [(p.truth + p.estimate) / 2 for p in own]
        ax.plot(means, [p.estimate - p.truth for p in own], ".", ms=4, alpha=0.6, color=colour, label=leg)
    found = agreement_of(pairs)
    ax.axhline(0, color="0.7", lw=0.8)
    ax.axhline(found.bias, color="k", lw=1)
    for limit in found.limits:
        ax.axhline(limit, color="k", lw=0.8, ls="--")
    ax.set_xlabel("mean of estimate and truth")
    ax.legend(fontsize=7, loc="best")
    return ax
