"""The overlay clips of an analysis, drawn side by side: for each view one thread reads, one draws and one encodes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from midstance.api.progress import Progress
from midstance.api.relay import Behind, ahead
from midstance.pose import usable_cores
from midstance.science.records import Analysis, ViewAnalysis

if TYPE_CHECKING:
    from midstance.video.reader import ClipReader

OVERLAY_CRF = 24.0
"""Quality of the overlay clips: sharp text, about 0.4 MB a second at 720 x 1280."""


@contextmanager
def overlays_under_way(
    analysis: Analysis, folder: Path, jobs: int | None, progress: Progress
) -> Iterator[dict[str, Path]]:
    """Write the annotated clips while the block does something else; they are there when it ends.

    Parameters
    ----------
    analysis : Analysis
    folder : Path
    jobs : int or None
        Clips drawn at the same time; as many as there are cores if None. The files do not depend on it.
    progress : Progress
        Told of all clips as one, from one thread at a time.

    Yields
    ------
    dict of str to Path
        Name of the view to where its clip will be.

    Raises
    ------
    OutputError
        If a file cannot be written.
    ClipError
        If a clip is gone.
    """
    from midstance.video.reader import open_clip

    views = [view for view in analysis.views if view.name in analysis.clips]
    paths = {view.name: folder / f"overlay_{view.name}.mp4" for view in views}
    with ExitStack() as stack:
        clips = [
            stack.enter_context(open_clip(analysis.clips[view.name], capture_fps=view.clip.capture_fps))
            for view in views
        ]
        label = f"overlay {views[0].name}" if len(views) == 1 else "overlays"
        tally = _Tally(progress, label, sum(clip.info.frames for clip in clips))
        stack.enter_context(_all_written(list(zip(clips, views, paths.values(), strict=True)), tally, jobs))
        yield paths


class _Tally:
    """Frames done of all clips together. Once one clip has failed, the next frame of any other ends that one."""

    def __init__(self, progress: Progress, label: str, total: int) -> None:
        self._progress, self._label, self._total = progress, label, total
        self._lock = threading.Lock()
        self._done = 0
        self._stopped = False

    def add(self) -> None:
        """Count a frame and tell."""
        with self._lock:
            if self._stopped:
                raise CancelledError
            self._done += 1
            self._stopped = True  # for good, where telling raises
            self._progress.step(self._label, self._done, self._total)
            self._stopped = False

    def stop(self) -> None:
        """End what is under way."""
        with self._lock:
            self._stopped = True


_Task = tuple["ClipReader", ViewAnalysis, Path]


@contextmanager
def _all_written(tasks: Sequence[_Task], tally: _Tally, jobs: int | None) -> Iterator[None]:
    """Write beside the block; what fails there or here ends all."""
    with ThreadPoolExecutor(max(min(len(tasks), jobs or usable_cores()), 1), "overlay") as pool:
        futures = [pool.submit(_write, *task, tally) for task in tasks]
        try:
            yield
            wait(futures, return_when=FIRST_EXCEPTION)
            tally.stop()
            wait(futures)
            for future in sorted(futures, key=_was_stopped):  # what stopped the others comes first
                future.result()
        finally:
            tally.stop()
            pool.shutdown(cancel_futures=True)


def _was_stopped(future: Future[None]) -> bool:
    return isinstance(future.exception(), CancelledError)


def _write(clip: ClipReader, view: ViewAnalysis, path: Path, tally: _Tally) -> None:
    from midstance.overlay.compose import overlay_size_px, write_overlay
    from midstance.video.writer import open_writer

    width_px, height_px = overlay_size_px(view)
    time_scale = clip.info.fps / clip.info.file_fps
    with (
        open_writer(path, width_px=width_px, height_px=height_px, crf=OVERLAY_CRF) as writer,
        Behind(writer) as behind,
        ahead(clip) as frames,
    ):
        write_overlay(frames, view, behind, time_scale=time_scale, progress=lambda _done: tally.add())
