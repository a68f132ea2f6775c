from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from midstance.plots import write_plots
from midstance.science.records import Analysis


def test_a_png_and_an_svg_for_what_was_measured(analysis: Analysis, tmp_path: Path) -> None:
    """Files stand in `plots`, in the catalogue's order; a measure without a number has none."""
    paths = write_plots(analysis, tmp_path)
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == [
        f"plots/{name}.{kind}" for name in ("knee_valgus", "step_width_m") for kind in ("png", "svg")
    ]
    assert all(p.stat().st_size > 5000 for p in paths)
    assert paths[0].read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in paths[1].read_bytes()[:1000]


def test_the_same_analysis_gives_the_same_bytes(analysis: Analysis, tmp_path: Path) -> None:
    """SVG ids do not change between runs and no date is written."""
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
    first, second = write_plots(analysis, tmp_path / "a"), write_plots(analysis, tmp_path / "b")
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert b"dc:date" not in first[1].read_bytes()


def test_pixels_are_enough_to_print(analysis: Analysis, tmp_path: Path) -> None:
    """The PNG has 150 to 200 dots per inch at the width of a page's text."""
    png = write_plots(analysis, tmp_path)[0].read_bytes()
    width = int.from_bytes(png[16:20], "big")
    assert 150 * 7 < width < 200 * 7.5


def test_package_loads_without_matplotlib() -> None:
    """`midstance --help` does not pay for matplotlib, and pyplot is never loaded."""
    code = (
        "import sys, midstance.plots; assert 'matplotlib' not in sys.modules; "
        "midstance.plots.plot_measure; from midstance.plots.measure import plot_measure; "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_unknown_attribute_is_an_attribute_error() -> None:
    """The lazy package refuses names that it does not have."""
    import midstance.plots

    with pytest.raises(AttributeError, match="no attribute 'plot'"):
        midstance.plots.plot  # noqa: B018  # the access is what is tested
