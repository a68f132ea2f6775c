"""Pieces of a picture for small networks, and the points that they find in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CELL_PX = 4
"""Pixels of a crop to one cell of a network's maps."""
FINEST_SCALE = 0.5
"""A picture is halved until a crop takes at least so many of its own pixels to one of the picture's."""

Affine = NDArray[np.float64]
"""Map (2, 3) from pixels to pixels."""
Points = NDArray[np.float64]
Size = tuple[int, int]
"""Width and height."""


def through(affine: Affine, points: Points) -> Points:
    """Return points (..., 2) mapped."""
    return np.asarray(points @ affine[:, :2].T + affine[:, 2])


def inverse(affine: Affine) -> Affine:
    """Return the map that undoes one."""
    turn = np.linalg.inv(affine[:, :2])
    return np.column_stack([turn, -turn @ affine[:, 2]])


def network_input(image_bgr: NDArray[np.uint8], affine: Affine, size: Size, kind: float) -> NDArray[np.float32]:
    """Return what a network reads, (4, height, width): blue, green and red from 0 to 1, and a plane of `kind`.

    Parameters
    ----------
    image_bgr : (height, width, 3) array
    affine : (2, 3) array
        From the picture to the crop.
    size : tuple of (width, height)
        Of the crop.
    kind : float
        What the network is told beside the picture, such as which leg it is.
    """
    import cv2

    image, affine = _shrunk(image_bgr, affine, size)
    crop = cv2.warpAffine(image, affine, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    planes = np.full((4, size[1], size[0]), kind, dtype=np.float32)
    planes[:3] = crop.transpose(2, 0, 1) / np.float32(255)
    return planes


def read_maps(maps: NDArray[Any]) -> tuple[Points, NDArray[np.float64]]:
    """Return where a network sees its points, and how far off it takes each to be, in pixels of the crop.

    Parameters
    ----------
    maps : (crops, 2 * points, rows, columns) array
        For each point a map of scores (logarithms of shares, up to a constant), then for each one of the logarithm of
        the spread.

    Returns
    -------
    points : (crops, points, 2) array
        x and y: the mean of the shares.
    spreads : (crops, points) array
        Scale of a Laplace distribution.
    """
    crops, both, rows, columns = maps.shape
    scores, logarithms = np.split(maps.reshape(crops, both, -1).astype(np.float64), 2, axis=1)
    shares = np.exp(scores - scores.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    x, y = ((np.arange(n) + 0.5) * CELL_PX - 0.5 for n in (columns, rows))
    grid = np.stack([np.tile(x, rows), np.repeat(y, columns)], axis=1)
    return np.asarray(shares @ grid), np.exp((shares * logarithms).sum(axis=2))


def _shrunk(image: NDArray[np.uint8], affine: Affine, size: Size) -> tuple[NDArray[Any], Affine]:
    """Halve the part of the picture that a crop takes until its pixels are not much finer than the crop's."""
    import cv2

    scale = np.sqrt(abs(np.linalg.det(affine[:, :2])))
    halvings = int(np.ceil(np.log2(FINEST_SCALE / scale))) if scale < FINEST_SCALE else 0
    if not halvings:
        return image, affine
    step = 2**halvings
    low, cells = _whole_cells(image, affine, size, step)
    part = image[low[1] : low[1] + cells[1] * step, low[0] : low[0] + cells[0] * step]
    small = cv2.resize(part, (int(cells[0]), int(cells[1])), interpolation=cv2.INTER_AREA)
    # A cell's middle lies half a cell from its edge, as a pixel's does.
    to_picture = np.array([[step, 0.0, low[0] + (step - 1) / 2], [0.0, step, low[1] + (step - 1) / 2]])
    return small, np.column_stack([affine[:, :2] @ to_picture[:, :2], through(affine, to_picture[:, 2])])


def _whole_cells(
    image: NDArray[np.uint8], affine: Affine, size: Size, step: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the corner and the number of the cells of `step` pixels that cover a crop, within the picture."""
    width, height = size
    corners = through(inverse(affine), np.array([(0.0, 0.0), (width, 0), (0, height), (width, height)]))
    most = np.maximum(np.array(image.shape[1::-1]) // step, 1)
    first = np.clip(corners.min(axis=0) // step - 1, 0, most - 1).astype(np.int64)
    last = np.clip(corners.max(axis=0) // step + 2, first + 1, most).astype(np.int64)
    return first * step, last - first
