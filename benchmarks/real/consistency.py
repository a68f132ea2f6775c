"""What must agree without labels: the same clip shown otherwise, and one side of a body with the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from training.real.labels import SIDES

from benchmarks.real.matching import FARTHEST_LEGS, FEET, OTHER
from benchmarks.real.who import Points

LINES = {
    "ASIS to PSIS": ("asis", "psis"),
    "hip to knee": ("hip", "knee"),
    "knee to ankle": ("knee", "ankle"),
    "heel to toe": ("heel", "toe"),
}
FRAMES_AT_LEAST = 10


@dataclass(frozen=True)
class Moved:
    """How far points move when a clip is shown otherwise.

    Attributes
    ----------
    kind : str
        Of the points, left and right together.
    median_px, most_px : float
        Median and 90th centile.
    """

    kind: str
    median_px: float
    most_px: float


@dataclass(frozen=True)
class Otherwise:
    """What came of showing a clip otherwise.

    Attributes
    ----------
    moved : tuple of Moved
    crossed : float
        Share of frames in which the feet changed sides.
    found : float
        Share of frames in which the same person was seen again; points are of these alone.
    """

    moved: tuple[Moved, ...]
    crossed: float
    found: float


def compare(one: Points, other: Points, leg_px: float) -> Otherwise:
    """Return by how much points differ.

    Parameters
    ----------
    one, other : Points
        Of the same clip, both as places in it. Frames that one of them lacks are left out; the first person of `one`
        is matched to the nearest of `other`, if that is near enough to be the same.
    leg_px : float
    """
    rows, columns = _common(one, other)
    names = sorted(one.xy_px.keys() & other.xy_px.keys())
    a, b = ({name: p.xy_px[name][index] for name in names} for p, index in ((one, rows), (other, columns)))
    people, apart_px = _nearest(a, b, names)
    there = np.isfinite(_middle(a, names)[:, 0]).all(axis=-1)
    same = np.flatnonzero(apart_px < FARTHEST_LEGS * leg_px)
    a = {name: xy[same, 0] for name, xy in a.items()}
    b = {name: xy[same, people[same]] for name, xy in b.items()}
    kinds = sorted({name.partition("_")[2] for name in names})
    found = len(same) / there.sum() if there.any() else float("nan")
    return Otherwise(tuple(_of_kind(kind, a, b) for kind in kinds), _crossed(a, b), found)


def sides_alike(points: Points) -> dict[str, tuple[float, float]]:
    """Return the median length, in pixels, of each line of the left and the right side, of the first person.

    A body has two sides of one length. Lines with fewer than `FRAMES_AT_LEAST` frames are left out.
    """
    found = {}
    for title, (first, second) in LINES.items():
        ends = [(points.xy_px.get(f"{side}_{first}"), points.xy_px.get(f"{side}_{second}")) for side in SIDES]
        lengths = [_lengths(a[:, 0], b[:, 0]) for a, b in ends if a is not None and b is not None]
        if len(lengths) == len(SIDES) and min(map(len, lengths)) >= FRAMES_AT_LEAST:
            found[title] = (float(np.median(lengths[0])), float(np.median(lengths[1])))
    return found


def _common(one: Points, other: Points) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    _, rows, columns = np.intersect1d(one.frame, other.frame, return_indices=True)
    return np.asarray(rows), np.asarray(columns)


Paths = dict[str, NDArray[np.float64]]


def _nearest(a: Paths, b: Paths, names: list[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return who of `b` is nearest to the first person of `a` in each frame, and how near, in pixels."""
    apart = np.hypot(*np.moveaxis(_middle(b, names) - _middle(a, names)[:, :1], -1, 0))
    apart = np.where(np.isfinite(apart), apart, np.inf)
    return np.argmin(apart, axis=1).astype(np.int64), apart.min(axis=1)


def _middle(paths: Paths, names: list[str]) -> NDArray[np.float64]:
    """Return the mean of all points seen, (frames, people, 2): the same whichever leg is which."""
    places = np.stack([paths[name] for name in names])
    seen = np.isfinite(places)
    count = seen.sum(axis=0)
    return np.asarray(np.where(count, np.where(seen, places, 0).sum(axis=0) / np.maximum(count, 1), np.nan))


def _of_kind(kind: str, a: Paths, b: Paths) -> Moved:
    names = [f"{side}_{kind}" for side in SIDES if f"{side}_{kind}" in a]
    apart = np.concatenate([_lengths(a[name], b[name]) for name in names])
    if not len(apart):
        return Moved(kind, float("nan"), float("nan"))
    return Moved(kind, float(np.median(apart)), float(np.percentile(apart, 90)))


def _crossed(a: Paths, b: Paths) -> float:
    if not set(FEET) <= a.keys():
        return float("nan")
    own = sum(np.hypot(*(a[name] - b[name]).T) for name in FEET)
    other = sum(np.hypot(*(a[name] - b[f"{OTHER[name.split('_')[0]]}_{name.split('_')[1]}"]).T) for name in FEET)
    known = np.isfinite(own) & np.isfinite(other)
    return float(np.mean(own[known] > other[known])) if known.any() else float("nan")


def _lengths(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.hypot(*(a - b).T)
    return np.asarray(lengths[np.isfinite(lengths)])
