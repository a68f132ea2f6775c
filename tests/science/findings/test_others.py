"""The other findings: thresholds where there are any, numbers alone where there are none."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from midstance.science.records import Finding, Level
from tests.science.findings.factory import RESTRICTED, USUAL, Leg, Run


def finding(run: Run, name: str, side: str = "both") -> Finding:
    """Return one of the other findings."""
    return next(f for f in run.findings() if f.id == name and f.side == side)


@pytest.mark.parametrize(
    ("name", "side", "leg", "level"),
    [
        ("low_cadence", "both", USUAL, "none"),
        ("low_cadence", "both", Leg(cadence=140.0), "possible"),
        ("crossover", "both", USUAL, "none"),
        ("crossover", "both", Leg(step_width=-0.02), "possible"),
        ("crossover", "both", Leg(step_width=nan), "not_assessed"),
        ("vertical_oscillation", "both", USUAL, "none"),
        ("vertical_oscillation", "both", Leg(oscillation=0.12), "possible"),
        ("contralateral_drop", "left", USUAL, "not_assessed"),
        ("contralateral_drop", "left", Leg(drop=5.0), "none"),
        ("contralateral_drop", "left", Leg(drop=8.0), "possible"),
        ("contralateral_drop", "left", Leg(drop=12.0), "consistent"),
        ("stiff_landing", "left", USUAL, "none"),
        ("stiff_landing", "left", Leg(knee=29.5), "possible"),
        ("stiff_landing", "left", Leg(knee=25.0), "consistent"),
        ("trunk_lean", "both", USUAL, "none"),
        ("trunk_lean", "both", Leg(trunk=20.0), "consistent"),
        ("trunk_lean", "both", Leg(trunk=15.5), "possible"),
        ("trunk_lean", "both", Leg(trunk=0.0), "consistent"),
        ("overstride", "left", Leg(overstride=0.5), "not_assessed"),
        ("asymmetry", "both", RESTRICTED, "not_assessed"),
    ],
)
def test_known_answers(name: str, side: str, leg: Leg, level: Level) -> None:
    """A level only where a threshold exists; none higher than its evidence carries."""
    assert finding(Run(leg, leg), name, side).level == level


def test_numbers_without_a_threshold_are_told_and_not_judged() -> None:
    """Overstride and differences between the sides are in the statement, with the reason."""
    over = finding(Run(Leg(overstride=0.22)), "overstride", "left")
    assert "0.22 m" in over.statement
    assert "no threshold" in over.reasons[0]
    apart = finding(Run(Leg(toe_out=14.0)), "asymmetry")
    assert "foot progression 8" in apart.statement
    assert all(e.met is None for e in apart.evidence)


def test_distances_in_pixels_are_not_held_against_metres() -> None:
    """Without a scale the vertical oscillation is not judged, and it says what to give."""
    run = Run()
    views = tuple(
        replace(
            v,
            values=tuple(
                replace(x, unit="px", value=1000 * x.value, quality="low", reason="in pixels: give --height-m")
                if x.unit == "m"
                else x
                for x in v.values
            ),
        )
        for v in run.views()
    )
    from midstance.science.findings import findings_of
    from midstance.science.settings import Settings
    from midstance.science.summary import summarise

    found = {f.id: f for f in findings_of(views, summarise(x for v in views for x in v.values), Settings())}
    assert found["vertical_oscillation"].level == "not_assessed"
    assert "--height-m" in found["vertical_oscillation"].statement
    assert found["crossover"].level == "none"


def test_whole_runner_is_read_from_what_there_is() -> None:
    """One side clip, or only a frontal one: the strides of both sides count together."""
    one = finding(Run(near=("right",)), "trunk_lean").evidence[0]
    assert one.strides == 24
    assert finding(Run(near=()), "trunk_lean").level == "not_assessed"
    assert finding(Run(frontal=()), "crossover").level == "not_assessed"
