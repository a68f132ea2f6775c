"""How far a worker is, in a small file that its client can see."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from midstance.science.errors import ClusterError

TELL_EVERY_S = 0.5
_STEP = re.compile(r"(.*): (\d+) of (\d+) frames")


class FileProgress:
    """Keeps a line in a small file, if there is one: how far a run is.

    Parameters
    ----------
    path : Path or None
    alive : callable
        Told at every step of how many frames it is about.
    """

    def __init__(self, path: Path | None, alive: Callable[[int], None] = lambda _: None) -> None:
        self._path = path
        self._alive = alive
        self._told_s = -TELL_EVERY_S

    def step(self, label: str, done: int, total: int) -> None:
        """Say that `done` of `total` frames of `label` are done, now and then."""
        self._alive(total)
        if time.monotonic() - self._told_s >= TELL_EVERY_S:
            self._told_s = time.monotonic()
            self._write(f"{label}: {done} of {total} frames")

    def say(self, line: str) -> None:
        """Tell one line."""
        self._write(line)

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


def steps_told(path: Path | None) -> Iterator[tuple[str, int, int]]:
    """Yield the last step that a file tells, as `Progress.step` takes it, if it tells one."""
    if path is None:
        return
    with suppress(OSError):
        if found := _STEP.fullmatch(path.read_text(encoding="utf-8", errors="replace")):
            yield found[1], int(found[2]), int(found[3])
