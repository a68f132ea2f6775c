"""`python -m benchmarks.accuracy [--data FOLDER]...`, from the checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from benchmarks.accuracy.run import Options, run, write_outputs, write_pairs
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[2]
FOLDER = click.Path(path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=FOLDER, multiple=True, help="Folder of NAME_{side,front,rear}.{csv,mp4}, NAME_truth.csv.")
@click.option("--model", "models", multiple=True, default=("heavy",), show_default=True, help="May be given again.")
@click.option("--only-data", is_flag=True, help="Leave out motion capture and sample clips.")
@click.option("--out", type=FOLDER, default=ROOT / "benchmarks", help="Folder for ACCURACY.md and plots.")
@click.option("--sports2d", type=FOLDER, help="Interpreter of an environment with Sports2D, to compare with.")
@click.option("--pairs", type=FOLDER, help="Also write every estimate and its truth to this CSV file.")
def main(out: Path, pairs: Path | None, **choices: Any) -> None:
    """Compare midstance with truth and write ACCURACY.md."""
    shared = Path(os.environ.get("MIDSTANCE_SHARED", ROOT.parent / "shared"))
    options = Options(ROOT, shared, **choices)
    try:
        with TerminalProgress() as progress:
            found = run(options, progress)
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    out.mkdir(parents=True, exist_ok=True)
    write_outputs(found, out / "ACCURACY.md", out / "accuracy" / "plots")
    if pairs:
        write_pairs(found.pairs, pairs)
    click.echo(f"written: {out / 'ACCURACY.md'}")


if __name__ == "__main__":
    main()
