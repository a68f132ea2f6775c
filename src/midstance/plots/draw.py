"""Drawing on one pair of axes. Each function takes `ax` and returns what it drew."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from midstance.plots.panels import Event, Floats, nan_mean_sd
from midstance.plots.style import FAINT_INK, INK, NORM_COLOUR
from midstance.science.norms import NormBand, PointNorm

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import LineCollection, PathCollection, PolyCollection
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

STRIDE = "_stride"
"""Label of the thin lines; the underscore keeps them out of legends."""

PERCENT = np.arange(101.0)


def draw_strides(ax: Axes, curves: Floats, colour: str) -> LineCollection:
    """Draw every stride as a thin line. `curves` has shape (n, 101)."""
    from matplotlib.collections import LineCollection

    points = np.stack(np.broadcast_arrays(PERCENT, curves), axis=2)
    looks: dict[str, Any] = {"linewidth": 0.5, "alpha": 0.4, "capstyle": "projecting", "joinstyle": "round"}
    lines = LineCollection(list(points), color=colour, label=STRIDE, zorder=3, **looks)
    ax.add_collection(lines)
    ax.autoscale_view()
    return lines


def draw_mean(ax: Axes, curves: Floats, colour: str) -> tuple[Line2D, PolyCollection]:
    """Draw mean ± SD over the strides. `curves` has shape (n, 101)."""
    mean, sd = nan_mean_sd(curves)
    (line,) = ax.plot(PERCENT, mean, color=colour, linewidth=1.8, zorder=5)
    band = ax.fill_between(PERCENT, mean - sd, mean + sd, color=colour, alpha=0.22, linewidth=0, zorder=2)
    return line, band


def draw_norm_band(ax: Axes, norm: NormBand) -> PolyCollection:
    """Draw the usual course of the angle, mean ± SD, hatched so that it shows in grey."""
    ax.plot(norm.percent, norm.mean, color=NORM_COLOUR, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1.5)
    low, high = norm.mean - norm.sd, norm.mean + norm.sd
    return ax.fill_between(norm.percent, low, high, **norm_look(), zorder=1)


def draw_norm_span(ax: Axes, norm: PointNorm) -> Rectangle:
    """Draw the usual range of a value as a horizontal band."""
    return ax.axhspan(norm.low, norm.high, **norm_look(), zorder=1)


def norm_look() -> dict[str, Any]:
    """Return how everything normal is filled."""
    return {"facecolor": "#E9E9E9", "edgecolor": "#C4C4C4", "hatch": "////", "linewidth": 0}


def draw_events(ax: Axes, events: tuple[Event, ...]) -> list[Text]:
    """Mark events by a line at their mean, a span of ± SD and a label above the axes."""
    labels = []
    for i, event in enumerate(events):
        if np.isfinite(event.sd_percent) and event.sd_percent > 0:
            low, high = event.mean_percent - event.sd_percent, event.mean_percent + event.sd_percent
            ax.axvspan(low, high, color=INK, alpha=0.10, linewidth=0, zorder=1.8)
        ax.axvline(event.mean_percent, color=INK, linewidth=0.9, linestyle=_DASHES[i % 2], zorder=4)
        labels.append(_event_label(ax, event, before=i == 0 and len(events) > 1))
    return labels


_DASHES = ((0, (1, 1.2)), (0, (5, 2)))


def _event_label(ax: Axes, event: Event, *, before: bool) -> Text:
    """Put the label beside its line, the first one to the left, so that two never overlap."""
    spread = f" ± {event.sd_percent:.1f}" if np.isfinite(event.sd_percent) else ""
    return ax.annotate(
        f"{event.label}\n{event.mean_percent:.0f}{spread} %",
        (event.mean_percent, 1),
        xycoords=("data", "axes fraction"),
        xytext=(1.5 if before else -1.5, 2),
        textcoords="offset points",
        ha="right" if before else "left",
        va="bottom",
        fontsize=6.5,
        color=FAINT_INK,
    )


def draw_dots(ax: Axes, strides: Floats, values: Floats, colour: str, marker: str) -> PathCollection:
    """Draw one value per stride over the stride's number, with the median and ± SD."""
    seen = values[np.isfinite(values)]
    median = float(np.median(seen))
    if len(seen) > 1:
        sd = float(seen.std(ddof=1))
        ax.axhspan(median - sd, median + sd, color=colour, alpha=0.18, linewidth=0, zorder=2)
    ax.axhline(median, color=colour, linewidth=1.5, zorder=3)
    return ax.scatter(strides, values, s=22, color=colour, marker=marker, edgecolor="white", linewidth=0.5, zorder=4)


def draw_reason(ax: Axes, reason: str) -> Text:
    """Write why there is nothing to see, in place of axes."""
    ax.set_axis_off()
    return ax.text(
        0.5, 0.5, textwrap.fill(reason, 40), transform=ax.transAxes, ha="center", va="center", color=FAINT_INK
    )


def remark_lines(remarks: Iterable[str]) -> int:
    """Return how many lines the longest of some remarks takes."""
    return max((len(_wrapped(remark)) for remark in remarks), default=0)


def _wrapped(remark: str) -> list[str]:
    return textwrap.wrap(remark, 62)


def draw_remark(ax: Axes, remark: str) -> Text:
    """Write what lowers the quality, below the axes."""
    return ax.annotate(
        "\n".join(_wrapped(remark)),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -30),
        textcoords="offset points",
        ha="left",
        va="top",
        fontsize=6.8,
        fontstyle="italic",
        color=INK,
    )
