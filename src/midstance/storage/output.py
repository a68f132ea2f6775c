"""The output folder: complete or as it was, whatever happens on the way.

Everything is written to a hidden staging folder and moved to its place at the end. The rules:

- The folder is absent: the staging folder, which lies beside it, is renamed to it.
- It holds an earlier analysis: that one is replaced as a whole; files that are not ours stay untouched.
- It is empty, or holds other files only: the results are added.
- It holds a file with a name of ours but no analysis: refused, for it would be overwritten.

Two runs at once into one folder do not disturb each other: each is complete, the one that ends last stands.
A run that is killed leaves its staging folder behind; the next one into the same folder removes it.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path

from midstance.science.catalogue import MEASURES
from midstance.science.errors import OutputError
from midstance.storage._files import is_disk_full, output_error
from midstance.storage._swap import recover, swap_in
from midstance.storage.analysis_json import SCHEMA
from midstance.storage.locks import lock_folder, unlock

KEPT = (".csv", ".pelvis.json")
"""Endings of what is kept of each view to analyse it again: landmarks as estimated, and markers on the pelvis."""
OUR_FILES: tuple[str, ...] = (
    "analysis.json",
    "strides.csv",
    "measures.csv",
    "curves.csv",
    "report.html",
    "report.pdf",
    "overlay_*.mp4",
    *(f"plots/{m.name}*.{kind}" for m in MEASURES for kind in ("png", "svg")),
    *(f"landmarks/{view}{kind}" for view in ("side", "side_left", "side_right", "front", "rear") for kind in KEPT),
)
"""What an analysis leaves in its folder, as patterns. Anything else there is the user's."""

_SUBFOLDERS = ("plots", "landmarks")
_STALE_S = 24 * 3600.0
"""Where there are no locks, a staging folder older than this belongs to nobody."""


@contextmanager
def output_folder(out: Path | str) -> Iterator[Path]:
    """Give a staging folder to write into; its files appear in `out` when the block ends without an error.

    Parameters
    ----------
    out : Path or str
        The folder for the results. It and the folders above it are made when they are absent.

    Yields
    ------
    Path
        An empty folder. Subfolders may be made in it.

    Raises
    ------
    OutputError
        If `out` is a file, cannot be written, would lose files that are not midstance's, or the disk is full.
    """
    target = Path(os.path.realpath(out))
    with ExitStack() as tidy:
        with _system_errors(target):
            check_usable(target)
            staging = _stage(target, tidy)
        with _write_faults(staging, target):
            yield staging
        with _system_errors(target):
            _publish(staging, target)


def check_usable(out: Path) -> None:
    """Raise if results may not be written to a folder, before work is spent on them.

    What a run left there that was killed while it exchanged files is undone first.

    Raises
    ------
    OutputError
        If `out` is not a folder, may not be written, or has files of ours without an analysis.
    """
    if not os.path.lexists(out):
        return
    if not out.is_dir():
        raise OutputError(f"{out}: expected a folder for the results, given a file: choose another folder")
    if not os.access(out, os.R_OK | os.W_OK | os.X_OK):
        raise OutputError(f"{out}: expected a folder that can be written, given a read-only one: choose another")
    with _system_errors(out), _locked(out):
        recover(out)
        _old_files(out, ())


def holds_analysis(folder: Path) -> bool:
    """Return whether a folder has an ``analysis.json`` of ours, of any version."""
    try:
        content = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    schema = content.get("schema") if isinstance(content, dict) else None
    return isinstance(schema, str) and schema.startswith(SCHEMA.partition("/")[0] + "/")


@contextmanager
def _system_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise output_error(target, error) from error


@contextmanager
def _write_faults(staging: Path, target: Path) -> Iterator[None]:
    """Turn what the disk did to the caller's writing into an OutputError; its other errors pass."""
    try:
        yield
    except Exception as error:
        lost = isinstance(error, OSError) and str(error.filename).startswith(str(staging))
        if lost or is_disk_full(error):
            raise output_error(target, error) from error
        raise


