"""Numbers that come from JSON."""

from __future__ import annotations

from math import isfinite


def finite(value: object) -> float | None:
    """Return a number as a float.

    Parameters
    ----------
    value : object
        Anything that JSON can hold.

    Returns
    -------
    float or None
        None for what is no number (true and false are none), is not finite or is too large for a float.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None
