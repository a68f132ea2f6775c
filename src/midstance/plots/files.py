"""Plots as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from midstance.plots.measure import plot_measure
from midstance.plots.panels import panels_of
from midstance.plots.style import style
from midstance.science.catalogue import MEASURES
from midstance.science.records import Analysis

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

DPI = 160
PNG_EFFORT = 4
"""Of zlib, 1 to 9: above this it takes twice the time and saves a tenth."""
METADATA = {"Date": None, "Creator": "midstance"}


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
    target = folder / "plots"
    target.mkdir(exist_ok=True)
    names = plot_names(analysis) if names is None else names
    return tuple(path for name in names for path in _write(plot_measure(analysis, name), target / name))


def load_matplotlib() -> None:
    """Load now what is else loaded by the first plot."""
    import matplotlib.backends.backend_agg
    import matplotlib.backends.backend_svg
    import matplotlib.figure  # noqa: F401  # to have it loaded


def _write(figure: Figure, stem: Path) -> tuple[Path, Path]:
    """Write a figure by its canvas: `savefig` draws it once more, only to measure it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    png, svg = stem.with_suffix(".png"), stem.with_suffix(".svg")
    with style():
        FigureCanvasSVG(figure).print_svg(svg, metadata=METADATA)  # type: ignore[no-untyped-call]  # as matplotlib is
        figure.set_dpi(DPI)
        _write_png(FigureCanvasAgg(figure), png)
    return png, svg


def _write_png(canvas: FigureCanvasAgg, path: Path) -> None:
    """Write what is opaque anyway without its alpha, which a PDF would keep as a second picture."""
    from PIL import Image

    canvas.draw()  # type: ignore[no-untyped-call]  # as above
    rgb = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]  # as above
    Image.fromarray(rgb).save(path, dpi=(DPI, DPI), compress_level=PNG_EFFORT)
