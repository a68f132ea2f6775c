"""Each rule with known answers: met, not met, and not judged with its reason."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan

import numpy as np
import pytest

from midstance.science.findings.readings import Reading, Readings, combined, difference, fallback_error, pooled
from midstance.science.findings.rule import DRAWS, closeness, detectable, probability
from midstance.science.records import Evidence
from tests.science.findings.factory import HIDDEN, RESTRICTED, USUAL, Leg, Run, rule


def judged(name: str, left: Leg, right: Leg = USUAL, **lunges: float) -> Evidence:
    """Return what a rule says of the left side."""
    return rule(Run(left, right).founding("left", **lunges), name)


@pytest.mark.parametrize(
    ("name", "leg", "met", "value", "margin"),
    [
        ("S1", Leg(dorsiflexion=16.0), True, 16.0, 1.0),
        ("S1", Leg(dorsiflexion=17.1), False, 17.1, -0.1),
        ("S2", Leg(dorsiflexion=18.0, knee=40.0), True, 18.0 - 22.2, 0.7),
        ("S2", Leg(dorsiflexion=19.0, knee=40.0), False, 19.0 - 22.2, -0.3),
        ("S2", Leg(dorsiflexion=16.0, knee=30.0), False, 16.0 - 18.0, -1.5),
        ("S3", Leg(dorsiflexion=17.5), True, 5.2, 0.2),
        ("S3", Leg(dorsiflexion=18.0), False, 4.7, -0.3),
        ("S3b", Leg(tibia=17.5), True, 5.5, 0.5),
        ("C2", Leg(toe_out=15.5), True, 15.5, 0.5),
        ("C2", Leg(toe_out=14.5), False, 14.5, -0.5),
        ("C2b", Leg(toe_out=11.5), True, 5.5, 0.5),
        ("C2b", Leg(toe_out=10.5), False, 4.5, -0.5),
        ("C3", Leg(valgus=6.5), True, 6.5, 0.5),
        ("C3", Leg(valgus=5.5), False, 5.5, -0.5),
        ("C4", Leg(drop=8.0), True, 8.0, 0.5),
        ("C4", Leg(drop=7.0), False, 7.0, -0.5),
    ],
)
def test_rules_answer_at_their_thresholds(name: str, leg: Leg, met: bool, value: float, margin: float) -> None:  # noqa: FBT001 - a case
    """A value beyond the threshold meets the rule, one short of it does not; the margin says by how much."""
    found = rule(Run(leg, error=1.0).founding("left"), name)
    assert found.met is met
    assert found.value == pytest.approx(value, abs=0.01)
    assert found.margin == pytest.approx(margin, abs=0.01)
    assert found.strides == 12
    assert found.source


def test_side_difference_must_exceed_what_two_measurements_can_tell() -> None:
    """With a large error, 5 deg between the sides is not enough: the threshold is 1.96 errors of the difference."""
    found = rule(Run(Leg(dorsiflexion=17.0), error=3.0).founding("left"), "S3")
    assert found.threshold == pytest.approx(1.96 * 3.0 * np.sqrt(2))
    assert found.met is False


def test_borderline_peak_is_said() -> None:
    """Between the 5th and the 10th centile the rule is not met, and that is said."""
    found = judged("S1", Leg(dorsiflexion=19.0))
    assert found.met is False
    assert "borderline" in found.reason
    assert "borderline" not in judged("S1", Leg(dorsiflexion=21.0)).reason


@pytest.mark.parametrize(
    ("name", "leg", "words"),
    [
        ("S1b", USUAL, "no source"),
        ("C1", USUAL, "markers"),
        ("C4", USUAL, HIDDEN),
        ("C4b", Leg(hip=25.0), "thigh against vertical"),
        ("C5", USUAL, HIDDEN),
        ("C5", Leg(tilt=20.0), "display only"),
        ("L1", USUAL, "no lunge test"),
        ("L2", USUAL, "both sides"),
        ("R", USUAL, "no lunge test"),
        ("S1", Leg(dorsiflexion=nan), HIDDEN),
        ("S2", Leg(knee=nan), HIDDEN),
        ("C2", Leg(toe_out=nan), HIDDEN),
    ],
)
def test_what_cannot_be_judged_says_why(name: str, leg: Leg, words: str) -> None:
    """The answer is None with a reason; nothing is made up."""
    found = judged(name, leg)
    assert found.met is None
    assert words in found.reason
    assert isnan(found.margin)
    assert isnan(found.probability)


def test_numbers_that_are_shown_only_are_shown() -> None:
    """A number without a threshold of its own is still told."""
    assert judged("C4b", Leg(hip=25.0)).value == pytest.approx(25.0)
    assert judged("S1b", Leg(tibia=12.0)).value == pytest.approx(12.0)


def test_far_leg_is_not_sagittal_evidence() -> None:
    """With one side clip, the far leg has no S rules, and the near one no comparison; the frontal rules stay."""
    run = Run(RESTRICTED, RESTRICTED, near=("right",))
    left, right = run.founding("left"), run.founding("right")
    assert all(rule(left, s).met is None and "left" in rule(left, s).reason for s in ("S1", "S2", "S3", "S3b"))
    assert rule(right, "S1").met
    assert rule(right, "S3").met is None
    assert rule(left, "C2").met


def test_each_leg_comes_from_the_clip_in_which_it_is_near() -> None:
    """With a clip from both sides, no number is taken from the far leg."""
    run = Run(RESTRICTED)
    assert rule(run.founding("left"), "S1").view == "side_left"
    assert rule(run.founding("right"), "S1").view == "side_right"


def test_few_values_are_no_median() -> None:
    """Six values of a measure are not judged although the clip has enough strides."""
    run = Run(RESTRICTED)
    views = tuple(
        replace(v, values=tuple(x for x in v.values if x.measure != "knee_valgus" or x.stride <= 6))
        for v in run.views()
    )
    reading = Readings(views, run.summary()).read("front", "left", "knee_valgus", "midstance")
    assert "6 strides" in reading.missing


def test_residual_pairs_the_strides() -> None:
    """The residual takes both angles of the same stride, and joins their errors."""
    strides = tuple(range(1, 9))
    ankle = Reading("a", "x", values=np.arange(8.0), strides=strides, standard_error=3.0)
    knee = Reading("k", "x", values=np.arange(8.0)[::-1], strides=strides[::-1], standard_error=4.0)
    found = combined(ankle, knee, 1.0, 0.5)
    assert found.values == pytest.approx(0.5 * np.arange(8.0) - 1.0)
    assert found.standard_error == pytest.approx(np.hypot(3.0, 2.0))
    apart = replace(knee, strides=tuple(range(4, 12)))
    assert "5 strides" in combined(ankle, apart, 1.0, 0.5).missing


def test_difference_and_pool_keep_what_is_missing() -> None:
    """A difference with nothing says which side; a pool takes what there is."""
    there = Reading("a", "x", values=np.ones(8), strides=tuple(range(8)), standard_error=1.0)
    gone = Reading("a", "x", missing="hidden")
    assert difference(there, gone).missing == "the other side: hidden"
    assert difference(gone, there).missing == "hidden"
    assert pooled([gone, there]).value == 1.0
    assert pooled([gone, gone]).missing == "hidden"


def test_unknown_error_falls_back_on_the_published_difference() -> None:
    """Angles take the published smallest detectable difference; other units the scatter of the strides."""
    assert fallback_error("ankle_dorsiflexion", "deg", np.zeros(3)) == pytest.approx(4.8 / 1.96 / np.sqrt(2))
    assert fallback_error("cadence", "steps/min", np.array([0.0, 2.0])) == pytest.approx(1.0)
    assert isnan(fallback_error("cadence", "steps/min", np.ones(1)))
    assert judged("S1", USUAL).standard_error == pytest.approx(4.8 / 1.96 / np.sqrt(2))


def test_known_error_is_used() -> None:
    """The summary's own standard error goes before the published one."""
    assert rule(Run(error=0.7).founding("left"), "S1").standard_error == 0.7


