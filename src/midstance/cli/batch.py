"""`midstance batch`: many runs, on this machine or a cluster."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from midstance.cli.progress import LOG_EVERY_S, Terminal
from midstance.science.one_line import one_line

if TYPE_CHECKING:
    from midstance.batch import Row

INTERRUPTED = 130
BAR = "{n_fmt} of {total_fmt} runs {bar:12} {elapsed}{postfix}"
"""There is more to say of the runs in work than of the bar."""


@click.command(short_help="Analyse the runs of a folder or a manifest.")
@click.argument("source", type=click.Path(path_type=Path), metavar="FOLDER|MANIFEST.csv")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the results.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Runs at a time on this machine; all cores by default.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers are used, such as tcp://host:8786.")
@click.option("--upload", is_flag=True, help="Send the clips to the workers, when they do not share the folders.")
@click.option("--no-overlay", is_flag=True, help="Leave the overlay clips out.")
def batch(source: Path, out: Path, jobs: int | None, scheduler: str | None, *, upload: bool, no_overlay: bool) -> None:
    """Analyse the runs of a folder or a manifest; run again, it goes on where it stopped.

    One run's failure does not stop the others; then the exit code is 3. docs/scale.md has the rest.
    """
    from midstance.batch import BatchOptions, read_batch, run_batch
    from midstance.science.errors import CannotAnalyseError

    rows = read_batch(source)
    with Display() as display:
        if scheduler is None:
            _prepare(rows, display)
        options = BatchOptions(jobs, scheduler, upload, overlay=not no_overlay)
        try:
            ended = run_batch(rows, out, options, display)
        except KeyboardInterrupt:
            display.say(f"interrupted: what is done is kept in {out}; the same command goes on from there")
            raise click.exceptions.Exit(INTERRUPTED) from None
    click.echo(f"summary: {out / 'summary.csv'}")
    click.echo(f"index: {out / 'index.html'}")
    failed = sum(bool(done.reason) for done in ended)
    if failed:
        raise CannotAnalyseError(
            f"expected every run analysed, given {failed} of {len(ended)} that failed: {out / 'index.html'} says why"
        )


def _prepare(rows: Sequence[Row], display: Display) -> None:
    """Get the models that clips need; from then on nothing goes out of this process or its workers."""
    from midstance.api.seal import seal_network
    from midstance.api.sources import needs_model
    from midstance.models import ensure_model

    for model in sorted({row.options.model for row in rows if any(map(needs_model, row.clips))}):
        ensure_model(model, say=display.say)
    seal_network()


class Display(Terminal):
    """Shows how far a batch is on stderr: a bar on a terminal, a line now and then in a log."""

    def __init__(self) -> None:
        super().__init__()
        self._count = ""
        self._told_s = time.monotonic()

    def runs(self, done: int, failed: int, total: int) -> None:
        """Show how many runs have ended."""
        self._count = f"{done} of {total} runs" + (f", {failed} failed" if failed else "")
        if self._bar is None and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, initial=done, bar_format=BAR, file=sys.stderr, dynamic_ncols=True)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def frames(self, lines: Sequence[str]) -> None:
        """Show how far the runs in work are."""
        if self._bar is not None:
            self._bar.set_postfix_str(one_line("; ".join(lines)))
        elif time.monotonic() - self._told_s >= LOG_EVERY_S:
            self._told_s = time.monotonic()
            click.echo(one_line("; ".join([self._count, *lines])), err=True)
