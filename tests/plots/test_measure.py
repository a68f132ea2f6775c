from __future__ import annotations

from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from midstance.plots import plot_measure
from midstance.plots.draw import STRIDE
from midstance.plots.panels import nan_mean_sd, remark
from midstance.plots.style import SIDE_COLOUR
from midstance.science.catalogue import MEASURES
from midstance.science.records import Analysis, Curve, MeasureValue, ViewAnalysis
from tests.support.example import example_analysis


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Two views with low, unmeasurable and invalid parts."""
    return example_analysis()


def thin_lines(ax: Axes) -> list[np.ndarray]:
    """Return the y values of the thin lines."""
    return [np.asarray(path.vertices)[:, 1] for found in _thin(ax) for path in found.get_paths()]


def _thin(ax: Axes) -> list[LineCollection]:
    return [c for c in ax.collections if isinstance(c, LineCollection) and c.get_label() == STRIDE]


def texts(figure: Figure) -> str:
    """Return all words of a figure, line breaks as blanks."""
    found = [figure.get_suptitle()]
    for ax in figure.axes:
        found += [ax.get_title(loc="left"), ax.get_ylabel(), ax.get_xlabel(), *(t.get_text() for t in ax.texts)]
    found += [t.get_text() for legend in figure.legends for t in legend.get_texts()]
    return " ".join(found).replace("\n", " ")


def with_side(analysis: Analysis, side: ViewAnalysis) -> Analysis:
    """Return the analysis with another side view."""
    return replace(analysis, views=(side, *analysis.views[1:]))


@pytest.mark.parametrize("measure", [m.name for m in MEASURES])
def test_every_measure_of_the_catalogue_can_be_drawn(analysis: Analysis, measure: str) -> None:
    """A figure renders for each measure, measurable or not, and shows its title."""
    figure = plot_measure(analysis, measure)
    assert isinstance(figure.canvas, FigureCanvasAgg)
    figure.draw_without_rendering()
    assert next(m.title for m in MEASURES if m.name == measure) in texts(figure)


def test_one_thin_line_for_each_valid_stride(analysis: Analysis) -> None:
    """Left and right panel hold as many thin lines as their side has valid strides."""
    left, right = plot_measure(analysis, "knee_flexion").axes
    side = analysis.view("side")
    assert len(thin_lines(left)) == len(side.valid_strides("left")) == 10
    assert len(thin_lines(right)) == len(side.valid_strides("right")) == 10


def test_curves_of_invalid_strides_are_left_out(analysis: Analysis) -> None:
    """A curve whose stride is not valid is neither drawn nor in the mean."""
    side = analysis.view("side")
    invalid = next(s for s in side.strides if not s.valid)
    wild = Curve("side", invalid.side, invalid.number, "knee_flexion", np.full(101, 500.0))
    figure = plot_measure(with_side(analysis, replace(side, curves=(*side.curves, wild))), "knee_flexion")
    means = [np.asarray(line.get_ydata(), dtype=float) for ax in figure.axes for line in ax.lines]
    drawn = np.concatenate([*means, *(line for ax in figure.axes for line in thin_lines(ax))])
    assert drawn.max() < 150


def test_mean_line_is_the_mean_of_the_strides(analysis: Analysis) -> None:
    """The thick line is the mean over the thin ones."""
    left, _ = plot_measure(analysis, "hip_flexion").axes
    thick = max(left.lines, key=lambda line: line.get_linewidth())
    np.testing.assert_allclose(np.asarray(thick.get_ydata()), np.mean(thin_lines(left), axis=0))


def test_sides_have_their_colours(analysis: Analysis) -> None:
    """Left is blue and right is vermilion, as in the overlay."""
    for ax, colour in zip(plot_measure(analysis, "knee_flexion").axes, SIDE_COLOUR.values(), strict=True):
        assert [to_hex(rgba) for found in _thin(ax) for rgba in np.asarray(found.get_color())] == [colour.lower()]
    assert SIDE_COLOUR == {"left": "#0072B2", "right": "#D55E00"}


def test_left_and_right_share_their_scale(analysis: Analysis) -> None:
    """Panels of one figure can be compared by eye."""
    left, right = plot_measure(analysis, "trunk_lean").axes
    assert left.get_ylim() == right.get_ylim()


def test_sign_unit_and_stride_count_are_in_words(analysis: Analysis) -> None:
    """A reader sees what positive means, in which unit, and how many strides there are."""
    words = texts(plot_measure(analysis, "tibial_inclination"))
    assert "degrees (+ knee ahead of ankle)" in words
    assert "(10 strides)" in words


def test_events_are_marked_with_their_spread(analysis: Analysis) -> None:
    """Midstance and toe-off stand at their mean, with ± SD over the strides."""
    figure = plot_measure(analysis, "knee_flexion")
    expected = np.mean([s.toe_off_percent for s in analysis.view("side").valid_strides("left")])
    positions = [np.asarray(line.get_xdata(), dtype=float)[0] for line in figure.axes[0].lines]
    assert any(abs(x - expected) < 1e-9 for x in positions)
    assert "midstance 16 ± 0.4 %" in texts(figure)
    assert "toe-off 36 ± 0.4 %" in texts(figure)


def test_far_leg_and_low_quality_are_said(analysis: Analysis) -> None:
    """The far leg's panel says so and gives the reason for its low quality."""
    left, right = plot_measure(analysis, "knee_flexion").axes
    assert "far leg" in left.get_title(loc="left")
    assert "far leg" not in right.get_title(loc="left")
    assert any("quality low: far leg, partly hidden" in t.get_text() for t in left.texts)


