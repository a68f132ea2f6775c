"""`python -m benchmarks.scale`, from the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from benchmarks.command import ROOT, shared_folder, write_page
from benchmarks.scale.page import render_page
from benchmarks.scale.run import Options, run


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--clips", type=click.IntRange(2, 1000), default=8, show_default=True, help="In a batch.")
@click.option("--model", default="heavy", show_default=True, help="Pose model of the batches.")
@click.option("--cluster", is_flag=True, help="Also on Dask, by a scheduler and workers on this machine.")
@click.option("--memory-s", type=float, default=600.0, show_default=True, help="Length of the long clip; 0: none.")
@click.option("--memory-model", default="lite", show_default=True, help="Pose model for it.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "benchmarks" / "SCALE.md", help="Page to write.")
def main(out: Path, **choices: Any) -> None:
    """Run batches by one worker and by two, and a long clip, and write SCALE.md."""
    options = Options(ROOT, shared_folder(), **choices)
    write_page(out, lambda progress: render_page(run(options, progress)))


if __name__ == "__main__":
    main()
