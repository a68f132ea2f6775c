"""The part of ACCURACY.md that tells who is flagged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.findings.confusion import (
    LEVELS,
    FindingsBar,
    Row,
    Share,
    bars_of,
    confusion,
    not_assessed,
    sample_bars,
    sensitivity,
    specificity,
    wrong,
)
from benchmarks.findings.legs import Leg
from benchmarks.findings.truth import MARGIN_DEG
from benchmarks.markdown import number, table

TITLE = "## Who is flagged"
TEXT = f"""\
Rendered runners over a grid: dorsiflexion usual or low, compensation (foot, knee and pelvis) there or not, a stiff
knee or not, feet turned out by habit or not, on both sides or on one. Each is filmed from both sides and from the
front, and all clips of a runner are analysed together, without speed, height or lunge test; *with a standing trial*
two seconds of standing from both sides tell the zeros of the ankles besides. What a leg ought to be told follows from
the truth by the same rules: *positive* has reduced dorsiflexion for its knee and a compensation, *negative* has not,
and in *borderline* legs thresholds {MARGIN_DEG:g}° further in or out would change the answer. Those count neither way,
nor does `not_assessed`, whose share is told. Intervals are Wilson's, 95 %, as if legs were independent; the two legs
of a runner are not quite. *True points*: landmarks put exactly where the joints are in the picture and no error
stated, to tell what the pose model costs from what view, computation and rules do."""
DECIDING = ("S1", "S2", "C2", "C3", "C4")


@dataclass(frozen=True)
class Judged:
    """The legs of the grid, and of the samples, as one kind of landmarks shows them."""

    words: str
    grid: Sequence[Leg]
    samples: Sequence[Leg] = ()


def render(judged: Sequence[Judged]) -> str:
    """Return the section as Markdown."""
    parts = [TITLE, TEXT, _bars(judged)]
    for each in judged:
        parts += [f"### {each.words}", _table(confusion(each.grid)), _rates(each.grid), _wrong(wrong(each.grid))]
    return "\n\n".join(part for part in parts if part)


def _bars(judged: Sequence[Judged]) -> str:
    columns = [(*sample_bars(j.samples), *bars_of(j.grid)) for j in judged]
    rows = [[same[0].words, *map(_verdict, same)] for same in zip(*columns, strict=True)]
    return table(["", *(j.words for j in judged)], rows)


def _verdict(bar: FindingsBar) -> str:
    return "–" if bar.met is None else f"{bar.figure} {'met' if bar.met else '**missed**'}"


def _table(rows: Sequence[Row]) -> str:
    cells = [[r.label, r.kind, str(r.counts.total()), *(str(r.counts[level]) for level in LEVELS)] for r in rows]
    return table(["truth", "what the leg has", "legs", *(f"`{level}`" for level in LEVELS)], cells)


def _rates(legs: Sequence[Leg]) -> str:
    shares = {"sensitivity": sensitivity(legs), "specificity": specificity(legs), "not assessed": not_assessed(legs)}
    return table(["", "legs", "share", "95 % interval"], [[words, *_share(share)] for words, share in shares.items()])


def _share(share: Share) -> tuple[str, str, str]:
    low, high = share.interval
    return f"{share.hits} of {share.of}", number(share.value), f"{number(low)} to {number(high)}"


def _wrong(legs: Sequence[Leg]) -> str:
    """List the legs that were told the wrong thing, with what was measured and, in brackets, what was so."""
    if not legs:
        return "No leg was told the wrong thing."
    rows = [[f"{g.runner}, {g.side}", g.truth.kind, f"`{g.level}`", *(_measured(g, r) for r in DECIDING)] for g in legs]
    heads = ["leg", "what it has", "told", *(f"{rule}, measured (true)" for rule in DECIDING)]
    return f"Told the wrong thing:\n\n{table(heads, rows)}"


def _measured(leg: Leg, rule: str) -> str:
    return f"{number(leg.values.get(rule), 1)} ({number(leg.truth.evidence[rule].value, 1)})"
