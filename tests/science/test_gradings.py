from __future__ import annotations

from dataclasses import replace

import pytest

from midstance.science import _error_figures
from midstance.science.catalogue import MEASURES, Measure
from midstance.science.gradings import Circumstances, grade
from midstance.science.records import Instant, Scene

SIDE = Scene("side", "right", "right", "treadmill", 0.0, "belt", 350.0, 0.0025, "height", 1000.0)
FRONT = replace(SIDE, view="front", facing="camera", near_side=None, yaw_deg=1.0)
GOOD = Circumstances(SIDE, fps=120, near=True, timing_assumed=False, foot_length_known=True)
GOOD_FRONT = replace(GOOD, scene=FRONT)
NEVER = {"pelvic_tilt", "pelvic_drop"}


@pytest.fixture(autouse=True)
def _no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge the circumstances alone: what the benchmark found too uncertain is tested with `uncertainty`."""
    monkeypatch.setattr(_error_figures, "ERRORS", {})


ALWAYS_LOW = {("knee_valgus", "swing_peak"), ("knee_valgus", "toe_off")}


def expected(measure: str, instant: Instant) -> str:
    """Return the best grade that a number can have."""
    if measure in NEVER:
        return "unmeasurable"
    bent_or_tilted = measure in {"hip_adduction", "hip_flexion"} or (measure, instant) in ALWAYS_LOW
    return "low" if bent_or_tilted or (measure == "foot_progression" and instant != "midstance") else "ok"


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.name)
def test_good_circumstances_are_ok_but_for_what_cannot_be_known(measure: Measure) -> None:
    """With a near leg, a fast camera, a scale and a side view, numbers are ok but for a few."""
    for instant in measure.instants:
        graded = grade(measure.name, instant, GOOD if "side" in measure.views else GOOD_FRONT)
        assert graded.quality == expected(measure.name, instant)
        assert bool(graded.reason) == (graded.quality != "ok")


def test_all_reasons_are_told() -> None:
    """A far leg, filmed slowly, at contact has two reasons in one line."""
    graded = grade("knee_flexion", "initial_contact", replace(GOOD, near=False, fps=30))
    assert graded.quality == "low"
    assert "far leg" in graded.reason
    assert "30 frames/s" in graded.reason
    assert "\n" not in graded.reason


def test_unmeasurable_outweighs_low() -> None:
    """What cannot be measured is not called low, whatever else is wrong."""
    graded = grade("pelvic_tilt", "midstance", replace(GOOD, near=False, fps=30))
    assert graded.quality == "unmeasurable"
    assert "far leg" not in graded.reason


def test_hidden_landmark_is_unmeasurable() -> None:
    """A number that could not be computed says that a landmark was hidden."""
    graded = grade("knee_flexion", "midstance", GOOD, seen=False)
    assert graded.quality == "unmeasurable"
    assert "hidden" in graded.reason


@pytest.mark.parametrize(("fps", "quality"), [(30, "low"), (49.9, "low"), (50, "ok"), (59.94, "ok"), (120, "ok")])
def test_frame_rate_matters_at_contact(fps: float, quality: str) -> None:
    """Below 50 frames/s numbers at contact and toe-off, and times, are low; 59.94 is fast enough."""
    slow = replace(GOOD, fps=fps)
    at_contact: list[tuple[str, Instant]] = [
        ("knee_flexion", "initial_contact"),
        ("knee_flexion", "toe_off"),
        ("contact_time", "stride"),
        ("overstride_m", "initial_contact"),
    ]
    for measure, instant in at_contact:
        assert grade(measure, instant, slow).quality == quality
    for measure, instant in (("knee_flexion", "midstance"), ("cadence", "stride"), ("stride_time", "stride")):
        assert grade(measure, instant, slow).quality == "ok"


def test_too_slow_a_camera_lowers_every_angle() -> None:
    """Below 24 frames/s even angles at midstance are low; the cadence is not."""
    slow = replace(GOOD, fps=20)
    assert grade("knee_flexion", "midstance", slow).quality == "low"
    assert grade("cadence", "stride", slow).quality == "ok"


@pytest.mark.parametrize("measure", ["overstride_m", "step_width_m", "vertical_oscillation_m"])
@pytest.mark.parametrize("metres_per_px", [float("nan"), 0.0])
def test_lengths_need_a_scale(measure: str, metres_per_px: float) -> None:
    """Without metres per pixel a length is low and says what to give."""
    graded = grade(measure, "stride", replace(GOOD, scene=replace(SIDE, metres_per_px=metres_per_px)))
    assert graded.quality == "low"
    assert "--height-m" in graded.reason
    assert "--speed-mps" in graded.reason


@pytest.mark.parametrize("tilt", [3.0, -3.0])
def test_leaning_picture_lowers_frontal_angles_against_the_vertical(tilt: float) -> None:
    """From the front side lean depends on a level camera, the valgus angle does not."""
    leaning = replace(GOOD_FRONT, scene=replace(FRONT, tilt_deg=tilt))
    graded = grade("trunk_side_lean", "midstance", leaning)
    assert graded.quality == "low"
    assert "3.0 deg" in graded.reason
    assert grade("knee_valgus", "midstance", leaning).quality == "ok"


def test_unknown_tilt_is_no_reason_by_itself() -> None:
    """A ground line that was not found lowers nothing."""
    unknown = replace(GOOD_FRONT, scene=replace(FRONT, tilt_deg=float("nan")))
    assert grade("trunk_side_lean", "midstance", unknown).quality == "ok"


@pytest.mark.parametrize(
    ("yaw_deg", "quality", "word"), [(6.0, "ok", ""), (-9.0, "low", "9 deg"), (float("nan"), "low", "square")]
)
def test_skew_camera_lowers_frontal_angles_of_the_leg(yaw_deg: float, quality: str, word: str) -> None:
    """Yaw is corrected up to 7 degrees; beyond, or unknown, valgus and foot progression are low and say why."""
    skew = replace(GOOD_FRONT, scene=replace(FRONT, yaw_deg=yaw_deg))
    for measure in ("knee_valgus", "foot_progression"):
        graded = grade(measure, "midstance", skew)
        assert graded.quality == quality
        assert word in graded.reason
    assert grade("cadence", "stride", skew).quality == "ok"
