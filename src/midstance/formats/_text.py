"""Reads the text files of other programs."""

from __future__ import annotations

from pathlib import Path

from midstance.science.errors import InputError


def read_text(path: Path, kind: str) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        If it is missing or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "not text in UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise InputError(f"{path}: expected a {kind} file, given '{reason}': check the name") from error
