"""How a job tells the server how far it is: lines of JSON on standard output."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

EVERY_S = 0.2
SURE_AFTER_S = 2.0
"""A rate from less time is a guess and is not told."""


class Reporter:
    """Tells steps with frames a second and the time left. Serves as the `Progress` of the API.

    Parameters
    ----------
    out : TextIO
        Where the lines go.
    clock : callable
        Seconds that only grow.
    alive : callable
        Told at every sign of progress of how many frames it is about.
    """

    def __init__(
        self, out: TextIO, clock: Callable[[], float] = time.monotonic, alive: Callable[[int], None] = lambda _: None
    ) -> None:
        self._out = out
        self._alive = alive
        self._clock = clock
        self._weights: tuple[float, ...] = (1.0,)
        self._number = 0
        self._title = "Starting"
        self._began = self._stage_began = clock()
        self._told = -EVERY_S

    def plan(self, weights: tuple[float, ...]) -> None:
        """Say how much time the stages to come take, against each other."""
        self._weights = weights or (1.0,)

    def stage(self, title: str) -> None:
        """Begin the next stage."""
        self._alive(0)
        self._number += 1
        self._title = title
        self._stage_began = self._clock()
        self._tell(0, 0)

    def step(self, label: str, done: int, total: int) -> None:  # noqa: ARG002 - the stage has the better name
        """Say that `done` of `total` frames of this stage are done."""
        self._alive(total)
        if self._clock() - self._told >= EVERY_S or done == total:
            self._tell(done, total)

    def say(self, line: str) -> None:
        """Tell what is being done instead of the stage's title."""
        self._write({"progress": self._facts(0, 0) | {"step": line}})

    def end(self, failure: Mapping[str, Any] | None = None) -> None:
        """Say how it ended."""
        self._write({"failure": failure})

    def _tell(self, done: int, total: int) -> None:
        self._told = self._clock()
        self._write({"progress": self._facts(done, total)})

    def _facts(self, done: int, total: int) -> dict[str, Any]:
        elapsed = self._clock() - self._stage_began
        rate = done / elapsed if done and elapsed > SURE_AFTER_S else None
        overall = self._overall(done / total if total else 0.0)
        spent = self._clock() - self._began
        sure = overall > 0.02 and spent > SURE_AFTER_S
        return {
            "step": self._title,
            "number": self._number,
            "of": max(len(self._weights), self._number),
            "done": done,
            "total": total,
            "rate": None if rate is None else round(rate, 2),
            "left_s": None if rate is None else round((total - done) / rate, 1),
            "overall": round(overall, 4),
            "overall_left_s": round(spent * (1 - overall) / overall, 1) if sure else None,
        }

    def _overall(self, share: float) -> float:
        past = sum(self._weights[: max(self._number - 1, 0)])
        current = self._weights[self._number - 1] if 0 < self._number <= len(self._weights) else 0.0
        return min(1.0, (past + share * current) / sum(self._weights))

    def _write(self, message: Mapping[str, Any]) -> None:
        print(json.dumps(message, allow_nan=False), file=self._out, flush=True)
