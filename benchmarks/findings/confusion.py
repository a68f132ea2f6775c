"""Counts of what was told against what was so, with their intervals, and the bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.findings.legs import Leg
from benchmarks.findings.truth import FLAGGED, Label
from midstance.science.records import Level

LEVELS: tuple[Level, ...] = ("none", "possible", "consistent", "likely", "not_assessed")
LABELS: tuple[Label, ...] = ("negative", "borderline", "positive")
LEAST_SPECIFICITY, LEAST_SENSITIVITY = 0.95, 0.80
NEVER_FLAGGED = ("stiff knee", "toe-out")
"""Kinds that alone must never be flagged."""
Z_95 = 1.96


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share; NaN of none."""
        return self.hits / self.of if self.of else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval (Wilson 1927), with the cases taken as independent; NaN of none."""
        if not self.of:
            return float("nan"), float("nan")
        shrink = 1 + Z_95**2 / self.of
        middle = (self.value + Z_95**2 / (2 * self.of)) / shrink
        half = Z_95 * sqrt(self.value * (1 - self.value) / self.of + Z_95**2 / (4 * self.of**2)) / shrink
        return middle - half, middle + half


@dataclass(frozen=True)
class Row:
    """Legs of one kind, by the level that they were given."""

    label: Label
    kind: str
    counts: Counter[Level]


@dataclass(frozen=True)
class FindingsBar:
    """A promise about the findings, and whether it holds; None where nothing can be judged."""

    words: str
    figure: str
    met: bool | None


def confusion(legs: Sequence[Leg]) -> tuple[Row, ...]:
    """Return the confusion table: negative kinds first, then borderline, then positive ones, each by name."""
    found = sorted({(LABELS.index(leg.truth.label), leg.truth.kind) for leg in legs})
    return tuple(_row(LABELS[index], kind, legs) for index, kind in found)


def sensitivity(legs: Iterable[Leg]) -> Share:
    """Return how many legs with the pattern are flagged, of those assessed."""
    asked = _assessed(legs, "positive")
    return Share(sum(flagged(leg) for leg in asked), len(asked))


def specificity(legs: Iterable[Leg]) -> Share:
    """Return how many legs without the pattern are not flagged, of those assessed."""
    asked = _assessed(legs, "negative")
    return Share(sum(not flagged(leg) for leg in asked), len(asked))


def not_assessed(legs: Sequence[Leg]) -> Share:
    """Return how many legs were not assessed."""
    return Share(sum(leg.level == "not_assessed" for leg in legs), len(legs))


def flagged(leg: Leg) -> bool:
    """Return whether a leg was given `possible` or above."""
    return leg.level in FLAGGED


def wrong(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """Return the legs that were told the wrong thing, those not assessed left out."""
    return tuple(leg for leg in legs if leg.level != "not_assessed" and leg.truth.label == _contrary(leg))


def bars_of(legs: Sequence[Leg]) -> tuple[FindingsBar, ...]:
    """Return the promises over the grid."""
    never = [leg for leg in legs if leg.truth.label == "negative" and leg.truth.kind in NEVER_FLAGGED]
    count = sum(map(flagged, never))
    return (
        _at_least("specificity over the grid", specificity(legs), LEAST_SPECIFICITY),
        _at_least("sensitivity over the grid, `possible` or above", sensitivity(legs), LEAST_SENSITIVITY),
        FindingsBar(
            "legs with a stiff knee alone or toe-out alone that reach `possible`",
            f"{count} of {len(never)} (0)",
            count == 0 if never else None,
        ),
    )


def sample_bars(legs: Sequence[Leg]) -> tuple[FindingsBar, ...]:
    """Return the promises on the samples: `typical` and `restricted`, the latter on the sides that have the pattern."""
    asked: tuple[tuple[str, Callable[[Leg], bool], tuple[Level, ...]], ...] = (
        ("typical", lambda _: True, ("none",)),
        ("restricted", lambda leg: leg.truth.label == "positive", ("consistent", "likely")),
    )
    return tuple(
        _sample_bar(name, [g for g in legs if g.runner == name and wanted(g)], ok) for name, wanted, ok in asked
    )


def _sample_bar(name: str, legs: Sequence[Leg], right: tuple[Level, ...]) -> FindingsBar:
    given = ", ".join(f"{leg.side} {leg.level}" for leg in legs) or "–"
    met = all(leg.level in right for leg in legs) if legs else None
    return FindingsBar(f"the sample `{name}`", f"{given} ({right[0]})", met)


def _at_least(words: str, share: Share, least: float) -> FindingsBar:
    met = share.value >= least if share.of else None
    return FindingsBar(words, f"{share.value:.2f} ({least:.2f})" if share.of else "–", met)


def _assessed(legs: Iterable[Leg], label: Label) -> list[Leg]:
    return [leg for leg in legs if leg.truth.label == label and leg.level != "not_assessed"]


def _row(label: Label, kind: str, legs: Sequence[Leg]) -> Row:
    return Row(label, kind, Counter(g.level for g in legs if (g.truth.label, g.truth.kind) == (label, kind)))


def _contrary(leg: Leg) -> Label:
    return "negative" if flagged(leg) else "positive"
