"""SPEED.md: ratios to the yardstick, times, memory, sizes, and on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.markdown import facts, number, table, verdict
from benchmarks.speed.cases import NO_OVERLAY, ONE_VIEW, POSE, Case
from benchmarks.speed.process import Cost

MB = 1e6
INTRODUCTION = """\
Written by `make bench`; do not edit. Every case was run in turn, and all of them again and again; each ratio is
that of two runs of the same round, so that a machine that slows down slows both. Given are medians, and the
least and greatest in brackets. Times are those of the whole process, with starting Python and loading the model.
The bare loop reads a clip with OpenCV and runs the same pose model on each frame: one process, no output."""
HOW_MORE = """\
`python -m benchmarks.speed --length-s 60 --large --sports2d PYTHON` adds longer and larger clips, and a peer on the
same landmarks. What is not in the tables above was not run here. Batches, clusters and the memory of long clips:
`benchmarks/SCALE.md`."""

Round = dict[str, Cost]


@dataclass(frozen=True)
class Findings:
    """All that the page tells."""

    cases: Sequence[Case]
    rounds: Sequence[Round]
    """Cost of each case by name, per round."""
    sizes: Sequence[tuple[str, str, int]]
    """Case, file and bytes."""
    facts: Sequence[tuple[str, str]]
    """Machine, versions and inputs."""
    date: str


def render_page(found: Findings) -> str:
    """Return the page as Markdown."""
    parts = ["# Speed", INTRODUCTION, "## Against the bare loop", _ratios(found), "## Times and memory", _costs(found)]
    parts += [
        "## Where the time of one view goes",
        _profile(found),
        "## Size of the results",
        _sizes(found),
        "## What it ran on",
        facts([("date", found.date), ("rounds", str(len(found.rounds))), *found.facts]),
        HOW_MORE,
    ]
    return "\n\n".join(parts) + "\n"


def ratios(found: Findings, case: Case, quantity: str) -> list[float]:
    """Return a case's cost over its yardstick's, per round. `quantity` is a field of `Cost`."""
    return [getattr(r[case.name], quantity) / getattr(r[case.against], quantity) for r in found.rounds]


def _ratios(found: Findings) -> str:
    rows = []
    for case in (c for c in found.cases if c.against):
        wall, cpu = ratios(found, case, "wall_s"), ratios(found, case, "cpu_s")
        rows.append([case.name, _spread(wall), _spread(cpu), number(case.limit), _met(case, wall)])
    return table(["", "wall time, ratio", "CPU time, ratio", "bar (wall)", ""], rows)


def _costs(found: Findings) -> str:
    rows = []
    for case in found.cases:
        costs = [r[case.name] for r in found.rounds]
        wall = [c.wall_s for c in costs]
        limit = "" if case.against else number(case.limit)
        peak = _spread([c.peak_bytes / MB for c in costs], 0)
        rows.append([case.name, _spread(wall), _spread([c.cpu_s for c in costs]), peak, limit, _met_alone(case, wall)])
    return table(["", "wall, s", "CPU, s", "peak memory of the tree, MB", "bar, s", ""], rows)


def _profile(found: Findings) -> str:
    """Return each step's share, as differences of cases that have one step more."""
    steps = {
        "clip to landmarks (and starting)": (POSE,),
        "landmarks to tables, plots and reports": (NO_OVERLAY, POSE),
        "overlay, beside the plots": (ONE_VIEW, NO_OVERLAY),
    }
    rows = [[words, _step(found, "wall_s", *names), _step(found, "cpu_s", *names)] for words, names in steps.items()]
    return table(["", "wall, s", "CPU, s"], rows)


def _step(found: Findings, quantity: str, more: str, less: str = "") -> str:
    costs = [getattr(r[more], quantity) - (getattr(r[less], quantity) if less else 0.0) for r in found.rounds]
    return _spread(costs)


def _sizes(found: Findings) -> str:
    return table(["", "file", "kB"], [[case, f"`{file}`", number(size / 1e3, 0)] for case, file, size in found.sizes])


def _spread(values: Sequence[float], places: int = 2) -> str:
    low, middle, high = min(values), float(np.median(values)), max(values)
    return f"{number(middle, places)} ({number(low, places)} to {number(high, places)})"


def _met_alone(case: Case, wall: Sequence[float]) -> str:
    return "" if case.against else _met(case, wall)


def _met(case: Case, figures: Sequence[float]) -> str:
    if case.limit is None:
        return ""
    return verdict(fine=float(np.median(figures)) <= case.limit)
