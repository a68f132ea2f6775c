"""From rules to levels: known runners, gates, what lowers a level, monotony and mirror."""

from __future__ import annotations

from dataclasses import fields, replace
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midstance.science.findings.levels import SCALE, both, either
from midstance.science.landmarks import SIDES, Side, other_side
from midstance.science.records import Finding, Level
from tests.science.findings.factory import RESTRICTED, USUAL, Leg, Run, rule

STIFF = Leg(dorsiflexion=15.5, knee=29.0, knee_mid=29.0, tibia=16.0)
TOED_OUT = Leg(toe_out=20.0)
SURE = 1.0


@pytest.mark.parametrize(
    ("leg", "level"),
    [
        (USUAL, "none"),
        (RESTRICTED, "consistent"),
        (replace(RESTRICTED, valgus=0.0), "possible"),
        (replace(RESTRICTED, toe_out=6.0), "possible"),
        (replace(RESTRICTED, toe_out=6.0, valgus=0.0, drop=10.0), "possible"),
        (replace(RESTRICTED, valgus=0.0, drop=10.0), "consistent"),
        (replace(RESTRICTED, toe_out=6.0, valgus=0.0), "none"),
        (replace(USUAL, toe_out=20.0, valgus=12.0), "none"),
        (STIFF, "none"),
        (replace(STIFF, valgus=12.0, toe_out=20.0), "none"),
        (TOED_OUT, "none"),
        (replace(RESTRICTED, toe_out=6.0, valgus=0.0, hip=25.0), "none"),
    ],
)
def test_known_runners(leg: Leg, level: Level) -> None:
    """Both legs alike or one alone, on either side: the level is that of the leg."""
    for run in (Run(leg, leg), Run(leg, USUAL), Run(USUAL, leg)):
        sides: tuple[Side, ...] = ("left",) if run.left is leg else ("right",)
        for side in sides:
            assert replace(run, error=SURE).founding(side).level == level


@pytest.mark.parametrize("error", [nan, 0.5, 2.0, 4.0])
@pytest.mark.parametrize("leg", [STIFF, TOED_OUT, replace(STIFF, toe_out=20.0)])
def test_stiff_knee_and_toe_out_are_never_possible(leg: Leg, error: float) -> None:
    """Whatever the error, a stiff knee or a toed-out foot is not the pattern."""
    for run in (Run(leg, leg, error=error), Run(leg, USUAL, error=error)):
        assert run.founding("left").level == "none"


def test_stiff_leg_and_frontal_pattern_have_their_own_words() -> None:
    """What is there is said, without calling it driven by the ankle."""
    assert "stiff-leg strategy" in Run(STIFF).founding("left").statement
    assert "frontal-plane pattern without reduced dorsiflexion" in Run(TOED_OUT).founding("left").statement
    less = Run(Leg(dorsiflexion=21.0, knee=40.0), Leg(dorsiflexion=28.0, knee=50.0), error=SURE).founding("left")
    assert "never flagged alone" in less.statement
    low_for_knee = Run(Leg(dorsiflexion=20.0, knee=45.0), Leg(dorsiflexion=20.0, knee=45.0)).founding("left")
    assert "its peak is not low" in low_for_knee.statement
    alone = Run(replace(RESTRICTED, toe_out=6.0, valgus=0.0)).founding("left")
    assert "without a compensation" in alone.statement


def test_value_near_its_threshold_lowers_the_level_by_one() -> None:
    """A valgus of one degree beyond, with an error of one degree, leaves `possible`, and the reason names the rule."""
    run = Run(replace(RESTRICTED, valgus=7.0), error=1.0)
    found = run.founding("left")
    assert found.level == "possible"
    assert any(r.startswith("C3") and "lowers" in r for r in found.reasons)
    assert replace(run, error=0.5).founding("left").level == "consistent"


def test_pattern_that_is_missed_within_the_error_is_not_ruled_out() -> None:
    """A peak one degree above its threshold is no all-clear when measuring may be off by three; with half it is."""
    leg = replace(RESTRICTED, dorsiflexion=18.0, knee=45.0)
    found = Run(leg, leg, error=2.0).founding("left")
    assert found.level == "none"
    assert "not ruled out" in found.statement
    assert any(r.startswith("S1") and "not ruled out" in r for r in found.reasons)
    sure = Run(leg, leg, error=0.4).founding("left")
    assert "ruled out" not in sure.statement
    assert "ruled out" not in " ".join(sure.reasons)


def test_usual_runner_is_told_nothing_of_ruling_out() -> None:
    """An average leg lies further from the pattern than an error of 2 deg reaches."""
    assert "ruled out" not in Run(error=2.0).founding("left").statement


