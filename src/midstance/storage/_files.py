"""Write a text file whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from midstance.science.errors import OutputError

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers that mean that no more can be written."""


def is_disk_full(error: BaseException | None) -> bool:
    """Return whether an error, or one that it was raised from, says that the disk is full."""
    while error is not None:
        if getattr(error, "errno", None) in DISK_FULL:
            return True
        error = error.__cause__
    return False


def output_error(target: Path, error: Exception) -> OutputError:
    """Return the one-line error for a target that the system would not let be written."""
    if is_disk_full(error):
        return OutputError(f"{target}: expected room for the results, given a full disk: free some space")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return OutputError(f"{target}: expected a place that can be written, given '{reason}': choose another")


@contextmanager
def atomic_text(path: Path) -> Iterator[TextIO]:
    r"""Open a UTF-8 text file that appears under its name only when the block ends without an error.

    Lines end with ``\n``. Characters that UTF-8 cannot carry (parts of damaged file names) become ``?``.
    Missing parent folders are made.

    Raises
    ------
    OutputError
        If the file cannot be written; an older file of that name is then as it was.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        if target.exists() and not target.is_file():
            raise OutputError(f"{path}: expected the name of a file, given a folder or a device: choose another")
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
