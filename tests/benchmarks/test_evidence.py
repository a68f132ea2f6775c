"""How pairs become standard errors."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.evidence import FEWEST_LEGS, error_figures, write_errors
from benchmarks.accuracy.records import Leg, Pair

LEGS: tuple[Leg, Leg] = ("left", "right")


def pairs(errors: dict[str, list[float]], *, fps: int = 60, leg: Leg = "near", view: str = "side") -> list[Pair]:
    """Return pairs of knee flexion with these errors by recording."""
    return [
        Pair("judge", "clips", name, "heavy", fps, view, leg, "knee_flexion", "midstance", 40.0, 40.0 + e, "ok")
        for name, each in errors.items()
        for e in each
    ]


def test_what_runners_share_and_what_strides_add_are_told_apart() -> None:
    """Runners off by +3 and -3 in the mean, strides 1 around it: 3 from runner to runner, 1 from stride to stride."""
    sign = np.array([1, -1] * FEWEST_LEGS)
    errors = {f"run_{i}": [3.0 * s - 1, 3.0 * s + 1, 3.0 * s] for i, s in enumerate(sign)}
    shared, own = error_figures(pairs(errors))["knee_flexion", "midstance", "near"]
    assert shared == pytest.approx(3.0)
    assert own == pytest.approx(1.0)


def test_bias_counts_in_full() -> None:
    """A bias that all runners have is an error of the mean, however steady."""
    errors = {f"run_{i}": [2.0, 2.0] for i in range(FEWEST_LEGS)}
    assert error_figures(pairs(errors))["knee_flexion", "midstance", "near"] == pytest.approx((2.0, 0.0))


def test_few_legs_and_slow_cameras_tell_nothing() -> None:
    """A figure needs enough legs, filmed fast enough."""
    few = {f"run_{i}": [1.0, 2.0] for i in range(FEWEST_LEGS - 1)}
    many = {f"run_{i}": [1.0, 2.0] for i in range(2 * FEWEST_LEGS)}
    assert not error_figures(pairs(few))
    assert not error_figures(pairs(many, fps=30))


def test_legs_of_a_frontal_view_are_pooled_by_view() -> None:
    """Left and right from the front give one figure; from the front alone another."""
    errors = {f"run_{i}": [1.0, 1.0] for i in range(FEWEST_LEGS)}
    both = [p for leg in LEGS for view in ("front", "front alone") for p in pairs(errors, leg=leg, view=view)]
    assert {key[2] for key in error_figures(both)} == {"front", "front alone"}


def test_written_figures_are_read_back(tmp_path: Path) -> None:
    """The module that is written holds the figures, and says where they come from."""
    errors = {f"run_{i}": [1.0, 3.0] for i in range(FEWEST_LEGS)}
    write_errors(pairs(errors), tmp_path / "figures.py", "heavy")
    found = runpy.run_path(str(tmp_path / "figures.py"))
    assert found["ERRORS"]["knee_flexion", "midstance", "near"] == pytest.approx((2.0, np.sqrt(2)), rel=0.01)
    assert f"{FEWEST_LEGS} rendered" in found["__doc__"]
