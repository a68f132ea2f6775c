"""Plots as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from midstance.plots.measure import plot_measure
from midstance.plots.panels import panels_of
from midstance.plots.style import style
from midstance.science.catalogue import MEASURES
from midstance.science.records import Analysis

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from midstance.plots.lettering import Lettering

DPI = 160
PNG_EFFORT = 3
"""Of zlib, 1 to 9: above this it takes longer and saves nothing."""


def plot_names(analysis: Analysis) -> tuple[str, ...]:
    """Return the measures that could be measured, in the order of the catalogue."""
    return tuple(m.name for m in MEASURES if any(p.measurable for p in panels_of(analysis, m)))


def write_plots(analysis: Analysis, folder: Path, names: Iterable[str] | None = None) -> tuple[Path, ...]:
    """Write `plots/MEASURE.png` and `.svg` below a folder.

    Parameters
    ----------
    analysis : Analysis
        As `midstance.analyze` returns it.
    folder : Path
        The output folder, which exists; `plots` is made in it when it is not there.
    names : iterable of str, optional
        Of measures; all of `plot_names` when not given.

    Returns
    -------
    tuple of Path
        The files, a PNG and an SVG for each measure. The same analysis gives the same bytes.
    """
    from midstance.plots.lettering import Lettering

    target = folder / "plots"
    target.mkdir(exist_ok=True)
    lettering = Lettering()
    names = plot_names(analysis) if names is None else names
    return tuple(path for name in names for path in _write(plot_measure(analysis, name), target / name, lettering))


def load_matplotlib() -> None:
    """Load now what is else loaded by the first plot."""
    from midstance.plots import pair, scale  # noqa: F401  # to have them loaded


def _write(figure: Figure, stem: Path, lettering: Lettering) -> tuple[Path, Path]:
    """Write a figure in one pass; the PNG has no alpha, which a PDF would keep as a second picture."""
    from PIL import Image

    from midstance.plots.pair import draw_both
    from midstance.plots.scale import simplify_scales

    png, svg = stem.with_suffix(".png"), stem.with_suffix(".svg")
    simplify_scales(figure)
    with style(), svg.open("w", encoding="utf-8") as file:
        rgb = draw_both(figure, file, DPI, lettering)
    Image.fromarray(rgb).save(png, dpi=(DPI, DPI), compress_level=PNG_EFFORT)
    return png, svg
