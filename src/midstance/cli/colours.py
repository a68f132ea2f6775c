"""Colour on a terminal: off in files and pipes, with NO_COLOR, and on terminals that know none."""

from __future__ import annotations

import os

import click

LEVELS = {"ok": "green", "good": "green", "caution": "yellow", "bad": "red", "poor": "red"}


def colour() -> bool | None:
    """Return False where colour is not wanted, else None: click then leaves it out of what is no terminal."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def level_words(level: str, width: int = 0) -> str:
    """Return a level in its colour; the word tells as much as the colour."""
    return click.style(level.ljust(width), fg=LEVELS.get(level))
