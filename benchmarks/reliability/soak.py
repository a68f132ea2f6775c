"""A server under work for long: memory, open files, zombies and disk over many jobs, two at a time."""

from __future__ import annotations

import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.batches import write_run
from tests.web.server import Server

from benchmarks.reliability.sections import Options, Section
from midstance.api import Progress

JOBS = 200
TOGETHER = 2
ROUND = 10
"""Jobs after which everything is deleted and the server is looked at."""
WARM_ROUNDS = 4
"""The first rounds load what is then kept: libraries, templates, the allocator's own stock."""


@dataclass(frozen=True)
class Look:
    """A server at rest, with every session deleted."""

    jobs: int
    memory_mb: float
    """Of the server."""
    peak_mb: float
    """The most that it and its processes had together during the round."""
    files: int
    """Open in the server."""
    zombies: int
    children: int
    disk_kb: float
    """All of the data folder."""


def run(options: Options, progress: Progress) -> Section:
    """Send the jobs; `options` change nothing: fewer would show less."""
    del options
    with tempfile.TemporaryDirectory(prefix="midstance-soak-") as name:
        return section_of(soak(Path(name), JOBS, progress))


def section_of(looks: Sequence[Look]) -> Section:
    """Return what a server looked like before, after warming up and in the end."""
    first, last = looks[min(WARM_ROUNDS, len(looks) - 1)], looks[-1]
    late = statistics.median(look.memory_mb for look in looks[-5:])
    growth = late / statistics.median(look.memory_mb for look in looks[WARM_ROUNDS : WARM_ROUNDS + 5]) - 1
    rows = [
        _row("memory of the server, MB", looks[0].memory_mb, first.memory_mb, last.memory_mb),
        _row("memory of all its processes at most, MB", looks[0].peak_mb, first.peak_mb, last.peak_mb),
        _row("open files", looks[0].files, first.files, last.files),
        _row("processes left over", looks[0].children, first.children, last.children),
        _row("zombies", looks[0].zombies, first.zombies, last.zombies),
        _row("disk after deletes, kB", looks[0].disk_kb, first.disk_kb, last.disk_kb),
    ]
    heads = ("", f"after {looks[0].jobs} jobs", f"after {first.jobs} jobs", f"after {last.jobs} jobs")
    note = (
        f"{last.jobs} analyses of stored landmarks, {TOGETHER} at a time; each is uploaded, analysed, reviewed and "
        f"deleted. Memory of the server grew by {growth:.1%} from the first to the last five rounds of {ROUND} after "
        f"{first.jobs} jobs of warming up."
    )
    return Section("Soak", heads, rows, (note,))


def _row(title: str, *numbers: float) -> tuple[str, ...]:
    return (title, *(f"{number:.0f}" for number in numbers))


def soak(folder: Path, jobs: int, progress: Progress) -> list[Look]:
    """Send jobs through a server; return how it looked before and after each round."""
    content = write_run(folder / "anna_side.csv").read_bytes()
    server = Server(folder / "data")
    server.start()
    try:
        looks = [_look(server, 0, 0.0)]
        progress.say(f"soak: {looks[-1]}")
        for done in range(0, jobs, ROUND):
            with _peak(server.pid) as peaks:
                _round(server, content)
            looks.append(_look(server, done + ROUND, max(peaks)))
            progress.say(f"soak: {looks[-1]}")
        return looks
    finally:
        server.stop()


def _round(server: Server, content: bytes) -> None:
    waiting = threading.Semaphore(TOGETHER)
    failed: list[str] = []
    threads = [threading.Thread(target=_job, args=(server, content, waiting, failed)) for _ in range(ROUND)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"expected every job done, given {failed}")


def _job(server: Server, content: bytes, waiting: threading.Semaphore, failed: list[str]) -> None:
    """Do one job as a user would, to its deletion."""
    with waiting:
        try:
            session = server.started(content, runner="R-01")
            server.wait_for(session, "done", "failed")
            server.get(f"{session}/review")
            server.ask(session, method="DELETE")
        except (AssertionError, OSError, http.client.HTTPException) as error:
            failed.append(repr(error))


@contextmanager
def _peak(pid: int) -> Iterator[list[float]]:
    """Watch the memory of a process and all that it starts."""
    peaks, ended = [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.25):
            peaks.append(sum(_memory_mb(one) for one in (pid, *_children(pid))))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def _look(server: Server, jobs: int, peak_mb: float) -> Look:
    time.sleep(1.0)  # connections are closed and processes collected
    children = _children(server.pid)
    return Look(
        jobs=jobs,
        memory_mb=_memory_mb(server.pid),
        peak_mb=peak_mb or _memory_mb(server.pid),
        files=len(list(Path(f"/proc/{server.pid}/fd").iterdir())),
        zombies=sum(_state(child) == "Z" for child in children),
        children=len(children),
        disk_kb=sum(p.stat().st_size for p in server.data.rglob("*") if p.is_file()) / 1024,
    )


def _memory_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * 4096 / 1e6


def _children(pid: int) -> Sequence[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            own = [int(child) for child in path.read_text().split()]
        except OSError:
            continue
        found += [*own, *(grandchild for child in own for grandchild in _children(child))]
    return found


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
