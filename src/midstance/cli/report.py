"""`midstance report`: two saved analyses side by side."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path)


@click.command(short_help="Put two analyses of one runner side by side.")
@click.option(
    "--compare",
    "folders",
    type=FOLDER,
    nargs=2,
    required=True,
    metavar="BEFORE AFTER",
    help="Folders of two analyses of one runner.",
)
@click.option("--out", type=FOLDER, required=True, help="File for the comparison, .html or .pdf.")
def report(folders: tuple[Path, Path], out: Path) -> None:
    """Put two analyses side by side and say which changes exceed the error of measuring."""
    from midstance.api.compare import compare

    click.echo(f"comparison: {compare(*folders, out)}")
