"""ACCURACY.md: what was compared, the bars, the tables, and what they mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.accuracy.bars import BARS, Verdict, agreement_of
from benchmarks.accuracy.camera_study import COLUMNS, StudyRow
from benchmarks.accuracy.records import EVENTS, Pair, Tally
from benchmarks.markdown import number, table

INTRODUCTION = """\
Written by `make bench-accuracy`; do not edit. Estimates are what `midstance.analyze` gives out for each stride;
truth was measured in three dimensions and on a force plate (motion capture), or is known exactly because the
runner was rendered."""
READING = """\
- **Bias** is the mean of estimate minus truth; **SD** is the spread of that difference over strides. A median over
  n strides shrinks the SD's part of the error, never the bias.
- **Slope** is the change of the estimate for a true change of 1, over strides, legs and runners. It is left out
  where the truth varies too little to tell it (standard error over 0.15).
- **LoA**: 95 % of single strides are expected to differ from the truth by an amount between the two figures
  (Bland and Altman 1986).
- *Error-free landmarks* show what the view and the computation cost, *noisy landmarks* what errors of the size of a
  pose model's cost on top, *clips* the whole path from the picture on. *True points* are the same clips with every
  landmark where the joint is in the picture: no bar is set for them, they tell how much of a miss is not the pose
  model's.
- *front alone*, *rear alone*: no side view helped. Else side and frontal clips of a run were analysed together.
- Strides of one runner are alike: many strides of few runners tell little of how the next runner will be measured.
- `pelvic_drop` is not given out by midstance. The row shows what the line of the hip landmarks would be worth: with
  error-free landmarks it is good, with a pose model's it is not a measurement.
- True dorsiflexion, foot pitch and hip flexion count from the standing trial (motion capture) or from a square stance
  (rendered); true hip flexion is that of the thigh against the pelvis, midstance's is against the trunk.
