"""The squares between the frames that the detector looks at.

It looks twelve times a second. A body sways and bounces slower than that, so between two such frames the square round
it is moved evenly; where they do not show the same people, the detector looks at the frames between them as well.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from midstance.pose.squares import Square

EVERY_S = 0.08
MOST_HELD = 6
"""Frames from one look to the next at the most: they wait in memory."""
FURTHEST_SIDES = 0.1
MOST_GROWTH = 1.15
MOST_TURN_RAD = 0.2
"""By how much a square may have moved, grown and turned and still be round the same person."""


def looks_again(first_s: float, held: int, time_s: float) -> bool:
    """Return whether the detector looks at a frame, `held` frames after it looked at one of `first_s`."""
    # A microsecond: times are rounded, and the rhythm shall not hang on it.
    return held >= MOST_HELD or time_s - first_s >= EVERY_S - 1e-6


def between(first: Sequence[Square], last: Sequence[Square], share: float, apart_s: float) -> list[Square] | None:
    """Return the squares a share of the way from the first to the last.

    Parameters
    ----------
    first, last : sequence of Square
        In any order of people.
    share : float
        0 to 1.
    apart_s : float
        Time from the first to the last.

    Returns
    -------
    list of Square or None
        In the order of the first; None where these are not the same people, or too far apart to tell.
    """
    if len(first) != len(last) or apart_s > 2 * EVERY_S:
        return None
    left, squares = list(last), []
    for one in first:
        other = min(left, key=lambda square: _distance(one, square))
        if not _same(one, other):
            return None
        left.remove(other)
        squares.append(_mixed(one, other, share))
    return squares


def _distance(one: Square, other: Square) -> float:
    return float(np.hypot(*(other.centre_px - one.centre_px)))


def _same(one: Square, other: Square) -> bool:
    growth = max(one.side_px, other.side_px) / min(one.side_px, other.side_px)
    turned = abs(other.turn_rad - one.turn_rad)
    return _distance(one, other) <= FURTHEST_SIDES * one.side_px and growth <= MOST_GROWTH and turned <= MOST_TURN_RAD


def _mixed(one: Square, other: Square, share: float) -> Square:
    return Square(
        one.centre_px + share * (other.centre_px - one.centre_px),
        one.side_px + share * (other.side_px - one.side_px),
        one.turn_rad + share * (other.turn_rad - one.turn_rad),
    )
