"""From an analysis to the files of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midstance.api.memory import give_back
from midstance.api.overlays import overlays_under_way
from midstance.api.progress import Progress, silent
from midstance.science.chain import chain_of
from midstance.science.errors import ClipError, OutputError
from midstance.science.landmarks import Side
from midstance.science.records import Analysis, ChainLink, ViewAnalysis

if TYPE_CHECKING:
    from midstance.plots import Hand
    from midstance.report import Pictures

LARGEST_SVG_BYTES = 500_000
"""Of a plot in the report on screen: some hundred strides of a side. The plot's own file is there at any size."""
OWN_PLOTS = 3
"""One in so many plots is drawn here, beside the tables and the chain, while the hand draws the others."""


def save(
    analysis: Analysis,
    out: Path | str,
    *,
    overlay: bool = True,
    about: Sequence[tuple[str, str]] = (),
    jobs: int | None = None,
    hand: Hand | None = None,
    progress: Progress = silent,
) -> Path:
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
    about : sequence of (title, words)
        What is to be said of runner and run in the report.
    jobs : int, optional
        Overlay clips drawn at the same time; as many as there are cores if None. The files do not depend on it.
    hand : Hand, optional
        A process that draws plots beside this one, see `midstance.plots.second_hand`.
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
        If a clip is gone, or is another one than the runner was found in.
    """
    from midstance.storage.output import output_folder

    give_back()  # what the analysis took: at its end the overlay needs the most
    # The hand has ended before a folder that was not finished is removed: nothing is written into it again.
    with output_folder(out) as staging, closing(hand) if hand else nullcontext():
        handed_over = _hand_over(analysis, staging, hand, alone=overlay and bool(analysis.clips))
        _write_tables(analysis, staging)
        stills = {v.name: _still(analysis, v) for v in analysis.views if v.name in analysis.clips}
        drawn = overlays_under_way(analysis, staging, jobs, progress) if overlay else nullcontext[dict[str, Path]]({})
        with drawn as overlays:
            links = chain_of(analysis.views, analysis.summary)
            pictures = replace(_pictures(analysis, staging, links, hand, handed_over), overlays=overlays, stills=stills)
        _write_report(analysis, staging, links, pictures, about)
        _check_unchanged(analysis)
    return Path(out)


def _check_unchanged(analysis: Analysis) -> None:
    """Check that the pictures drawn on are those that the landmarks were found in."""
    from midstance.video.files import clip_error, mark_of

    for path in map(Path, analysis.clips.values()):
        if analysis.clip_marks.get(str(path), "") not in ("", mark_of(path)):
            raise clip_error(path, "the clip was changed while it was analysed; leave it alone and start again")


def _write_tables(analysis: Analysis, folder: Path) -> None:
    from midstance.storage.analysis_json import write_analysis
    from midstance.storage.kept import write_kept
    from midstance.storage.tables import write_curves, write_measures, write_strides

    write_analysis(analysis, folder / "analysis.json")
    write_strides(analysis, folder / "strides.csv")
    write_measures(analysis, folder / "measures.csv")
    write_curves(analysis, folder / "curves.csv")
    write_kept(analysis, folder)


def _hand_over(analysis: Analysis, folder: Path, hand: Hand | None, *, alone: bool) -> tuple[str, ...]:
    """Have the hand, if there is one, begin with plots; return their names.

    It draws all of them where this process has overlays to draw, else those that leave both done at the same time.
    """
    from midstance.plots import plot_names

    names = plot_names(analysis)
    theirs = names if alone else tuple(name for i, name in enumerate(names) if i % OWN_PLOTS)
    return theirs if hand is not None and hand.draw(analysis, folder, theirs) else ()


def _pictures(
    analysis: Analysis, folder: Path, links: Sequence[ChainLink], hand: Hand | None, handed_over: Sequence[str]
) -> Pictures:
    """Write the other plots and return all, and the drawings of the chain, for the report on screen."""
    from midstance.plots import plot_names, write_plots
    from midstance.report import Pictures

    names = plot_names(analysis)
    write_plots(analysis, folder, [name for name in names if name not in handed_over])
    chain = _chain_drawings(analysis, links)
    if handed_over and not (hand and hand.done()):
        write_plots(analysis, folder, handed_over)
    return Pictures({name: _for_screen(folder / "plots" / name) for name in names}, chain)


def _for_screen(plot: Path) -> bytes:
    """Return the SVG of a plot, or the PNG where hundreds of strides make the SVG slow to show."""
    svg = plot.with_suffix(".svg")
    return (svg if svg.stat().st_size <= LARGEST_SVG_BYTES else plot.with_suffix(".png")).read_bytes()


def _write_report(
    analysis: Analysis,
    folder: Path,
    links: Sequence[ChainLink],
    pictures: Pictures,
    about: Sequence[tuple[str, str]],
) -> None:
    from midstance.report import content_of, render_html, render_pdf

    content = content_of(analysis, links, datetime.now().astimezone(), about)
    (folder / "report.html").write_text(render_html(content, analysis, pictures), encoding="utf-8", errors="replace")
    png = {path.stem: path.read_bytes() for path in (folder / "plots").glob("*.png")}
    (folder / "report.pdf").write_bytes(render_pdf(content, replace(pictures, plots=png)))


def _chain_drawings(analysis: Analysis, links: Sequence[ChainLink]) -> dict[tuple[str, Side], bytes]:
    """Draw the chain of each leg that a view shows, on its clip where there is one."""
    from midstance.plots import chain_moments, draw_chain

    return {
        (moment.view.name, moment.side): draw_chain(moment, links, _frame(analysis, moment.view, moment.frame))
        for moment in chain_moments(analysis)
        if links
    }


def _frame(analysis: Analysis, view: ViewAnalysis, number: int) -> NDArray[np.uint8] | None:
    """Return a frame of the view's clip; None for a view without one."""
    return _read_frame(analysis, view, number) if view.name in analysis.clips else None


def _still(analysis: Analysis, view: ViewAnalysis) -> bytes:
    """Draw the midstance of a stride from the middle of the clip, as a JPEG."""
    import cv2

    from midstance.overlay.compose import still

    time_s = _typical_midstance(view)
    picture = still(_picture_at(analysis, view, time_s), view, time_s, strip=False)
    encoded, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 88])
    if not encoded:
        raise OutputError(f"{view.name}: expected a picture that can be encoded as JPEG, given one that cannot")
    return jpeg.tobytes()


def _typical_midstance(view: ViewAnalysis) -> float:
    near = [s for s in view.strides if s.near and s.valid] or [s for s in view.strides if s.valid]
    return near[len(near) // 2].midstance_s


def _picture_at(analysis: Analysis, view: ViewAnalysis, time_s: float) -> NDArray[np.uint8]:
    """Return the picture of a clip nearest to a time."""
    index = int(np.argmin(np.abs(view.raw.time_s - time_s)))
    return _read_frame(analysis, view, int(view.raw.frame[index]))


def _read_frame(analysis: Analysis, view: ViewAnalysis, number: int) -> NDArray[np.uint8]:
    from midstance.video.reader import open_clip

    with open_clip(analysis.clips[view.name], capture_fps=view.clip.capture_fps) as clip:
        for frame in clip.frames(number, number + 1):
            return frame.image_bgr
    raise ClipError(f"{view.clip.file}: expected frame {number}, given a clip without it: was it changed?")
