"""The figure of one measure: views below each other, left and right side by side, one scale for all."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from midstance.plots import draw
from midstance.plots.layout import NOTE_IN, WIDTH_IN, Layout
from midstance.plots.panels import Panel, panels_of
from midstance.plots.style import INK, SIDE_COLOUR, SIDE_MARKER, style
from midstance.plots.usual import notes, usual_range
from midstance.science.catalogue import MEASURE, Measure
from midstance.science.norms import PointNorm, norm_band
from midstance.science.records import Analysis
from midstance.science.speed import runner_speed_mps

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURVE_IN, CURVE_OF_SEVERAL_IN, SCALAR_IN = 1.55, 1.20, 0.80
"""Heights of a panel: two plots of angles with two views each fit on a page."""
CURVE_HEADING_IN, SCALAR_HEADING_IN = 0.48, 0.24
EDGE = 0.01
"""Where title, legend and notes begin, as a share of the width."""
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
        speed_mps = runner_speed_mps(analysis.views, analysis.settings)
        return _figure(measure, panels_of(analysis, measure), speed_mps)


def _figure(measure: Measure, panels: tuple[Panel, ...], speed_mps: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    told = notes(measure, speed_mps) if any(p.measurable for p in panels) else ()
    layout = _layout(measure, panels, len(told))
    figure = Figure(figsize=(WIDTH_IN, layout.height_in))
    FigureCanvasAgg(figure)
    figure.suptitle(measure.title, x=EDGE, y=1 - layout.from_bottom(0.04), ha="left", fontsize=11, fontweight="bold")
    axes = layout.panels(figure)
    if not panels:
        _blank(axes, measure)
        return figure
    for ax, panel in zip(axes, panels, strict=True):
        _panel(ax, panel, speed_mps, show_view=layout.rows > 1)
    _scale(axes[0], panels)
    _legend(figure, measure, panels, layout, speed_mps)
    for i, note in enumerate(reversed(told)):
        y = layout.from_bottom(0.03 + NOTE_IN * i)
        figure.text(EDGE, y, note, fontsize=7, color=INK, va="bottom")
    return figure


def _layout(measure: Measure, panels: tuple[Panel, ...], note_count: int) -> Layout:
    rows = max(1, len(panels) // 2)
    curve = measure.kind == "curve"
    return Layout(
        rows=rows,
        heading_in=CURVE_HEADING_IN if curve else SCALAR_HEADING_IN,
        panel_in=(CURVE_IN if rows == 1 else CURVE_OF_SEVERAL_IN) if curve else SCALAR_IN,
        remark_lines=draw.remark_lines(p.remark for p in panels if p.measurable),
        notes=note_count,
    )


def _blank(axes: list[Axes], measure: Measure) -> None:
    draw.draw_reason(axes[0], f"Not measurable: it needs a {' or '.join(measure.views)} view.")
    axes[1].set_axis_off()


def _panel(ax: Axes, panel: Panel, speed_mps: float, *, show_view: bool) -> None:
    pad = 20 if panel.measure.kind == "curve" else 6
    # A stated height spares matplotlib from measuring all ticks to find one.
    ax.set_title(_heading(panel, show_view=show_view), loc="left", color=SIDE_COLOUR[panel.side], pad=pad, y=1.0)
    if not panel.measurable:
        draw.draw_reason(ax, _why_nothing(panel))
        return
    if panel.measure.kind == "curve":
        _draw_curves(ax, panel)
    else:
        _draw_scalars(ax, panel, usual_range(panel.measure, speed_mps))
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


def _draw_scalars(ax: Axes, panel: Panel, norm: PointNorm | None) -> None:
    from matplotlib.ticker import MaxNLocator

    if norm is not None and panel.unit == panel.measure.unit:
        draw.draw_norm_span(ax, norm)
    draw.draw_dots(ax, panel.strides, panel.data, SIDE_COLOUR[panel.side], SIDE_MARKER[panel.side])
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    ax.set_xlabel("stride number")


def _scale(ax: Axes, panels: tuple[Panel, ...]) -> None:
    """Keep tiny spreads of values per stride from filling the whole height."""
    seen = [p.data[np.isfinite(p.data)] for p in panels if p.measure.kind == "scalar" and p.measurable]
    if not seen:
        return
    values = np.concatenate(seen)
    middle, reach = float(np.median(values)), 0.1 * abs(float(np.median(values)))
    low, high = ax.get_ylim()
    ax.set_ylim(min(low, middle - reach), max(high, middle + reach))


def _legend(figure: Figure, measure: Measure, panels: tuple[Panel, ...], layout: Layout, speed_mps: float) -> None:
    if not any(p.measurable for p in panels):
        return
    handles = _stride_handles(measure)
    if any(p.measurable and p.unit == measure.unit for p in panels):
        handles += _norm_handles(measure, speed_mps)
    at = (EDGE, layout.from_bottom(NOTE_IN * layout.notes))
    looks = {"handlelength": 1.8, "columnspacing": 1.4, "borderaxespad": 0.3, "borderpad": 0.0}
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=at, ncols=len(handles), **looks)


def _stride_handles(measure: Measure) -> list[Artist]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if measure.kind == "scalar":
        dot = Line2D([], [], color="0.35", marker="o", linestyle="", markersize=4, label="one stride")
        return [dot, Patch(facecolor="0.35", alpha=0.4, label="median ± SD")]
    thin = Line2D([], [], color="0.35", linewidth=0.5, label="one stride")
    return [thin, Patch(facecolor="0.35", alpha=0.4, label="mean ± SD")]


def _norm_handles(measure: Measure, speed_mps: float) -> list[Artist]:
    from matplotlib.patches import Patch

    band, point = norm_band(measure.name), usual_range(measure, speed_mps)
    if band is not None:
        return [Patch(**draw.norm_look(), label=f"normal, mean ± SD: {band.source}")]
    if point is not None:
        return [Patch(**draw.norm_look(), label=f"usual, {point.text}: {point.source} ({point.strength})")]
    return []
