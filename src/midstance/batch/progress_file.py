"""How far a worker is, as a line now and then, and in a small file that its client can see."""

from __future__ import annotations

import math
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from midstance.science.errors import ClusterError

TELL_EVERY_S = 0.5
_STEP = re.compile(r"(.*): (\d+) of (\d+) frames")


class LineProgress(ABC):
    """Makes lines of how far a run is, and writes one now and then.

    Parameters
    ----------
    alive : callable
        Told at every step of how many frames it is about.
    """

    def __init__(self, alive: Callable[[int], None]) -> None:
        self._alive = alive
        self._told_s = -math.inf

    def step(self, label: str, done: int, total: int) -> None:
        """Say that `done` of `total` frames of `label` are done, now and then."""
        self._alive(total)
        if time.monotonic() - self._told_s >= TELL_EVERY_S:
            self._told_s = time.monotonic()
            self._write(f"{label}: {done} of {total} frames")

    def say(self, line: str) -> None:
        """Tell one line."""
        self._write(line)

    @abstractmethod
    def _write(self, line: str) -> None:
        """Bring a line to where the client sees it."""


class FileProgress(LineProgress):
    """Keeps a line in a small file, if there is one: how far a run is.

    Parameters
    ----------
    path : Path or None
    alive : callable
        As for `LineProgress`.
    """

    def __init__(self, path: Path | None, alive: Callable[[int], None] = lambda _: None) -> None:
        super().__init__(alive)
        self._path = path

    def _write(self, line: str) -> None:
        if self._path is not None:
            with suppress(OSError):  # how far it is matters less than that it goes on
                self._replace(self._path, line)

    def _replace(self, path: Path, line: str) -> None:
        part = path.with_suffix(".part")
        part.write_text(line, encoding="utf-8", errors="replace")
        part.replace(path)


class Lead(FileProgress):
    """Writes into a file that the client has made: when the client takes it away, the work ends."""

    def _replace(self, path: Path, line: str) -> None:
        try:
            with path.open("r+", encoding="utf-8", errors="replace") as file:
                file.write(line)
                file.truncate()
        except FileNotFoundError:
            raise ClusterError("expected a client that waits for the landmarks, given one that let go") from None


def line_in(path: Path) -> str:
    """Return the line that a file tells, empty without one."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def steps_told(line: str) -> Iterator[tuple[str, int, int]]:
    """Yield the step that a line tells, as `Progress.step` takes it, if it tells one."""
    if found := _STEP.fullmatch(line):
        yield found[1], int(found[2]), int(found[3])
