"""`PYTHONPATH=tools python -m benchmarks.pelvis --network FILE`, from the checkout."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.command import ROOT, shared_folder, write_page
from benchmarks.pelvis.page import render_page
from benchmarks.pelvis.run import Options, run

FILE = click.Path(path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--network", type=FILE, required=True, help="As `python -m training.pelvis train` writes it.")
@click.option("--model", default="heavy", show_default=True, help="Pose model.")
@click.option("--examples", type=FILE, help="Folder of the training's examples; by default where it keeps them.")
@click.option("--out", type=FILE, default=ROOT / "benchmarks" / "PELVIS.md", help="Page to write.")
def main(network: Path, model: str, examples: Path | None, out: Path) -> None:
    """Hold a network that sees the pelvis against its gate, and write PELVIS.md."""
    options = Options(ROOT, shared_folder(), network, model, examples)
    write_page(out, lambda progress: render_page(run(options, progress)))


if __name__ == "__main__":
    main()
