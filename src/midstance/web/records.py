"""The records of a session: what was uploaded, and how far the work on it is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """Where the analysis of a session stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def unfinished(self) -> bool:
        """Whether the work is still to be done."""
        return self in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class UploadedClip:
    """One clip of a session."""

    slot: str
    """A name of `SLOTS`: what the clip shows."""
    stored_name: str
    """Name of the file in the session's folder; chosen here, never by a client."""
    given_name: str
    """What the user's file is called; only ever shown."""


@dataclass(frozen=True)
class RunnerFacts:
    """What the user said about the run; None is unknown."""

    runner: str = ""
    height_m: float | None = None
    speed_mps: float | None = None
    capture_fps: float | None = None


@dataclass(frozen=True)
class Session:
    """One run of one runner."""

    id: str
    created: str
    """ISO 8601, UTC."""
    clips: tuple[UploadedClip, ...]
    facts: RunnerFacts
    state: JobState = JobState.QUEUED
    message: str = ""
    """What the analysis said last, when it failed."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a JSON file."""
        return asdict(self)

    @staticmethod
    def from_json(content: dict[str, Any]) -> Session:
        """Return the session of `to_json`.

        Raises
        ------
        KeyError, TypeError, ValueError
            If the content is not that of a session.
        """
        return Session(
            id=content["id"],
            created=content["created"],
            clips=tuple(UploadedClip(**clip) for clip in content["clips"]),
            facts=RunnerFacts(**content["facts"]),
            state=JobState(content["state"]),
            message=content["message"],
        )


SLOTS = {"side": "--side", "other_side": "--side", "front": "--front", "rear": "--rear"}
"""Places for a clip in the upload form, and the option of `midstance analyze` that each stands for."""
