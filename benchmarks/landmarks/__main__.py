"""`python -m benchmarks.landmarks FOLDER`: learn the offsets of landmarks from a cast, and write them down."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from benchmarks.accuracy.cast import CASTS, make_cast
from benchmarks.landmarks.course import usual_course, write_course
from benchmarks.landmarks.crops import crop_errors, write_crop_errors
from benchmarks.landmarks.learn import learn
from benchmarks.landmarks.write import write_offsets
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "src" / "midstance" / "science" / "_landmark_offsets.py"
COURSE = ROOT / "src" / "midstance" / "science" / "_usual_foot.py"
CROPS = ROOT / "src" / "midstance" / "pose" / "_pose_model_px.py"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--out", type=click.Path(path_type=Path), default=TABLE, help="Module to write.")
@click.option("--crops", type=click.Path(path_type=Path), default=CROPS, help="Module to write for the networks.")
@click.option("--course", type=click.Path(path_type=Path), default=COURSE, help="Module to write for frontal timing.")
@click.option("--model", default="heavy", show_default=True)
def main(out: Path, crops: Path, course: Path, model: str) -> None:
    """Learn where landmarks lie against joint centres, and how a foot moves, on the runners that are for learning."""
    try:
        with TerminalProgress() as progress:
            folder = make_cast(ROOT, "learn", progress)
            offsets = learn(folder, model, progress)
            errors = crop_errors(folder, model, progress)
            foot = usual_course(folder, model, progress)
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    write_offsets(offsets, out, model, CASTS["learn"].count)
    write_crop_errors(errors, crops, model, CASTS["learn"].count)
    write_course(foot, course, CASTS["learn"].count)
    click.echo(f"written: {out}, {crops}, {course}")


if __name__ == "__main__":
    main()
