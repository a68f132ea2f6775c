"""What a folder holds, or an error: never less than it holds."""

from __future__ import annotations

import os
from pathlib import Path


def files_below(folder: Path) -> list[Path]:
    """Return everything below a folder that is not a folder, sorted.

    `Path.rglob` passes over folders that the system could not list (all faults from Python 3.13 on, missing rights
    before), so that a fault of the disk would look like files that were never there.

    Raises
    ------
    OSError
        If the folder or one below it cannot be listed.
    """
    return sorted(Path(place, name) for place, _, names in os.walk(folder, onerror=_fail) for name in names)


def _fail(error: OSError) -> None:
    raise error
