"""Where each leg is in its stride at a time: stride number, contact or swing, events just passed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from midstance.science.landmarks import Side
from midstance.science.records import Stride

HOLD_S = 0.15
"""How long the label of an event stays."""

EVENT_TITLES: dict[str, str] = {"initial_contact": "contact", "midstance": "midstance", "toe_off": "toe-off"}


@dataclass(frozen=True)
class Event:
    """A contact, midstance or toe-off."""

    name: str
    """Key of `EVENT_TITLES`."""
    side: Side
    time_s: float

    @property
    def title(self) -> str:
        """The event in words."""
        return EVENT_TITLES[self.name]


@dataclass(frozen=True)
class LegPhase:
    """Where one leg is in its stride."""

    side: Side
    stride: Stride | None
    """The stride that is under way; None before the first, after the last, and between strides."""
    percent: float
    """Of the stride; NaN when it has no end."""
    on_ground: bool | None
    """None when it is not known."""
    event: Event | None
    """The latest event, while its label is held."""


def leg_phase(strides: Iterable[Stride], side: Side, time_s: float) -> LegPhase:
    """Return where a leg is at a time.

    Parameters
    ----------
    strides : iterable of Stride
        Of both legs.
    side : Side
    time_s : float
    """
    mine = [s for s in strides if s.side == side]
    stride = next((s for s in mine if s.initial_contact_s <= time_s < _end_s(s)), None)
    held = [e for e in events_of(mine) if 0 <= time_s - e.time_s < HOLD_S]
    return LegPhase(
        side=side,
        stride=stride,
        percent=stride.percent(time_s) if stride else float("nan"),
        on_ground=_on_ground(stride, time_s),
        event=max(held, key=lambda e: e.time_s, default=None),
    )


def events_of(strides: Iterable[Stride]) -> list[Event]:
    """Return all events of the strides; ones without a time are left out."""
    found = (
        Event(name, s.side, time_s)
        for s in strides
        for name, time_s in (
            ("initial_contact", s.initial_contact_s),
            ("midstance", s.midstance_s),
            ("toe_off", s.toe_off_s),
        )
    )
    return [e for e in found if not math.isnan(e.time_s)]


def last_midstance(strides: Iterable[Stride], side: Side, time_s: float) -> Stride | None:
    """Return the stride whose midstance was passed last."""
    passed = [s for s in strides if s.side == side and s.midstance_s <= time_s]
    return max(passed, key=lambda s: s.midstance_s, default=None)


def _on_ground(stride: Stride | None, time_s: float) -> bool | None:
    if stride is None or math.isnan(stride.toe_off_s):
        return None
    return bool(time_s < stride.toe_off_s)


def _end_s(stride: Stride) -> float:
    """Return the end of a stride; one that the clip cuts off is known until toe-off."""
    return stride.toe_off_s if math.isnan(stride.next_contact_s) else stride.next_contact_s