def test_two_near_values_lower_the_level_once() -> None:
    """Foot and knee both near their thresholds: still `possible`, by the rule of one level."""
    leg = replace(RESTRICTED, valgus=6.5, toe_out=15.5)
    found = Run(leg, leg, error=1.0).founding("left")
    assert found.level == "possible"
    assert {r[:2] for r in found.reasons if "lowers" in r} == {"C2", "C3"}


def test_possible_near_its_threshold_becomes_none_and_is_told() -> None:
    """What is lowered to `none` is not told as absent."""
    found = Run(replace(RESTRICTED, toe_out=6.0, valgus=6.5), error=1.0).founding("left")
    assert found.level == "none"
    assert "too near to their thresholds" in found.statement


def test_unknown_error_of_the_strides_is_never_firm() -> None:
    """The published difference stands in; the restricted runner's valgus of 9.5 is beyond it."""
    assert Run(RESTRICTED).founding("left").level == "consistent"
    assert Run(replace(RESTRICTED, valgus=8.0)).founding("left").level == "possible"


def test_most_strides_must_meet_a_rule() -> None:
    """A median just beyond, in little more than half of the strides, does not count."""
    leg = replace(RESTRICTED, toe_out=6.0, valgus=6.02)
    found = Run(leg, leg, error=0.001).founding("left")
    assert rule(found, "C3").met
    assert 0.5 <= rule(found, "C3").strides_meeting < 0.7
    assert found.level == "none"
    assert any("of the strides" in r for r in found.reasons)


@pytest.mark.parametrize(
    ("change", "level", "words"),
    [
        ({"strides": 9}, "not_assessed", "9 valid strides"),
        ({"fps": 24.0}, "not_assessed", "24 frames/s"),
        ({"fps": nan}, "not_assessed", "not known"),
        ({"fps": 30.0}, "possible", "30 frames/s"),
        ({"fps": 29.97}, "possible", "30 frames/s"),
        ({"fps": 50.0}, "consistent", ""),
        ({"fps": 120.0}, "consistent", ""),
        ({"tilt": {"side_left": 6.0}}, "possible", "6.0 deg off level"),
        ({"tilt": {"side_left": -11.0}}, "not_assessed", "11.0 deg off level"),
        ({"tilt": {"front": 3.0}}, "possible", "front view"),
        ({"tilt": {"front": 5.0}}, "not_assessed", "front view"),
        ({"fps": 30.0, "tilt": {"front": 3.0}}, "possible", "30 frames/s"),
        ({"near": ("right",)}, "not_assessed", "runner's left"),
        ({"frontal": ()}, "not_assessed", "front or the rear"),
        ({"frontal": ("rear",)}, "consistent", ""),
        ({"frontal": ("front", "rear"), "tilt": {"front": 3.0}}, "consistent", ""),
    ],
)
def test_gates(change: dict[str, object], level: Level, words: str) -> None:
    """A gate bars a clip or lowers the level by one, and says what to film."""
    found = replace(Run(RESTRICTED, error=SURE), **change).founding("left")  # type: ignore[arg-type]
    assert found.level == level
    assert words in " ".join(found.reasons)
    if level == "not_assessed":
        assert found.statement.startswith("Not assessed")


def test_without_a_frontal_view_the_ankle_is_told_alone() -> None:
    """Reduced dorsiflexion is stated, its compensation is not; an average ankle needs no frontal view for `none`."""
    assert "about the ankle alone" in Run(RESTRICTED, frontal=()).founding("left").statement
    assert Run(USUAL, frontal=()).founding("left").level == "none"


def test_far_leg_without_compensation_has_no_pattern() -> None:
    """No compensation means no pattern, whatever the ankle does; that nothing is known of the ankle is said."""
    found = Run(near=("right",)).founding("left")
    assert found.level == "none"
    assert "could not be judged" in found.statement
    assert any("film from the runner's left" in r for r in found.reasons)


def test_unmeasured_pelvis_and_pronation_do_not_stop_the_rest() -> None:
    """Measures that a phone never gives are left out, not held against the runner."""
    found = Run(RESTRICTED).founding("left")
    assert {rule(found, r).met for r in ("C1", "C4")} == {None}
    assert found.level == "consistent"


def test_both_sides_short_is_found_on_both() -> None:
    """When both legs are alike the comparison falls away and the finding stays."""
    run = Run(RESTRICTED, RESTRICTED, error=SURE)
    for side in SIDES:
        found = run.founding(side)
        assert found.level == "consistent"
        assert rule(found, "S3").met is False


