"""Limits on what a process that decodes clips may use: a clip may be made to exhaust the machine.

The system enforces them (`setrlimit`), at no cost in speed. They lie well above what any honest clip needs and are for
whole processes that do nothing else: the web app's jobs and its look at uploads, the workers of a batch, the command
line. Windows has no such limits; there the calls do nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from midstance.science.errors import OUT_OF_MEMORY, LimitError

LEAST_MEMORY_BYTES = 4 * 1024**3
"""Memory that may be asked for in any case (RLIMIT_DATA); else half of the machine's. 1.2 GB are usual, 2.4 GB with 8K
pictures and eight threads. Libraries and the model's file do not count, nor what threads reserve and never touch."""
FILE_BYTES = 16 * 1024**3
"""Largest file that may be written: an overlay of half an hour in 4K takes a quarter of it."""
CPU_S = 900.0
"""CPU time that may pass without a sign of progress."""
TIDY_CPU_S = 60.0
"""For tidying up once the work is ended: the system would interrupt that every second."""
CPU_S_PER_FRAME = 0.5
"""More of it for each frame of a clip: the steps without signs take longer for long clips, but far less than this."""


def confine(memory_bytes: int | None = None, file_bytes: int = FILE_BYTES) -> None:
    """Limit memory and the size of files written by this process, and leave no image of its memory on the disk.

    Limits that are lower already stay. Beyond the first, MemoryError or the like is raised where memory is asked for;
    beyond the second, OSError.

    Parameters
    ----------
    memory_bytes : int, optional
        Half of the machine's memory when not given, but at least `LEAST_MEMORY_BYTES`.
    file_bytes : int
    """
    if sys.platform == "win32":
        return
    import resource

    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    _lower(resource.RLIMIT_DATA, memory_bytes or max(LEAST_MEMORY_BYTES, half))
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_CORE, 0)


def allow_cpu(seconds: float) -> None:
    """Let this process use so many seconds of CPU time from now on; beyond it the system ends it.

    May be called again and again.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


class CpuBudget:
    """CPU time that every sign of progress brings anew; without signs LimitError is raised in the main thread.

    To be made in the main thread; signs may come from any.

    Parameters
    ----------
    seconds : float
        CPU time without a sign.
    """

    def __init__(self, seconds: float = CPU_S) -> None:
        self._seconds = seconds
        self._frames = 0
        if sys.platform != "win32":
            signal.signal(signal.SIGXCPU, _end)
        self.alive()

    def alive(self, frames: int = 0) -> None:
        """Take in that the work goes on, and that it is about so many frames."""
        self._frames = max(self._frames, frames)
        allow_cpu(self._seconds + CPU_S_PER_FRAME * self._frames)


@contextmanager
def memory_limit_told() -> Iterator[None]:
    """Turn the lack of memory into the one line that is told."""
    try:
        yield
    except MemoryError as error:
        raise LimitError(OUT_OF_MEMORY) from error


def _lower(what: int, limit: int) -> None:
    import resource

    soft, hard = resource.getrlimit(what)
    given = [value for value in (soft, hard) if value != resource.RLIM_INFINITY]
    wanted = min([limit, *given])
    resource.setrlimit(what, (wanted, wanted))


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    allow_cpu(TIDY_CPU_S)
    raise LimitError(
        "expected a clip that is analysed in reasonable time, given one on which the work does not go on: "
        "convert it to H.264 in MP4, or cut out half a minute"
    )
