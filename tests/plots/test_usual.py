"""What a plot says of the usual range: at another speed, at one speed only, or absent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from midstance.plots import plot_measure
from midstance.science.records import Analysis
from midstance.science.speed import is_another_speed, runner_speed_mps
from tests.plots.test_measure import texts
from tests.support.example import example_analysis


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """A run at 2.8 m/s by its belt."""
    return example_analysis()


def at(analysis: Analysis, speed_mps: float) -> Analysis:
    """Return the run with a speed that was given."""
    return replace(analysis, settings=replace(analysis.settings, speed_mps=speed_mps))


def test_speed_is_the_given_one_or_that_of_the_belt(analysis: Analysis) -> None:
    """Without either it is not known, and no norm is said to be for another speed."""
    assert runner_speed_mps(analysis.views, analysis.settings) == pytest.approx(2.8)
    fast = at(analysis, 4.0)
    assert runner_speed_mps(fast.views, fast.settings) == 4.0
    unknown = runner_speed_mps((analysis.view("front"),), analysis.settings)
    assert unknown != unknown
    assert not is_another_speed(unknown, 2.5)


def test_band_names_its_speed_and_attribution(analysis: Analysis) -> None:
    """The licence asks for the attribution in the plot itself."""
    said = texts(plot_measure(analysis, "knee_flexion"))
    assert "2.5 m/s" in said
    assert "Fukuchi et al. 2017, CC BY 4.0" in said


@pytest.mark.parametrize(("speed_mps", "warned"), [(2.5, False), (2.99, False), (3.1, True), (1.9, True)])
def test_band_for_another_speed_is_said_to_be(analysis: Analysis, speed_mps: float, warned: bool) -> None:  # noqa: FBT001 - a case
    """Half a metre a second off the band's runners, the plot says so."""
    figure = plot_measure(at(analysis, speed_mps), "knee_flexion")
    said = " ".join(t.get_text() for t in figure.texts)
    assert ("The band is for another speed" in said) is warned


def test_absent_range_is_said(analysis: Analysis) -> None:
    """A curve and a value per stride without a norm say that none is known."""
    for measure, words in (("hip_flexion", "No usual range known over the stride."), ("stride_time", "No usual range")):
        assert any(words in t.get_text() for t in plot_measure(analysis, measure).texts)


def test_range_of_one_speed_is_drawn_at_that_speed_only(analysis: Analysis) -> None:
    """Contact time shortens with speed: its range is drawn near its own speed, else told."""
    near, far = plot_measure(at(analysis, 2.6), "contact_time"), plot_measure(at(analysis, 4.0), "contact_time")
    assert "usual, 0.28 to 0.30 s" in texts(near)
    assert "usual, 0.28 to 0.30 s" not in texts(far)
    assert any("Usual range known for one speed only" in t.get_text() for t in far.texts)


def test_nothing_is_cut_off_at_the_edges(analysis: Analysis) -> None:
    """Legend, notes and labels lie within the figure: it has no layout engine that would make room."""
    for measure in ("knee_flexion", "cadence", "hip_flexion", "knee_valgus"):
        figure = plot_measure(at(analysis, 4.0), measure)
        figure.canvas.draw()
        renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]  # an Agg canvas has one
        width, height = figure.bbox.size
        parts = [*figure.legends, *figure.texts, *figure.axes]
        for box in (part.get_tightbbox(renderer) for part in parts):
            assert box is not None
            assert -1 <= box.x0 <= box.x1 <= width + 1
            assert -1 <= box.y0 <= box.y1 <= height + 1
