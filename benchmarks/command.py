"""What the commands of the benchmarks have in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from midstance.api import Progress
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""


def shared_folder() -> Path:
    """Return the folder beside the checkout with clips and motion capture; it may be absent."""
    return Path(os.environ.get("MIDSTANCE_SHARED", ROOT.parent / "shared"))


def write_page(out: Path, made: Callable[[Progress], str]) -> None:
    """Write what is made, a page as Markdown; an error of ours is one line and its exit code."""
    try:
        with TerminalProgress() as progress:
            page = made(progress)
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    out.write_text(page, encoding="utf-8")
    click.echo(f"written: {out}")
