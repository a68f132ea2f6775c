"""Where in its stride each leg is, at every moment of a clip."""

from __future__ import annotations

import numpy as np

from midstance.science.records import Stride
from midstance.science.signals import Array, sample
from midstance.science.stances import Contact

PERCENT = np.linspace(0, 100, 21)
"""Of the stride, at which tables over the stride have their values."""


def percent_of_stride(time_s: Array, contacts: tuple[Contact, ...]) -> Array:
    """Return where in its stride a leg is at each time, from 0 at an initial contact to 100 at the next.

    Before the first and after the last contact the median stride goes on. Empty without two contacts.
    """
    starts_s = np.array([c.initial_contact_s for c in contacts])
    if len(starts_s) < 2:
        return np.empty(0)
    stride_s = float(np.median(np.diff(starts_s)))
    counted = np.interp(time_s, starts_s, np.arange(len(starts_s)))
    before, after = np.minimum(time_s - starts_s[0], 0), np.maximum(time_s - starts_s[-1], 0)
    return np.asarray(100 * ((counted + (before + after) / stride_s) % 1), dtype=np.float64)


def course_over_stride(time_s: Array, values: Array, strides: tuple[Stride, ...], percent: Array) -> Array:
    """Return the median course of a signal at percents of the stride, all strides of a foot laid over each other."""
    each = [
        sample(time_s, values, s.initial_contact_s + percent / 100 * (s.next_contact_s - s.initial_contact_s))
        for s in strides
    ]
    return np.asarray(np.median(each, axis=0), dtype=np.float64)


def course_over_stance(time_s: Array, values: Array, contacts: tuple[Contact, ...], shares: Array) -> Array | None:
    """Return the median course of a signal at shares of the stance, all stances of a foot laid over each other.

    Only stances in which it is known throughout; None without one.
    """
    courses = [sample(time_s, values, contact.at(shares)) for contact in contacts]
    known = [course for course in courses if np.isfinite(course).all()]
    return np.asarray(np.median(known, axis=0)) if known else None
