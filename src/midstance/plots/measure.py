"""The figure of one measure: views below each other, left and right side by side, one scale for all."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from midstance.plots import draw
from midstance.plots.panels import Panel, panels_of
from midstance.plots.style import SIDE_COLOUR, SIDE_MARKER, style
from midstance.science.catalogue import MEASURE, Measure
from midstance.science.norms import PointNorm, norm_band, point_norm
from midstance.science.records import Analysis

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 7.2
"""Width of the text on a page of A4 or Letter."""
CURVE_ROW_IN = 2.65
CURVE_ROW_OF_SEVERAL_IN = 2.1
"""Two plots with two views each fit on a page."""
SCALAR_ROW_IN = 1.5
REMARK_LINE_IN = 0.12
MARGIN_IN = 0.6

UNIT_WORDS = {"deg": "degrees"}


def plot_measure(analysis: Analysis, measure_name: str) -> Figure:
    """Draw one measure of an analysis.

    Parameters
    ----------
    analysis : Analysis
        As `midstance.analyze` returns it.
    measure_name : str
        A name in `midstance.science.catalogue.MEASURE`.

    Returns
    -------
    matplotlib.figure.Figure
        One row for each view that should show the measure, left and right beside each other on one scale.
        Angles: every valid stride thin, mean ± SD, the normal band where there is one, midstance, toe-off.
        Values per stride: dots over the stride number with median ± SD. A side without anything measurable
        says why. The figure has an Agg canvas; pyplot does not know it.

    Raises
    ------
    KeyError
        If there is no such measure.
    """
    if measure_name not in MEASURE:
        raise KeyError(f"expected one of {sorted(MEASURE)}, given {measure_name!r}")
    measure = MEASURE[measure_name]
    with style():
        return _figure(measure, panels_of(analysis, measure))


def _figure(measure: Measure, panels: tuple[Panel, ...]) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = max(1, len(panels) // 2)
    row_in = _row_in(measure, rows) + REMARK_LINE_IN * draw.remark_lines(p.remark for p in panels)
    figure = Figure(figsize=(WIDTH_IN, MARGIN_IN + row_in * rows), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(measure.title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    axes = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
    if not panels:
        _blank(list(axes.flat), measure)
        return figure
    for ax, panel in zip(axes.flat, panels, strict=True):
        _panel(ax, panel, show_view=rows > 1)
    _scale(axes.flat[0], panels)
    _legend(figure, measure, panels)
    return figure


def _row_in(measure: Measure, rows: int) -> float:
    if measure.kind == "scalar":
        return SCALAR_ROW_IN
    return CURVE_ROW_IN if rows == 1 else CURVE_ROW_OF_SEVERAL_IN


def _blank(axes: list[Axes], measure: Measure) -> None:
    draw.draw_reason(axes[0], f"Not measurable: it needs a {' or '.join(measure.views)} view.")
    axes[1].set_axis_off()


def _panel(ax: Axes, panel: Panel, *, show_view: bool) -> None:
    pad = 20 if panel.measure.kind == "curve" else 6
    ax.set_title(_heading(panel, show_view=show_view), loc="left", color=SIDE_COLOUR[panel.side], pad=pad)
    if not panel.measurable:
        draw.draw_reason(ax, _why_nothing(panel))
        return
    if panel.measure.kind == "curve":
        _draw_curves(ax, panel)
    else:
        _draw_scalars(ax, panel)
    # A shared scale hides these on inner panels, which may be the only ones with axes.
    ax.tick_params(labelbottom=True, labelleft=True)
    if panel.side == "left":
        ax.set_ylabel(_y_label(panel))
    if panel.remark:
        draw.draw_remark(ax, panel.remark)


def _heading(panel: Panel, *, show_view: bool) -> str:
    kind, _, filmed_side = panel.view.name.partition("_")
    view = f", {kind} view" + (f" from the {filmed_side}" if filmed_side else "") if show_view else ""
    near = panel.view.scene.near_side
    leg = "" if near is None or near == panel.side else ", far leg"
    return f"{panel.side.capitalize()}{leg}{view}{_count(panel)}"


def _count(panel: Panel) -> str:
    n = panel.seen
    return f"  ({n} {'stride' if n == 1 else 'strides'})" if panel.measurable else ""


def _why_nothing(panel: Panel) -> str:
    if panel.remark:
        return panel.remark.capitalize()
    return "Not measurable: no valid stride of this side."


def _y_label(panel: Panel) -> str:
    unit = UNIT_WORDS.get(panel.unit, panel.unit)
    positive = panel.measure.positive
    width = 18 if panel.measure.kind == "scalar" else 30
    return "\n".join([unit, *textwrap.wrap(f"(+ {positive})", width)]) if positive else unit


def _draw_curves(ax: Axes, panel: Panel) -> None:
    from matplotlib.ticker import MaxNLocator

    colour = SIDE_COLOUR[panel.side]
    norm = norm_band(panel.measure.name)
    if norm is not None:
        draw.draw_norm_band(ax, norm)
    draw.draw_strides(ax, panel.data, colour)
    draw.draw_mean(ax, panel.data, colour)
    draw.draw_events(ax, panel.events)
    ax.axhline(0, color="black", linewidth=0.5, alpha=0.5, zorder=0.5)
    ax.set_xlim(0, 100)
    ax.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10]))
    ax.set_xlabel("% of stride, from initial contact")


def _draw_scalars(ax: Axes, panel: Panel) -> None:
    from matplotlib.ticker import MaxNLocator

    norm = _usual(panel.measure)
    if norm is not None and panel.unit == panel.measure.unit:
        draw.draw_norm_span(ax, norm)
    draw.draw_dots(ax, panel.strides, panel.data, SIDE_COLOUR[panel.side], SIDE_MARKER[panel.side])
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    ax.set_xlabel("stride number")


def _usual(measure: Measure) -> PointNorm | None:
    """Return the usual range of a value per stride, unless it holds for one speed only."""
    norm = point_norm(measure.name, measure.instants[0]) if measure.kind == "scalar" else None
    return norm if norm is not None and norm.only_at_mps is None else None


def _scale(ax: Axes, panels: tuple[Panel, ...]) -> None:
    """Keep tiny spreads of values per stride from filling the whole height."""
    seen = [p.data[np.isfinite(p.data)] for p in panels if p.measure.kind == "scalar" and p.measurable]
    if not seen:
        return
    values = np.concatenate(seen)
    middle, reach = float(np.median(values)), 0.1 * abs(float(np.median(values)))
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, middle - reach), max(high, middle + reach))


def _legend(figure: Figure, measure: Measure, panels: tuple[Panel, ...]) -> None:
    if not any(p.measurable for p in panels):
        return
    handles = _stride_handles(measure)
    if any(p.measurable and p.unit == measure.unit for p in panels):
        handles += _norm_handles(measure)
    figure.legend(handles=handles, loc="outside lower left", ncols=len(handles), handlelength=1.8, columnspacing=1.4)


def _stride_handles(measure: Measure) -> list[Artist]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if measure.kind == "scalar":
        dot = Line2D([], [], color="0.35", marker="o", linestyle="", markersize=4, label="one stride")
        return [dot, Patch(facecolor="0.35", alpha=0.4, label="median ± SD")]
    thin = Line2D([], [], color="0.35", linewidth=0.5, label="one stride")
    return [thin, Patch(facecolor="0.35", alpha=0.4, label="mean ± SD")]


def _norm_handles(measure: Measure) -> list[Artist]:
    from matplotlib.patches import Patch

    band, point = norm_band(measure.name), _usual(measure)
    if band is not None:
        return [Patch(**draw.norm_look(), label=f"normal, mean ± SD: {band.source}")]
    if point is not None:
        return [Patch(**draw.norm_look(), label=f"usual, {point.text}: {point.source} ({point.strength})")]
    return []
