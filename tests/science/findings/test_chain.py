"""The chain: order, best view, usual range, and what was not measured."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

import pytest

from midstance.science.chain import chain_of
from midstance.science.landmarks import Side
from midstance.science.records import ChainLink
from tests.science.findings.factory import HIDDEN, RESTRICTED, Leg, Run


def chain(run: Run) -> tuple[ChainLink, ...]:
    """Return the chain of a run."""
    return chain_of(run.views(), run.summary())


def link(run: Run, measure: str, side: Side = "left") -> ChainLink:
    """Return one link."""
    return next(c for c in chain(run) if (c.measure, c.side) == (measure, side))


def test_order_is_foot_to_pelvis_left_before_right() -> None:
    """A reader goes up the body, both sides together."""
    found = chain(Run())
    assert list(dict.fromkeys(c.region for c in found)) == ["foot", "ankle", "knee", "hip", "pelvis"]
    assert [c.side for c in found] == ["left", "right"] * (len(found) // 2)


def test_link_holds_the_number_with_its_spread_and_range() -> None:
    """Median, SD, error, count, usual range with its source and how surely it is known."""
    found = link(Run(RESTRICTED, error=1.0), "ankle_dorsiflexion")
    assert found.value == pytest.approx(10.0)
    assert 0.1 < found.sd < 0.4
    assert (found.standard_error, found.n, found.view) == (1.0, 12, "side_left")
    assert [found.norm_low, found.norm_high] == pytest.approx([19.9, 25.5])
    assert "computed from open data" in found.norm_text


@pytest.mark.parametrize(
    ("toe_out", "error", "position"),
    [(6.0, 1.0, "usual"), (14.0, 1.0, "high"), (14.0, 3.0, "usual"), (-5.0, 1.0, "low"), (12.5, 1.0, "usual")],
)
def test_position_needs_more_than_the_error(toe_out: float, error: float, position: str) -> None:
    """High and low only where the value lies outside by more than its standard error."""
    assert link(Run(Leg(toe_out=toe_out), error=error), "foot_progression").position == position


def test_far_leg_has_no_position() -> None:
    """A half-hidden leg is shown with its reason and not placed."""
    found = link(Run(RESTRICTED, near=("right",)), "ankle_dorsiflexion")
    assert found.value == pytest.approx(10.0)
    assert (found.position, found.reason) == ("unknown", "far leg")


def test_missing_views_and_measures_say_why() -> None:
    """What was not filmed or not seen has no number and a reason."""
    hidden = link(Run(), "pelvic_drop")
    assert isnan(hidden.value)
    assert (hidden.position, hidden.reason) == ("unknown", HIDDEN)
    assert link(Run(frontal=()), "knee_valgus").reason == "no clip from the front or the rear"
    assert link(Run(near=()), "knee_flexion").reason == "no side clip"
    assert isnan(link(Run(near=()), "knee_flexion").standard_error)


def test_measured_pelvis_is_placed() -> None:
    """With markers the drop has its published range."""
    assert link(Run(Leg(drop=9.0), error=1.0), "pelvic_drop").position == "high"


def test_no_range_no_position() -> None:
    """The thigh against the vertical has no usual range of its own."""
    found = link(Run(), "hip_adduction")
    assert (found.position, found.norm_text) == ("unknown", "")
    assert isnan(found.norm_low)


def test_front_goes_before_rear_and_quality_before_both() -> None:
    """Of two frontal clips the one with the number is taken."""
    run = Run(frontal=("rear", "front"))
    assert link(run, "foot_progression").view == "front"
    rows = tuple(
        replace(r, quality="unmeasurable", median=nan) if (r.view, r.measure) == ("front", "foot_progression") else r
        for r in run.summary()
    )
    found = next(c for c in chain_of(run.views(), rows) if c.measure == "foot_progression")
    assert found.view == "rear"
