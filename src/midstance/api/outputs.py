"""From an analysis to the files of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from midstance.api.progress import Progress, silent
from midstance.science.records import Analysis, ViewAnalysis

if TYPE_CHECKING:
    from midstance.video.records import Frame


def save(analysis: Analysis, out: Path | str, *, overlay: bool = True, progress: Progress = silent) -> Path:
    """Write tables, plots, overlays and the report into a folder.

    All is written beside the folder first and moved into place at the end: an error or an interruption
    leaves the folder as it was.

    Parameters
    ----------
    analysis : Analysis
    out : Path or str
        New, empty, or holding an earlier analysis, which is replaced.
    overlay : bool
        Whether to draw the overlay clips.
    progress : Progress

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the folder cannot be used or written.
    ClipError
        If a clip is gone.
    """
    from midstance.storage.output import output_folder

    with output_folder(out) as staging:
        _write_tables(analysis, staging)
        stills = {v.name: _still(analysis, v) for v in analysis.views if v.name in analysis.clips}
        overlays = _write_overlays(analysis, staging, progress) if overlay else {}
        _write_report(analysis, staging, overlays, stills)
    return Path(out)


def _write_tables(analysis: Analysis, folder: Path) -> None:
    from midstance.storage.analysis_json import write_analysis
    from midstance.storage.tables import write_curves, write_measures, write_strides

    write_analysis(analysis, folder / "analysis.json")
    write_strides(analysis, folder / "strides.csv")
    write_measures(analysis, folder / "measures.csv")
    write_curves(analysis, folder / "curves.csv")


def _write_report(analysis: Analysis, folder: Path, overlays: Mapping[str, Path], stills: Mapping[str, bytes]) -> None:
    from midstance.plots import write_plots
    from midstance.report import render_report

    plots = {p.stem: p.read_bytes() for p in write_plots(analysis, folder) if p.suffix == ".png"}
    html = render_report(analysis, plots_svg_or_png=plots, overlays=overlays, stills=stills)
    (folder / "report.html").write_text(html, encoding="utf-8")


def _write_overlays(analysis: Analysis, folder: Path, progress: Progress) -> dict[str, Path]:
    return {
        view.name: _write_overlay(analysis, view, folder / f"overlay_{view.name}.mp4", progress)
        for view in analysis.views
        if view.name in analysis.clips
    }


def _write_overlay(analysis: Analysis, view: ViewAnalysis, path: Path, progress: Progress) -> Path:
    raise NotImplementedError


def _still(analysis: Analysis, view: ViewAnalysis) -> bytes:
    raise NotImplementedError


def _frames(analysis: Analysis, view: ViewAnalysis) -> Iterator[Frame]:
    from midstance.video.reader import open_clip

    with open_clip(analysis.clips[view.name], capture_fps=view.clip.capture_fps) as clip:
        yield from clip