def test_probability_is_the_share_of_draws_beyond_the_threshold() -> None:
    """Half at the threshold, the normal share at one error beyond it, certain without error."""
    strides = tuple(range(20))
    reading = Reading("a", "x", values=np.zeros(20), strides=strides, standard_error=2.0)
    assert probability(reading, 0.0, 1.0) == pytest.approx(0.5, abs=0.03)
    assert probability(reading, -2.0, 1.0) == pytest.approx(0.841, abs=0.02)
    assert probability(reading, -2.0, -1.0) == pytest.approx(0.159, abs=0.02)
    assert probability(replace(reading, standard_error=0.0), 1.0, 1.0) == 0.0
    assert DRAWS >= 1000


def test_strides_scatter_is_counted_once() -> None:
    """A standard error that the strides' scatter explains alone is not added to it again."""
    values = np.array([0.0, 10.0] * 10)
    strides = tuple(range(20))
    scatter = Reading("a", "x", values=values, strides=strides, standard_error=0.0)
    both = replace(scatter, standard_error=1.0)
    assert probability(scatter, 4.0, 1.0) == probability(both, 4.0, 1.0)


def test_detectable_difference_is_one_sided() -> None:
    """A value beyond by the detectable difference lies beyond with 95 %; nearer values are told, unknown errors too."""
    reading = Reading("a", "x", values=np.full(20, detectable(2.0)), strides=tuple(range(20)), standard_error=2.0)
    assert probability(reading, 0.0, 1.0) == pytest.approx(0.95, abs=0.01)
    assert not closeness(detectable(2.0), 2.0, "deg")
    assert "beyond" in closeness(1.0, 2.0, "deg")
    assert "short of" in closeness(-1.0, 2.0, "deg")
    assert "not known" in closeness(9.0, nan, "deg")


def test_strides_meeting_is_their_share() -> None:
    """The share counts single strides, not the median."""
    found = rule(Run(Leg(toe_out=15.0)).founding("left"), "C2")
    assert 0.4 < found.strides_meeting < 0.7
    assert judged("C2", Leg(toe_out=18.0)).strides_meeting == 1.0
    assert judged("C2", USUAL).strides_meeting == 0.0
