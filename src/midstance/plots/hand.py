"""A second process that draws plots while the first does something else.

It loads matplotlib while clips are still read, and waits. Its standard input is its lead: when that ends, because the
first process has no work for it or was killed, it ends too. Whatever it leaves undrawn the first process draws.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from midstance.science.records import Analysis

_COMMAND = (sys.executable, "-P", "-m", "midstance.plots")
"""Without the current folder, in which anything may lie."""
_DONE = b"done"
_FAILURES = (OSError, subprocess.SubprocessError)


class Hand:
    """The process, as seen by the one that started it. Made by `second_hand`."""

    def __init__(self, process: subprocess.Popen[bytes] | None) -> None:
        self._process = process

    def draw(self, analysis: Analysis, folder: Path, names: Sequence[str]) -> bool:
        """Have plots drawn into a folder that exists.

        Returns
        -------
        bool
            Whether it took the work, which then goes on beside the caller's.
        """
        if self._process is None or self._process.stdin is None:
            return False
        from midstance.plots.panels import without_frames

        with suppress(*_FAILURES):
            pickle.dump((without_frames(analysis), folder, tuple(names)), self._process.stdin)
            self._process.stdin.flush()
            return True
        return False

    def done(self) -> bool:
        """Wait; return whether all is drawn."""
        if self._process is None or self._process.stdout is None:
            return False
        return self._process.stdout.read(len(_DONE)) == _DONE

    def close(self) -> None:
        """End it, so that it writes no more."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def second_hand(*, wanted: bool = True) -> Iterator[Hand]:
    """Yield a process that is ready to draw; it is gone when the block ends.

    Parameters
    ----------
    wanted : bool
        Without, or where no process can be started, the hand that is yielded takes no work.
    """
    process = _started() if wanted else None
    try:
        yield Hand(process)
    finally:
        if process is not None:
            process.kill()
            with suppress(*_FAILURES), process:  # closes the pipes and waits
                pass


def _started() -> subprocess.Popen[bytes] | None:
    try:
        return subprocess.Popen(  # noqa: S603  # a fixed command
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=-1
        )
    except _FAILURES:
        return None


def draw_as_told() -> int:
    """Be the second hand: draw what standard input tells, end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the first process, which then lets go of the lead
    from midstance.plots.files import load_matplotlib, write_plots

    load_matplotlib()
    told = _read()
    if told is None:
        return 0
    threading.Thread(target=_watch, name="lead", daemon=True).start()
    analysis, folder, names = told
    write_plots(analysis, folder, names)
    sys.stdout.buffer.write(_DONE)
    return 0


def _read() -> Any:
    """Return what the first process, and nobody else, writes; None if it ends without."""
    try:
        return pickle.load(sys.stdin.buffer)  # noqa: S301  # of the process that started this one, by its own pipe
    except (EOFError, pickle.UnpicklingError):
        return None


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)
