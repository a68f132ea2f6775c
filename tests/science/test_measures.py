from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from midstance.science import _error_figures
from midstance.science.catalogue import MEASURE, measures_of
from midstance.science.gradings import SCALED_MEASURES
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side
from midstance.science.measures import SCALARS
from midstance.science.records import Instant, View
from midstance.science.scene import LEG_OVER_HEIGHT
from midstance.science.settings import Settings
from tests.science.helpers import (
    STEADY,
    analyse,
    analyse_film,
    frontal_run_of,
    numbers_of,
    run_of,
    stride_of,
    values_of,
    with_xy,
)
from tests.support.runner import HALF_SHOULDERS_M, SHANK_M, THIGH_M, Camera, Gait, film, make_runner

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses


@pytest.fixture(autouse=True, scope="module")
def _no_figures() -> Iterator[None]:
    """Judge the circumstances alone: what the benchmark found too uncertain is tested with `uncertainty`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_error_figures, "ERRORS", {})
        run_of.cache_clear()
        frontal_run_of.cache_clear()
        yield
    run_of.cache_clear()
    frontal_run_of.cache_clear()


TRUE_HEIGHT = Settings(height_m=(THIGH_M + SHANK_M) / LEG_OVER_HEIGHT)
"""The height at which the scale is exactly 400 pixels a metre."""
EVEN = Gait(seed=1)
STRIDE_S = 120 / EVEN.cadence_spm


# --- scalars --------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", SIDES)
def test_times_of_an_even_runner(side: Side) -> None:
    """Stride, contact and flight time, cadence and duty factor are those that the figure was made with."""
    _, view = run_of(EVEN, Camera(fps=120))
    contact_s = EVEN.duty * STRIDE_S
    expected = {
        "stride_time": (STRIDE_S, 0.001),
        "cadence": (EVEN.cadence_spm, 0.3),
        "contact_time": (contact_s, 0.006),
        "flight_time": (STRIDE_S / 2 - contact_s, 0.006),
        "duty_factor": (100 * EVEN.duty, 0.9),
    }
    for measure, (value, tolerance) in expected.items():
        np.testing.assert_allclose(numbers_of(view, measure, "stride", side), value, atol=tolerance, err_msg=measure)


def test_flight_is_negative_when_both_feet_are_down() -> None:
    """A forced analysis of walking shows double support as negative flight, and a duty factor over half."""
    filmed = film(Gait(cadence_spm=105, duty=0.62, speed_mps=1.1, walks=True))
    view = analyse_film(filmed, settings=Settings(force=True))
    assert np.nanmedian(numbers_of(view, "flight_time", "stride", "right")) < -0.05
    assert np.median(numbers_of(view, "duty_factor", "stride", "right")) == pytest.approx(62, abs=2)


@pytest.mark.parametrize("view", ["side", "front", "rear"])
def test_vertical_oscillation_is_the_rise_of_the_hips(view: View) -> None:
    """In metres with a scale, the same from every view."""
    hips = make_runner(EVEN).points(np.arange(1, 1 + STRIDE_S, 1e-3))["left_hip"][:, 1]
    found = analyse_film(film(EVEN, Camera(view)), settings=TRUE_HEIGHT)
    for side in SIDES:
        numbers = numbers_of(found, "vertical_oscillation_m", "stride", side)
        np.testing.assert_allclose(numbers, np.ptp(hips), rtol=0.06)


@pytest.mark.parametrize("facing", SIDES)
def test_overstride_is_how_far_the_ankle_lands_ahead(facing: Side) -> None:
    """Ankle ahead of the hips at contact, positive for both facings."""
    filmed = film(EVEN, Camera(facing=facing, fps=120))
    view = analyse_film(filmed, settings=TRUE_HEIGHT)
    contact_s = np.array([next(s for s in filmed.stances(1.0) if s.side == facing).initial_contact_s])
    points = filmed.runner.points(contact_s)
    ahead = float(points[f"{facing}_ankle"][0, 0] - points[f"{facing}_hip"][0, 0])
    assert ahead > 0.2
    np.testing.assert_allclose(numbers_of(view, "overstride_m", "initial_contact", facing), ahead, atol=0.02)


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("half_m", [0.05, 0.0, -0.03])
def test_step_width_is_negative_when_the_feet_cross(view: View, half_m: float) -> None:
    """The sideways distance of the feet has the same sign from front and rear and on both sides."""
    found = analyse_film(film(replace(EVEN, half_step_width_m=half_m), Camera(view)), settings=TRUE_HEIGHT)
    for side in SIDES:
        widths = numbers_of(found, "step_width_m", "midstance", side)
        np.testing.assert_allclose(widths[1:], 2 * half_m, atol=0.003)
        assert len(widths) >= 6


def test_first_step_has_no_width() -> None:
    """The first stride of the clip has no step before it: unmeasurable, with a reason."""
    _, view = frontal_run_of(STEADY, Camera("front"))
    first = view.strides[0]
    value = next(v for v in values_of(view, "step_width_m", "midstance", first.side) if v.stride == first.number)
    assert np.isnan(value.value)
    assert value.quality == "unmeasurable"
    assert value.reason


def test_scale_from_speed_gives_the_same_metres() -> None:
    """Speed and height of the figure lead to the same overstride."""
    filmed = film(EVEN)
    by_speed, by_height = (analyse_film(filmed, settings=s) for s in (Settings(speed_mps=EVEN.speed_mps), TRUE_HEIGHT))
    np.testing.assert_allclose(
        numbers_of(by_speed, "overstride_m", "initial_contact", "right"),
        numbers_of(by_height, "overstride_m", "initial_contact", "right"),
        rtol=0.03,
    )


# --- curves and instants --------------------------------------------------------------------------


def test_values_at_instants_are_read_from_the_curve() -> None:
    """Contact is 0 %, midstance and toe-off their share of the stride, peaks the greatest value of their phase."""
    _, view = run_of(STEADY)
    percent = np.arange(101.0)
    for curve in view.curves:
        stride = next(s for s in view.strides if (s.side, s.number) == (curve.side, curve.stride))
        stance = percent <= stride.toe_off_percent
        expected = {
            "initial_contact": curve.values[0],
            "midstance": np.interp(stride.midstance_percent, percent, curve.values),
            "toe_off": np.interp(stride.toe_off_percent, percent, curve.values),
            "stance_peak": curve.values[stance].max(),
            "swing_peak": curve.values[~stance].max(),
        }
        found = {v.instant: v.value for v in view.values
                 if (v.side, v.stride, v.measure) == (curve.side, curve.stride, curve.measure)}  # fmt: skip
        assert found == pytest.approx(expected)


def test_curve_is_the_angle_over_the_stride() -> None:
    """101 points from contact to the next contact follow the angle in time."""
    filmed, view = run_of(STEADY)
    curve = next(c for c in view.curves if (c.measure, c.side, c.stride) == ("knee_flexion", "right", 3))
    stride = next(s for s in view.strides if (s.side, s.number) == ("right", 3))
    times = stride.initial_contact_s + np.arange(101) / 100 * (stride.next_contact_s - stride.initial_contact_s)
    assert curve.values.shape == (101,)
    np.testing.assert_allclose(curve.values, [view.angles.at("knee_flexion", "right", t) for t in times], atol=0.7)
    np.testing.assert_allclose(curve.values, filmed.angles("knee_flexion", "right", times), atol=4)


def test_stance_peak_of_knee_and_ankle_are_those_of_the_figure() -> None:
    """Peaks in stance lie within half a degree of the figure's own."""
    filmed, view = run_of(STEADY)
    for measure in ("knee_flexion", "ankle_dorsiflexion"):
        for value in values_of(view, measure, "stance_peak", "right"):
            stride = stride_of(view, value)
            inside = np.linspace(stride.initial_contact_s, stride.toe_off_s, 200)
            assert value.value == pytest.approx(filmed.angles(measure, "right", inside).max(), abs=0.5)


