from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science._toe_off_lag import BY_FLIGHT, BY_FLIGHT_AND_FOOT
from midstance.science.landmarks import SIDES, Side
from midstance.science.stances import Contact
from midstance.science.toe_offs import LagSigns, lag_signs, steady_toe_offs, without_stray_toe_offs

STEP_S, CONTACT_S, LAG_S = 0.36, 0.26, 0.045
TRUE = tuple(Contact(SIDES[i % 2], STEP_S * i, STEP_S * i + CONTACT_S) for i in range(16))
TOPS_S = np.array([c.toe_off_s + LAG_S for c in TRUE])
DOWN_S = STEP_S - CONTACT_S - LAG_S


def _leavings_s(spread_s: float = 0.0) -> dict[Side, np.ndarray]:
    """When feet slow down so that flight and foot together tell the true lag; spread: by how much each is off."""
    at_zero_s, of_flight, of_foot = BY_FLIGHT_AND_FOOT
    before_s = (LAG_S - at_zero_s - of_flight * DOWN_S) / of_foot
    off_s = spread_s * (np.arange(len(TRUE)) // 2 % 2 * 2 - 1)
    return {side: (TOPS_S - before_s + off_s)[i::2] for i, side in enumerate(SIDES)}


@pytest.mark.parametrize("late_s", [-0.02, 0.0, 0.03])
def test_how_late_a_foot_shows_toe_off_does_not_matter(late_s: float) -> None:
    """Where flight and foot tell the lag, toe-off is right however slowly the foot leaves; contacts stay."""
    shown = tuple(replace(c, toe_off_s=c.toe_off_s + late_s) for c in TRUE)
    found = steady_toe_offs(shown, TOPS_S, _leavings_s())
    np.testing.assert_allclose([f.toe_off_s for f in found], [c.toe_off_s for c in TRUE], atol=1e-9)
    assert [f.initial_contact_s for f in found] == [c.initial_contact_s for c in TRUE]


def test_single_toe_offs_follow_the_tops() -> None:
    """A stance that ends 15 ms later than the others, top and all, is found to."""
    true = [replace(c, toe_off_s=c.toe_off_s + 0.015 * (i == 7)) for i, c in enumerate(TRUE)]
    tops_s = TOPS_S + 0.015 * (np.arange(16) == 7)
    found = steady_toe_offs(TRUE, tops_s, _leavings_s())
    np.testing.assert_allclose([f.toe_off_s for f in found], [c.toe_off_s for c in true], atol=1e-9)


def test_a_foot_out_of_step_leaves_it_to_the_flight() -> None:
    """Where a foot slows down now early and now late, only the time down from the tops counts."""
    signs = lag_signs(TRUE, TOPS_S, _leavings_s(0.03)["left"], "left")
    assert np.isnan(signs.leaving_s)
    assert signs.lag_s == pytest.approx(BY_FLIGHT[0] + BY_FLIGHT[1] * DOWN_S)


def test_without_signs_toe_off_stays_as_the_foot_shows_it() -> None:
    """No top, or tops that keep step with nothing, or four stances: nothing is moved."""
    assert np.isnan(LagSigns(np.nan, np.nan).lag_s)
    nowhere: dict[Side, np.ndarray] = {side: np.empty(0) for side in SIDES}
    assert steady_toe_offs(TRUE, np.empty(0), _leavings_s()) == TRUE
    assert steady_toe_offs(TRUE, TOPS_S + np.resize([0.03, 0.0, -0.03], 16), nowhere) == TRUE
    assert steady_toe_offs(TRUE[:8], TOPS_S[:8], _leavings_s()) == TRUE[:8]


def _of_lengths(side: Side, *lengths_s: float) -> tuple[Contact, ...]:
    return tuple(Contact(side, 0.7 * i, 0.7 * i + length_s) for i, length_s in enumerate(lengths_s))


def test_a_stray_toe_off_is_timed_by_the_usual_contact_time() -> None:
    """One stance of five that seems a tenth of a second longer gets the median length; usual differences stay."""
    shown = _of_lengths("left", 0.25, 0.26, 0.36, 0.24, 0.22)
    lengths_s = [c.toe_off_s - c.initial_contact_s for c in without_stray_toe_offs(shown)]
    np.testing.assert_allclose(lengths_s, [0.25, 0.26, 0.25, 0.24, 0.22])


def test_few_stances_and_the_other_leg_are_no_measure_of_a_stray() -> None:
    """Of two stances nobody knows which is odd; legs that differ from each other are both as they are shown."""
    two = _of_lengths("left", 0.25, 0.36)
    assert without_stray_toe_offs(two) == two
    limping = (*_of_lengths("left", 0.25, 0.25, 0.25), *_of_lengths("right", 0.33, 0.33, 0.33))
    assert without_stray_toe_offs(limping) == limping
