"""Plots that are drawn in one pass look as matplotlib draws them."""

from __future__ import annotations

import re
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from PIL import Image

from midstance.plots import plot_measure, write_plots
from midstance.plots.files import DPI
from midstance.plots.lettering import Lettering
from midstance.plots.pair import draw_both
from midstance.plots.scale import simplify_scales
from midstance.plots.style import style
from midstance.science.records import Analysis

BLOCK = 8
"""Pixels over which edges of letters even out."""
CLOSE = 30.0
"""Of 255, between blocks; a number that is missing makes a block differ by 60 and more."""


def coarse(rgb: np.ndarray) -> np.ndarray:
    """Return a picture as the means of blocks, in which a shift by part of a pixel weighs little."""
    grey = rgb.astype(float).mean(axis=2)
    high, wide = (n // BLOCK * BLOCK for n in grey.shape)
    blocks = grey[:high, :wide].reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK)
    return np.asarray(blocks.mean(axis=(1, 3)))


def by_matplotlib(figure: Figure) -> np.ndarray:
    """Return the pixels that matplotlib alone makes of a figure, letters as wide as on paper."""
    file = BytesIO()
    with style(), rc_context({"text.hinting": "no_hinting"}):
        figure.savefig(file, format="png", dpi=DPI)
    return np.asarray(Image.open(file).convert("RGB"))


def by_us(figure: Figure) -> tuple[np.ndarray, str]:
    """Return pixels and SVG of a figure drawn in one pass."""
    simplify_scales(figure)
    svg = StringIO()
    with style():
        return draw_both(figure, svg, DPI, Lettering()), svg.getvalue()


@pytest.mark.parametrize("measure", ["knee_valgus", "step_width_m"])
def test_png_looks_as_matplotlib_draws_it(analysis: Analysis, tmp_path: Path, measure: str) -> None:
    """Size, lines, ticks, numbers and words are where matplotlib alone puts them."""
    write_plots(analysis, tmp_path, [measure])
    ours = np.asarray(Image.open(tmp_path / "plots" / f"{measure}.png"))
    theirs = by_matplotlib(plot_measure(analysis, measure))
    assert ours.shape == theirs.shape
    assert np.abs(coarse(ours) - coarse(theirs)).max() < CLOSE


def test_every_word_is_in_the_svg_and_every_glyph_defined_once(analysis: Analysis) -> None:
    """What is written stands in the file as a comment, and as glyphs that are there."""
    figure = plot_measure(analysis, "knee_valgus")
    words = [figure.get_suptitle(), *(ax.get_xlabel() for ax in figure.axes)]
    _, svg = by_us(figure)
    assert all(f"<!-- {word} -->" in svg for word in words)
    defined, used = re.findall(r'<path id="([^"]+)" d=', svg), re.findall(r'<use [^>]*xlink:href="#([^"]+)"', svg)
    assert len(defined) == len(set(defined))
    assert {name for name in used if name.startswith("DejaVu")} <= set(defined)


def test_formulas_and_powers_of_ten_are_drawn() -> None:
    """A measure of somebody else's may have a title with a formula, and numbers too large to write out."""
    with style():
        figure = Figure(figsize=(4, 3))
        ax = figure.add_axes((0.2, 0.2, 0.7, 0.7))
        ax.plot([0, 1], [0, 4e9])
        ax.set_title("$x^2$ and more", y=1.0)
    theirs = by_matplotlib(figure)
    ours, svg = by_us(figure)
    assert "<!-- 1e9 -->" in svg
    assert np.abs(coarse(ours) - coarse(theirs)).max() < CLOSE


def test_axes_that_are_turned_off_stay_so() -> None:
    """A panel that only gives its reason gets no ticks."""
    figure = Figure(figsize=(4, 3))
    figure.add_axes((0.2, 0.2, 0.7, 0.7)).set_axis_off()
    rgb, _ = by_us(figure)
    assert (rgb == 255).all()
