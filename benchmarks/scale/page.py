"""SCALE.md: batches, memory, and the arithmetic for many workers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.markdown import facts, number, table, verdict

MB = 1e6
LEAST_GAIN = 1.8
"""Of two workers over one."""
MOST_GROWTH = 1.10
"""Of memory, from a clip of 10 s to one of 10 min."""
MANY = 100
INTRODUCTION = """\
Written by `python -m benchmarks.scale`; do not edit. Every batch was run once, from the command to the last page of its
results: plots, overlay, report and summary. Times are those of this machine; what carries over is how they compare."""


@dataclass(frozen=True)
class Throughput:
    """A batch."""

    how: str
    workers: int
    clips: int
    wall_s: float

    @property
    def per_hour(self) -> float:
        """Clips an hour."""
        return 3600 * self.clips / self.wall_s


@dataclass(frozen=True)
class Memory:
    """One analysis, with every output."""

    length_s: float
    model: str
    peak_bytes: float
    """Of its whole tree of processes."""
    wall_s: float


@dataclass(frozen=True)
class Findings:
    """All that the page tells."""

    batches: Sequence[Throughput]
    """The first has one worker."""
    memory: Sequence[Memory]
    """The shortest clip first."""
    frames: int
    """Of one clip."""
    clip_bytes: float
    results_bytes: float
    """Of one clip."""
    facts: Sequence[tuple[str, str]]
    """Machine, versions and inputs."""
    date: str


def render_page(found: Findings) -> str:
    """Return the page as Markdown."""
    parts = ["# Scale", INTRODUCTION, "## Batches", _batches(found)]
    if found.memory:
        parts += ["## Memory and length", _memory(found.memory)]
    parts += [
        f"## Arithmetic for {MANY} workers",
        _many(found),
        "## What it ran on",
        facts([("date", found.date), *found.facts]),
    ]
    return "\n\n".join(parts) + "\n"


def _batches(found: Findings) -> str:
    heads = [
        "workers",
        "",
        "clips",
        "wall, s",
        "clips an hour",
        "frames a second",
        "of one worker (bar 1.8 for two)",
        "",
    ]
    return table(heads, [_batch(b, found) for b in found.batches])


def _batch(batch: Throughput, found: Findings) -> list[str]:
    alone = next(b for b in found.batches if b.how == batch.how)
    gain = alone.wall_s / batch.wall_s
    frames_s = batch.per_hour * found.frames / 3600
    told = [batch.how, str(batch.workers), str(batch.clips), number(batch.wall_s, 0), number(batch.per_hour, 0)]
    judged = "" if batch is alone else verdict(fine=gain >= LEAST_GAIN)
    return [*told, number(frames_s, 1), number(gain), judged]


def _memory(clips: Sequence[Memory]) -> str:
    rows = [_long(clip, clip.peak_bytes / clips[0].peak_bytes) for clip in clips]
    heads = ["clip", "pose model", "wall, s", "peak memory of the tree, MB", "of the shortest (bar 1.10)", ""]
    return table(heads, rows)


def _long(clip: Memory, growth: float) -> list[str]:
    told = [f"{clip.length_s:g} s", clip.model, number(clip.wall_s, 0), number(clip.peak_bytes / MB, 0)]
    return [*told, number(growth), verdict(fine=growth <= MOST_GROWTH)]


def _many(found: Findings) -> str:
    """Return what one worker does times as many: nothing but storage is shared, so this is the most there can be."""
    alone = found.batches[0].per_hour
    network_mb_s = MANY * alone * (found.clip_bytes + found.results_bytes) / MB / 3600
    rows = [
        ["clips an hour, one worker", number(alone, 0)],
        [f"clips an hour, {MANY} workers of one core", number(MANY * alone, 0)],
        ["storage a clip: the clip itself, MB", number(found.clip_bytes / MB, 1)],
        ["storage a clip: its results, MB", number(found.results_bytes / MB, 1)],
        ["read and written an hour, GB", number(network_mb_s * 3.6, 0)],
        ["which is, MB a second", number(network_mb_s, 1)],
    ]
    return table(["", ""], rows)