def _old_files(folder: Path, new: Collection[str]) -> list[str]:
    """Return what is to be taken away before new files come, relative to the folder.

    Raises
    ------
    OutputError
        If there is something, but it does not belong to an analysis.
    """
    below = [folder / name for name in _SUBFOLDERS]
    files = [p for f in (folder, *below) if f.is_dir() for p in f.iterdir()]
    found = {name for p in files if _is_ours(name := p.relative_to(folder).as_posix())}
    ours = found | {name for name in new if os.path.lexists(folder / name)}
    for blocked in [folder / name for name in ours if (folder / name).is_dir()]:
        raise OutputError(f"{blocked}: expected a file or nothing of this name, given a folder: move it away")
    for blocked in [path for path in below if path.exists() and not path.is_dir()]:
        raise OutputError(f"{blocked}: expected a folder or nothing of this name, given a file: move it away")
    if ours and not holds_analysis(folder):
        raise OutputError(
            f"{folder}: expected an empty folder or one with an earlier analysis, given one whose "
            f"{min(ours)} is not from an analysis by midstance: choose another folder or move that file away"
        )
    return sorted(ours)


def _is_ours(name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in OUR_FILES)


# Staging


def _stage(target: Path, tidy: ExitStack) -> Path:
    """Make a locked staging folder, and have it and the folders above it tidied away at the end."""
    above = [p for p in target.parents if not p.exists()]
    tidy.callback(_remove_empty, above)
    target.parent.mkdir(parents=True, exist_ok=True)
    for home in (target.parent, target):
        _remove_stale(home, _prefix(home, target))
    home = _staging_home(target)
    return _make_locked(home, _prefix(home, target), tidy)


def _staging_home(target: Path) -> Path:
    """Return the folder to stage in: beside the target, or in it where that is another disk or read-only."""
    parent = target.parent
    beside = not target.exists() or (
        os.access(parent, os.W_OK | os.X_OK) and parent.stat().st_dev == target.stat().st_dev
    )
    return parent if beside else target


def _prefix(home: Path, target: Path) -> str:
    return ".midstance-staging-" if home == target else f".{target.name[:40]}.midstance-"


def _make_locked(home: Path, prefix: str, tidy: ExitStack) -> Path:
    while True:
        staging = home / f"{prefix}{secrets.token_hex(8)}"
        tidy.callback(shutil.rmtree, staging, ignore_errors=True)
        staging.mkdir()
        with suppress(BlockingIOError, FileNotFoundError):  # a run that tidies up was quicker than the lock
            tidy.callback(unlock, lock_folder(staging, wait=False))
            if staging.exists():
                return staging


def _remove_stale(home: Path, prefix: str) -> None:
    """Remove staging folders whose runs are gone."""
    for folder in [p for p in _entries(home) if p.name.startswith(prefix) and p.is_dir()]:
        with suppress(OSError):  # a run that is alive holds it, or it has just gone
            lock = lock_folder(folder, wait=False)
            try:
                if lock is not None or time.time() - folder.stat().st_mtime > _STALE_S:
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                unlock(lock)


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # absent, or may not be listed: then there is nothing to tidy
        return []


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


# Publishing


def _publish(staging: Path, target: Path) -> None:
    """Move the files of the staging folder to their place."""
    if not os.path.lexists(target) and _take_place(staging, target):
        return
    with _locked(target):
        recover(target)
        swap_in(staging, target, lambda new: _old_files(target, new))


def _take_place(staging: Path, target: Path) -> bool:
    """Rename the staging folder; return False if another run has just made the target."""
    try:
        staging.rename(target)
    except OSError:
        if target.is_dir():
            return False
        raise
    return True


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = lock_folder(folder, wait=True)
    try:
        yield
    finally:
        unlock(lock)
