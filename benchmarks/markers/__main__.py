"""`python -m benchmarks.markers [--data FOLDER]...`, from the checkout."""

from __future__ import annotations

from pathlib import Path

import click

from benchmarks.command import write_page
from benchmarks.markers.clips import read_folder
from benchmarks.markers.page import render_page
from benchmarks.markers.run import run_trials
from benchmarks.markers.samples import ROOT, sample_clips
from midstance.api import Progress

FOLDER = click.Path(path_type=Path)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", type=FOLDER, multiple=True, help="Folder of clips with frames/*_frames.csv.gz and truth.")
@click.option("--each", type=click.IntRange(1, 100), default=3, show_default=True, help="Trials of every clip.")
@click.option("--out", type=FOLDER, default=ROOT / "benchmarks" / "MARKERS.md", help="Page to write.")
def main(data: tuple[Path, ...], each: int, out: Path) -> None:
    """Follow painted markers through rendered clips and write MARKERS.md."""

    def made(progress: Progress) -> str:
        clips = sample_clips() + [clip for folder in data for clip in read_folder(folder)]
        return render_page(run_trials(clips, each, progress))

    write_page(out, made)


if __name__ == "__main__":
    main()
