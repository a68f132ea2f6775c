"""How far two clocks are apart, from a curve that both recordings hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.science.errors import CannotAnalyseError
from midstance.science.signals import Array

RATE_HZ = 100.0
LEAST_OVERLAP = 0.5
"""Share of the shorter recording that must lie within the other one."""
OTHER_S = 0.3
"""A shift that is another one and not the flank of the best: less than a stride, which runners repeat."""
CLOSE_CALL = 0.01
"""By how much the best correlation must exceed the next to be sure which stride is which."""


@dataclass(frozen=True)
class Shift:
    """What to add to the times of the first recording to have those of the second."""

    shift_s: float
    correlation: float
    next_s: float
    """The next best shift, such as one stride further; NaN without one."""
    next_correlation: float

    @property
    def sure(self) -> bool:
        """Whether the next best one is clearly worse."""
        return not self.correlation - self.next_correlation < CLOSE_CALL


def best_shift(first_s: Array, first: Array, second_s: Array, second: Array) -> Shift:
    """Find the shift at which two curves agree best.

    Both are resampled at 100 Hz. For each shift Pearson's correlation is taken over what overlaps; at least half
    of the shorter curve must. The best one is refined by a parabola through it and its neighbours.

    Parameters
    ----------
    first_s, second_s : (n,), (m,) arrays
        Times by either clock.
    first, second : (n,), (m,) arrays
        NaN is bridged.

    Raises
    ------
    CannotAnalyseError
        If a curve has nothing in it.
    """
    a, b = _even(first_s, first), _even(second_s, second)
    least = max(2, int(LEAST_OVERLAP * min(len(a), len(b))))
    lags = np.arange(least - len(a), len(b) - least + 1)
    found = np.array([_correlation(a, b, int(lag)) for lag in lags])
    best = int(np.nanargmax(found))
    start_s = float(second_s[0] - first_s[0])
    others = np.where(np.abs(lags - lags[best]) >= OTHER_S * RATE_HZ, found, -np.inf)
    other = int(np.nanargmax(others))
    there = bool(np.isfinite(others[other]))
    return Shift(
        start_s + (lags[best] + _peak(found, best)) / RATE_HZ,
        float(found[best]),
        start_s + float(lags[other]) / RATE_HZ if there else float("nan"),
        float(found[other]) if there else float("nan"),
    )


def contact_curve(contacts: dict[str, Array], time_s: Array, width_s: float = 0.03) -> Array:
    """Return a curve with a hump at each contact, up for the left foot and down for the right.

    Parameters
    ----------
    contacts : dict of str to (k,) arrays
        Times by `left` and `right`.
    time_s : (n,) array
        Where the curve is wanted.
    width_s : float
        SD of a hump.
    """
    humps = {
        side: np.exp(-0.5 * ((time_s[:, None] - times[None, :]) / width_s) ** 2).sum(axis=1)
        for side, times in contacts.items()
    }
    return np.asarray(humps["left"] - humps["right"], dtype=np.float64)


def _even(time_s: Array, values: Array) -> Array:
    seen = np.isfinite(values)
    if seen.sum() < 2:
        raise CannotAnalyseError(
            "expected a curve that both recordings hold, found nothing to compare: check the markers"
        )
    grid = np.arange(time_s[0], time_s[-1], 1 / RATE_HZ)
    return np.asarray(np.interp(grid, time_s[seen], values[seen]), dtype=np.float64)


def _correlation(a: Array, b: Array, lag: int) -> float:
    """Correlate `a` with the part of `b` that begins `lag` samples later."""
    one = a[max(0, -lag) : len(b) - lag]
    other = b[max(0, lag) : lag + len(a)]
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size > 0 else float("nan")


def _peak(values: Array, at: int) -> float:
    """Return how far the top of a parabola through three values lies from the middle one, in samples."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = values[at - 1 : at + 2]
    bend = before - 2 * here + after
    return float(0.5 * (before - after) / bend) if bend < 0 else 0.0
