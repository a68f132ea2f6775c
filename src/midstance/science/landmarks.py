"""Names, pairs and edges of the body landmarks, and the record that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = get_args(Side)

LANDMARK_NAMES: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
"""MediaPipe's 33 landmarks in its order. Left and right are the runner's."""

LANDMARK_INDEX: dict[str, int] = {name: i for i, name in enumerate(LANDMARK_NAMES)}

LEG_JOINTS: tuple[str, ...] = ("hip", "knee", "ankle", "heel", "foot_index")
"""Landmarks of a leg from the hip down, without the side."""

EDGES: tuple[tuple[str, str], ...] = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *(
        (f"{s}_{a}", f"{s}_{b}")
        for s in SIDES
        for a, b in (
            ("shoulder", "elbow"),
            ("elbow", "wrist"),
            ("shoulder", "hip"),
            ("hip", "knee"),
            ("knee", "ankle"),
            ("ankle", "heel"),
            ("heel", "foot_index"),
            ("ankle", "foot_index"),
        )
    ),
)
"""Lines of the skeleton as drawn."""


def other_side(side: Side) -> Side:
    """Return the opposite side."""
    return "right" if side == "left" else "left"


def indices_of(side: Side, joints: Iterable[str]) -> list[int]:
    """Return which landmarks the joints of a side are."""
    return [LANDMARK_INDEX[f"{side}_{joint}"] for joint in joints]


@dataclass(frozen=True, eq=False)
class LandmarkSeries:
    """Landmarks of one person over a clip.

    Attributes
    ----------
    time_s : (n,) float array
        Time of each frame, strictly increasing. Real time: slow motion is undone.
    xy_px : (n, 33, 2) float array
        Landmarks in pixels, x to the right, y down, in the order of `LANDMARK_NAMES`; NaN = not seen.
    visibility : (n, 33) float array
        0..1 as the pose model gives it; NaN where the landmark is missing.
    frame : (n,) int array
        Number of each frame in the clip, so that it can be found again.
    frame_size_px : tuple of (width, height), optional
        Of the picture; None when only landmarks were given.
    """

    time_s: NDArray[np.float64]
    xy_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    frame: NDArray[np.int64]
    frame_size_px: tuple[int, int] | None = field(default=None)

    def __post_init__(self) -> None:
        n = len(self.time_s)
        expected = {"xy_px": (n, 33, 2), "visibility": (n, 33), "frame": (n,)}
        for name, shape in expected.items():
            given = getattr(self, name).shape
            if given != shape:
                raise ValueError(f"{name}: expected shape {shape} for {n} frames, given {given}")
        if n > 1 and not np.all(np.diff(self.time_s) > 0):
            raise ValueError("time_s: expected strictly increasing times, given some that are equal or go back")

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def fps(self) -> float:
        """Frames per second from the median time between frames (NaN for fewer than two)."""
        return float(1 / np.median(np.diff(self.time_s))) if len(self) > 1 else float("nan")

    @property
    def duration_s(self) -> float:
        """Time from the first to the last frame."""
        return float(self.time_s[-1] - self.time_s[0]) if len(self) else 0.0

    def point(self, name: str) -> NDArray[np.float64]:
        """Return one landmark's path, shape (n, 2), in pixels.

        Raises
        ------
        KeyError
            If `name` is not one of `LANDMARK_NAMES`.
        """
        return self.xy_px[:, LANDMARK_INDEX[name]]

    def midpoint(self, joint: str) -> NDArray[np.float64]:
        """Return the mean of the left and right landmark of `joint`, shape (n, 2), in pixels."""
        return (self.point(f"left_{joint}") + self.point(f"right_{joint}")) / 2
