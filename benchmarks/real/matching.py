"""Labels of a frame beside what somebody saw in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from training.real.labels import SIDES, ClipLabels

from benchmarks.real.who import Points

Place = NDArray[np.float64]
FEET = tuple(f"{side}_{end}" for side in SIDES for end in ("heel", "toe"))
FARTHEST_LEGS = 0.5
"""Somebody whose feet are further from the labels, in leg lengths, is another person."""
APART_LEGS = 0.1
"""Feet that lie closer together do not tell left from right."""
OTHER = {"left": "right", "right": "left"}


@dataclass(frozen=True, eq=False)
class Pair:
    """One person in one labelled frame.

    Attributes
    ----------
    frame : int
    near : str
        Side turned to the camera.
    placed, seen : mapping of str to (2,) array
        By point, in pixels: the labels, and what was seen; a point that was not seen is left out.
    how : mapping of str to (str, str)
        By point: `yes` or `guessed`, and the garment.
    exchanged : bool or None
        Whether left and right foot are exchanged; None where the labels do not tell.
    """

    frame: int
    near: str
    placed: Mapping[str, Place]
    seen: Mapping[str, Place]
    how: Mapping[str, tuple[str, str]]
    exchanged: bool | None


def pairs_of(labels: ClipLabels, points: Points) -> Iterator[Pair]:
    """Yield every labelled person of the first round, with what was seen of the same person."""
    people = defaultdict(list)
    for label in labels.of_round(1):
        people[label.frame, label.person].append(label)
    for (frame, _), ours in people.items():
        placed = {label.point: np.array([label.x_px, label.y_px]) for label in ours}
        seen = _same_person(points, frame, placed, labels.leg_px)
        how = {label.point: (label.seen, label.garment) for label in ours}
        yield Pair(frame, ours[0].near, placed, seen, how, _exchanged(placed, seen, labels.leg_px))


def _same_person(points: Points, frame: int, placed: Mapping[str, Place], leg_px: float) -> dict[str, Place]:
    rows = np.flatnonzero(points.frame == frame)
    if not len(rows):
        return {}
    count = next(iter(points.xy_px.values())).shape[1]
    people = [_seen(points, int(rows[0]), person) for person in range(count)]
    offs = [_off(placed, seen) for seen in people]
    best = int(np.argmin(offs))
    return people[best] if offs[best] < FARTHEST_LEGS * leg_px else {}


def _seen(points: Points, row: int, person: int) -> dict[str, Place]:
    found = {name: xy[row, person] for name, xy in points.xy_px.items()}
    return {name: xy for name, xy in found.items() if np.isfinite(xy).all()}


def _off(placed: Mapping[str, Place], seen: Mapping[str, Place]) -> float:
    """Return how far the feet are from the labels, whichever foot is which."""
    offs = [
        min(_distance(placed[name], seen[name]), _distance(placed[name], seen[_other(name)]))
        for name in FEET
        if name in placed and name in seen and _other(name) in seen
    ]
    return float(np.mean(offs)) if offs else float("inf")


def _exchanged(placed: Mapping[str, Place], seen: Mapping[str, Place], leg_px: float) -> bool | None:
    """Return whether both feet together lie nearer to the labels of the other foot."""
    both = [
        name for name in FEET if name in placed and _other(name) in placed and name in seen and _other(name) in seen
    ]
    if not both or np.mean([_distance(placed[n], placed[_other(n)]) for n in both]) < APART_LEGS * leg_px:
        return None
    own = sum(_distance(placed[name], seen[name]) for name in both)
    return own > sum(_distance(placed[name], seen[_other(name)]) for name in both)


def _other(name: str) -> str:
    side, _, end = name.partition("_")
    return f"{OTHER[side]}_{end}"


def _distance(a: Place, b: Place) -> float:
    return float(np.hypot(*(a - b)))
