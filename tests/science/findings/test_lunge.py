"""The lunge test: degrees, centimetres, reserve, and what it does to a level."""

from __future__ import annotations

from math import hypot, sqrt

import pytest

from midstance.science.errors import InputError
from midstance.science.findings.lunges import lunges_of
from midstance.science.settings import Settings
from tests.science.findings.factory import RESTRICTED, USUAL, Leg, Run, rule


def test_degrees_are_taken_as_they_are() -> None:
    """The error is that of the published minimal detectable change."""
    lunge = lunges_of(Settings(lunge_left_deg=35.0)).left
    assert lunge.deg == 35.0
    assert lunge.standard_error_deg == pytest.approx(4.7 / 1.96 / sqrt(2))
    assert not lunges_of(Settings()).left.entered


def test_centimetres_are_converted_with_a_wider_error() -> None:
    """3.6 deg a cm; the conversion's own error joins that of the test."""
    lunges = lunges_of(Settings(lunge_right_cm=10.0, lunge_left_deg=36.0))
    assert lunges.right.deg == pytest.approx(36.0)
    assert lunges.right.standard_error_deg == pytest.approx(hypot(3.6 * 1.9 / 1.96 / sqrt(2), 5.0))
    assert lunges.right.standard_error_deg > 2 * lunges.left.standard_error_deg
    assert not Settings(lunge_right_cm=0.0).lunge_right_deg
    assert lunges_of(Settings(lunge_right_cm=0.0)).right.entered


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_side_has_one_lunge_test(side: str) -> None:
    """Both units for a side are refused with both options named."""
    with pytest.raises(InputError, match=f"--lunge-{side}-deg or --lunge-{side}-cm"):
        Settings(**{f"lunge_{side}_deg": 30.0, f"lunge_{side}_cm": 8.0})  # type: ignore[arg-type]


def test_reserve_is_available_less_used() -> None:
    """30 available less 20 used leaves 10: more is no finding, less meets the rule."""
    enough = rule(Run(Leg(tibia=20.0)).founding("left", lunge_left_deg=32.0), "R")
    assert enough.value == pytest.approx(12.0)
    assert enough.met is False
    little = Run(Leg(tibia=24.0), error=2.0).founding("left", lunge_left_deg=30.0)
    assert rule(little, "R").value == pytest.approx(6.0)
    assert rule(little, "R").met
    assert rule(little, "R").standard_error == pytest.approx(hypot(2.0, 4.7 / 1.96 / sqrt(2)))
    assert "uses 24 deg" in little.statement
    assert "reserve of 6 deg" in little.statement


def test_reserve_needs_the_near_leg() -> None:
    """Without the tibia of the near leg there is a lunge and no reserve."""
    found = Run(near=("right",)).founding("left", lunge_left_deg=30.0)
    assert rule(found, "R").met is None
    assert "left" in rule(found, "R").reason
    assert "Lunge test entered: 30 deg" in found.statement
    assert "reserve" not in found.statement


@pytest.mark.parametrize(
    ("entered", "value", "threshold", "unit", "met"),
    [
        ({"lunge_left_cm": 8.0, "lunge_right_cm": 10.0}, 2.0, 1.5, "cm", True),
        ({"lunge_left_cm": 9.0, "lunge_right_cm": 10.0}, 1.0, 1.5, "cm", False),
        ({"lunge_left_deg": 32.0, "lunge_right_deg": 38.0}, 6.0, 5.4, "deg", True),
        ({"lunge_left_cm": 10.0, "lunge_right_deg": 40.0}, 4.0, 5.4, "deg", False),
    ],
)
def test_sides_are_compared_in_the_unit_they_share(
    entered: dict[str, float],
    value: float,
    threshold: float,
    unit: str,
    met: bool,  # noqa: FBT001 - a case
) -> None:
    """1.5 cm, or 5.4 deg; the other side never meets the rule as well."""
    found = rule(Run().founding("left", **entered), "L2")
    assert [found.value, found.threshold] == pytest.approx([value, threshold])
    assert (found.unit, found.met) == (unit, met)
    assert not rule(Run().founding("right", **entered), "L2").met


@pytest.mark.parametrize(
    ("lunge", "level"),
    [(20.0, "likely"), (29.0, "consistent"), (31.0, "consistent"), (40.0, "possible")],
)
def test_lunge_moves_the_level_by_what_it_shows(lunge: float, level: str) -> None:
    """Short: likely; within its error: as without it; ample: one level less."""
    run = Run(RESTRICTED, error=1.0)
    assert run.founding("left").level == "consistent"
    found = run.founding("left", lunge_left_deg=lunge)
    assert found.level == level
    assert any("ample" in r for r in found.reasons) is (lunge == 40.0)


def test_lunge_alone_is_no_pattern() -> None:
    """A short lunge of an average runner stays `none`."""
    found = Run(USUAL).founding("left", lunge_left_deg=20.0)
    assert found.level == "none"
    assert rule(found, "L1").met


def test_short_distance_in_cm_is_less_sure_than_in_degrees() -> None:
    """27 deg converted are not the same as 24 deg measured."""
    run = Run(RESTRICTED, error=1.0)
    assert run.founding("left", lunge_left_deg=24.0).level == "likely"
    assert run.founding("left", lunge_left_cm=24.0 / 3.6).level == "consistent"
