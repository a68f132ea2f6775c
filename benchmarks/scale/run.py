"""Run batches by one worker and by two, and clips of two lengths."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support.cluster import scheduling, worker

from benchmarks.machine import machine
from benchmarks.scale.page import Findings, Memory, Throughput
from benchmarks.speed.cases import find_clips, midstance_command
from benchmarks.speed.clips import looped, repeated
from benchmarks.speed.process import measure
from midstance.api import Progress
from midstance.models import ensure_model
from midstance.video.reader import open_clip

SHORT_S = 10.0
WORKERS = (1, 2)


@dataclass(frozen=True)
class Options:
    """What to run."""

    root: Path
    """The checkout."""
    shared: Path
    """Folder beside it with clips; may be absent."""
    clips: int = 8
    """In a batch."""
    model: str = "heavy"
    """Of the batches."""
    cluster: bool = False
    """Also on Dask."""
    memory_s: float = 600.0
    """Length of the long clip."""
    memory_model: str = "lite"
    """Of the clips whose memory is told: what grows with a clip's length does not depend on it."""


def run(options: Options, progress: Progress) -> Findings:
    """Run everything once; each batch is some minutes long."""
    side, _ = find_clips(options.root / "sample_videos", options.shared)
    for model in (options.model, options.memory_model):
        ensure_model(model, say=progress.say)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = _manifest(options, side, folder)
        batches = tuple(_batches(options, manifest, folder, progress))
        memory = tuple(_memory(options, side, folder, progress))
        results_bytes = sum(p.stat().st_size for p in (folder / "processes_1").rglob("*") if p.is_file())
    with open_clip(side) as clip:
        frames = clip.info.frames
    return Findings(
        batches=batches,
        memory=memory,
        frames=frames,
        clip_bytes=side.stat().st_size,
        results_bytes=results_bytes / options.clips,
        facts=(*machine(), ("clip", f"{side.name}, {frames} frames"), ("model of the batches", options.model)),
        date=datetime.now(UTC).date().isoformat(),
    )


def _manifest(options: Options, side: Path, folder: Path) -> Path:
    path = folder / "manifest.csv"
    rows = "".join(f"runner {number},{side},{options.model}\n" for number in range(1, options.clips + 1))
    path.write_text(f"runner,side,model\n{rows}", encoding="utf-8")
    return path


def _batches(options: Options, manifest: Path, folder: Path, progress: Progress) -> Iterator[Throughput]:
    """Yield what a batch of the same clips takes, by one worker and by two."""
    for count in WORKERS:
        progress.say(f"batch of {options.clips}, processes: {count}")
        yield _batch(options, "processes", count, manifest, folder, ("--jobs", str(count)))
    for count in WORKERS if options.cluster else ():
        progress.say(f"batch of {options.clips}, workers of Dask: {count}")
        with _cluster(count, folder) as address:
            yield _batch(options, "Dask", count, manifest, folder, ("--scheduler", address))


def _batch(options: Options, how: str, count: int, manifest: Path, folder: Path, where: tuple[str, ...]) -> Throughput:
    out = folder / f"{how}_{count}"
    cost = measure(midstance_command("batch", str(manifest), "--out", str(out), *where), options.root)
    return Throughput(how, count, options.clips, cost.wall_s)


@contextmanager
def _cluster(count: int, folder: Path) -> Iterator[str]:
    """Run a scheduler and workers on loopback; yield its address."""
    with ExitStack() as stack:
        address = stack.enter_context(scheduling())
        for _ in range(count):
            stack.enter_context(worker(address, folder / "dask"))
        yield address


def _memory(options: Options, side: Path, folder: Path, progress: Progress) -> Iterator[Memory]:
    """Yield the peak memory of clips of two lengths, each analysed once: it hardly varies."""
    if not options.memory_s:
        return
    short = looped(side, folder / "short.mp4", SHORT_S)
    for times in (1, max(round(options.memory_s / SHORT_S), 1)):
        progress.say(f"memory of {times * SHORT_S:g} s")
        clip = repeated(short, folder / f"{times}.mp4", times)
        words = ("--side", str(clip), "--out", str(folder / "memory"), "--model", options.memory_model)
        cost = measure(midstance_command("analyze", *words), options.root)
        yield Memory(times * SHORT_S, options.memory_model, cost.peak_bytes, cost.wall_s)