- Motion capture: shoulders were placed on a rigid trunk, and hips are regressed from the pelvis markers."""

GroupKey = tuple[str, int, str]


@dataclass(frozen=True)
class Findings:
    """All that the page tells."""

    pairs: Sequence[Pair]
    tallies: Sequence[Tally]
    peer_pairs: Sequence[Pair] = ()
    """Numbers of Sports2D on the same landmarks."""
    refused: Sequence[str] = ()
    inputs: Sequence[tuple[str, str]] = ()
    """Name and hash of each file."""
    versions: Sequence[tuple[str, str]] = ()
    date: str = ""
    studies: Sequence[StudyRow] = ()
    plots: Sequence[str] = ()
    """Paths relative to the page."""
    notes: Sequence[str] = field(default_factory=tuple)
    section: str = ""
    """On the findings, as Markdown."""


def render_page(found: Findings) -> str:
    """Return the page as Markdown."""
    parts = [
        "# Accuracy",
        INTRODUCTION,
        *(f"- {note}" for note in found.notes),
        "## The bars",
        _bars(found),
        found.section,
    ]
    parts += ["## How to read the tables", READING, "## Events", _events(found)]
    for key in _groups(found):
        parts += [f"## {_heading(key)}", _measures([p for p in found.pairs if _group_of(p) == key])]
    if found.peer_pairs:
        parts += ["## Sports2D on the same landmarks", _peer(found)]
    if found.studies:
        parts += ["## Where the camera stands", _camera(found.studies)]
    if found.plots:
        parts += ["## Bland-Altman plots", "\n".join(f"![{p}]({p})" for p in found.plots)]
    parts += ["## What it ran on", _provenance(found)]
    return "\n\n".join(p for p in parts if p) + "\n"


def _group_of(row: Pair | Tally) -> GroupKey:
    return row.source, row.fps, row.model


def _groups(found: Findings) -> list[GroupKey]:
    sources = list(dict.fromkeys(t.source for t in found.tallies))
    return sorted({_group_of(t) for t in found.tallies}, key=lambda key: (sources.index(key[0]), *key[1:]))


def _heading(key: GroupKey) -> str:
    source, fps, model = key
    return f"{source}, {fps} fps" + (f", {model}" if model else "")


def _bars(found: Findings) -> str:
    groups = _groups(found)
    rows: list[list[str]] = []
    for bar in BARS:
        cells = []
        for key in groups:
            tallies = [t for t in found.tallies if _group_of(t) == key]
            pairs = [p for p in found.pairs if _group_of(p) == key]
            cells.append(_verdict(bar.judge(tallies[0].kind, key[1], pairs, tallies), bar.unit))
        rows.append([bar.words, *cells])
    text = (
        "The worst of all recordings and legs, and the limit in brackets; after it the median of the legs, for which "
        "there is no bar. "
        "Slow cameras (under 50 fps) may be 1.5 times as far off."
    )
    return f"{text}\n\n{table(['', *map(_heading, groups)], rows)}"


def _verdict(verdict: Verdict, unit: str) -> str:
    if verdict.met is None:
        return "–" if not np.isfinite(verdict.figure) else number(verdict.figure)
    words = "met" if verdict.met else "**missed**"
    usual = f", {number(verdict.usual)}{unit}" if np.isfinite(verdict.usual) else ""
    return f"{number(verdict.figure)}{unit} ({number(verdict.limit)}) {words}{usual}"


def _events(found: Findings) -> str:
    rows: list[list[str]] = []
    for key in _groups(found):
        tallies = [t for t in found.tallies if _group_of(t) == key]
        for view in dict.fromkeys(t.view for t in tallies):
            rows += _event_rows(found, key, view, [t for t in tallies if t.view == view])
    heads = ["", "view", "leg", "true", "missed", "false", "exchanged"]
    heads += [f"{e.replace('_', ' ')}: mean, SD, RMS (ms)" for e in EVENTS]
    return table(heads, rows)


def _event_rows(found: Findings, key: GroupKey, view: str, tallies: Sequence[Tally]) -> list[list[str]]:
    counts = [str(sum(getattr(t, f) for t in tallies)) for f in ("true", "missed", "false", "exchanged")]
    own = [p for p in found.pairs if _group_of(p) == key and p.view == view and p.instant == "event"]
    rows: list[list[str]] = []
    for leg in sorted({p.leg for p in own}):
        cells = []
        for event in EVENTS:
            a = agreement_of([p for p in own if p.leg == leg and p.measure == event])
            cells.append(f"{number(a.bias, 1)}, {number(a.sd, 1)}, {number(a.rmse, 1)}")
        rows.append([_heading(key), view, leg, *(counts if not rows else [""] * 4), *cells])
    return rows or [[_heading(key), view, "", *counts, "", "", ""]]


def _measures(pairs: Sequence[Pair]) -> str:
    groups: dict[tuple[str, str, str, str], list[Pair]] = defaultdict(list)
    for p in pairs:
        if p.instant != "event":
            groups[p.view, p.measure, p.instant, p.leg].append(p)
    heads = ["view", "measure", "instant", "leg", "n", "truth", "bias", "SD", "RMSE", "slope", "LoA", "quality"]
    return table(heads, [[*key, *_agreement_cells(group)] for key, group in groups.items()])


def _agreement_cells(pairs: Sequence[Pair]) -> list[str]:
    a = agreement_of(pairs)
    truth = float(np.mean([p.truth for p in pairs]))
    places = 3 if abs(truth) < 1.5 and a.rmse < 0.5 else 2
    figures = [number(v, places) for v in (truth, a.bias, a.sd, a.rmse)]
    limits = " to ".join(number(v, places) for v in a.limits)
    qualities = "/".join(sorted({p.quality for p in pairs}))
    return [str(a.n), *figures, number(a.slope), limits, qualities]


def _peer(found: Findings) -> str:
    text = (
        "Bias, SD and RMSE in degrees. Sports2D finds no stances: its curves, with its own settings, are read at the "
        "true instants; midstance finds its own. Sports2D gives ankle and foot angles without a zero of standing."
    )
    groups: dict[tuple[GroupKey, str, str, str], list[Pair]] = defaultdict(list)
    for p in found.peer_pairs:
        groups[_group_of(p), p.measure, p.instant, p.leg].append(p)
    rows = []
    for (key, measure, instant, leg), theirs in groups.items():
        ours = [
            p
            for p in found.pairs
            if (_group_of(p), p.measure, p.instant, p.leg, p.view) == (key, measure, instant, leg, "side")
        ]
        rows.append([_heading(key), measure, instant, leg, _three(ours), _three(theirs)])
    return f"{text}\n\n{table(['', 'measure', 'instant', 'leg', 'midstance', 'Sports2D'], rows)}"


def _three(pairs: Sequence[Pair]) -> str:
    a = agreement_of(pairs)
    return ", ".join(number(v) for v in (a.bias, a.sd, a.rmse))


def _camera(studies: Sequence[StudyRow]) -> str:
    text = (
        "The motion-capture trial with error-free landmarks, filmed by phones that stand wrongly: bias in degrees "
        "at midstance (dorsiflexion: stance peak). Yaw is towards the runner's right from the front, towards the "
        "back from the side; the phone always looks at the hips."
    )
    rows = [[s.words, *(number(b, 1) for b in s.bias_deg)] for s in studies]
    return f"{text}\n\n{table(['phone', *(name for name, _ in COLUMNS)], rows)}"


def _provenance(found: Findings) -> str:
    lines = [f"Date: {found.date}"] + [f"{name} {version}" for name, version in found.versions]
    files = table(["file", "SHA-256, first 16"], [[f"`{n}`", f"`{h[:16]}`"] for n, h in found.inputs])
    refused = [f"Not analysed: {r}" for r in found.refused]
    return "\n".join(f"- {line}" for line in [*lines, *refused]) + f"\n\n{files}"
