from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midstance.overlay.layout import arrange
from midstance.overlay.moment import Moment, Moments
from midstance.overlay.readings import degrees, quality_of, traces_of
from midstance.science.records import AngleSeries, Quality, ViewAnalysis


def _moment(view: ViewAnalysis, time_s: float) -> Moment:
    return Moments(view, arrange(view.scene, (540, 960))).at(time_s)


def _graded(view: ViewAnalysis, measure: str, quality: Quality) -> ViewAnalysis:
    values = tuple(replace(v, quality=quality) if v.measure == measure else v for v in view.values)
    return replace(view, values=values)


@pytest.mark.parametrize(
    ("value", "quality", "text"),
    [
        (22.4, "ok", "22°"),
        (-7.6, "ok", "−8°"),
        (-0.4, "ok", "0°"),
        (22.4, "low", "≈ 22°"),
        (-7.6, "low", "≈ −8°"),
        (22.4, "unmeasurable", ""),
        (float("nan"), "ok", ""),
        (float("inf"), "low", ""),
    ],
)
def test_degrees_as_written(value: float, quality: Quality, text: str) -> None:
    """Whole degrees; low quality is marked; what is not known is not written."""
    assert degrees(value, quality) == text


@settings(deadline=None)
@given(value=st.floats(), quality=st.sampled_from(["ok", "low", "unmeasurable"]))
def test_degrees_never_write_nan(value: float, quality: Quality) -> None:
    """No number ever reads nan, inf or minus zero."""
    text = degrees(value, quality).replace("≈ ", "")
    assert text == "" or text.removeprefix("−").removesuffix("°").isdigit()
    assert text != "−0°"


def test_side_view_shows_the_near_leg_only(side_view: ViewAnalysis) -> None:
    """A side view shows the angles of the leg that faces the camera."""
    traces = traces_of(side_view)
    assert {t.side for t in traces} == {"right"}
    assert [t.measure for t in traces] == ["trunk_lean", "knee_flexion", "tibial_inclination", "ankle_dorsiflexion"]


def test_frontal_view_shows_both_legs(front_view: ViewAnalysis) -> None:
    """A frontal view shows valgus, foot progression and trunk lean of both legs."""
    shown = {(t.measure, t.side) for t in traces_of(front_view)}
    measures = ("trunk_side_lean", "knee_valgus", "foot_progression")
    assert shown == {(m, s) for m in measures for s in ("left", "right")}


def test_unmeasurable_angle_is_not_shown(side_view: ViewAnalysis) -> None:
    """An angle none of whose values could be measured is left out, although it has a curve."""
    graded = _graded(side_view, "knee_flexion", "unmeasurable")
    assert "knee_flexion" not in {t.measure for t in traces_of(graded)}


def test_low_angle_is_marked(side_view: ViewAnalysis) -> None:
    """A number of low quality carries the mark, both now and held; others do not."""
    moment = _moment(_graded(side_view, "knee_flexion", "low"), 3.0)
    marked = {r.trace.measure: (r.text.startswith("≈"), r.held_text.startswith("≈")) for r in moment.readings}
    assert marked.pop("knee_flexion") == (True, True)
    assert set(marked.values()) == {(False, False)}


def test_doubt_about_contact_does_not_mark_the_curve(side_view: ViewAnalysis) -> None:
    """Values at contact that are low because its time is blurred leave the running number unmarked."""
    blurred = tuple(
        replace(v, quality="low") if v.instant in ("initial_contact", "toe_off") else v for v in side_view.values
    )
    assert quality_of(replace(side_view, values=blurred), "knee_flexion", "right") == "ok"


def test_angle_without_any_value_is_low(side_view: ViewAnalysis) -> None:
    """An angle that no measured value vouches for is marked."""
    assert quality_of(replace(side_view, values=()), "knee_flexion", "right") == "low"


def test_value_is_that_of_the_curve(side_view: ViewAnalysis) -> None:
    """The number is the science's own curve at the time of the frame."""
    for reading in _moment(side_view, 2.345).readings:
        assert reading.value == side_view.angles.at(reading.trace.measure, "right", 2.345)


def test_held_value_is_that_of_the_last_midstance(side_view: ViewAnalysis) -> None:
    """From one midstance to the next the value at it stays, as in the table of measures."""
    stride = [s for s in side_view.strides if s.side == "right"][3]
    expected = next(
        v.value
        for v in side_view.values
        if (v.measure, v.side, v.stride, v.instant) == ("tibial_inclination", "right", stride.number, "midstance")
    )
    for time_s in (stride.midstance_s + 0.001, stride.next_contact_s - 0.001):
        readings = {r.trace.measure: r for r in _moment(side_view, time_s).readings}
        assert readings["tibial_inclination"].held == expected


def test_nothing_is_held_before_the_first_midstance(side_view: ViewAnalysis) -> None:
    """Before the first midstance, and after one of a stride that does not count, no value is held."""
    assert {r.held_text for r in _moment(side_view, 0.0).readings} == {""}
    last = [s for s in side_view.strides if s.side == "right"][3]
    dropped = tuple(v for v in side_view.values if v.stride != last.number)
    moment = _moment(replace(side_view, values=dropped), last.midstance_s + 0.01)
    assert {r.held_text for r in moment.readings} == {""}


def test_frontal_angles_are_told_in_stance_only(front_view: ViewAnalysis) -> None:
    """In a frontal view a leg that swings has no numbers: its knee points at the camera."""
    stride = next(s for s in front_view.strides if s.side == "left" and s.number == 4)
    stance = _moment(front_view, (stride.initial_contact_s + stride.toe_off_s) / 2)
    swing = _moment(front_view, (stride.toe_off_s + stride.next_contact_s) / 2)
    assert all(r.text for r in stance.readings if r.trace.side == "left")
    assert not any(r.text for r in swing.readings if r.trace.side == "left")


def test_hidden_stretch_has_no_number(side_view: ViewAnalysis) -> None:
    """Where a curve has a gap nothing is written, not NaN."""
    gone = {k: np.full_like(v, np.nan) for k, v in side_view.angles.values.items()}
    moment = _moment(replace(side_view, angles=AngleSeries(side_view.angles.time_s, gone)), 3.0)
    assert {r.text for r in moment.readings} == {""}
