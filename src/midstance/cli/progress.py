"""Progress on the terminal: a bar where there is one, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

import click

from midstance.science.one_line import one_line

if TYPE_CHECKING:
    from tqdm import tqdm

LOG_EVERY_S = 5.0


class Terminal:
    """Lines on stderr and perhaps a bar; use in a `with` statement, so that no bar is left hanging."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None

    def say(self, line: str) -> None:
        """Show one line, above the bar if there is one."""
        if self._bar is not None:
            self._bar.write(one_line(line), file=sys.stderr)
        else:
            click.echo(one_line(line), err=True)

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class TerminalProgress(Terminal):
    """Shows progress on stderr."""

    def __init__(self) -> None:
        super().__init__()
        self._label = ""
        self._started_s = self._told_s = 0.0

    def step(self, label: str, done: int, total: int) -> None:
        """Show that `done` of `total` frames are done."""
        if label != self._label:
            self._begin(label, total)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)
        elif time.monotonic() - self._told_s >= LOG_EVERY_S:
            self._log(done, total)

    def _begin(self, label: str, total: int) -> None:
        self.close()
        self._label = label
        self._started_s = self._told_s = time.monotonic()
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, desc=label, unit=" frames", file=sys.stderr, dynamic_ncols=True)

    def _log(self, done: int, total: int) -> None:
        self._told_s = time.monotonic()
        rate = done / (self._told_s - self._started_s)
        left_s = (total - done) / rate if rate else float("nan")
        click.echo(f"{self._label}: {done} of {total} frames, {rate:.1f} frames/s, {left_s:.0f} s left", err=True)
