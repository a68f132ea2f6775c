"""Markers on the pelvis of a clip: from where they were placed to where they went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from midstance.api.progress import Progress, silent
from midstance.science.errors import InputError
from midstance.science.pelvis_markers import MarkerTracks, Placement, kinds_of
from midstance.science.records import ViewAnalysis

if TYPE_CHECKING:
    from midstance.video.reader import ClipReader


def track_markers(
    clip: Path | str, view: ViewAnalysis, placement: Placement, *, progress: Progress = silent
) -> MarkerTracks:
    """Follow two markers on the pelvis through a clip; `reanalyse` makes angles of them.

    The clip is decoded once, which takes most of the time.

    Parameters
    ----------
    clip : Path or str
        The clip that the view was analysed from.
    view : ViewAnalysis
        Its landmarks tell about where the pelvis is.
    placement : Placement
        Where the markers are in one frame. A click near the middle of a round spot is moved to its middle.
    progress : Progress

    Raises
    ------
    InputError
        If the kind of marker does not suit the view, the frame is not in the clip, or a marker is outside the picture.
    ClipError
        If the clip is gone or cannot be decoded.
    """
    from midstance.track.markers import follow_markers
    from midstance.video.reader import open_clip

    kinds = kinds_of(view.scene.view)
    if placement.kind not in kinds:
        raise InputError(
            f"markers: expected {' or '.join(kinds)} in a {view.scene.view} view, given {placement.kind}: correct it"
        )
    with open_clip(clip, capture_fps=view.clip.capture_fps) as reader:
        total = reader.info.frames
        return follow_markers(
            _numbered(reader, view),
            view.raw,
            view.landmarks,
            placement,
            view.scene.leg_length_px,
            lambda done: progress.step(f"markers {view.name}", done, total),
        )


def _numbered(reader: ClipReader, view: ViewAnalysis) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    for frame in reader.frames(stop=int(view.raw.frame[-1]) + 1):
        yield frame.index, frame.image_bgr
