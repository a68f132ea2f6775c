"""How far points lie from the labels, and what that does to the foot's line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from training.real.labels import KINDS, SIDES

from benchmarks.real.matching import Pair, Place

MIDDLE = "middle of ASIS and PSIS"
"""Where a hip landmark stands in for those who see neither ASIS nor PSIS."""
FLAT_DEG = 30.0
"""A foot whose line is within this of the horizontal stands, or is about to."""


@dataclass(frozen=True)
class Miss:
    """One point against its label.

    Attributes
    ----------
    kind : str
        `asis`, `psis`, `heel`, `toe`, or `MIDDLE`.
    near : bool
        Of the side turned to the camera.
    seen : str
        Whether the label was seen (`yes`) or `guessed`.
    off_px : float
        NaN where nobody was seen, or not this point.
    """

    kind: str
    near: bool
    seen: str
    off_px: float


@dataclass(frozen=True)
class FootLine:
    """The line from heel to toe against that of the labels.

    Attributes
    ----------
    near : bool
    flat : bool
        By the labels, within `FLAT_DEG` of the horizontal.
    pitch_deg : float
        Estimate less label, toes up positive.
    length_share : float
        Length of the line, in lengths of the label's.
    """

    near: bool
    flat: bool
    pitch_deg: float
    length_share: float


def misses_of(pairs: Iterable[Pair]) -> list[Miss]:
    """Return every labelled point, and the middle of the pelvis' points on the near side."""
    found = []
    for pair in pairs:
        for name, place in pair.placed.items():
            side, _, kind = name.partition("_")
            found.append(Miss(kind, side == pair.near, pair.how[name][0], _apart(pair.seen.get(name), place)))
        ends = [f"{pair.near}_{kind}" for kind in ("asis", "psis")]
        if all(end in pair.placed for end in ends):
            middle = (pair.placed[ends[0]] + pair.placed[ends[1]]) / 2
            found.append(Miss(MIDDLE, near=True, seen="guessed", off_px=_apart(_pelvis(pair, ends), middle)))
    return found


def feet_of(pairs: Iterable[Pair]) -> list[FootLine]:
    """Return the feet with both ends placed and seen, but for frames in which left and right are exchanged."""
    return [
        _foot(pair, side)
        for pair in pairs
        if not pair.exchanged
        for side in SIDES
        if all(f"{side}_{end}" in points for end in ("heel", "toe") for points in (pair.placed, pair.seen))
    ]


def exchanged_share(pairs: Iterable[Pair]) -> tuple[float, int]:
    """Return the share of frames in which left and right are exchanged, and of how many."""
    known = [pair.exchanged for pair in pairs if pair.exchanged is not None]
    return (float(np.mean(known)) if known else float("nan")), len(known)


def kinds() -> Sequence[str]:
    """Return what is judged, in the order of the tables."""
    return ("asis", "psis", MIDDLE, *KINDS[2:])


def _pelvis(pair: Pair, ends: Sequence[str]) -> Place | None:
    if all(end in pair.seen for end in ends):
        return np.asarray((pair.seen[ends[0]] + pair.seen[ends[1]]) / 2)
    return pair.seen.get(f"{pair.near}_hip")


def _apart(seen: Place | None, placed: Place) -> float:
    return float("nan") if seen is None else float(np.hypot(*(seen - placed)))


def _foot(pair: Pair, side: str) -> FootLine:
    rightward = 1 if pair.near == "right" else -1
    placed, seen = (p[f"{side}_toe"] - p[f"{side}_heel"] for p in (pair.placed, pair.seen))
    true, found = (float(np.degrees(np.arctan2(-line[1], rightward * line[0]))) for line in (placed, seen))
    off = (found - true + 180) % 360 - 180
    return FootLine(side == pair.near, abs(true) < FLAT_DEG, off, float(np.hypot(*seen) / np.hypot(*placed)))
