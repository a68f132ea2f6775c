from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.overlay import chart as chart_module
from midstance.overlay import still
from midstance.overlay.chart import Chart, chart_of, curve_deg, scale_deg
from midstance.overlay.layout import arrange
from midstance.overlay.moment import Moments
from midstance.overlay.style import SIDE_COLOUR
from midstance.overlay.text import Image
from midstance.science.records import ViewAnalysis
from tests.overlay.conftest import plain

SIZE = (540, 960)


def _chart(view: ViewAnalysis) -> Chart:
    moments = Moments(view, arrange(view.scene, SIZE))
    assert moments.layout.strip is not None
    return chart_of(moments, moments.layout.strip)


def _strip(view: ViewAnalysis, time_s: float) -> Image:
    rect = _chart(view).rect
    return still(plain(view), view, time_s)[rect.y : rect.bottom, rect.x : rect.right]


def test_curves_of_the_near_leg_and_of_both(side_view: ViewAnalysis, front_view: ViewAnalysis) -> None:
    """From the side: knee and tibia of the near leg. From the front: valgus and foot of both legs."""
    shown = [(p.measure, [t.side for t in p.traces]) for p in _chart(side_view).panels]
    assert shown == [("knee_flexion", ["right"]), ("tibial_inclination", ["right"])]
    shown = [(p.measure, [t.side for t in p.traces]) for p in _chart(front_view).panels]
    assert shown == [("knee_valgus", ["left", "right"]), ("foot_progression", ["left", "right"])]


def test_dot_on_the_cursor_is_the_value_now(side_view: ViewAnalysis) -> None:
    """On the cursor the curve's dot lies at the value of the science."""
    chart = _chart(side_view)
    strip = _strip(side_view, 3.0)
    for panel in chart.panels:
        y = panel.y_px(side_view.angles.at(panel.measure, "right", 3.0))
        colour = strip[round(y), chart.plot.x + chart.cursor_px]
        assert tuple(int(c) for c in colour) == SIDE_COLOUR["right"]


def test_curve_passes_through_its_values(side_view: ViewAnalysis) -> None:
    """Left and right of the cursor the curve lies at the values of other times."""
    chart = _chart(side_view)
    strip = _strip(side_view, 3.0)
    panel = chart.panels[0]
    for time_s in (2.0, 2.5, 3.4):
        x = chart.plot.x + chart.cursor_px + round((time_s - 3.0) * chart.px_per_s)
        y = round(panel.y_px(side_view.angles.at(panel.measure, "right", time_s)))
        near = strip[y - 3 : y + 4, x - 1 : x + 2].reshape(-1, 3).astype(int)
        assert np.abs(near - SIDE_COLOUR["right"]).max(axis=1).min() < 40


def test_strip_scrolls_with_time(side_view: ViewAnalysis) -> None:
    """A little later the same bars and curves have moved left by that much time."""
    chart = _chart(side_view)
    shift = round(3.2 * chart.px_per_s) - round(3.0 * chart.px_per_s)
    plot, lanes = chart.plot, chart.lanes["left"]
    past = slice(plot.x, plot.x + chart.cursor_px - shift - 20)
    later = _strip(side_view, 3.2)[plot.y : lanes.bottom, past]
    earlier = _strip(side_view, 3.0)[plot.y : lanes.bottom, past.start + shift : past.stop + shift]
    assert (later == earlier).all()
    assert later.std() > 5


def test_stances_are_bars_from_contact_to_toe_off(side_view: ViewAnalysis) -> None:
    """In the row of a leg there is a bar while its foot is on the ground and none while it swings."""
    stride = next(s for s in side_view.strides if s.side == "right" and s.number == 4)
    chart, strip = _chart(side_view), _strip(side_view, stride.midstance_s)
    row = chart.lanes["right"]

    def colour(time_s: float) -> list[int]:
        x = chart.plot.x + chart.cursor_px + round((time_s - stride.midstance_s) * chart.px_per_s)
        return [int(c) for c in strip[row.y + row.height // 2, x]]

    assert colour(stride.initial_contact_s + 0.03) == colour(stride.toe_off_s - 0.03)
    assert colour(stride.toe_off_s + 0.03) != colour(stride.toe_off_s - 0.03)


@pytest.mark.parametrize("view_name", ["side", "front"])
def test_tiles_meet_without_a_seam(
    view_name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The strip does not depend on where one tile ends and the next begins."""
    view: ViewAnalysis = request.getfixturevalue(f"{view_name}_view")
    at_once = [_strip(view, t) for t in (0.0, 1.3, 5.1)]
    monkeypatch.setattr(chart_module, "TILE_S", 0.7)
    in_pieces = [_strip(view, t) for t in (0.0, 1.3, 5.1)]
    for a, b in zip(at_once, in_pieces, strict=True):
        assert (a == b).all()


def test_swing_is_left_out_from_the_front(front_view: ViewAnalysis) -> None:
    """From the front the curves show the stance only; from the side all of the stride is shown elsewhere."""
    trace = _chart(front_view).panels[0].traces[0]
    stride = next(s for s in front_view.strides if s.side == trace.side and s.number == 4)
    values, times = curve_deg(front_view, trace), front_view.angles.time_s
    stance = (times >= stride.initial_contact_s) & (times < stride.toe_off_s)
    swing = (times >= stride.toe_off_s) & (times < stride.next_contact_s)
    assert np.isfinite(values[stance]).all()
    assert np.isnan(values[swing]).all()


def test_hidden_curve_has_no_panel(side_view: ViewAnalysis) -> None:
    """A measure that is never seen has no empty panel; the other one takes its room."""
    values = side_view.angles.values | {("knee_flexion", "right"): np.full(len(side_view.angles.time_s), np.nan)}
    panels = _chart(replace(side_view, angles=replace(side_view.angles, values=values))).panels
    assert [p.measure for p in panels] == ["tibial_inclination"]
    assert panels[0].rect.height > 1.8 * _chart(side_view).panels[0].rect.height


def test_gap_in_a_curve_stays_a_gap(side_view: ViewAnalysis) -> None:
    """Across a hidden stretch no line is drawn."""
    times = side_view.angles.time_s
    curve = side_view.angles.values["knee_flexion", "right"].copy()
    curve[(times > 2.4) & (times < 2.8)] = np.nan
    view = replace(
        side_view,
        strides=(),
        angles=replace(side_view.angles, values=side_view.angles.values | {("knee_flexion", "right"): curve}),
    )
    chart, strip = _chart(view), _strip(view, 3.0)
    rect = chart.panels[0].rect

    def coloured(time_s: float) -> bool:
        x = chart.plot.x + chart.cursor_px + round((time_s - 3.0) * chart.px_per_s)
        column = strip[rect.y : rect.bottom, x].astype(int)
        return bool((column[:, 2] - column[:, 0] > 60).any())

    assert coloured(2.3)
    assert not coloured(2.6)


@given(values=st.lists(st.floats(-180, 180), min_size=1, max_size=50))
def test_scale_holds_the_values_with_few_ticks(values: list[float]) -> None:
    """A scale spans at least 20 degrees, holds nearly all values and has at most six ticks."""
    step, low, high = scale_deg(np.array(values))
    middle = np.percentile(values, [5, 95])
    assert low <= middle[0] <= middle[1] <= high
    assert high - low >= 20
    assert (high - low) / step <= 5