@pytest.mark.parametrize("name", ["side", "front", "rear"])
def test_every_valid_stride_has_every_number_of_its_view_once(name: View) -> None:
    """One row for each measure and instant of the catalogue, in its order, and none for invalid strides."""
    _, view = run_of(STEADY, Camera(name))
    wanted = [(m.name, i) for m in measures_of(name) for i in m.instants]
    valid = {(s.side, s.number) for s in view.strides if s.valid}
    assert {(v.side, v.stride) for v in view.values} == valid
    for side, number in valid:
        rows = [v for v in view.values if (v.side, v.stride) == (side, number)]
        assert [(v.measure, v.instant) for v in rows] == wanted
        assert {v.view for v in rows} == {name}


def test_every_scalar_of_the_catalogue_can_be_computed() -> None:
    """The table of scalars and the catalogue hold the same names."""
    assert set(SCALARS) == {name for name, m in MEASURE.items() if m.kind == "scalar"}


# --- grades ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("camera", [Camera(), Camera(facing="left", fps=30), Camera("front"), Camera("rear", fps=30)])
def test_no_number_is_missing_without_a_reason_or_given_without_a_value(camera: Camera) -> None:
    """`ok` and `low` have a value, `unmeasurable` has none; whatever is not `ok` says why."""
    for v in run_of(STEADY, camera)[1].values:
        assert np.isfinite(v.value) == (v.quality != "unmeasurable")
        assert bool(v.reason) == (v.quality != "ok")


def test_far_leg_is_low_and_near_leg_ok() -> None:
    """Angles of the leg away from the camera are low with the way out named; what concerns the body is not."""
    _, view = run_of(STEADY, Camera(facing="left", fps=120))
    for measure in ("tibial_inclination", "knee_flexion", "ankle_dorsiflexion", "foot_pitch"):
        assert {v.quality for v in values_of(view, measure, "midstance", "left")} == {"ok"}
        far = values_of(view, measure, "midstance", "right")
        assert {v.quality for v in far} == {"low"}
        assert all("far leg" in v.reason and "other side" in v.reason for v in far)
    for measure, instant in (("cadence", "stride"), ("stride_time", "stride"), ("trunk_lean", "midstance")):
        assert {v.quality for v in view.values if (v.measure, v.instant) == (measure, instant)} == {"ok"}


