"""From the time stamps of a file's packets to the time of each frame.

Packets come in the order in which they are decoded, frames in the order in which they are shown. The steps:

1. A clock that starts anew (files joined end to end) is found where `REORDER` stamps in a row all lie before
   the `REORDER` stamps ahead of them. Each part is then treated by itself.
2. Within a part, stamps are sorted into display order. One that moves further than `REORDER` places is a
   stray: no codec reorders so far. It is left out.
3. Frames with equal stamps share the interval up to the next stamp evenly, at most one usual interval.
4. Parts are joined with one usual interval between them, and the first frame gets time 0.

So times strictly increase. A decoded frame is placed by its stamp; a frame whose stamp is missing, is a
stray, or lies before the frame already placed is dropped. Containers that keep no presentation stamps (AVI)
hold one packet per frame, so there the n-th frame gets the n-th time.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

REORDER = 16
"""Places by which decoding and display order may differ: the size of the picture buffer of H.264 and HEVC."""

_STEADY = 0.1
"""An interval that differs from the usual one by more than this share makes the frame rate variable."""

_LARGEST_TICK = 2**53
"""Stamps beyond this cannot be told apart as floating-point numbers, and no camera writes them."""

_Ticks = NDArray[np.int64]
_Times = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Stamp and time of every frame of a file, in display order.

    Attributes
    ----------
    stamps : (n,) int array
        Presentation stamps as stored, in ticks of the file's clock.
    time_s : (n,) float array
        Time as the file plays, strictly increasing, from 0.
    tick_s : float
        Length of a tick.
    by_order : bool
        The stamps are not those of presentation: frames are placed one after the other.
    """

    stamps: _Ticks
    time_s: _Times
    tick_s: float
    by_order: bool = field(default=False)

    def __len__(self) -> int:
        return len(self.time_s)

    @cached_property
    def interval_s(self) -> float:
        """The usual time between frames (NaN for fewer than two)."""
        return usual_interval(self.time_s, self.tick_s)

    @cached_property
    def variable(self) -> bool:
        """Whether any interval is off the usual one by over a tenth, and more than rounding explains."""
        slack = max(_STEADY * self.interval_s, 2 * self.tick_s)
        return bool(np.any(np.abs(np.diff(self.time_s) - self.interval_s) > slack))

    def place(self, stamp: int | None, after: int) -> int | None:
        """Return the index of a decoded frame, or None if it has no place behind the frame `after`.

        Parameters
        ----------
        stamp : int or None
            The frame's presentation stamp in ticks, None where the decoder gave none.
        after : int
            Index of the frame placed before it, -1 at the start.
        """
        following = after + 1
        if following >= len(self):
            return None
        if self.by_order:
            return following
        if stamp is None:
            return None
        places = self._places.get(stamp, [])
        position = bisect_right(places, after)
        return places[position] if position < len(places) else None

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for index, stamp in enumerate(self.stamps.tolist()):
            places.setdefault(stamp, []).append(index)
        return places


def build_timeline(ticks: _Ticks, tick_s: float, *, by_order: bool = False) -> Timeline:
    """Make the timeline of a file from the stamps of its packets, by the rules of this module.

    Parameters
    ----------
    ticks : (n,) int array
        Presentation stamps in the order in which packets are stored; decoding stamps with `by_order`.
    tick_s : float
        Length of a tick.
    by_order : bool, optional
        Place frames one after the other, whatever their stamps.

    Raises
    ------
    ValueError
        If there are several frames and time never advances.
    """
    usable = ticks[(ticks > -_LARGEST_TICK) & (ticks < _LARGEST_TICK)]
    parts = [_display_order(part) for part in _split_at_restarts(usable)]
    distinct = [np.unique(part) for part in parts]
    step = usual_interval(max(distinct, key=len))
    if len(usable) > 1 and not np.isfinite(step):
        raise ValueError(f"expected time stamps that advance, given {len(usable)} equal ones")
    times = _join([_spread_equal(part, step) for part in parts], step)
    return Timeline(np.concatenate(parts), times * tick_s, tick_s, by_order)


def usual_interval(times: _Times | _Ticks, tick: float = 1.0) -> float:
    """Return the mean of the intervals near the median one (NaN for fewer than two times).

    The median alone is off by up to half a tick: 30 fps in whole milliseconds is 33, 33, 34 ms. The mean of
    those within a quarter of the median, or one and a half ticks, is exact, and gaps do not shift it.
    """
    intervals = np.diff(times)
    if not len(intervals):
        return float("nan")
    median = np.quantile(intervals, 0.5, method="lower")
    near = np.abs(intervals - median) <= max(0.25 * median, 1.5 * tick)
    return float(intervals[near].mean())


def _split_at_restarts(ticks: _Ticks) -> list[_Ticks]:
    if len(ticks) < 2 * REORDER:
        return [ticks]
    windows = sliding_window_view(ticks, REORDER)
    back_to = windows[REORDER:].max(axis=1)
    from_ = windows[:-REORDER].min(axis=1)
    return np.split(ticks, np.flatnonzero(back_to < from_) + REORDER)


def _display_order(ticks: _Ticks) -> _Ticks:
    order = np.argsort(ticks, kind="stable")
    moved = np.abs(order - np.arange(len(order)))
    kept: _Ticks = ticks[order[moved <= REORDER]]
    return kept


def _spread_equal(ticks: _Ticks, step: float) -> _Times:
    values, first, counts = np.unique(ticks - ticks[:1], return_index=True, return_counts=True)
    room = np.diff(values.astype(float), append=values[-1:] + step)
    share = np.where(counts > 1, np.minimum(room, step) / counts, 0.0)
    position = np.arange(len(ticks)) - np.repeat(first, counts)
    times: _Times = np.repeat(values, counts) + np.repeat(share, counts) * position
    return times


def _join(parts: list[_Times], step: float) -> _Times:
    starts = np.cumsum([0.0, *(part[-1] + step for part in parts[:-1])])
    return np.concatenate([part + start for part, start in zip(parts, starts, strict=True)])
