"""Command line: ``python -m training.real place CLIP --every 7 --out SHEETS``, from the root of the checkout."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from midstance.science.errors import MidstanceError
from training.real.click import click_sheets
from training.real.labels import FOLDER, ROUNDS, SIDES, doubts, read_all
from training.real.place import Who, take, write_sheets
from training.real.repeat import repeats

FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Place points by hand on frames of real clips: `place`, then `click` or type, then `take`, then `check`."""


@main.command()
@click.argument("clip", type=FILE)
@click.option("--every", type=click.IntRange(1), required=True, help="Of so many frames one is shown.")
@click.option("--out", type=FILE, required=True, help="Folder of the sheets.")
@click.option("--again", type=int, help="Seed of a second round: other order, other cuts, shifted numbers.")
def place(clip: Path, every: int, out: Path, again: int | None) -> None:
    """Write sheets to read points off."""
    click.echo(f"{write_sheets(clip, every, out, again)} sheets in {out}")


@main.command("click")
@click.argument("sheets", type=FILE)
@click.option("--typed", type=FILE, required=True, help="CSV to write.")
def click_them(sheets: Path, typed: Path) -> None:
    """Click points on sheets, in a window."""
    click.echo(f"{click_sheets(sheets, typed)} points in {typed}")


@main.command("take")
@click.argument("clip", type=FILE)
@click.option("--sheets", type=FILE, required=True, help="Folder of the sheets.")
@click.option("--typed", type=FILE, required=True, help="CSV: sheet,point,x_px,y_px,seen,remark.")
@click.option("--person", default="runner", help="Who, in a word.")
@click.option("--near", type=click.Choice(SIDES), required=True, help="Side turned to the camera.")
@click.option("--garment", required=True, help="What covers the pelvis.")
@click.option("--shoe", default="shoe", help="What covers the foot.")
@click.option("--round", "number", type=click.Choice([str(n) for n in ROUNDS]), default="1")
@click.option("--labels", "folder", type=FILE, default=FOLDER, help="Folder of labels.")
def take_typed(
    *, clip: Path, sheets: Path, typed: Path, person: str, near: str, garment: str, shoe: str, number: str, folder: Path
) -> None:
    """Add typed or clicked points to the labels."""
    found = take(clip, sheets, typed, Who(person, near, garment, shoe, int(number)), folder)
    click.echo(f"{len(found.labels)} points in {folder / clip.stem}.csv")


@main.command()
@click.option("--labels", "folder", type=FILE, default=FOLDER, help="Folder of labels.")
def check(folder: Path) -> None:
    """Say what looks wrong in labels, and how well they repeat."""
    for labels in read_all(folder):
        click.echo(f"{labels.clip}: {len(labels.frames)} frames, {len(labels.of_round(1))} points")
        for kind, (n, median, most) in repeats(labels).items():
            share = 100 * median / labels.leg_px
            click.echo(
                f"  {kind}: {n} placed twice, {median:.1f} px apart ({share:.1f} % of leg length), {most:.1f} at most"
            )
        for line in doubts(labels.labels):
            click.echo(f"  {line}")


if __name__ == "__main__":
    try:
        main(prog_name="python -m training.real")
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
