"""The whole batch: what is to be done, doing it, and the summary over all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from midstance.batch.dispatch import Dispatch
from midstance.batch.executors import open_executor
from midstance.batch.progress_file import line_in
from midstance.batch.rows import Row, files_of
from midstance.batch.state import (
    NOT_RUN,
    Done,
    forget_progress,
    key_of,
    progress_file,
    read_done,
    results_folder,
    sole_batch,
    write_done,
)
from midstance.batch.task import Outcome, Task, software_versions
from midstance.batch.wire import Heard
from midstance.pose.runtime import best_precision
from midstance.science.errors import InputError, OutputError
from midstance.storage.output import holds_analysis, output_folder


@dataclass(frozen=True)
class BatchOptions:
    """Where and how a batch is done."""

    jobs: int | None = None
    """Processes on this machine; one for each core when not given."""
    scheduler: str | None = None
    """Address of a Dask scheduler; then its workers do the work."""
    upload: bool = False
    """Send clips to the workers and get results back, for want of shared storage."""
    overlay: bool = True
    """Draw the overlay clips."""


class BatchProgress(Protocol):
    """Told how far a batch is."""

    def runs(self, done: int, failed: int, total: int) -> None:
        """Say how many runs have ended, and how many of those in failure."""

    def frames(self, lines: Sequence[str]) -> None:
        """Say how far each run in work is, one line a run."""

    def say(self, line: str) -> None:
        """Tell the user one line."""


def run_batch(rows: Sequence[Row], out: Path, options: BatchOptions, progress: BatchProgress) -> tuple[Done, ...]:
    """Analyse every row whose results are not there yet, then write `summary.csv` and `index.html`.

    Parameters
    ----------
    rows : sequence of Row
        From `read_batch`.
    out : Path
        Results go to `runs/` in it, one folder a run. Run again, it goes on where it stopped: rows whose files,
        options and version of midstance are as they were are left alone, failed ones are tried again.
    options : BatchOptions
    progress : BatchProgress

    Returns
    -------
    tuple of Done
        How each row ended.

    Raises
    ------
    InputError
        If the scheduler or one of its workers cannot serve, or `upload` is asked for without a scheduler.
    OutputError
        If another batch writes into `out`, or it cannot be written.
    """
    if options.upload and not options.scheduler:
        raise InputError("--upload: expected --scheduler with it, given none: leave --upload out, clips are here")
    out = out.absolute()
    with sole_batch(out):
        batch = _Batch(rows, out, options, progress)
        try:
            batch.work()
        finally:
            forget_progress(out)
            if any(done != NOT_RUN for done in batch.ended):
                batch.sum_up()
    return batch.ended


@dataclass
class _Batch:
    """A batch in work."""

    rows: Sequence[Row]
    out: Path
    options: BatchOptions
    progress: BatchProgress
    _done: dict[str, Done] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _signs: dict[str, str] = field(default_factory=dict)
    """Of the last task of a row, by its folder."""
    _heard: Heard = field(default_factory=Heard)

    @property
    def ended(self) -> tuple[Done, ...]:
        """How each row ended."""
        return tuple(self._done.get(row.folder, NOT_RUN) for row in self.rows)

    def work(self) -> None:
        """Run what is to be run."""
        due = [row for row in self.rows if self._is_due(row)]
        if len(due) < len(self.rows):
            self.progress.say(f"{len(self.rows) - len(due)} of {len(self.rows)} runs are done already")
        self._tell()
        if due:
            options = self.options
            workers = partial(open_executor, options.jobs, options.scheduler, self._heard.hear)
            Dispatch(workers, self._task, self._end, self._look).run(due)

    def sum_up(self) -> None:
        """Write the summary and the index."""
        from midstance.batch.index import write_index
        from midstance.batch.summary import read_results, write_summary

        results = read_results(self.out, self.rows, self.ended)
        write_summary(results, self.out / "summary.csv")
        write_index(results, self.out / "index.html")

    def _is_due(self, row: Row) -> bool:
        done, key = read_done(self.out, row), key_of(row, overlay=self.options.overlay)
        if done is None or done.reason or done.key != key:
            return True
        self._done[row.folder] = done
        return False

    def _task(self, row: Row) -> Task:
        """Return the task of a row; its files are looked at now, so that a later change is seen by the next batch."""
        self._keys[row.folder] = key_of(row, overlay=self.options.overlay)
        upload = self.options.upload
        if upload:
            self._signs[row.folder] = self._heard.new_sign()
        return Task(
            row=row,
            out=results_folder(self.out, row),
            overlay=self.options.overlay,
            versions=software_versions(),
            precision=best_precision(),
            progress=None if upload else progress_file(self.out, row),
            sign=self._signs.get(row.folder, ""),
            upload={path: path.read_bytes() for path in _files(row)} if upload else None,
        )

    def _end(self, row: Row, outcome: Outcome) -> None:
        folder = results_folder(self.out, row)
        reason = outcome.reason
        if outcome.archive is not None:
            reason = _unpack(outcome.archive, folder)
        if not reason and not holds_analysis(folder):
            reason = f"expected results in {folder}, given none: share that folder with the workers, or use --upload"
        done = Done(self._keys.get(row.folder, ""), reason)
        write_done(self.out, row, done)
        self._done[row.folder] = done
        self.progress.say(f"{row.title}: {f'failed: {reason}' if reason else 'done'}")
        self._tell()

    def _look(self, rows: Collection[Row]) -> None:
        lines = [(row, self._line(row)) for row in rows]
        self.progress.frames([f"{row.title}: {line}" for row, line in lines if line])

    def _line(self, row: Row) -> str:
        sign = self._signs.get(row.folder)
        return self._heard.line(sign) if sign else line_in(progress_file(self.out, row))

    def _tell(self) -> None:
        self.progress.runs(len(self._done), sum(bool(d.reason) for d in self._done.values()), len(self.rows))


def _files(row: Row) -> list[Path]:
    model = Path(row.options.model)
    clips = [path for clip in row.clips for path in files_of(clip)]
    return [*clips, model] if model.is_absolute() else clips


def _unpack(archive: bytes, folder: Path) -> str:
    """Put results that came back into their folder; return why that failed, or an empty text."""
    try:
        with output_folder(folder) as staging, zipfile.ZipFile(io.BytesIO(archive)) as content:
            content.extractall(staging)
    except OutputError as error:
        return str(error)
    return ""
