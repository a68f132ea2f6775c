"""`python -m benchmarks.real`, from the checkout."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from training.real.labels import read_all

from benchmarks.real.page import render_page
from benchmarks.real.records import store, stored
from benchmarks.real.run import find_clip, run_clip
from benchmarks.real.who import WHO
from midstance.cli.progress import TerminalProgress
from midstance.science.errors import MidstanceError

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"
PAGE = ROOT / "benchmarks" / "REAL.md"
CLIPS = Path(os.environ.get("MIDSTANCE_SHARED", ROOT.parent / "shared")) / "data" / "clips"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--clips", type=click.Path(path_type=Path), default=CLIPS, help="Folder of the clips.")
@click.option("--page-only", is_flag=True, help="Write the page from what was stored.")
def main(*, clips: Path, page_only: bool) -> None:
    """Hold landmarks against points placed by hand on real clips, and write REAL.md."""
    try:
        labels = read_all()
        for of_clip in () if page_only else labels:
            path = find_clip(of_clip, clips)
            if path is None:
                click.echo(f"{of_clip.clip}: not in {clips}; its section stays as it was", err=True)
                continue
            with TerminalProgress() as progress:
                result = run_clip(of_clip, path, WHO, datetime.now(UTC).date().isoformat(), progress)
            store(result, RESULTS)
        PAGE.write_text(render_page(labels, [stored(k.clip, RESULTS) for k in labels]), encoding="utf-8")
    except MidstanceError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    click.echo(f"written: {PAGE}")


if __name__ == "__main__":
    main()
