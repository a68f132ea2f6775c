"""`midstance export`: a finished analysis as files of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from midstance.api.export import Format
    from midstance.formats.points import Stage

FORMATS = ("trc", "mot", "c3d", "parquet", "netcdf")


@click.command()
@click.argument("run", type=click.Path(path_type=Path), metavar="RUN")
@click.option(
    "--format",
    "formats",
    default="trc,mot,c3d,parquet,netcdf",
    show_default=True,
    metavar="NAME[,NAME...]",
    help="trc, mot: for OpenSim. c3d: landmarks and events. parquet: tables. netcdf: for movement and xarray.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the files; by default `export` in RUN.")
@click.option(
    "--points",
    type=click.Choice(["cleaned", "raw", "centres"]),
    default="cleaned",
    show_default=True,
    help="Landmarks after cleaning, as estimated, or moved to the joint centres.",
)
def export(run: Path, formats: str, out: Path | None, points: str) -> None:
    """Write the analysis in the folder RUN for other programs.

    Files name their units and the signs of angles. Landmarks are in metres (C3D: millimetres) when the analysis has a
    scale (analyze --height-m or --speed-mps), else in pixels.
    """
    from midstance.api.export import export as write
    from midstance.api.export import from_analysis

    wanted = [name.strip().lower() for name in formats.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        raise click.BadParameter(f"expected some of {', '.join(FORMATS)}, given {formats!r}.", param_hint="--format")
    analysis = from_analysis(run)
    base = run.parent if run.name == "analysis.json" else run
    for path in write(analysis, out or base / "export", cast("list[Format]", wanted), points=cast("Stage", points)):
        click.echo(str(path))
