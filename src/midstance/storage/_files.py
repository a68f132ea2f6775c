"""Writes files whole or not at all: the one place of the package that does."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
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
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name beside `path` to write to; the file has its own name only when the block ends without an error.

    Missing parent folders are made. A link is followed.

    Raises
    ------
    OutputError
        If the file cannot be written; an older file of that name is then as it was.
    """
    target = Path(os.path.realpath(path))
    part = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}.part")
    try:
        _check_free(target, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        yield part
        _settle(part)
        part.replace(target)
    except OSError as error:
        raise output_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def whole_files(folder: Path) -> Iterator[Path]:
    """Give an empty folder inside `folder`; what is written there moves up when the block ends without an error.

    `folder` is made when it is absent. Older files of the same names are replaced, others stay.

    Raises
    ------
    OutputError
        If a file cannot be written; older files are then as they were.
    """
    part = Path(os.path.realpath(folder)) / f".{secrets.token_hex(4)}.part"
    try:
        part.mkdir(parents=True)
        yield part
        files = {path: Path(os.path.realpath(folder / path.name)) for path in sorted(part.iterdir())}
        for path, target in files.items():
            _check_free(target, target)
            _settle(path)
        for path, target in files.items():
            path.replace(target)
    except OSError as error:
        raise output_error(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


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
    with whole_file(path) as part, part.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
        yield file


def _check_free(target: Path, named: Path) -> None:
    if target.exists() and not target.is_file():
        raise OutputError(f"{named}: expected the name of a file, given a folder or a device: choose another")


def _settle(path: Path) -> None:
    """Have the system put a file on its disk before it gets its name."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())
