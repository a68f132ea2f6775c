"""Landmarks of the person in a square: MediaPipe's landmark model and what it does with the outputs.

The model gives a place for each landmark and a map of where it may be. The place is moved to the mean of the map
around it, where the map is sure (Grishchenko 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from midstance.pose.runtime import Network, Precision
from midstance.pose.squares import Points, Square, cut_out
from midstance.science.errors import ModelError
from midstance.science.landmarks import LANDMARK_NAMES

INPUT_PX = 256
ALL_POINTS, VALUES = 39, 5
"""With six more points than landmarks, which point to the next frame's square; x, y, z, visibility, presence."""
LEAST_PRESENCE = 0.5
"""Of a person in the square."""
REACH_CELLS = 3
LEAST_SURE = 0.5
"""How far around its place a landmark's map is looked at, and how high it must be there to count."""


class Landmarker:
    """MediaPipe's landmark model, for several threads at a time."""

    def __init__(self, path: Path, runs: int, precision: Precision = "single") -> None:
        self._network = Network(path, runs, _wanted, precision=precision)

    def finder(self) -> Callable[[NDArray[np.uint8], Square], Points | None]:
        """Return a function from a picture (red first) and a square to a person.

        The person is (33, 4): x and y in pixels of the picture, visibility, presence; None where nobody is.
        """
        ask = self._network.asker()

        def find(image_rgb: NDArray[np.uint8], square: Square) -> Points | None:
            piece = cut_out(image_rgb, square, INPUT_PX, repeat_edge=True)
            values, present, maps = ask(piece[None].astype(np.float32) / np.float32(255))
            if not float(present.flat[0]) >= LEAST_PRESENCE:
                return None
            points = values.reshape(ALL_POINTS, VALUES)[: len(LANDMARK_NAMES)].astype(np.float64)
            places = refined(points[:, :2] / INPUT_PX, maps[0, :, :, : len(LANDMARK_NAMES)])
            return np.column_stack([square.to_picture(places), expit(points[:, 3:])])

        return find


def _wanted(shapes: Sequence[tuple[int, ...]]) -> list[int]:
    """Return which outputs are the places, the person's presence and the maps."""
    found = {shape: i for i, shape in enumerate(shapes)}
    maps = [shape for shape in shapes if len(shape) == 4 and shape[-1] == ALL_POINTS]
    asked = [(1, ALL_POINTS * VALUES), (1, 1), *maps[:1]]
    if len(asked) < 3 or not set(asked) <= found.keys():
        raise ModelError(f"pose landmarks: expected {ALL_POINTS} places, a presence and maps, given {list(shapes)}")
    return [found[shape] for shape in asked]


def refined(places: Points, maps: NDArray[np.float32]) -> Points:
    """Return places moved to the means of their maps.

    Parameters
    ----------
    places : (n, 2) array
        x and y in shares of the square.
    maps : (rows, columns, n) array
        Logits.

    Returns
    -------
    (n, 2) array
        Unchanged where the place lies outside or its map is nowhere sure around it.
    """
    rows, columns, _ = maps.shape
    out = places.copy()
    for i, (column, row) in enumerate((places * (columns, rows)).astype(np.int64)):
        if not (0 <= column < columns and 0 <= row < rows):
            continue
        low = max(row - REACH_CELLS, 0), max(column - REACH_CELLS, 0)
        sure = expit(maps[low[0] : row + REACH_CELLS + 1, low[1] : column + REACH_CELLS + 1, i].astype(np.float64))
        if sure.max() >= LEAST_SURE:
            down, across = np.indices(sure.shape)
            out[i] = ((low[1] + across) * sure).sum() / columns, ((low[0] + down) * sure).sum() / rows
            out[i] /= sure.sum()
    return out
