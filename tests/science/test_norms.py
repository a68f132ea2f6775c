from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from midstance.science.catalogue import MEASURE
from midstance.science.norms import norm_band, point_norm, why_no_band
from midstance.science.records import Instant

COLUMNS = {"knee_flexion": "knee_flex", "ankle_dorsiflexion": "ank_DF"}


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, list[float]]:
    """The columns of the published file."""
    with (shared / "data/norms/running_mean_curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) for row in rows] for name in rows[0]}


@pytest.mark.parametrize("measure", COLUMNS)
def test_band_equals_the_published_curve(measure: str, published: dict[str, list[float]]) -> None:
    """Mean and SD of a band are the file's figures, rounded to 0.1 degrees."""
    band = norm_band(measure)
    assert band is not None
    np.testing.assert_array_equal(band.percent, published["pct"])
    np.testing.assert_allclose(band.mean, published[f"{COLUMNS[measure]}_mean"], atol=0.0501)
    np.testing.assert_allclose(band.sd, published[f"{COLUMNS[measure]}_sd"], atol=0.0501)


def test_band_has_the_sign_of_the_catalogue() -> None:
    """The knee bends most in swing, and the ankle is most dorsiflexed in stance."""
    knee, ankle = norm_band("knee_flexion"), norm_band("ankle_dorsiflexion")
    assert knee is not None
    assert ankle is not None
    assert 60 < knee.percent[np.argmax(knee.mean)] < 80
    assert knee.mean.max() > 80
    assert 15 < ankle.percent[np.argmax(ankle.mean)] < 28
    assert ankle.mean.max() > 20


def test_band_carries_the_attribution_that_its_licence_asks_for() -> None:
    """A picture that shows the band can name its authors and licence."""
    band = norm_band("knee_flexion")
    assert band is not None
    assert "Fukuchi" in band.source
    assert "CC BY 4.0" in band.source


@pytest.mark.parametrize("measure", ["hip_flexion", "hip_adduction", "knee_valgus"])
def test_no_band_where_definitions_differ(measure: str) -> None:
    """Curves measured against the pelvis, or known to be unreliable, are not offered, and it is said why."""
    assert norm_band(measure) is None
    assert len(why_no_band(measure)) > 40


@pytest.mark.parametrize("measure", MEASURE)
def test_either_a_band_or_a_reason(measure: str) -> None:
    """Every measure has a band or a reason for having none, never both."""
    assert (norm_band(measure) is None) == bool(why_no_band(measure))


def test_bands_are_not_shared() -> None:
    """Changing a returned array does not change the norm."""
    first = norm_band("knee_flexion")
    assert first is not None
    first.mean[:] = 0
    again = norm_band("knee_flexion")
    assert again is not None
    assert again.mean.max() > 80


@pytest.mark.parametrize(
    ("measure", "instant", "low", "high"),
    [
        ("ankle_dorsiflexion", "stance_peak", 19.9, 25.5),
        ("knee_flexion", "midstance", 35.7, 46.1),
        ("tibial_inclination", "initial_contact", -13, -2),
        ("vertical_oscillation_m", "stride", 0.065, 0.089),
    ],
)
def test_point_norms(measure: str, instant: Instant, low: float, high: float) -> None:
    """A point norm is mean ± SD, or the published range, in the unit of the measure."""
    norm = point_norm(measure, instant)
    assert norm is not None
    assert (norm.low, norm.high) == pytest.approx((low, high))


def test_peak_dorsiflexion_norm_agrees_with_its_curve() -> None:
    """The single figure and the mean curve come from the same runners."""
    norm, band = point_norm("ankle_dorsiflexion", "stance_peak"), norm_band("ankle_dorsiflexion")
    assert norm is not None
    assert band is not None
    assert norm.low < band.mean.max() < norm.high


def test_no_point_norm_without_a_source() -> None:
    """Instants and measures that no source covers have no norm."""
    assert point_norm("ankle_dorsiflexion", "swing_peak") is None
    assert point_norm("hip_adduction", "stance_peak") is None
    assert point_norm("no_such_measure", "stride") is None


def test_a_norm_for_one_speed_says_so() -> None:
    """Contact time changes much with speed: its norm names the speed."""
    norm = point_norm("contact_time", "stride")
    assert norm is not None
    assert norm.only_at_mps == 2.5
    assert "2.5 m/s" in norm.text
