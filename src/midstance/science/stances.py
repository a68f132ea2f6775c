"""Records of stances: when a foot is on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from midstance.science.landmarks import Side
from midstance.science.signals import Array

Share = TypeVar("Share", float, Array)
"""One share of a stance, or many."""


@dataclass(frozen=True)
class Contact:
    """One stance of one foot. Times in seconds of the clip; NaN where the clip cuts it off."""

    side: Side
    initial_contact_s: float
    toe_off_s: float

    def at(self, share: Share) -> Share:
        """Return the time at a share of the stance, 0 at contact and 1 at toe-off."""
        return self.initial_contact_s + share * (self.toe_off_s - self.initial_contact_s)

    def share(self, time_s: Share) -> Share:
        """Return what share of the stance has passed at a time; below 0 before it and above 1 after it."""
        return (time_s - self.initial_contact_s) / (self.toe_off_s - self.initial_contact_s)


@dataclass(frozen=True, eq=False)
class Contacts:
    """All stances of a clip and what they were found with."""

    contacts: tuple[Contact, ...]
    """Sorted by initial contact; only stances that begin and end within the clip."""
    speed_px_s: dict[Side, float]
    """Speed of the foot on the ground per side; NaN in a frontal view."""
    timing_assumed: bool
    """Contact and toe-off lie where they usually do, not where they were seen (a frontal view alone)."""

    def of(self, side: Side) -> tuple[Contact, ...]:
        """Return the stances of one side."""
        return tuple(c for c in self.contacts if c.side == side)


def in_order(found: list[Contact]) -> tuple[Contact, ...]:
    """Return stances sorted by initial contact."""
    return tuple(sorted(found, key=lambda c: c.initial_contact_s))
