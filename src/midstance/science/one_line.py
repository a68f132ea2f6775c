"""Text of a message: names of files and runners, and what was sent, are shown, never obeyed."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Return a text in one line without what a terminal would take for a command; such a character becomes `?`."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
