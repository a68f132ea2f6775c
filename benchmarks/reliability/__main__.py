"""`python -m benchmarks.reliability`, from the checkout."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks.reliability.page import render_page
from benchmarks.reliability.sections import RUNNERS, Options, run_section, store, stored
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"
PAGE = ROOT / "benchmarks" / "RELIABILITY.md"
ASKED_FOR_BY_NAME = ("corpus", "kills")
"""Sections with an option of their own; `--minutes` runs the others."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--corpus", is_flag=True, help="Run every clip of the corpus.")
@click.option("--kills", type=click.IntRange(1), help="Kill so many processes at random moments.")
@click.option("--minutes", type=click.FloatRange(0.1), help="Run each of the other sections for so long.")
@click.option("--section", "names", type=click.Choice(list(RUNNERS)), multiple=True, help="Run this one; may repeat.")
def main(*, corpus: bool, kills: int | None, minutes: float | None, names: Sequence[str]) -> None:
    """Try to break midstance, and write RELIABILITY.md; without options, from what was stored."""
    asked = set(names) | ({"corpus"} if corpus else set()) | ({"kills"} if kills else set())
    if minutes is not None:
        asked |= RUNNERS.keys() - set(ASKED_FOR_BY_NAME)
    options = Options(ROOT, kills or Options.kills, minutes or Options.minutes)
    try:
        for name in [name for name in RUNNERS if name in asked]:
            _run(name, options)
        PAGE.write_text(render_page(stored(RESULTS)), encoding="utf-8")
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    click.echo(f"written: {PAGE}")


def _run(name: str, options: Options) -> None:
    with TerminalProgress() as progress:
        section = run_section(name, options, progress)
    store(section, name, RESULTS, datetime.now(UTC).date().isoformat())


if __name__ == "__main__":
    main()
