"""Life of a worker process on this machine: it ends when the batch does, also when that is killed."""

from __future__ import annotations

import _thread
import os
import signal
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from midstance.api.limits import CpuBudget, confine
from midstance.batch.task import Outcome, Task, run_task

GRACE_S = 5.0
"""Time to tidy up before the process ends in any case."""
INTERRUPTED = 130

_leaving = threading.Event()
_busy = threading.Event()


def prepare(lead: Connection) -> None:
    """Watch the batch process from a thread and limit what clips may use; to be called first in a worker.

    Parameters
    ----------
    lead : Connection
        The reading end of a pipe on which nothing comes. Its end means that the batch is over.
    """
    confine()
    signal.signal(signal.SIGINT, _on_interrupt)
    threading.Thread(target=_watch, args=(lead,), name="lead", daemon=True).start()


def work(task: Task) -> Outcome:
    """Do a task; while it lasts, the worker tidies up before it ends."""
    _busy.set()
    try:
        return run_task(task, CpuBudget().alive)
    finally:
        _busy.clear()


def _on_interrupt(_signal: int, _frame: Any) -> None:
    """Leave Ctrl-C to the batch process, which then lets go of the lead."""
    if _leaving.is_set():
        raise KeyboardInterrupt


def _watch(lead: Connection) -> None:
    lead.poll(None)
    _leaving.set()
    if _busy.is_set():
        _thread.interrupt_main()
    end_s = time.monotonic() + GRACE_S
    while _busy.is_set() and time.monotonic() < end_s:
        time.sleep(0.02)
    os._exit(INTERRUPTED)
