"""Writes a file whole or not at all, whatever writes it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from midstance.science.errors import InputError, OutputError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; it is renamed when the block ends without an error.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    part = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        part.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path}: expected a place that can be written, given '{reason}': choose another") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


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
