"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told what is being done and how far it is. What it raises ends the work."""

    def step(self, label: str, done: int, total: int) -> None:
        """Say that `done` of `total` frames of the work named `label` are done."""

    def say(self, line: str) -> None:
        """Tell the user one line."""


class _Silent:
    def step(self, label: str, done: int, total: int) -> None:
        """Say nothing."""

    def say(self, line: str) -> None:
        """Say nothing."""


silent: Progress = _Silent()
"""Tells nobody."""
