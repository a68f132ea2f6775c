"""Run a command and say what it cost: wall time, CPU time and the peak memory of its process tree."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from midstance.science.errors import MidstanceError

SAMPLE_EVERY_S = 0.05
KIB = 1024
PROC = Path("/proc")


@dataclass(frozen=True)
class Cost:
    """What a command cost."""

    wall_s: float
    cpu_s: float
    """User and system time of the process and of its children."""
    peak_bytes: float
    """Proportional set size of the whole tree, sampled; NaN where the system does not tell it."""


class CommandFailedError(MidstanceError):
    """A command that is timed ended with an error."""


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end.

    Parameters
    ----------
    command : sequence of str
    folder : Path
        To run it in.

    Raises
    ------
    CommandFailedError
        If it ends with another code than 0.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:  # noqa: S603 - our own
        watch = _Watch(child.pid)
        stderr = child.stderr.read() if child.stderr else b""
        _, status, usage = os.wait4(child.pid, 0)
        wall_s = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    peak = watch.stop()
    if child.returncode:
        last = stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CommandFailedError(f"expected `{' '.join(command)}` to end with 0, given {child.returncode}: {last}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, peak)


class _Watch:
    """A thread that keeps the greatest memory of a process tree."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._done = pid, float("nan"), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._done.wait(SAMPLE_EVERY_S):
            now = tree_bytes(self._pid)
            if not now <= self._peak:  # also true for the first one, against NaN
                self._peak = now

    def stop(self) -> float:
        """End the thread and return the peak."""
        self._done.set()
        self._thread.join()
        return self._peak


def tree_bytes(pid: int) -> float:
    """Return the memory of a process and its descendants now, shared pages divided up; NaN when not told."""
    if not (PROC / "self" / "smaps_rollup").exists():
        return float("nan")
    return float(sum(_own_bytes(p) for p in _tree(pid)))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:  # grows while it is walked
        for task in (PROC / str(parent) / "task").glob("*/children"):
            found += [int(child) for child in _text(task).split()]
    return found


def _own_bytes(pid: int) -> int:
    for line in _text(PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * KIB
    return 0


def _text(path: Path) -> str:
    """Read a file of /proc; empty when the process has gone."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
