"""What is known of each run of a batch: one small file a run, written after its results are in place."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midstance.batch.rows import Row, files_of
from midstance.batch.task import software_versions
from midstance.pose.runtime import best_precision
from midstance.science.errors import OutputError
from midstance.storage.locks import lock_folder, unlock
from midstance.storage.output import holds_analysis
from midstance.storage.text import atomic_text

RUNS, STATE = "runs", "state"
OWN_FILES = ("summary.csv", "index.html")


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    key: str
    """Stands for its inputs, options and the version of midstance; see `key_of`."""
    reason: str
    """Why it failed; empty when it did not."""


NOT_RUN = Done("", "not run: the batch was ended before")
"""What is known of a row that the batch did not come to."""


@contextmanager
def sole_batch(out: Path) -> Iterator[None]:
    """Make the folders of a batch and keep other batches out while the block lasts.

    Raises
    ------
    OutputError
        If another batch writes into `out`, or it cannot be used.
    """
    try:
        if not (out / STATE).is_dir():
            _check_free(out)
        for name in (RUNS, STATE):
            (out / name).mkdir(parents=True, exist_ok=True)
        lock = lock_folder(out, wait=False)
    except BlockingIOError:
        raise OutputError(
            f"{out}: expected a folder of no other batch, given one that a batch writes into: "
            "wait for it, or choose another"
        ) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{out}: expected a folder that can be written, given '{reason}': choose another") from error
    try:
        yield
    finally:
        unlock(lock)


def _check_free(out: Path) -> None:
    """Check that nothing of the user's would be replaced."""
    for name in OWN_FILES:
        if (out / name).exists():
            raise OutputError(
                f"{out}: expected a new folder or one of an earlier batch, given one whose {name} is from elsewhere: "
                "choose another or move that file away"
            )


def key_of(row: Row, *, overlay: bool) -> str:
    """Return what changes whenever the results of a run may: files by name, size and time, options, versions."""
    files = [_mark(path) for clip in row.clips for path in files_of(clip)]
    model = Path(row.options.model)
    facts = {
        "runner": [row.runner, row.date],
        "side": len(row.side),
        "views": [row.front is not None, row.rear is not None, len(row.standing)],
        "files": files,
        "model": _mark(model) if model.is_absolute() else row.options.model,
        "options": dataclasses.asdict(row.options) | {"model": None},
        "overlay": overlay,
        "versions": software_versions(),
        "precision": best_precision(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _mark(path: Path) -> list[Any]:
    try:
        facts = path.stat()
    except OSError:  # gone since it was looked for; the analysis says so
        return [path.name]
    return [path.name, facts.st_size, facts.st_mtime_ns]


def results_folder(out: Path, row: Row) -> Path:
    """Return the folder with the results of a run."""
    return out / RUNS / row.folder


def progress_file(out: Path, row: Row) -> Path:
    """Return the file in which a worker says how far a run is."""
    return out / STATE / f"{row.folder}.progress"


def forget_progress(out: Path) -> None:
    """Remove what workers have said of how far they are: nobody is in work any more."""
    for path in (out / STATE).glob("*.progress"):
        with suppress(OSError):
            path.unlink()


def read_done(out: Path, row: Row) -> Done | None:
    """Return how a run ended; None when that is not known or its results are gone."""
    try:
        content = json.loads(_file(out, row).read_text(encoding="utf-8"))
        done = Done(str(content["key"]), str(content["reason"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return done if done.reason or holds_analysis(results_folder(out, row)) else None


def write_done(out: Path, row: Row, done: Done) -> None:
    """Keep how a run ended, whole or not at all.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    content = {"runner": row.runner, "date": row.date} | dataclasses.asdict(done)
    with atomic_text(_file(out, row)) as file:
        file.write(json.dumps(content, indent=1) + "\n")
    with suppress(OSError):
        progress_file(out, row).unlink(missing_ok=True)


def _file(out: Path, row: Row) -> Path:
    return out / STATE / f"{row.folder}.json"