def rank(found: Finding) -> int:
    """Return the place of a level on the scale; a finding that is not assessed has none."""
    return SCALE.index(found.level)


degrees = st.floats(0.0, 12.0)
legs = st.builds(
    Leg,
    dorsiflexion=st.floats(8.0, 26.0),
    knee=st.floats(28.0, 48.0),
    tibia=st.floats(10.0, 27.0),
    toe_out=st.floats(-5.0, 22.0),
    valgus=st.floats(-5.0, 14.0),
    drop=st.one_of(st.just(nan), st.floats(0.0, 12.0)),
)


@settings(max_examples=60, deadline=None)
@given(leg=legs, other=legs, worse=st.tuples(*[degrees] * 5), error=st.sampled_from([nan, 0.5, 1.5, 3.0]))
def test_worse_values_never_lower_the_level(leg: Leg, other: Leg, worse: tuple[float, ...], error: float) -> None:
    """Less dorsiflexion and more compensation on one side leave its level or raise it."""
    ankle, tibia, toe_out, valgus, drop = worse
    bad = replace(
        leg,
        dorsiflexion=leg.dorsiflexion - ankle,
        tibia=leg.tibia - tibia,
        toe_out=leg.toe_out + toe_out,
        valgus=leg.valgus + valgus,
        drop=leg.drop + drop,
    )
    run = Run(leg, other, strides=10, error=error)
    assert rank(replace(run, left=bad).founding("left")) >= rank(run.founding("left"))


@settings(max_examples=30, deadline=None)
@given(leg=legs, lunge=st.floats(10.0, 45.0), less=st.floats(0.0, 20.0))
def test_shorter_lunge_never_lowers_the_level(leg: Leg, lunge: float, less: float) -> None:
    """A shorter lunge leaves the level or raises it."""
    run = Run(leg, USUAL, strides=10, error=1.0)
    short = run.founding("left", lunge_left_deg=max(0.0, lunge - less), lunge_right_deg=38.0)
    assert rank(short) >= rank(run.founding("left", lunge_left_deg=lunge, lunge_right_deg=38.0))


@settings(max_examples=20, deadline=None)
@given(leg=legs, one=st.floats(0.5, 4.0), more=st.floats(0.0, 4.0))
def test_larger_error_never_raises_the_level(leg: Leg, one: float, more: float) -> None:
    """Less certain numbers cannot make a stronger claim."""
    run = Run(leg, USUAL, strides=10, error=one)
    assert rank(replace(run, error=one + more).founding("left")) <= rank(run.founding("left"))


@settings(max_examples=20, deadline=None)
@given(left=legs, right=legs, near=st.sampled_from([("left", "right"), ("right",), ("left",)]))
def test_mirror(left: Leg, right: Leg, near: tuple[Side, ...]) -> None:
    """Left and right exchanged, the findings change sides and nothing else."""
    run = Run(left, right, near=near, strides=10)
    there = {(f.id, f.side): f for f in run.findings()}
    back = {(f.id, f.side): f for f in run.mirrored().findings()}
    for (name, side), found in there.items():
        other = back[name, "both" if side == "both" else other_side(side)]
        if name == "asymmetry":
            continue
        assert found.level == other.level
        assert swapped(found.statement) == other.statement
        assert [comparable(found, e) for e in range(len(found.evidence))] == [
            comparable(other, e) for e in range(len(other.evidence))
        ]


def comparable(found: Finding, index: int) -> list[object]:
    """Return a rule's answer without the names of sides; NaN as text, since it equals nothing."""
    evidence = found.evidence[index]
    return [
        str(v) if isinstance(v, float) else v
        for f in fields(evidence)
        if f.name not in {"view", "reason"}
        for v in [getattr(evidence, f.name)]
    ]


def swapped(text: str) -> str:
    """Exchange the words left and right."""
    return text.replace("left", "<").replace("right", "left").replace("<", "right")


def test_asymmetry_changes_its_sign_in_the_mirror() -> None:
    """Left less right."""
    run = Run(RESTRICTED)
    one, two = (next(f for f in r.findings() if f.id == "asymmetry") for r in (run, run.mirrored()))
    assert [e.value for e in one.evidence] == pytest.approx([-e.value for e in two.evidence])


def test_three_values() -> None:
    """What decides either way decides although something is unknown."""
    assert both(True, None) is None  # noqa: FBT003 - the values under test
    assert both(False, None) is False  # noqa: FBT003 - as above
    assert either((True, None)) is True
    assert either((False, None)) is None
    assert both(True, True) is True  # noqa: FBT003 - as above
    assert either(()) is False
