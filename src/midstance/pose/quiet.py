"""Keep the runtimes to themselves: no usage metrics over the network, no chatter on stderr."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

_NO_ROUTE: Final = {
    # The client inside MediaPipe is libcurl. It gives up on a proxy scheme that it does not know before it looks up
    # a name or connects. Lower case goes before upper case; no_proxy must not exempt the host.
    "https_proxy": "none://metrics-off",
    "no_proxy": "metrics-off",
}


class _SharedSwitch:
    """Something that is on while at least one thread wants it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep it on inside the block."""
        with self._lock:
            self._users += 1
            if self._users == 1:
                _set_native_environment(_NO_ROUTE)
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    _set_native_environment({name: os.environ.get(name) for name in _NO_ROUTE})


def _set_native_environment(values: dict[str, str] | dict[str, str | None]) -> None:
    """Set variables for native code only: `os.environ`, which Python's own network code reads, stays as it is."""
    for name, value in values.items():
        if value is None:
            os.unsetenv(name)
        else:
            os.putenv(name, value)


_metrics_switch = _SharedSwitch()
_stderr_lock = threading.RLock()


def metrics_off() -> AbstractContextManager[None]:
    """Return a context in which MediaPipe cannot send usage metrics.

    MediaPipe Tasks send figures about their use to Google: after 60 s of work, and when a task is closed. Version
    1.2 has no setting against it, and closing waits for the network. So a landmarker must be made, used and closed
    inside this context, which points the HTTP client inside MediaPipe at a proxy that cannot be. Only native code of
    this process, and programs that it starts meanwhile, see that; Python's own network code does not.
    """
    return _metrics_switch.hold()


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Discard what is written to file descriptor 2, by native code too, until the block ends.

    The whole process is silent meanwhile, so keep the block short. One thread at a time.
    """
    with _stderr_lock, _kept_stderr() as kept:
        if kept is not None:
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, 2)
            os.close(devnull)
        yield


@contextmanager
def _kept_stderr() -> Iterator[int | None]:
    """Yield a copy of file descriptor 2, which is put back at the end; None when there is none."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # a program without a console
        yield None
        return
    try:
        yield kept
    finally:
        os.dup2(kept, 2)
        os.close(kept)
