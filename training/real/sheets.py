"""Sheets to read points off: enlarged crops of one person in one frame, with a grid in pixels of the clip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.pose.person import middle, place

Image = NDArray[np.uint8]
Points = NDArray[np.float64]

PANEL_PX = 640
LINE_EVERY_PX = 36
"""Least distance of grid lines on the sheet."""
STEPS_PX = (1, 2, 5, 10, 20, 50, 100)
PELVIS_SHARE, FOOT_SHARE, BODY_SHARE = 0.62, 0.5, 1.75
"""Breadth of the panels in leg lengths."""
OFF_SHARE = 0.05
"""How far panels are shifted by chance, so that their middle tells nothing."""


@dataclass(frozen=True)
class Window:
    """A square of the clip shown enlarged.

    Attributes
    ----------
    title : str
    x_px, y_px : float
        Its upper left corner in the clip.
    breadth_px : float
        In the clip.
    shown_px : tuple of (x, y)
        Added to the places that the grid tells, so that who places points twice cannot copy from memory.
    """

    title: str
    x_px: float
    y_px: float
    breadth_px: float
    shown_px: tuple[int, int] = (0, 0)

    @property
    def scale(self) -> float:
        """Pixels of the panel for each of the clip."""
        return PANEL_PX / self.breadth_px

    def in_panel(self, point_px: Points) -> Points:
        """Return a place of the clip in the panel; (0, 0) is the centre of the clip's first pixel."""
        return np.asarray((np.asarray(point_px) - (self.x_px, self.y_px)) * self.scale)


def leg_px(person: Points) -> float:
    """Return the longer of both legs, hip by knee to ankle, of a person (33, 4) as the pose model sees it."""
    return max(
        sum(
            float(np.hypot(*(place(person, f"{side}_{a}") - place(person, f"{side}_{b}"))))
            for a, b in (("hip", "knee"), ("knee", "ankle"))
        )
        for side in ("left", "right")
    )


def windows_of(person: Points, rng: np.random.Generator) -> tuple[Window, ...]:
    """Return the windows of a sheet: whole legs, pelvis and both feet, each a little off by chance."""
    leg = leg_px(person)
    hips = middle(person, "hip")
    feet = [(place(person, f"{s}_heel") + place(person, f"{s}_foot_index")) / 2 for s in ("left", "right")]
    parts = (
        ("legs", (hips + np.mean(feet, axis=0)) / 2, BODY_SHARE),
        ("pelvis", hips - (0, 0.08 * leg), PELVIS_SHARE),
        ("one foot", feet[0], FOOT_SHARE),
        ("other foot", feet[1], FOOT_SHARE),
    )
    return tuple(_window(title, at + rng.normal(0, OFF_SHARE * leg, 2), share * leg) for title, at, share in parts)


def _window(title: str, middle_px: Points, breadth_px: float) -> Window:
    x, y = np.round(middle_px - breadth_px / 2)
    return Window(title, float(x), float(y), float(np.ceil(breadth_px)))


def sheet(image: Image, windows: Sequence[Window], title: str, dots: Sequence[tuple[str, Points]] = ()) -> Image:
    """Return the windows of a frame beside and below one another.

    Parameters
    ----------
    image : (height, width, 3) array
        Blue first.
    windows : sequence of Window
    title : str
    dots : sequence of (name, point)
        Points already placed, to be looked at again.
    """
    panels = [_panel(image, window, title, dots) for window in windows]
    rows = [np.hstack(panels[i : i + 2]) for i in range(0, len(panels), 2)]
    return np.asarray(np.vstack(rows), dtype=np.uint8)


def _panel(image: Image, window: Window, title: str, dots: Sequence[tuple[str, Points]]) -> Image:
    scale = window.scale
    affine = np.array([[scale, 0, -window.x_px * scale], [0, scale, -window.y_px * scale]])
    enlarged = cv2.warpAffine(image, affine, (PANEL_PX, PANEL_PX), flags=cv2.INTER_CUBIC)
    panel = np.asarray(enlarged, dtype=np.uint8)
    _draw_grid(panel, window)
    for name, point in dots:
        x, y = (round(float(v)) for v in window.in_panel(point))
        cv2.drawMarker(panel, (x, y), (0, 0, 255), cv2.MARKER_CROSS, 14, 1, cv2.LINE_AA)
        _write(panel, name, (x + 6, y - 6))
    _write(panel, f"{title} {window.title}", (44, 24))
    cv2.rectangle(panel, (0, 0), (PANEL_PX - 1, PANEL_PX - 1), (0, 0, 0), 1)
    return panel


def _draw_grid(panel: NDArray[np.uint8], window: Window) -> None:
    step = next((s for s in STEPS_PX if s * window.scale >= LINE_EVERY_PX), STEPS_PX[-1])
    lines = panel.copy()
    for axis, first in enumerate((window.x_px, window.y_px)):
        for value in range(int(np.ceil(first / step)) * step, int(first + window.breadth_px) + 1, step):
            at = round((value - first) * window.scale)
            ends = ((at, 0), (at, PANEL_PX)) if axis == 0 else ((0, at), (PANEL_PX, at))
            cv2.line(lines, *ends, (255, 255, 0), 1)
            if value // step % 2 == 0:
                text = str(value + window.shown_px[axis])
                places = (
                    [(at - 10, 10), (at - 10, PANEL_PX - 4)] if axis == 0 else [(2, at + 4), (PANEL_PX - 30, at + 4)]
                )
                for where in places:
                    _write(panel, text, where)
    cv2.addWeighted(lines, 0.35, panel, 0.65, 0, dst=panel)


def _write(panel: NDArray[np.uint8], text: str, where: tuple[int, int]) -> None:
    for colour, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(panel, text, where, cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, thick, cv2.LINE_AA)
