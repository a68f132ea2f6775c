"""Locks on folders that vanish with the process that holds them, even when it is killed.

The lock is the system's advisory one (``flock``) on the folder itself, so no lock file is left behind and
process numbers of other containers do not matter. Where the system or the file system has none (Windows, some
network drives), work goes on without: `lock_folder` then returns None.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def lock_folder(folder: Path, *, wait: bool) -> int | None:
    """Lock a folder against other runs.

    Parameters
    ----------
    folder : Path
        An existing folder.
    wait : bool
        Wait until another run lets go of it, instead of raising.

    Returns
    -------
    int or None
        Descriptor that holds the lock until it is closed with `unlock`; None where there are no locks.

    Raises
    ------
    BlockingIOError
        If another run holds it and `wait` is false.
    OSError
        If the folder cannot be opened.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:  # a file system without locks
        os.close(descriptor)
        return None
    except BaseException:  # Ctrl-C while waiting
        os.close(descriptor)
        raise
    return descriptor


def unlock(descriptor: int | None) -> None:
    """Let go of what `lock_folder` returned, also when a child process has inherited it."""
    if descriptor is None or sys.platform == "win32":
        return
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
