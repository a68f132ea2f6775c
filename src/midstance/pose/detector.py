"""Where people are in a picture: MediaPipe's pose detector, and the squares in which its landmarks are looked for.

The detector gives, for each of 2254 fixed places (anchors), a score, a box and four points; the first is the middle of
the hips, the second tells how far the body reaches from there and which way is up (Bazarevsky 2020).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from midstance.pose.runtime import Network, Outputs, Precision
from midstance.pose.squares import Points, Square, around, cut_out
from midstance.science.errors import ModelError

LEAST_SCORE = 0.5
MOST_OVERLAP = 0.3
"""Intersection over union above which two boxes show one person."""
WIDER = 1.25
"""How much larger than the body's reach the square is."""
STRIDES_PX = (8, 16, 32, 32, 32)
"""Of the layers that anchors belong to, two for each layer and place."""
VALUES = 12
"""Of each anchor: box and four points."""
INPUT_PX = 224


class Detector:
    """MediaPipe's pose detector, for several threads at a time."""

    def __init__(self, path: Path, runs: int, precision: Precision = "single") -> None:
        self._network = Network(path, runs, _wanted, precision=precision)

    def finder(self) -> Callable[[NDArray[np.uint8], int], list[Square]]:
        """Return a function from a picture (height, width, 3; red first) and the most people to their squares."""
        ask = self._network.asker()

        def find(image_rgb: NDArray[np.uint8], most: int) -> list[Square]:
            whole = around(image_rgb.shape[1], image_rgb.shape[0])
            small = cut_out(image_rgb, whole, INPUT_PX, repeat_edge=False)
            outputs = ask(small[None].astype(np.float32) / np.float32(127.5) - np.float32(1))
            return [_square(whole.to_picture(points)) for points in _people(outputs, most)]

        return find


def _wanted(shapes: Sequence[tuple[int, ...]]) -> tuple[int, int]:
    """Return which outputs are the anchors' values and scores."""
    by_size = {shape[-1]: i for i, shape in enumerate(shapes) if shape[1:2] == (len(anchors()),)}
    if not {VALUES, 1} <= by_size.keys():
        raise ModelError(f"pose detector: expected values and scores of {len(anchors())} anchors, given {list(shapes)}")
    return by_size[VALUES], by_size[1]


def _people(outputs: Outputs, most: int) -> Iterator[Points]:
    """Yield the four points (4, 2) of each person, in shares of the square that was looked at."""
    values, scores = outputs[0][0].astype(np.float64), expit(outputs[1][0, :, 0].astype(np.float64))
    likely = scores >= LEAST_SCORE
    places = values[likely].reshape(-1, VALUES // 2, 2) / INPUT_PX
    middle, size = places[:, 0] + anchors()[likely], places[:, 1]
    boxes = np.concatenate([middle - size / 2, middle + size / 2], axis=1)
    points = places[:, 2:] + anchors()[likely][:, None]
    yield from merged(boxes, scores[likely], points, most)


def merged(boxes: Points, scores: NDArray[np.float64], points: Points, most: int) -> Iterator[Points]:
    """Yield each person's points as the mean over all boxes that overlap with the best one, weighted by score.

    Parameters
    ----------
    boxes : (n, 4) array
        Left, top, right, bottom.
    scores : (n,) array
    points : (n, 4, 2) array
    most : int
        The most people.
    """
    left = np.argsort(-scores, kind="stable")
    while len(left) and most > 0:
        same = _overlap(boxes[left], boxes[left[0]]) > MOST_OVERLAP
        same[0] = True
        yield np.average(points[left[same]], axis=0, weights=scores[left[same]])
        left, most = left[~same], most - 1


def _overlap(boxes: Points, box: Points) -> NDArray[np.float64]:
    """Return intersection over union of boxes (n, 4) with one."""
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    both = np.prod(np.clip(high - low, 0, None), axis=1)
    areas, area = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1), np.prod(box[2:] - box[:2])
    return np.asarray(both / np.maximum(areas + area - both, np.finfo(float).tiny))


def _square(points_px: Points) -> Square:
    """Return the square round a body, upright where the head is up."""
    hips, reach = points_px[0], points_px[1] - points_px[0]
    turn = np.pi / 2 - np.arctan2(-reach[1], reach[0])
    return Square(hips, 2 * WIDER * float(np.hypot(*reach)), float((turn + np.pi) % (2 * np.pi) - np.pi))


@cache
def anchors() -> Points:
    """Return the middles of the anchors (2254, 2), in shares of the square that is looked at."""
    layers = [(stride, 2 * STRIDES_PX.count(stride)) for stride in dict.fromkeys(STRIDES_PX)]
    return np.concatenate([_layer(INPUT_PX // stride, each) for stride, each in layers])


def _layer(cells: int, each: int) -> Points:
    middles = (np.arange(cells) + 0.5) / cells
    grid = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
    return np.repeat(grid, each, axis=0)