def test_pelvis_is_unmeasurable_and_says_why() -> None:
    """Tilt from the side and drop from front or rear are never given, at any instant."""
    names: tuple[tuple[View, str], ...] = (("side", "pelvic_tilt"), ("front", "pelvic_drop"), ("rear", "pelvic_drop"))
    for name, measure in names:
        rows = [v for v in run_of(STEADY, Camera(name))[1].values if v.measure == measure]
        assert rows
        assert {v.quality for v in rows} == {"unmeasurable"}
        assert all(np.isnan(v.value) and "ASIS" in v.reason for v in rows)


def test_slow_camera_lowers_what_happens_at_contact() -> None:
    """At 30 frames/s angles at contact and contact times are low with the rate told; midstance stays ok."""
    _, view = run_of(STEADY, Camera(fps=30))
    at_contact: tuple[tuple[str, Instant], ...] = (
        ("knee_flexion", "initial_contact"),
        ("foot_pitch", "toe_off"),
        ("contact_time", "stride"),
    )
    for measure, instant in at_contact:
        rows = values_of(view, measure, instant, "right")
        assert {v.quality for v in rows} == {"low"}
        assert all("30 frames/s" in v.reason for v in rows)
    assert {v.quality for v in values_of(view, "knee_flexion", "midstance", "right")} == {"ok"}
    assert {v.quality for v in values_of(run_of(STEADY)[1], "knee_flexion", "initial_contact", "right")} == {"ok"}


@pytest.mark.parametrize("name", ["side", "front"])
def test_lengths_without_a_scale_are_pixels_and_low(name: View) -> None:
    """Without height or speed lengths come in pixels, are low, and say what to give; with it in metres and ok."""
    filmed = film(EVEN, Camera(name))
    plain, scaled = analyse_film(filmed), analyse_film(filmed, settings=TRUE_HEIGHT)
    for measure in set(SCALED_MEASURES) & {m.name for m in measures_of(name)}:
        instant = MEASURE[measure].instants[0]
        px, m = (values_of(v, measure, instant, "right")[1:] for v in (plain, scaled))
        assert {(v.unit, v.quality) for v in px} == {("px", "low")}
        assert all("--height-m" in v.reason for v in px)
        assert {(v.unit, v.quality) for v in m} == {("m", "ok")}
        np.testing.assert_allclose([v.value for v in px], 400 * np.array([v.value for v in m]), rtol=0.03)


def test_frontal_view_alone_knows_no_contact_times() -> None:
    """Contact time, flight and duty are unmeasurable without a side view, and measured with one."""
    _, alone = run_of(STEADY, Camera("front"))
    _, helped = frontal_run_of(STEADY, Camera("front"))
    for measure in ("contact_time", "flight_time", "duty_factor"):
        assert {v.quality for v in values_of(alone, measure, "stride", "left")} == {"unmeasurable"}
        assert {v.quality for v in values_of(helped, measure, "stride", "left")} == {"ok"}
    assert {v.quality for v in values_of(alone, "knee_valgus", "initial_contact", "left")} == {"low"}
    assert {v.quality for v in values_of(helped, "knee_valgus", "initial_contact", "left")} == {"ok"}


def test_foot_progression_is_ok_at_midstance_with_a_side_view_only() -> None:
    """The foot's length has to be known, and the foot flat."""
    _, alone = run_of(STEADY, Camera("rear"))
    _, helped = frontal_run_of(STEADY, Camera("rear"))
    assert {v.quality for v in values_of(alone, "foot_progression", "midstance", "left")} == {"low"}
    assert {v.quality for v in values_of(helped, "foot_progression", "midstance", "left")} == {"ok"}
    assert {v.quality for v in values_of(helped, "foot_progression", "toe_off", "left")} == {"low"}


def test_hidden_landmark_makes_the_numbers_of_its_stride_unmeasurable() -> None:
    """A knee that is hidden around one midstance takes that stride's value and no other."""
    filmed, view = run_of(STEADY)
    stride = view.valid_strides("right")[4]
    xy = filmed.landmarks.xy_px.copy()
    gap = np.abs(filmed.landmarks.time_s - stride.midstance_s) < 0.07
    xy[gap, LANDMARK_INDEX["right_knee"]] = np.nan
    found = analyse(with_xy(filmed.landmarks, xy), "side")
    by_stride = {v.stride: v for v in values_of(found, "tibial_inclination", "midstance", "right")}
    assert by_stride[stride.number].quality == "unmeasurable"
    assert "hidden" in by_stride[stride.number].reason
    assert {v.quality for n, v in by_stride.items() if n != stride.number} == {"ok"}


def test_trunk_side_lean_is_towards_the_stance_side() -> None:
    """A trunk that leans over the stance foot has positive values on both sides; shoulders shift alike."""
    _, view = frontal_run_of(STEADY, Camera("front"))
    assert HALF_SHOULDERS_M > 0
    for side in SIDES:
        np.testing.assert_allclose(numbers_of(view, "trunk_side_lean", "midstance", side), 2.0, atol=0.2)
