"""What changed, for the streams of events: the newest state of each thing, numbered."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Change = Literal["session", "progress", "gone"]


@dataclass(frozen=True)
class Event:
    """Something about a session is new."""

    number: int
    """Grows with every event, over restarts of the server too."""
    change: Change
    session: str


class Feed:
    """Remembers the latest change of each kind for each session; who was away gets the newest state, not every step."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number = self.began = int(time.time() * 1000)
        self._latest: dict[tuple[str, Change], int] = {}
        self.closed = False

    @property
    def number(self) -> int:
        """Number of the newest event."""
        return self._number

    def tell(self, session: str, change: Change) -> None:
        """Say that something about a session is new."""
        with self._lock:
            self._number += 1
            self._latest[session, change] = self._number
            if change == "gone":
                self._latest.pop((session, "progress"), None)
                self._latest.pop((session, "session"), None)

    def since(self, number: int, sessions: Collection[str] | None = None) -> list[Event]:
        """Return what is newer than an event, the oldest first; of all sessions, or of some."""
        with self._lock:
            found = [
                Event(n, change, session)
                for (session, change), n in self._latest.items()
                if n > number and (sessions is None or session in sessions)
            ]
        return sorted(found, key=lambda event: event.number)

    def close(self) -> None:
        """End every stream."""
        self.closed = True
