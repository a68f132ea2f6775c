"""From rules to a level: which rules must hold together, and what lowers the result.

All combinations are three-valued: what decides either way although something is unknown, decides. A rule that
needs something rarely measured (pronation, pelvic drop, the other side) counts when it is met and is otherwise
left out, so that its absence does not stop the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from midstance.science.findings.rule import detectable
from midstance.science.records import Evidence, Level

LEAST_SHARE = 0.7
"""Share of the strides in which a rule must be met to count."""
SCALE: tuple[Level, ...] = ("none", "possible", "consistent", "likely")
Answer = bool | None


@dataclass(frozen=True)
class Pattern:
    """The parts that a level rests on, three-valued."""

    low: Answer
    """S1 or S3: little dorsiflexion."""
    low_for_knee: Answer
    """S2: little for the knee flexion."""
    foot: Answer
    knee_hip: Answer
    lunge: bool
    """A lunge test that is short."""
    low_peak: Answer
    """S1 alone: little by itself, not only against the other side."""

    @property
    def reduced(self) -> Answer:
        """Reduced dorsiflexion: S2 with S1 or S3."""
        return both(self.low_for_knee, self.low)

    @property
    def compensation(self) -> Answer:
        """Any compensation."""
        return either((self.foot, self.knee_hip))


@dataclass(frozen=True)
class Verdict:
    """A level and how it came about."""

    level: Level
    raw: Level
    """By the medians alone."""
    pattern: Pattern
    weak: tuple[Evidence, ...]
    """Deciding values within one detectable difference of their thresholds."""
    doubts: tuple[str, ...]
    ample_lunge: bool
    near: tuple[Evidence, ...] = ()
    """Rules that are not met, by less than the detectable difference, without which the pattern cannot be ruled out."""


def both(*answers: Answer) -> Answer:
    """Three-valued and."""
    return False if False in answers else None if None in answers else True


def either(answers: Iterable[Answer]) -> Answer:
    """Three-valued or."""
    given = tuple(answers)
    return True if True in given else None if None in given else False


def counts(evidence: Evidence) -> Answer:
    """Return whether a rule counts: met, and in at least 70 % of the strides."""
    if evidence.met is None:
        return None
    return evidence.met and (not evidence.strides or evidence.strides_meeting >= LEAST_SHARE)


def firm(evidence: Evidence) -> Answer:
    """Return whether a rule counts, and by more than the detectable difference; an unknown error is never firm."""
    if evidence.met is None:
        return None
    return bool(counts(evidence)) and evidence.margin >= detectable(evidence.standard_error)


def conceivable(evidence: Evidence) -> Answer:
    """Return whether a rule may hold: it counts, or misses its threshold by less than the detectable difference."""
    if evidence.met is None:
        return None
    return bool(counts(evidence)) or _just_missed(evidence)


def _just_missed(evidence: Evidence) -> bool:
    return evidence.met is False and evidence.margin > -detectable(evidence.standard_error)


PARTS: dict[str, tuple[str, ...]] = {
    "low": ("S1", "S3", "S3b"),
    "low_for_knee": ("S2",),
    "foot": ("C2", "C1", "C2b"),
    "knee_hip": ("C3", "C4"),
    "lunge": ("L1", "L2"),
}
"""The rules of each part of the pattern. The first one is needed; the others count when they are met."""


def pattern_of(rules: Mapping[str, Evidence], holds: Callable[[Evidence], Answer] = counts) -> Pattern:
    """Combine the rules."""

    def part(name: str) -> Answer:
        needed, *extra = PARTS[name]
        return either((holds(rules[needed]), *(holds(rules[rule]) is True for rule in extra)))

    return Pattern(
        low=part("low"),
        low_for_knee=part("low_for_knee"),
        foot=part("foot"),
        knee_hip=part("knee_hip"),
        lunge=part("lunge") is True,
        low_peak=holds(rules["S1"]),
    )


def level_of_pattern(pattern: Pattern) -> Level:
    """Return the level that a pattern stands for."""
    possible = both(pattern.reduced, pattern.compensation)
    if possible is None:
        return "not_assessed"
    if not possible:
        return "none"
    if not both(pattern.foot, pattern.knee_hip):
        return "possible"
    return "likely" if pattern.lunge else "consistent"


def decide(rules: Mapping[str, Evidence], doubts: tuple[str, ...] = (), *, ample_lunge: bool = False) -> Verdict:
    """Return the level of one side.

    The level by the medians is lowered by one when deciding values lie within one detectable difference of
    their thresholds, unless the values that lie further beyond carry the same level by themselves: the level is
    the greater of the level by firm rules alone and the level by all rules less one. So a worse value never
    lowers it. A doubt about the capture lowers it by one more, and so does a lunge test with ample range.
    Where no level is reached, the verdict says by which rules it was missed so narrowly that it cannot be ruled out.
    """
    pattern = pattern_of(rules)
    raw = level_of_pattern(pattern)
    if raw == "not_assessed":
        return Verdict(raw, raw, pattern, (), doubts, ample_lunge)
    if raw == "none":
        return Verdict(raw, raw, pattern, (), doubts, ample_lunge, _near(rules))
    firmly = pattern_of(rules, firm)
    sure = level_of_pattern(firmly)
    rank = max(SCALE.index(raw) - 1, SCALE.index(sure) if sure in SCALE else 0)
    weak = _weak(rules, pattern, firmly) if rank < SCALE.index(raw) else ()
    rank -= bool(doubts) + ample_lunge
    return Verdict(SCALE[max(rank, 0)], raw, pattern, weak, doubts, ample_lunge)


def _near(rules: Mapping[str, Evidence]) -> tuple[Evidence, ...]:
    """Return the rules that were just missed, where the pattern would be there if they were met."""
    if level_of_pattern(pattern_of(rules, conceivable)) not in SCALE[1:]:
        return ()
    names = [rule for part in ("low", "low_for_knee", "foot", "knee_hip") for rule in PARTS[part]]
    return tuple(rules[rule] for rule in names if _just_missed(rules[rule]))


def _weak(rules: Mapping[str, Evidence], pattern: Pattern, firmly: Pattern) -> tuple[Evidence, ...]:
    """Return the rules that carry a part of the pattern by themselves and are too near to their thresholds."""
    asked = [part for part in PARTS if part != "lunge" or level_of_pattern(pattern) == "likely"]
    shaky = [part for part in asked if getattr(pattern, part) and not getattr(firmly, part)]
    return tuple(rules[rule] for part in shaky for rule in PARTS[part] if counts(rules[rule]))
