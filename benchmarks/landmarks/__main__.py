"""`python -m benchmarks.landmarks FOLDER`: learn the offsets of landmarks from a cast, and write them down."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from benchmarks.accuracy.cast import CASTS, make_cast
from benchmarks.landmarks.course import usual_course, write_course
from benchmarks.landmarks.crops import crop_errors, write_crop_errors
from benchmarks.landmarks.learn import learn
from benchmarks.landmarks.toe_off import toe_off_lags, write_lags
from benchmarks.landmarks.write import write_offsets
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "midstance"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--out", type=click.Path(path_type=Path), default=PACKAGE, help="Package to write the modules into.")
@click.option("--model", default="heavy", show_default=True)
def main(out: Path, model: str) -> None:
    """Learn where landmarks lie against joint centres, and how a foot moves, on the runners that are for learning."""
    try:
        with TerminalProgress() as progress:
            folder = make_cast(ROOT, "learn", progress)
            offsets = learn(folder, model, progress)
            errors = crop_errors(folder, model, progress)
            foot = usual_course(folder, model, progress)
            lags = toe_off_lags(folder, model, progress)
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    runners = CASTS["learn"].count
    write_offsets(offsets, out / "science" / "_landmark_offsets.py", model, runners)
    write_crop_errors(errors, out / "pose" / "_pose_model_px.py", model, runners)
    write_course(foot, out / "science" / "_usual_foot.py", runners)
    write_lags(lags, out / "science" / "_toe_off_lag.py")
    click.echo(f"written into {out}")


if __name__ == "__main__":
    main()
