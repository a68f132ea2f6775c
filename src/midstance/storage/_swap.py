"""Exchange the files of an earlier analysis for new ones inside a folder that is kept.

The folder may hold the user's own files, be a mount or be somebody's current directory, so it is not replaced
by a renamed one. Instead the files are renamed one by one, by a plan that is on disk before the first moves:

1. the new files come to ``.midstance-swap/new`` inside the folder;
2. the plan is written: old files to ``.midstance-swap/old``, then new files to their places.
   ``analysis.json`` is the first to go and the last to come, so a folder that has one is complete;
3. the renames;
4. the plan is removed: from here on the new analysis stands. The rest is tidied away.

A fault before step 4 undoes the renames. When the process itself dies, the next run does that (`recover`).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

from midstance.storage.listing import files_below

SWAP = ".midstance-swap"
_PLAN = "plan.json"
_LAST = "analysis.json"

Moves = list[tuple[str, str]]


def swap_in(staging: Path, folder: Path, old: Callable[[Collection[str]], Collection[str]]) -> None:
    """Exchange files of a folder for those of a staging folder, all or none.

    Parameters
    ----------
    staging : Path
        Folder with the new files; it is gone afterwards.
    folder : Path
        Existing folder, locked by the caller against other runs and rid of a dead run's swap by `recover`.
    old : callable
        Given the new files, returns the files of `folder` to take away, among them all that new ones replace.
        Both are relative, with ``/``.

    Raises
    ------
    OSError
        If a file cannot be moved; the folder is then as before.
    """
    (folder / SWAP).mkdir()
    try:
        new = _bring(staging, folder)
        moves = _moves(old(new), new)
        _write_plan(folder, moves)
        for origin, target in moves:
            (folder / target).parent.mkdir(exist_ok=True, parents=True)
            (folder / origin).rename(folder / target)
        (folder / SWAP / _PLAN).unlink()
    except BaseException:
        recover(folder)
        raise
    shutil.rmtree(folder / SWAP, ignore_errors=True)
    _remove_if_empty(folder, [origin for origin, _ in moves])


def recover(folder: Path) -> None:
    """Undo a swap that did not end, if there is one.

    Raises
    ------
    OSError
        If an old file cannot be moved back; all of them are then still in ``.midstance-swap/old``.
    """
    plan = folder / SWAP / _PLAN
    if plan.exists():
        moves: Moves = json.loads(plan.read_text(encoding="utf-8"))
        for origin, target in reversed(moves):
            if os.path.lexists(folder / target) and not os.path.lexists(folder / origin):
                (folder / origin).parent.mkdir(exist_ok=True, parents=True)
                (folder / target).rename(folder / origin)
        _remove_if_empty(folder, [target for _, target in moves])
        plan.unlink()  # before the rest: an undo of an undo would lose files
    shutil.rmtree(folder / SWAP, ignore_errors=True)


def _bring(staging: Path, folder: Path) -> list[str]:
    """Move the new files into the folder's own file system (a mount gets a copy); return their names."""
    target = folder / SWAP / "new"
    shutil.move(staging, target)
    return [path.relative_to(target).as_posix() for path in files_below(target)]


def _moves(old: Collection[str], new: Collection[str]) -> Moves:
    """Return origin and target of each rename, in order."""
    first_gone = sorted(old, key=lambda name: name != _LAST)
    last_come = sorted(new, key=lambda name: name == _LAST)
    away = [(name, f"{SWAP}/old/{name}") for name in first_gone]
    return away + [(f"{SWAP}/new/{name}", name) for name in last_come]


def _write_plan(folder: Path, moves: Moves) -> None:
    part = folder / SWAP / "plan.part"
    part.write_text(json.dumps(moves), encoding="utf-8")
    part.replace(folder / SWAP / _PLAN)


def _remove_if_empty(folder: Path, names: list[str]) -> None:
    """Remove subfolders of the files named, where nothing is left in them."""
    for parent in {(folder / name).parent for name in names} - {folder}:
        with suppress(OSError):
            parent.rmdir()
