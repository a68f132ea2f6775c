"""An analysis as files of other programs, and a saved one as an analysis again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

from midstance.api.analyse import analyze_landmarks
from midstance.api.sources import ClipLandmarks
from midstance.formats.points import Stage
from midstance.science.errors import InputError
from midstance.science.records import Analysis

Format = Literal["trc", "mot", "c3d", "parquet", "netcdf"]
FORMATS: tuple[Format, ...] = get_args(Format)


def export(
    analysis: Analysis,
    out: Path | str,
    formats: Sequence[Format] = FORMATS,
    *,
    points: Stage = "cleaned",
) -> tuple[Path, ...]:
    """Write an analysis for other programs.

    Parameters
    ----------
    analysis : Analysis
    out : Path or str
        Folder for the files, made when absent; older files of the same names are replaced.
    formats : sequence of str
        `trc` (landmarks, for OpenSim), `mot` (angles, for OpenSim), `c3d` (landmarks and events), `netcdf`
        (landmarks, angles and events, for xarray and `movement`), `parquet` (tables, for pandas and others).
    points : {'cleaned', 'raw', 'centres'}
        Landmarks cleaned on a uniform time base, as estimated, or moved to the joint centres that angles are read
        from. TRC holds metres and C3D millimetres where the analysis has a scale, else pixels; NetCDF always pixels.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    InputError
        If a format or the kind of points is not known, or packages of the extra `formats` are missing.
    OutputError
        If a file cannot be written; then none is, and older ones are as they were.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise InputError(f"format: expected some of {', '.join(FORMATS)}, given {', '.join(unknown) or 'none'}")
    if points not in get_args(Stage):
        raise InputError(f"points: expected one of {', '.join(get_args(Stage))}, given {points}")
    from midstance.storage.text import whole_files

    writers = {"trc": _trc, "mot": _mot, "c3d": _c3d, "parquet": _parquet, "netcdf": _netcdf}
    with whole_files(Path(out)) as part:
        written = [path.name for name in dict.fromkeys(formats) for path in writers[name](analysis, part, points)]
    return tuple(Path(out) / name for name in written)


def from_analysis(folder: Path | str) -> Analysis:
    """Return a saved analysis, computed again from the landmarks, settings, edits and markers kept with it.

    Parameters
    ----------
    folder : Path or str
        What `save` was given, or the `analysis.json` in it.

    Raises
    ------
    InputError
        If there is no analysis, or none of its landmarks.
    CannotAnalyseError
        If this version cannot analyse the landmarks.
    """
    from midstance.storage.kept import read_kept

    run = read_kept(folder)
    clips = [(v.view, ClipLandmarks(v.landmarks, v.clip, None)) for v in run.views]
    markers = {v.name: v.pelvis for v in run.views if v.pelvis is not None}
    return analyze_landmarks(clips, run.settings, run.edits, markers, run.neutrals)


Writer = Callable[[Analysis, Path, Stage], Iterator[Path]]


def _trc(analysis: Analysis, out: Path, points: Stage) -> Iterator[Path]:
    from midstance.formats.points import points_of
    from midstance.formats.trc import write_trc

    for view in analysis.views:
        path = out / f"landmarks_{view.name}.trc"
        write_trc(points_of(view, points), path)
        yield path


def _mot(analysis: Analysis, out: Path, points: Stage) -> Iterator[Path]:  # noqa: ARG001 - one form for all writers
    from midstance.formats.mot import write_mot

    for view in analysis.views:
        path = out / f"angles_{view.name}.mot"
        write_mot(view, path)
        yield path


def _c3d(analysis: Analysis, out: Path, points: Stage) -> Iterator[Path]:
    from midstance.formats.c3d import write_c3d
    from midstance.formats.points import points_of

    for view in analysis.views:
        path = out / f"landmarks_{view.name}.c3d"
        write_c3d(points_of(view, points), view.strides, path)
        yield path


def _netcdf(analysis: Analysis, out: Path, points: Stage) -> Iterator[Path]:
    from midstance.formats.netcdf import write_netcdf

    for view in analysis.views:
        path = out / f"landmarks_{view.name}.nc"
        write_netcdf(view, points, path)
        yield path


def _parquet(analysis: Analysis, out: Path, points: Stage) -> Iterator[Path]:  # noqa: ARG001 - as above
    from midstance.formats.tables import TABLES, write_parquet

    for table in TABLES:
        path = out / f"{table}.parquet"
        write_parquet(analysis, table, path)
        yield path
