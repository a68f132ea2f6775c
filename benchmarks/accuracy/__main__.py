"""`python -m benchmarks.accuracy [--data FOLDER]...`, from the checkout."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from benchmarks.accuracy.cache import model_name
from benchmarks.accuracy.evidence import write_errors as put_errors
from benchmarks.accuracy.run import JUDGES, Options, run, write_outputs, write_pairs
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[2]
SCIENCE = ROOT / "src" / "midstance" / "science"
ERRORS = {"midstance": SCIENCE / "_error_figures.py", "mediapipe": SCIENCE / "_error_figures_mediapipe.py"}
FOLDER = click.Path(path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=FOLDER, multiple=True, help="Folder of NAME_{side,front,rear}.{csv,mp4}, NAME_truth.csv.")
@click.option("--model", "models", multiple=True, default=("heavy",), show_default=True, help="May be given again.")
@click.option(
    "--landmarks", type=click.Choice(list(ERRORS)), default="midstance", show_default=True, help="Whose legs."
)
@click.option("--only-data", is_flag=True, help="Leave out motion capture and sample clips.")
@click.option("--out", type=FOLDER, default=ROOT / "benchmarks", help="Folder for ACCURACY.md and plots.")
@click.option("--sports2d", type=FOLDER, help="Interpreter of an environment with Sports2D, to compare with.")
@click.option("--cast", is_flag=True, help="Render and judge by unseen runners; long the first time.")
@click.option("--grid", is_flag=True, help="Render a grid of runners and judge the findings by it; as long again.")
@click.option("--write-errors", is_flag=True, help="Write their errors down as midstance's standard errors.")
@click.option("--pairs", type=FOLDER, help="Also write every estimate and its truth to this CSV file.")
def main(out: Path, pairs: Path | None, *, write_errors: bool, **choices: Any) -> None:
    """Compare midstance with truth and write ACCURACY.md."""
    if write_errors and not choices["cast"]:
        raise click.UsageError("--write-errors: expected --cast beside it, since the errors are those of the cast")
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
    if write_errors:
        figures = ERRORS[options.landmarks]
        model = model_name(options.models[0])
        judged = [p for p in found.pairs if p.source.startswith(JUDGES) and p.model == model]
        put_errors(judged, figures, model)
        click.echo(f"written: {figures}")
    if pairs:
        write_pairs(found.pairs, pairs)
    click.echo(f"written: {out / 'ACCURACY.md'}")


if __name__ == "__main__":
    main()
