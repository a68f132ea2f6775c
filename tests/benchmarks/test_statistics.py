from __future__ import annotations

import numpy as np
import pytest

from midstance.science.agreement import agreement


def test_known_answers() -> None:
    """Bias, SD, RMSE and limits of agreement are those worked out by hand."""
    found = agreement([10, 20, 30, 40], [11, 23, 31, 43])
    assert found.n == 4
    assert found.bias == pytest.approx(2.0)
    assert found.sd == pytest.approx(np.sqrt(4 / 3))
    assert found.rmse == pytest.approx(np.sqrt(5.0))
    assert found.limits == pytest.approx((2 - 1.96 * np.sqrt(4 / 3), 2 + 1.96 * np.sqrt(4 / 3)))


def test_slope_shows_lost_sensitivity() -> None:
    """An estimate that shows half of each true change has slope 0.5, whatever its offset."""
    truth = np.linspace(-5, 10, 40)
    assert agreement(truth, 0.5 * truth + 7).slope == pytest.approx(0.5)


def test_slope_is_left_out_where_truth_hardly_varies() -> None:
    """A truth that varies less than the noise tells no slope."""
    rng = np.random.default_rng(1)
    truth = 20 + 0.1 * rng.standard_normal(30)
    assert np.isnan(agreement(truth, truth + rng.standard_normal(30)).slope)


def test_missing_values_are_left_out_in_pairs() -> None:
    """A pair with a missing value on either side does not count."""
    found = agreement([1, np.nan, 3], [2, 5, np.nan])
    assert (found.n, found.bias) == (1, 1.0)
    assert np.isnan(found.sd)


def test_nothing_to_compare() -> None:
    """Without pairs there are no numbers, and no warning."""
    found = agreement([], [])
    assert found.n == 0
    assert np.isnan(found.bias)
