"""Run the speed benchmark: rounds of all cases, and SPEED.md."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.accuracy.peer import peer_command
from benchmarks.machine import machine
from benchmarks.speed.cases import Case, Inputs, cases_of, find_clips, store_command
from benchmarks.speed.clips import looped
from benchmarks.speed.page import Findings, Round
from benchmarks.speed.process import measure
from midstance.api import Progress, load
from midstance.models import ensure_model

STORED_MOCAP = (("side", "rbds001_25_side.csv"), ("front", "rbds001_25_front.csv"))
"""20 s of two views."""
LARGE_PX = 1080
"""Width of an upright clip in 1080p."""


@dataclass(frozen=True)
class Options:
    """What to run."""

    root: Path
    """The checkout."""
    shared: Path
    """Folder beside it with clips; may be absent."""
    rounds: int = 3
    model: str = "heavy"
    lengths_s: tuple[float, ...] = ()
    """Of longer clips, looped."""
    large: bool = False
    """Also 1080p."""
    sports2d: Path | None = None
    """Interpreter that has Sports2D."""


def run(options: Options, progress: Progress) -> Findings:
    """Time all cases, round after round."""
    model = ensure_model(options.model, say=progress.say)
    side, front = find_clips(options.root / "sample_videos", options.shared)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored, long = _stored(options, side, folder), tuple(_long(options, side, folder))
        peer = _peer(options.sports2d, stored[0][1], folder)
        inputs = Inputs(side, front, stored, model, long, peer)
        cases = cases_of(inputs, folder)
        rounds = [_round(cases, number, options, progress) for number in range(options.rounds)]
        sizes = tuple(_sizes(cases))
    facts = (*machine(), *_clips(inputs))
    return Findings(cases, rounds, sizes, facts, datetime.now(UTC).date().isoformat())


def _round(cases: Sequence[Case], number: int, options: Options, progress: Progress) -> Round:
    """Run every case once; each round begins with another one, so that none is always first."""
    first = number % len(cases)
    costs: Round = {}
    for case in (*cases[first:], *cases[:first]):
        progress.say(f"round {number + 1} of {options.rounds}: {case.name}")
        if case.writes is not None:
            shutil.rmtree(case.writes, ignore_errors=True)
        costs[case.name] = measure(case.command, options.root)
    return costs


def _stored(options: Options, side: Path, folder: Path) -> tuple[tuple[str, Path], ...]:
    mocap = options.shared / "data" / "mocap"
    if all((mocap / name).is_file() for _, name in STORED_MOCAP):
        return tuple((view, mocap / name) for view, name in STORED_MOCAP)
    landmarks = folder / "stored_side.csv"
    measure(store_command(side, landmarks), options.root)
    return (("side", landmarks),)


def _peer(python: Path | None, landmarks: Path, folder: Path) -> tuple[str, ...]:
    if python is None:
        return ()
    place = folder / "peer"
    place.mkdir()
    return tuple(peer_command(load(landmarks).landmarks, python, place))


def _long(options: Options, side: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    for length_s in options.lengths_s:
        yield f"{length_s:g} s", looped(side, folder / f"{length_s:g}s.mp4", length_s)
    if options.large:
        yield "1080p, 10 s", looped(side, folder / "1080p.mp4", 10.0, LARGE_PX)


def _sizes(cases: Sequence[Case]) -> Iterator[tuple[str, str, int]]:
    for case in cases:
        if case.writes is None or "two views" not in case.name:
            continue
        for path in sorted(case.writes.iterdir()):
            inside = path.rglob("*") if path.is_dir() else [path]
            name = f"{path.name}/" if path.is_dir() else path.name
            yield case.name, name, sum(p.stat().st_size for p in inside if p.is_file())


def _clips(inputs: Inputs) -> Iterator[tuple[str, str]]:
    from midstance.video.reader import open_clip

    for path in (inputs.side, inputs.front):
        if path is not None:
            with open_clip(path) as clip:
                info = clip.info
            yield "clip", f"{path.name}: {info.frames} frames, {info.width_px}x{info.height_px}, {info.fps:.0f} fps"
    yield "stored landmarks", ", ".join(path.name for _, path in inputs.stored)
    yield "model", inputs.model.name
