"""What the accuracy benchmark passes around."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from midstance.science.landmarks import Side
from midstance.science.records import Quality, View

Kind = Literal["clean", "noisy", "clips", "points"]
"""Error-free landmarks, landmarks with an estimator's errors, clips through the real pose model, or clips with every
landmark put where the joint is in the picture."""
Leg = Literal["near", "far", "left", "right"]
"""In a side view by the distance from the camera, in a frontal one by the runner's side."""
EVENTS = ("initial_contact", "midstance", "toe_off")


@dataclass(frozen=True)
class Recording:
    """One run: its views and its truth."""

    name: str
    source: str
    """Where it is from, in words: rows of one source are pooled."""
    kind: Kind
    truth: Path
    files: tuple[tuple[View, Path], ...]
    standing: tuple[Path, ...] = ()
    """Clips of the runner standing still, from the side."""


@dataclass(frozen=True)
class TruthStance:
    """One stance as it was."""

    side: Side
    initial_contact_s: float
    toe_off_s: float
    midstance_s: float
    """NaN when not known."""
    values: dict[tuple[str, str], float] = field(default_factory=dict)
    """(measure, instant) to its true value."""


@dataclass(frozen=True)
class Truth:
    """What really happened in a run."""

    stances: tuple[TruthStance, ...]
    """In order of contact."""
    speed_mps: float | None = None
    """Given to the product as a user would, for distances."""
    height_m: float | None = None


@dataclass(frozen=True)
class Pair:
    """One number of the product beside its truth."""

    source: str
    kind: Kind
    recording: str
    model: str
    """Pose model; empty for landmarks."""
    fps: int
    view: str
    """`side`, `front` or `rear`; `front alone` where no side view helped."""
    leg: Leg
    measure: str
    instant: str
    """`event` for the time of an event, in ms."""
    truth: float
    estimate: float
    quality: Quality


@dataclass(frozen=True)
class Tally:
    """How many stances of one view were found."""

    source: str
    kind: Kind
    recording: str
    model: str
    fps: int
    view: str
    true: int
    """Stances of the truth that lie well within the clip."""
    missed: int
    false: int
    """Stances found where there was none."""
    exchanged: int
    """Stances found at the right time with left and right exchanged."""
