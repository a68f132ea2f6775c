"""From frames and an analysis to an annotated clip or a single picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import cv2
import numpy as np

from midstance.overlay.arcs import draw_arcs
from midstance.overlay.events import draw_events
from midstance.overlay.header import draw_bands, draw_header
from midstance.overlay.layout import Layout, arrange
from midstance.overlay.margin import margin_annotator
from midstance.overlay.moment import Annotator, Moments
from midstance.overlay.skeleton import draw_skeleton
from midstance.overlay.strip import strip_annotator
from midstance.overlay.text import Image
from midstance.science.records import ViewAnalysis

ANNOTATORS: tuple[Annotator, ...] = (
    draw_skeleton,
    draw_arcs,
    draw_bands,
    draw_events,
    draw_header,
)
"""What is drawn, in this order; margins and strip follow. `draw_bands` cleans everything around the picture."""


class FrameLike(Protocol):
    """A picture of a clip and its time."""

    @property
    def time_s(self) -> float:
        """Real time since the first frame."""

    @property
    def image_bgr(self) -> Image:
        """Shape (h, w, 3): blue, green, red, upright."""


class Writer(Protocol):
    """Takes the pictures of a clip."""

    def write(self, image_bgr: Image, time_s: float) -> None:
        """Add a picture that is shown from `time_s` on; it is drawn over afterwards, so it must not be kept."""


class Composer:
    """Puts pictures of one clip on a canvas and has it annotated.

    Parameters
    ----------
    view : ViewAnalysis
    clip_size_px : tuple of (width, height)
        Of the pictures that the landmarks were found in.
    strip : bool
        Whether the running curves are shown below the picture.
    annotators : iterable of Annotator
        Called in order, before margins and strip are drawn.
    """

    def __init__(
        self,
        view: ViewAnalysis,
        clip_size_px: tuple[int, int],
        *,
        strip: bool = True,
        annotators: Iterable[Annotator] = ANNOTATORS,
    ) -> None:
        self.layout: Layout = arrange(view.scene, clip_size_px, strip=strip)
        self._moments = Moments(view, self.layout)
        around = (margin_annotator(self._moments), strip_annotator(self._moments))
        self._annotators = (*annotators, *(a for a in around if a is not None))

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of every canvas."""
        return self.layout.width_px, self.layout.height_px

    def compose(self, image_bgr: Image, time_s: float, canvas: Image | None = None) -> Image:
        """Return a canvas with the picture and all that is known at its time.

        Parameters
        ----------
        image_bgr : (h, w, 3) uint8 array
            A picture of another size is fitted, so that the canvas never changes.
        time_s : float
            Real time of the clip. Outside of the analysed time the picture passes through.
        canvas : (h, w, 3) uint8 array, optional
            One from before, to be drawn over; a new one is made without it.
        """
        if canvas is None:
            canvas = np.empty((self.layout.height_px, self.layout.width_px, 3), dtype=np.uint8)
        x, y, width, height = self.layout.picture
        canvas[y : y + height, x : x + width] = _fitted(image_bgr, width, height)
        moment = self._moments.at(time_s)
        for annotate in self._annotators:
            annotate(canvas, moment)
        return canvas


def overlay_size_px(view: ViewAnalysis, *, strip: bool = True) -> tuple[int, int]:
    """Return width and height of the overlay of a clip; both are even.

    Parameters
    ----------
    view : ViewAnalysis
    strip : bool
        As for `write_overlay`.

    Raises
    ------
    ValueError
        If the analysis came from landmarks without a picture size.
    """
    size = _clip_size_px(view)
    if size is None:
        raise ValueError(f"{view.name}: expected the analysis of a clip, given one of landmarks without a picture size")
    layout = arrange(view.scene, size, strip=strip)
    return layout.width_px, layout.height_px


def write_overlay(
    frames: Iterable[FrameLike],
    view: ViewAnalysis,
    writer: Writer,
    *,
    strip: bool = True,
    time_scale: float = 1.0,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Annotate the frames of a clip one by one and hand them to a writer.

    Parameters
    ----------
    frames : iterable of FrameLike
        Of the clip that was analysed, with real times. One is held at a time.
    view : ViewAnalysis
    writer : Writer
        Takes pictures of the size that `overlay_size_px` tells.
    strip : bool
        Whether the running curves are shown below the picture.
    time_scale : float
        Seconds of the overlay per second of real time: the rate that the camera filmed at over the rate at
        which the clip plays. A slow-motion clip then gives an overlay in slow motion.
    progress : callable, optional
        Told the number of frames done after each one.
    """
    composer: Composer | None = None
    canvas: Image | None = None
    for done, frame in enumerate(frames, 1):
        image = frame.image_bgr
        if composer is None:
            composer = Composer(view, _clip_size_px(view) or (image.shape[1], image.shape[0]), strip=strip)
        canvas = composer.compose(image, frame.time_s, canvas)
        writer.write(canvas, frame.time_s * time_scale)
        if progress is not None:
            progress(done)


def still(image_bgr: Image, view: ViewAnalysis, time_s: float, *, strip: bool = True) -> Image:
    """Annotate one picture of a clip.

    Parameters
    ----------
    image_bgr : (h, w, 3) uint8 array
    view : ViewAnalysis
    time_s : float
        Real time of the picture.
    strip : bool
        Whether the running curves are shown below the picture.

    Returns
    -------
    (h, w, 3) uint8 array
        Larger than the picture: header, margins and strip stand around it.
    """
    size = _clip_size_px(view) or (image_bgr.shape[1], image_bgr.shape[0])
    return Composer(view, size, strip=strip).compose(image_bgr, time_s)


def _clip_size_px(view: ViewAnalysis) -> tuple[int, int] | None:
    """Return the size of the pictures in which the landmarks lie; None when it is not known."""
    if view.landmarks.frame_size_px is not None:
        return view.landmarks.frame_size_px
    if view.clip.width_px is None or view.clip.height_px is None:
        return None
    return view.clip.width_px, view.clip.height_px


def _fitted(image_bgr: Image, width_px: int, height_px: int) -> Image:
    if image_bgr.shape[:2] == (height_px, width_px):
        return image_bgr
    shrinks = image_bgr.shape[1] > width_px
    method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image_bgr, (width_px, height_px), interpolation=method), dtype=np.uint8)
