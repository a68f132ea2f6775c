"""Text on a terminal: names of files and runners are shown, never obeyed."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text in one line without what a terminal would take for a command; such a character becomes `?`."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