def test_normal_band_is_labelled_with_its_source(analysis: Analysis) -> None:
    """Where there is a band, the legend says whose; where there is none, it claims none."""
    assert "46 runners at 2.5 m/s" in texts(plot_measure(analysis, "knee_flexion"))
    assert "runners" not in texts(plot_measure(analysis, "hip_flexion"))


def test_no_norm_when_the_unit_differs(analysis: Analysis) -> None:
    """Without a scale lengths are in pixels, and a norm in metres is neither drawn nor named."""
    front = analysis.view("front")
    in_px = tuple(replace(v, unit="px") if v.measure == "step_width_m" else v for v in front.values)
    figure = plot_measure(replace(analysis, views=(replace(front, values=in_px),)), "step_width_m")
    assert "usual" not in texts(figure)
    assert "px" in texts(figure)


def test_unmeasurable_measure_gives_its_reason(analysis: Analysis) -> None:
    """A measure that cannot be had is a panel with the reason, not an empty plot."""
    words = texts(plot_measure(analysis, "pelvic_tilt"))
    assert "Not measurable: the pose model has no landmark" in words


def test_measure_without_its_view_says_which_view_it_needs(analysis: Analysis) -> None:
    """Without a frontal clip the plot of a frontal measure names the views."""
    side_only = replace(analysis, views=(analysis.view("side"),))
    assert "front or rear view" in texts(plot_measure(side_only, "knee_valgus"))


def test_side_without_valid_strides_is_drawn_as_such(analysis: Analysis) -> None:
    """A side whose strides are all invalid does not take the other side's plot with it."""
    side = analysis.view("side")
    strides = tuple(replace(s, valid=False, reason="legs hidden") if s.side == "left" else s for s in side.strides)
    left, right = plot_measure(with_side(analysis, replace(side, strides=strides)), "knee_flexion").axes
    assert any("no valid stride" in t.get_text() for t in left.texts)
    assert len(thin_lines(right)) == 10


def test_gaps_and_lost_curves_do_not_crash(analysis: Analysis) -> None:
    """NaN in part of a curve, and a curve of nothing but NaN, leave the rest as it was."""
    side = analysis.view("side")
    gap = np.where((np.arange(101) > 20) & (np.arange(101) < 40), np.nan, 1.0)
    curves = tuple(
        replace(c, values=c.values * (gap if c.stride % 2 else np.nan)) if c.side == "left" else c for c in side.curves
    )
    figure = plot_measure(with_side(analysis, replace(side, curves=curves)), "ankle_dorsiflexion")
    figure.draw_without_rendering()
    assert "(5 strides)" in figure.axes[0].get_title(loc="left")


def test_values_per_stride_are_dots_over_the_stride_number(analysis: Analysis) -> None:
    """A scalar is one dot for each valid stride, at the stride's number."""
    left, _, _, _ = plot_measure(analysis, "stride_time").axes
    dots = np.asarray(left.collections[-1].get_offsets())
    expected = {s.number: s.next_contact_s - s.initial_contact_s for s in analysis.view("side").valid_strides("left")}
    np.testing.assert_allclose(dots, np.array(list(expected.items())))


def test_views_are_kept_apart(analysis: Analysis) -> None:
    """What two views show gets a row for each."""
    figure = plot_measure(analysis, "cadence")
    assert len(figure.axes) == 4
    assert "side view" in figure.axes[0].get_title(loc="left")
    assert "front view" in figure.axes[2].get_title(loc="left")


def test_global_settings_stay_untouched(analysis: Analysis) -> None:
    """Plotting leaves matplotlib as it found it."""
    before = dict(mpl.rcParams)
    plot_measure(analysis, "knee_flexion")
    assert dict(mpl.rcParams) == before


def test_unknown_measure_is_refused(analysis: Analysis) -> None:
    """A name that is not in the catalogue is an error that lists the names."""
    with pytest.raises(KeyError, match=r"knee_flexion.*given 'knee'"):
        plot_measure(analysis, "knee")


def test_mean_and_sd_ignore_missing() -> None:
    """Mean needs one stride and SD two; where fewer are seen they are missing, not zero."""
    curves = np.full((2, 101), np.nan)
    curves[:, 0] = (1, 3)
    curves[0, 1] = 5
    mean, sd = nan_mean_sd(curves)
    assert mean[:2].tolist() == [2, 5]
    assert sd[0] == pytest.approx(np.sqrt(2))
    assert np.isnan(sd[1:]).all()
    assert np.isnan(mean[2:]).all()


def value(stride: int, instant: str, quality: str, reason: str) -> MeasureValue:
    """Return one value of a knee."""
    return MeasureValue("side", "left", stride, "knee_flexion", instant, 1.0, "deg", quality, reason)  # type: ignore[arg-type]  # literals as plain text


def test_remark_names_instants_and_strides_only_where_they_differ() -> None:
    """What holds everywhere is said once; what holds in part says where."""
    everywhere = [value(n, i, "low", "far leg") for n in (1, 2) for i in ("midstance", "toe_off")]
    assert remark(everywhere) == "quality low: far leg"
    at_one = [value(1, "midstance", "ok", ""), value(1, "toe_off", "low", "blur")]
    assert remark(at_one) == "quality low at toe-off: blur"
    joined = [value(1, "midstance", "low", "far leg"), value(1, "toe_off", "low", "far leg; blur")]
    assert remark(joined) == "quality low: far leg; at toe-off: blur"
    in_one = [value(1, "stride", "ok", ""), value(2, "stride", "unmeasurable", "hidden")]
    assert remark(in_one) == "not measurable in 1 of 2 strides: hidden"
    assert remark([value(1, "stride", "ok", "")]) == ""
