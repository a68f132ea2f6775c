"""Which stance of the product is which stance of the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.accuracy.records import TruthStance
from midstance.science.landmarks import Side, other_side
from midstance.science.records import Stride

NEAREST_WITHIN_S = 0.08
Item = TypeVar("Item")
EDGE_S = 0.1
"""A true stance that begins or ends nearer than this to an end of the clip may be missed."""


@dataclass(frozen=True)
class Matching:
    """The stances of one view against the truth."""

    pairs: tuple[tuple[Stride, TruthStance], ...]
    missed: tuple[TruthStance, ...]
    false: tuple[Stride, ...]
    exchanged: tuple[Stride, ...]
    """Found at the contact of the other foot; not among the false ones."""
    judged: int
    """True stances that count: those within the clip."""


def match_stances(found: Sequence[Stride], truth: Sequence[TruthStance], clip_span_s: tuple[float, float]) -> Matching:
    """Pair stances of the same side by the nearest initial contact, each once.

    Stances found before the first or after the last true one are not judged: the truth may begin late.

    Parameters
    ----------
    found : sequence of Stride
    truth : sequence of TruthStance
    clip_span_s : tuple
        First and last time of the clip.
    """
    pairs = _nearest_pairs(found, truth)
    unpaired = _without(found, [s for s, _ in pairs])
    lost = _without(truth, [t for _, t in pairs])
    crossed = _nearest_pairs(unpaired, lost, crossed=True)
    false = [s for s in _without(unpaired, [s for s, _ in crossed]) if _covered(s, truth)]
    within = [t for t in truth if _within(t, clip_span_s)]
    missed = [t for t in lost if _within(t, clip_span_s)]
    return Matching(tuple(pairs), tuple(missed), tuple(false), tuple(s for s, _ in crossed), len(within))


def _nearest_pairs(
    found: Sequence[Stride], truth: Sequence[TruthStance], *, crossed: bool = False
) -> list[tuple[Stride, TruthStance]]:
    """Take the closest pair first, then the closest of those left, and so on."""
    candidates = sorted(
        (abs(s.initial_contact_s - t.initial_contact_s), i, j)
        for i, s in enumerate(found)
        for j, t in enumerate(truth)
        if _wanted_side(s.side, crossed=crossed) == t.side
    )
    used_found: set[int] = set()
    used_truth: set[int] = set()
    out = []
    for distance_s, i, j in candidates:
        if distance_s > NEAREST_WITHIN_S:
            break
        if i not in used_found and j not in used_truth:
            used_found.add(i)
            used_truth.add(j)
            out.append((found[i], truth[j]))
    return sorted(out, key=lambda pair: pair[1].initial_contact_s)


def _wanted_side(side: Side, *, crossed: bool) -> Side:
    return other_side(side) if crossed else side


def _without(items: Sequence[Item], taken: Sequence[Item]) -> list[Item]:
    ids = {id(item) for item in taken}
    return [item for item in items if id(item) not in ids]


def _covered(stride: Stride, truth: Sequence[TruthStance]) -> bool:
    if not truth:
        return True
    contacts = [t.initial_contact_s for t in truth]
    return min(contacts) - NEAREST_WITHIN_S <= stride.initial_contact_s <= max(contacts) + NEAREST_WITHIN_S


def _within(stance: TruthStance, span_s: tuple[float, float]) -> bool:
    return stance.initial_contact_s >= span_s[0] + EDGE_S and stance.toe_off_s <= span_s[1] - EDGE_S
