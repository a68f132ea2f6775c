"""REAL.md: gates, how well labels repeat, and a section for each clip."""

from __future__ import annotations

from collections.abc import Sequence

from training.real.labels import ClipLabels
from training.real.repeat import repeats

from benchmarks.markdown import number, table
from benchmarks.real.records import ClipResult, Gate, Table

PELVIS_GATE, EXCHANGED_GATE = 0.06, 0.01
FITTED, TREADMILL = "fitted", "treadmill"
HEAD = """\
# Real clips, with points placed by hand

Written by `python -m benchmarks.real`; do not edit. ASIS, PSIS, heels and toes were placed by hand on frames of four
real clips (`training/real/labels`, see `training/README.md`); nothing learns from them. The clips stand in
`../shared/data/clips` and not in the repository: a section whose clip was absent stays as it was, with its date.

Under cloth, ASIS and PSIS are guesses from hem, waistband and outline. They repeat to one percent of leg length and yet
may all be off together by as much as the bar of the gate (`training/README.md`): read their column to compare, not as
an accuracy. Near is the leg turned to the camera. MediaPipe and midstance see neither ASIS nor PSIS; their near hip
stands in for the middle of the two, which it is not meant to be. Errors are of frames as they come, exchanged legs
included, but for the foot's line. "midstance, cleaned" takes everybody for a runner, and the walkers are none: it says
nothing about what midstance would tell of them, for it refuses them.
"""


def render_page(labels: Sequence[ClipLabels], results: Sequence[ClipResult | None]) -> str:
    """Return the page; `results` go with `labels`, None where a clip was never run."""
    known = [result for result in results if result]
    parts = [HEAD, _gates(known), _repeats(labels)]
    parts += [_section(of_clip, result) for of_clip, result in zip(labels, results, strict=True)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _gates(results: Sequence[ClipResult]) -> str:
    rows = [
        (result.clip, result.garment, gate.who, _pelvis(result, gate), _exchanged(result, gate))
        for result in results
        for gate in result.gates
    ]
    heads = ("clip", "garment", "who", "ASIS and PSIS, median", "left and right exchanged")
    bars = (
        f"The bars of a network for the pelvis: ASIS and PSIS at most {100 * PELVIS_GATE:.0f} % of leg length off on "
        f"{FITTED} clothing; left and right exchanged in at most {100 * EXCHANGED_GATE:.0f} % of frames on treadmill "
        "clips. Where a bar holds, it is told whether it is kept."
    )
    return "\n\n".join(("## Gates", bars, table(heads, rows)))


def _pelvis(result: ClipResult, gate: Gate) -> str:
    if gate.pelvis_share is None:
        return "not seen"
    return f"{number(100 * gate.pelvis_share, 1)} %{_kept(gate.pelvis_share, PELVIS_GATE, FITTED in result.garment)}"


def _exchanged(result: ClipResult, gate: Gate) -> str:
    if gate.exchanged_share is None:
        return "–"
    kept = _kept(gate.exchanged_share, EXCHANGED_GATE, TREADMILL in result.clip)
    return f"{number(100 * gate.exchanged_share, 1)} % of {gate.frames}{kept}"


def _kept(value: float, bar: float, holds: bool) -> str:  # noqa: FBT001 - a fact, not a switch
    return "" if not holds else ", kept" if value <= bar else ", **not kept**"


def _repeats(labels: Sequence[ClipLabels]) -> str:
    rows = [
        (of_clip.clip, kind, str(n), number(median, 1), number(100 * median / of_clip.leg_px, 1), number(most, 1))
        for of_clip in labels
        for kind, (n, median, most) in repeats(of_clip).items()
    ]
    heads = ("clip", "point", "placed twice", "median, px", "median, % of leg length", "90th centile, px")
    note = (
        "Some frames were placed again by the same hand within the hour, in another order, on sheets cut otherwise "
        "whose grid told shifted numbers; most points were read to whole pixels. It tells how finely anybody can be "
        "judged, not where the bone is."
    )
    return "\n\n".join(("## How well the labels repeat", note, table(heads, rows)))


def _section(labels: ClipLabels, result: ClipResult | None) -> str:
    frames = f"{len(labels.frames)} frames, {len(labels.of_round(1))} points."
    if result is None:
        return f"## {labels.clip}\n\n{frames} The clip was absent: never run."
    told = f"{frames} Pelvis: {result.garment}. Run on {result.date} ({result.seen_on})."
    return "\n\n".join((f"## {labels.clip}", told, *map(_table, result.tables)))


def _table(shown: Table) -> str:
    body = table(shown.heads, shown.rows) if shown.rows else "Nothing to tell."
    return "\n\n".join((f"### {shown.title}", body, *shown.notes))
