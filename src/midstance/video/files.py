"""Only an ordinary file may reach a decoder.

OpenCV and FFmpeg would also take addresses, cameras and sequences of pictures.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from midstance.science.errors import ClipError

_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


@dataclass(frozen=True)
class FileIdentity:
    """Tells whether a path still leads to the same, unchanged file."""

    device: int
    inode: int
    size: int
    modified_ns: int


def identify(path: Path) -> FileIdentity:
    """Return what tells the file at `path` from any other, and from itself after a change.

    Raises
    ------
    ClipError
        If there is no ordinary file at `path`, or an empty one.
    """
    found = _stat(path)
    if stat.S_ISDIR(found.st_mode):
        raise clip_error(path, "expected a video file, given a folder; name one clip in it")
    if not stat.S_ISREG(found.st_mode):
        raise clip_error(path, "expected a video file, given a device or a pipe; save the clip first")
    if found.st_size == 0:
        raise clip_error(path, "expected a video file, given an empty one; copy it from the camera again")
    return FileIdentity(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def mark_of(path: Path) -> str:
    """Return what tells the file at `path` from any other, and from itself after a change, as text.

    Raises
    ------
    ClipError
        If there is no ordinary file at `path`, or an empty one.
    """
    found = identify(path)
    return f"{found.device}:{found.inode}:{found.size}:{found.modified_ns}"


def clip_error(path: Path, problem: str) -> ClipError:
    """Return the error that says in one line what is wrong with the file at `path`."""
    return ClipError(f"{printable(path)}: {problem}")


def printable(path: Path) -> str:
    """Return a path as it may stand in a message of one line."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


def looks_like_picture(path: Path) -> bool:
    """Whether the file starts as PNG, JPEG, GIF, BMP, TIFF or WebP files do."""
    with path.open("rb") as file:
        start = file.read(12)
    return start.startswith(_PICTURE_STARTS) or start[8:] == b"WEBP"


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise clip_error(path, "no such file; check the path of the clip") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise clip_error(path, f"cannot be read ({reason}); check the path of the clip") from error
