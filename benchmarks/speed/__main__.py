"""`python -m benchmarks.speed`, from the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from benchmarks.command import ROOT, shared_folder, write_page
from benchmarks.speed.page import render_page
from benchmarks.speed.run import Options, run


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", type=click.IntRange(1, 100), default=3, show_default=True, help="How often all is run.")
@click.option("--model", default="heavy", show_default=True, help="Pose model.")
@click.option("--length-s", "lengths_s", type=float, multiple=True, help="Also a clip this long, looped.")
@click.option("--large", is_flag=True, help="Also a clip of 10 s in 1080p.")
@click.option("--sports2d", type=click.Path(path_type=Path, exists=True), help="Python that has Sports2D: timed too.")
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "benchmarks" / "SPEED.md", help="Page to write.")
def main(out: Path, **choices: Any) -> None:
    """Time midstance against the bare pose model and write SPEED.md."""
    options = Options(ROOT, shared_folder(), **choices)
    write_page(out, lambda progress: render_page(run(options, progress)))


if __name__ == "__main__":
    main()
