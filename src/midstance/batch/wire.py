"""How far a worker is, told through the scheduler of a Dask cluster to a client that sees none of its files.

Every client of the scheduler hears every sign, so that a sign tells nothing of whose run it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from midstance.batch.progress_file import LineProgress

if TYPE_CHECKING:
    from distributed import Client, Worker

Hear = Callable[[str, str], None]
"""Given a sign and a line, from a thread of the connection."""
TOPIC = "midstance-progress"


class Heard:
    """The last line of each task that was given a sign here; lines of others are passed over."""

    def __init__(self) -> None:
        self._lines: dict[str, str] = {}

    def new_sign(self) -> str:
        """Return what the client knows a task by, and nobody else."""
        sign = secrets.token_hex(16)
        self._lines[sign] = ""
        return sign

    def hear(self, sign: str, line: str) -> None:
        """Take a line."""
        if sign in self._lines:
            self._lines[sign] = line

    def line(self, sign: str) -> str:
        """Return the last line; empty without one."""
        return self._lines.get(sign, "")


class WireProgress(LineProgress):
    """Tells the client of a task how far it is; to be made in the thread that the cluster gave the task.

    Parameters
    ----------
    sign : str
        Of the task; without one nothing is told.
    alive : callable
        Told at every step of how many frames it is about.
    """

    def __init__(self, sign: str, alive: Callable[[int], None] = lambda _: None) -> None:
        super().__init__(alive)
        self._sign = sign
        self._worker = _worker() if sign else None

    def _write(self, line: str) -> None:
        if self._worker is not None:
            self._worker.log_event(TOPIC, [self._sign, line])


@contextmanager
def heard(client: Client, hear: Hear) -> Iterator[None]:
    """Have the lines of all workers told while the block lasts."""
    client.subscribe_topic(TOPIC, lambda event: hear(*event[1]))
    try:
        yield
    finally:
        if client.status == "running":  # else the scheduler has forgotten it
            client.unsubscribe_topic(TOPIC)


def _worker() -> Worker | None:
    from distributed import get_worker

    try:
        return get_worker()
    except ValueError:  # a task that is done outside of a cluster
        return None
