"""No test holds up the others: one that lasts too long is failed, with the browser that it waits for."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import pytest

AGAIN_S = 20.0
"""What is done after a test is interrupted too, should it wait for the same thing."""


@contextmanager
def time_limit(limit_s: float, what: str) -> Iterator[None]:
    """Fail what takes longer, whatever it waits for; on systems and threads without alarms nothing is done."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        _end_browsers()
        pytest.fail(f"{what} took more than {limit_s:.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit_s, AGAIN_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def _end_browsers() -> None:
    """Kill the driver of every browser that this process started: a page that never rests would go on by itself."""
    for child in _children(os.getpid()):
        if "playwright" in _command(child):
            for pid in (child, *_children(child)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    """Return what a process has started, and what those have."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            own = [int(child) for child in path.read_text().split()]
            found += [*own, *(grandchild for child in own for grandchild in _children(child))]
    return found


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
