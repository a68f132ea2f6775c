"""Exports: what a user takes away, written into one folder."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from midstance.api import save
from midstance.science.catalogue import MEASURE
from midstance.science.errors import InputError
from midstance.science.legs import leg_length_px
from midstance.science.records import Analysis
from midstance.storage.analysis_json import write_analysis
from midstance.storage.cells import copy_as_text
from midstance.storage.listing import files_below
from midstance.storage.tables import write_curves, write_measures, write_strides
from midstance.web.analysing import Analysed, RunSpec, StoredClip
from midstance.web.edits import words_of

if TYPE_CHECKING:
    from midstance.web.about import About
    from midstance.web.reporter import Reporter

FORMATS = ("png", "svg", "pdf")
TABLES = {
    "analysis.json": write_analysis,
    "strides.csv": write_strides,
    "measures.csv": write_measures,
    "curves.csv": write_curves,
}
_REPORTS = ("report.html", "report.pdf")


@dataclass(frozen=True)
class ExportOptions:
    """What is wanted."""

    overlay: bool = True
    blur_face: bool = False
    report: bool = True
    plots: tuple[str, ...] | None = None
    """Names of measures; None = all."""
    plot_formats: tuple[str, ...] = FORMATS
    tables: bool = True
    name_runner: bool = True
    """Whether report and file names say who it is."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as the page sends them."""
        return asdict(self) | {"plots": "all" if self.plots is None else list(self.plots)}

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> ExportOptions:
        """Read what a page sends; what is left out has its default.

        Raises
        ------
        InputError
            If an option is unknown or has a value that makes no sense.
        """
        flags = ("overlay", "blur_face", "report", "tables", "name_runner")
        unknown = [str(k) for k in body if k not in (*flags, "plots", "plot_formats")]
        if unknown or not all(isinstance(body[k], bool) for k in flags if k in body):
            told = unknown[0] if unknown else "a flag that is neither true nor false"
            raise InputError(f"export: expected only {', '.join(flags)}, plots and plot_formats, given {told:.40}")
        plots = body.get("plots", "all")
        return ExportOptions(
            **{k: body[k] for k in flags if k in body},
            plots=None if plots == "all" else _chosen(plots, tuple(MEASURE), "plots"),
            plot_formats=_chosen(body.get("plot_formats", FORMATS), FORMATS, "plot_formats"),
        )

    def weights(self, frames: int) -> tuple[float, ...]:
        """Return how much time the stages after measuring take, against each other."""
        copies = (0.5 * frames,) if self.blur_face else ()
        return (*copies, (0.8 * frames if self.overlay else 0.0) + 100.0)


def _chosen(given: object, allowed: tuple[str, ...], name: str) -> tuple[str, ...]:
    if isinstance(given, list | tuple) and all(item in allowed for item in given):
        return tuple(str(item) for item in given)
    raise InputError(f"export, {name}: expected names of {', '.join(allowed)}, given {given!r:.60}: correct it")


def write_exports(
    analysed: Analysed, spec: RunSpec, options: ExportOptions, about: About, out: Path, reporter: Reporter
) -> None:
    """Write what is wanted; the folder of the export before is replaced when all is there.

    Parameters
    ----------
    analysed : Analysed
    spec : RunSpec
    options : ExportOptions
    about : About
        What was said of runner and run.
    out : Path
    reporter : Reporter

    Raises
    ------
    MidstanceError
        If a clip cannot be read or a file not written.
    """
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="export-") as work:
        fresh = Path(work) / "fresh"
        analysis = _private(analysed, Path(work), reporter) if options.blur_face else analysed.analysis
        reporter.stage("Drawing and writing")
        if options.report or options.overlay:
            save(analysis, fresh, overlay=options.overlay, about=about, progress=reporter)
            _drop_unwanted(fresh, options)
        _write_plots(analysis, fresh, options, reporter)
        if options.tables:
            _write_tables(analysed, spec, fresh)
            _write_json({title.lower(): words for title, words in about}, fresh / "session.json")
        if out.exists():
            out.rename(Path(work) / "before")
        fresh.rename(out)


