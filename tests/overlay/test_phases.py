from __future__ import annotations

from dataclasses import replace

import pytest

from midstance.overlay.margin import stride_text
from midstance.overlay.phases import HOLD_S, leg_phase
from midstance.science.records import Stride

STRIDE = Stride(
    side="left",
    number=1,
    initial_contact_s=1.0,
    midstance_s=1.1,
    toe_off_s=1.3,
    next_contact_s=1.8,
    near=True,
    valid=True,
    reason="",
)
NEXT = replace(STRIDE, number=2, initial_contact_s=1.8, midstance_s=1.9, toe_off_s=2.1, next_contact_s=float("nan"))


@pytest.mark.parametrize(
    ("time_s", "number", "percent", "on_ground"),
    [(1.0, 1, 0, True), (1.2, 1, 25, True), (1.3, 1, 37.5, False), (1.7999, 1, 100, False), (1.8, 2, None, True)],
)
def test_stride_under_way(time_s: float, number: int, percent: float | None, on_ground: bool) -> None:  # noqa: FBT001 - parametrised
    """The stride, its percentage and whether the foot is on the ground follow from its events."""
    phase = leg_phase([STRIDE, NEXT], "left", time_s)
    assert phase.stride is not None
    assert phase.stride.number == number
    assert phase.on_ground is on_ground
    if percent is not None:
        assert phase.percent == pytest.approx(percent, abs=0.1)


@pytest.mark.parametrize("time_s", [0.5, 2.2])
def test_nothing_is_claimed_between_strides(time_s: float) -> None:
    """Before the first contact and after the last toe-off nothing is said about the leg."""
    phase = leg_phase([STRIDE, NEXT], "left", time_s)
    assert phase.stride is None
    assert phase.on_ground is None
    assert stride_text(phase) == ""


@pytest.mark.parametrize(
    ("time_s", "event"),
    [
        (0.99, None),
        (1.0, "contact"),
        (1.09, "contact"),
        (1.1, "midstance"),
        (1.1 + HOLD_S - 0.01, "midstance"),
        (1.1 + HOLD_S + 0.01, None),
        (1.32, "toe-off"),
        (1.7, None),
    ],
)
def test_event_is_held_for_a_moment(time_s: float, event: str | None) -> None:
    """The name of an event appears when it happens, stays for the hold, and gives way to the next."""
    phase = leg_phase([STRIDE], "left", time_s)
    assert (phase.event.title if phase.event else None) == event


def test_other_leg_is_not_touched() -> None:
    """The strides of one leg say nothing about the other."""
    phase = leg_phase([STRIDE, NEXT], "right", 1.05)
    assert (phase.stride, phase.on_ground, phase.event) == (None, None, None)


def test_unknown_toe_off_leaves_contact_open() -> None:
    """Without a toe-off it is not known whether the foot is on the ground."""
    phase = leg_phase([replace(STRIDE, toe_off_s=float("nan"))], "left", 1.2)
    assert phase.stride is not None
    assert phase.on_ground is None


def test_stride_that_does_not_count_says_so() -> None:
    """A stride that is not valid is shown as not counted."""
    assert "not counted" in stride_text(leg_phase([replace(STRIDE, valid=False, reason="gap")], "left", 1.2))
