from __future__ import annotations

from benchmarks.accuracy.matching import Matching, match_stances
from benchmarks.accuracy.records import TruthStance

from midstance.science.landmarks import Side
from midstance.science.records import Stride

SPAN_S = (0.0, 10.0)
TRUTH = tuple(
    TruthStance("left" if i % 2 == 0 else "right", 1 + 0.35 * i, 1.25 + 0.35 * i, 1.1 + 0.35 * i) for i in range(10)
)


def _found_at(side: Side, contact_s: float) -> Stride:
    return Stride(side, 1, contact_s, contact_s + 0.1, contact_s + 0.25, contact_s + 0.7, True, True, "")  # noqa: FBT003


def _match(found: list[Stride]) -> Matching:
    return match_stances(found, TRUTH, SPAN_S)


def _as_true(shift_s: float = 0.0) -> list[Stride]:
    return [_found_at(t.side, t.initial_contact_s + shift_s) for t in TRUTH]


def test_all_found() -> None:
    """Stances that are a little late are still all matched, each with its own."""
    matching = _match(_as_true(0.03))
    assert [(s.side, t.initial_contact_s) for s, t in matching.pairs] == [(t.side, t.initial_contact_s) for t in TRUTH]
    assert not matching.missed + matching.false + matching.exchanged
    assert matching.judged == len(TRUTH)


def test_missed() -> None:
    """A stance that was not found is missed, and only that one."""
    matching = _match([s for i, s in enumerate(_as_true()) if i != 4])
    assert matching.missed == (TRUTH[4],)
    assert not matching.false


def test_false() -> None:
    """A stance between two true ones is false; the true ones keep theirs."""
    matching = _match([*_as_true(), _found_at("left", 1.17)])
    assert [s.initial_contact_s for s in matching.false] == [1.17]
    assert len(matching.pairs) == len(TRUTH)


def test_found_twice() -> None:
    """Of two stances for one true one the nearer counts, the other is false."""
    matching = _match([*_as_true(), _found_at("left", 1.02)])
    assert [s.initial_contact_s for s in matching.false] == [1.02]
    assert matching.pairs[0][0].initial_contact_s == 1.0


def test_too_far_off() -> None:
    """A stance off by more than 80 ms is both missed and false."""
    matching = _match([_found_at(t.side, t.initial_contact_s + (0.1 if i == 4 else 0)) for i, t in enumerate(TRUTH)])
    assert len(matching.missed) == len(matching.false) == 1


def test_exchanged() -> None:
    """A stance at the right time with the wrong side is exchanged, not false."""
    stances = _as_true()
    stances[4] = _found_at("right", TRUTH[4].initial_contact_s)
    matching = _match(stances)
    assert matching.exchanged == (stances[4],)
    assert not matching.false


def test_edges_of_the_clip() -> None:
    """A stance that the clip's end cuts is not missed; one found beyond the truth is not false."""
    matching = match_stances([_found_at("right", 5.2)], TRUTH, (0.0, TRUTH[0].toe_off_s + 0.15))
    assert matching.judged == 1
    assert matching.missed == (TRUTH[0],)
    assert not matching.false