def _private(analysed: Analysed, work: Path, reporter: Reporter) -> Analysis:
    """Return the analysis with clips in which the runner's face is blurred, so that every picture made of them is."""
    from midstance.web.faces import blurred_copy

    reporter.stage("Blurring the face")
    analysis, copies = analysed.analysis, {}
    for name, clip in analysis.clips.items():
        view, copy = analysis.view(name), work / f"{name}.mp4"
        blurred_copy(
            Path(clip), view.raw, leg_length_px(view.raw), copy, lambda done, total: reporter.step("blur", done, total)
        )
        copies[name] = str(copy)
    return replace(analysis, clips=copies)


def _drop_unwanted(folder: Path, options: ExportOptions) -> None:
    """Remove what was written with the rest and is not wanted."""
    wanted = options.plots
    for path in files_below(folder):
        name = path.name
        keep = (
            (name in TABLES and options.tables)
            or (name in _REPORTS and options.report)
            or path.suffix == ".mp4"
            or (path.suffix[1:] in options.plot_formats and (wanted is None or path.stem in wanted))
        )
        if not keep:
            path.unlink()


def _write_plots(analysis: Analysis, folder: Path, options: ExportOptions, reporter: Reporter) -> None:
    """Write the plots that are wanted and not there yet."""
    from midstance.plots.panels import panels_of

    (folder / "plots").mkdir(parents=True, exist_ok=True)
    wanted = [MEASURE[name] for name in (MEASURE if options.plots is None else options.plots)]
    names = [m.name for m in wanted if any(panel.measurable for panel in panels_of(analysis, m))]
    files = [folder / "plots" / f"{name}.{kind}" for name in names for kind in options.plot_formats]
    missing = [path for path in files if not path.exists()]
    for done, path in enumerate(missing, 1):
        path.write_bytes(plot_bytes(analysis, path.stem, path.suffix[1:]))
        reporter.step("plots", done, len(missing))


def plot_bytes(analysis: Analysis, measure: str, kind: str) -> bytes:
    """Return the plot of a measure as a PNG, SVG or PDF file."""
    import io

    from midstance.plots import plot_measure
    from midstance.plots.files import DPI
    from midstance.plots.style import style

    figure, file = plot_measure(analysis, measure), io.BytesIO()
    dates: dict[str, dict[str, Any]] = {
        "svg": {"Date": None, "Creator": "midstance"},
        "pdf": {"CreationDate": None, "Creator": "midstance", "Title": MEASURE[measure].title},
        "png": {},
    }
    with style():
        figure.savefig(file, format=kind, dpi=DPI, metadata=dates[kind])
    return file.getvalue()


def _write_tables(analysed: Analysed, spec: RunSpec, folder: Path) -> None:
    """Write the tables, and what they were made from: landmarks, and what was edited by hand."""
    for name, write in TABLES.items():
        if not (folder / name).exists():
            write(analysed.analysis, folder / name)
    for name, clip in analysed.clips.items():
        write_landmarks_of(clip, folder / f"landmarks_{name}.csv")
    steps = json.loads(spec.steps)
    if steps or any(view.pelvis for view in analysed.analysis.views):
        markers = {v.name: v.pelvis.placement.to_plain() for v in analysed.analysis.views if v.pelvis}
        told = {"edited_by_hand": [{**step, "words": words_of(step)} for step in steps], "pelvis_markers": markers}
        _write_json(told, folder / "edits.json")


def write_landmarks_of(clip: StoredClip, path: Path) -> None:
    """Write the landmarks of a clip; a file that somebody brought is given back without what could be a formula."""
    if clip.kind == "landmarks":
        copy_as_text(clip.files.original, path)
    else:
        shutil.copyfile(clip.files.landmarks, path)


def _write_json(content: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")
