"""What is timed: commands, and which yardstick each is held against."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from midstance.science.errors import InputError

BARE, POSE = "bare loop, one view", "midstance pose, one view"
ONE_VIEW, NO_OVERLAY = "analyze, one view", "analyze --no-overlay, one view"
NUMBERS = "numbers alone, stored landmarks"
PEER = "Sports2D, stored landmarks of one view"


@dataclass(frozen=True)
class Case:
    """One command."""

    name: str
    command: tuple[str, ...]
    against: str = ""
    """Name of the yardstick; empty for a yardstick, or where the time itself is of interest."""
    limit: float | None = None
    """Greatest ratio of wall times, or greatest wall time in seconds without a yardstick."""
    writes: Path | None = None
    """Folder of its results."""


@dataclass(frozen=True)
class Inputs:
    """Files that the cases run on."""

    side: Path
    front: Path | None
    stored: tuple[tuple[str, Path], ...]
    """View and landmarks file."""
    model: Path
    long: tuple[tuple[str, Path], ...] = ()
    """Longer and larger side clips, and what they are called."""
    peer: tuple[str, ...] = ()
    """Command that runs a peer on the first of the stored landmarks; empty without one."""


def find_clips(samples: Path, shared: Path) -> tuple[Path, Path | None]:
    """Return a side clip, and a front clip of the same length where there is one.

    Raises
    ------
    InputError
        If neither sample clips nor shared clips are there.
    """
    side, front = samples / "typical_side.mp4", samples / "typical_front.mp4"
    if side.is_file():
        return side, front if front.is_file() else None
    real = shared / "data" / "clips" / "treadmill_side_30fps.mp4"
    if real.is_file():
        return real, None
    raise InputError(f"expected the sample clips in {samples}, given none: check the sample_videos folder out")


def cases_of(inputs: Inputs, out: Path) -> tuple[Case, ...]:
    """Return the cases, yardsticks first."""
    one = ("--side", str(inputs.side))
    stored = tuple(word for view, path in inputs.stored for word in (f"--{view}", str(path)))
    cases = [
        Case(BARE, _bare(inputs, inputs.side)),
        _analysis(ONE_VIEW, out, one, against=BARE, limit=0.62),
        _analysis(NO_OVERLAY, out, (*one, "--no-overlay"), BARE, 0.56),
        _analysis("analyze --no-overlay --jobs 1, one view", out, (*one, "--no-overlay", "--jobs", "1"), BARE),
        Case(POSE, store_command(inputs.side, out / "landmarks.csv"), BARE),
        _analysis("analyze, stored landmarks", out, stored, limit=4.0),
        Case(NUMBERS, (sys.executable, "-m", "benchmarks.speed.numbers", *_words(inputs.stored)), limit=1.0),
        Case("midstance --help", midstance_command("--help"), limit=0.4),
    ]
    if inputs.front is not None:
        two = (*one, "--front", str(inputs.front))
        cases += [
            Case("bare loop, two views", _bare(inputs, inputs.side, inputs.front)),
            _analysis("analyze, two views", out, two, against="bare loop, two views", limit=0.58),
        ]
    for name, clip in inputs.long:
        yardstick = f"bare loop, {name}"
        cases += [
            Case(yardstick, _bare(inputs, clip)),
            _analysis(f"analyze --no-overlay, {name}", out, ("--side", str(clip), "--no-overlay"), yardstick, 0.56),
            _analysis(f"analyze, {name}", out, ("--side", str(clip)), yardstick, 0.62),
        ]
    return (*cases, *_peer_cases(inputs, out))


def _peer_cases(inputs: Inputs, out: Path) -> Iterator[Case]:
    """Yield the peer, and an analysis of the same landmarks with all plots and the report."""
    if inputs.peer:
        view, path = inputs.stored[0]
        yield Case(PEER, inputs.peer)
        yield _analysis("analyze, stored landmarks of one view", out, (f"--{view}", str(path)), PEER)


def analyse_command(clip: Path, out: Path) -> tuple[str, ...]:
    """Return the command that analyses a side clip."""
    return midstance_command("analyze", "--side", str(clip), "--out", str(out))


def store_command(clip: Path, landmarks: Path) -> tuple[str, ...]:
    """Return the command that stores a clip's landmarks."""
    return midstance_command("pose", str(clip), "--out", str(landmarks))


def _analysis(name: str, out: Path, options: tuple[str, ...], against: str = "", limit: float | None = None) -> Case:
    folder = out / name.replace(" ", "_")
    return Case(name, midstance_command("analyze", *options, "--out", str(folder)), against, limit, folder)


def _words(stored: tuple[tuple[str, Path], ...]) -> tuple[str, ...]:
    return tuple(word for view, path in stored for word in (view, str(path)))


def _bare(inputs: Inputs, *clips: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "benchmarks.speed.bare", str(inputs.model), *map(str, clips))


def midstance_command(*words: str) -> tuple[str, ...]:
    """Return a command of midstance, run by this interpreter."""
    return (sys.executable, "-m", "midstance", *words)
