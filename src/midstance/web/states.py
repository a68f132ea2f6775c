"""States, places for clips, and how they are called."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, cast

from midstance.science.records import View


class State(StrEnum):
    """Where a session or a job stands."""

    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (State.QUEUED, State.RUNNING)

STATE_WORDS = {
    State.DRAFT: "Being prepared",
    State.QUEUED: "Waiting",
    State.RUNNING: "Being analysed",
    State.DONE: "Done",
    State.FAILED: "Could not be analysed",
    State.CANCELLED: "Cancelled",
}

Kind = Literal["analyse", "export", "track"]

SLOT_TITLES = {
    "side": "Side",
    "other_side": "Other side",
    "front": "Front",
    "rear": "Rear",
    "standing": "Standing",
    "other_standing": "Standing, other side",
}
"""Places for a clip, in the order in which they are analysed."""
STANDING_SLOTS = ("standing", "other_standing")
"""Places for clips of the runner standing still, from the side."""
FRONTAL_SLOTS = ("front", "rear")


def other_slots(slot: str) -> tuple[str, ...]:
    """Return the places for clips that show the run from elsewhere: frontal for a side view, and the reverse."""
    if slot in STANDING_SLOTS:
        return ()
    return ("side", "other_side") if slot in FRONTAL_SLOTS else FRONTAL_SLOTS


def view_of(slot: str) -> View:
    """Return which view a clip in a slot shows."""
    return cast("View", slot if slot in FRONTAL_SLOTS else "side")
