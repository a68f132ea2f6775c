"""Standard errors: where they come from, and how strides shrink them."""

from __future__ import annotations

import numpy as np
import pytest

from midstance.science import _error_figures as figures
from midstance.science import _error_figures_mediapipe as mediapipe_figures
from midstance.science import uncertainty
from midstance.science.catalogue import MEASURES
from midstance.science.model_names import model_name, own_trust
from midstance.science.uncertainty import StandardError, of_median, standard_error, too_uncertain


@pytest.fixture(autouse=True)
def _known_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {("knee_flexion", "midstance", "near"): (2.0, 1.5), ("ankle_dorsiflexion", "midstance", "near"): (1.5, 1.0)}
    monkeypatch.setattr(figures, "ERRORS", known)


def test_error_of_a_stride_holds_both_parts() -> None:
    """What runners share and what strides add come together as independent errors do."""
    found = standard_error("knee_flexion", "midstance", "near", 60)
    assert (found.shared, found.own) == (2.0, 1.5)
    assert found.total == pytest.approx(2.5)


def test_slow_camera_has_half_as_much_again() -> None:
    """Below 50 frames a second the errors are stated 1.5 times as large."""
    assert standard_error("knee_flexion", "midstance", "near", 30).total == pytest.approx(1.5 * 2.5)


def test_dorsiflexion_carries_the_unknown_standing_neutral() -> None:
    """No rendered runner shows how a person's own neutral differs: it is added."""
    assert standard_error("ankle_dorsiflexion", "midstance", "near", 60).shared == pytest.approx(np.hypot(1.5, 2.5))


def test_what_was_not_measured_is_not_known() -> None:
    """No figure is made up, and what is not known is not called too uncertain."""
    unknown = standard_error("knee_flexion", "toe_off", "near", 60)
    assert np.isnan(unknown.total)
    assert not too_uncertain("knee_flexion", unknown)


def test_strides_shrink_their_own_part_alone() -> None:
    """With many strides the error of a median tends to what the strides share."""
    errors = [of_median(2.0, 3.0, n) for n in (2, 9, 10_000)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[1] == pytest.approx(np.hypot(2.0, 1.0))
    assert errors[2] == pytest.approx(2.0, rel=0.001)
    assert np.isnan(of_median(2.0, float("nan"), 1))


@pytest.mark.parametrize(("shared", "expected"), [(4.9, False), (5.1, True)])
def test_more_than_five_degrees_is_too_uncertain(shared: float, expected: bool) -> None:  # noqa: FBT001 - a parameter
    """The usual limit for joint angles; strides do not matter, since more of them can be taken."""
    assert too_uncertain("knee_flexion", StandardError(shared, 9.0)) is expected


def test_every_limit_belongs_to_a_unit_of_the_catalogue() -> None:
    """A limit in a unit that nothing has would never be asked."""
    assert set(uncertainty.MOST_TRUSTED) <= {m.unit for m in MEASURES}


def test_less_trust_in_our_networks_means_larger_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Squares of errors are mixed by the networks' weight: none at all is what MediaPipe alone is off by."""
    alone = {("knee_flexion", "midstance", "near"): (4.0, 3.0)}
    monkeypatch.setattr(mediapipe_figures, "ERRORS", alone)
    found = [standard_error("knee_flexion", "midstance", "near", 60, own_trust=t) for t in (1.0, 0.5, 0.0)]
    assert [round(e.shared, 3) for e in found] == [2.0, round(float(np.sqrt(10)), 3), 4.0]
    assert found[2].own == 3.0


@pytest.mark.parametrize(
    ("model", "trust"),
    [("heavy+own97", 0.97), ("heavy", 0.0), (None, 0.0), ("my+own.task", 0.0), ("a+own1+own5", 0.05)],
)
def test_trust_is_read_from_the_name_of_the_model(model: str | None, trust: float) -> None:
    """So it outlives a landmarks file; names of other makers' models mean none."""
    assert own_trust(model) == trust
    assert own_trust(model_name("heavy", 0.875)) == 0.88
