"""The sample clips of a checkout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midstance.science.errors import InputError

SAMPLES = (
    ("typical", ("side", "front", "standing")),
    ("restricted", ("side", "front", "standing")),
)
"""Name of each run and its clips."""


@dataclass(frozen=True)
class SampleRun:
    """The clips of one rendered runner."""

    name: str
    clips: dict[str, Any]
    """Clips by the names that `analyze` takes them by."""


def sample_runs() -> tuple[SampleRun, ...]:
    """Return the sample runs.

    Raises
    ------
    InputError
        If midstance was not installed from a checkout, where the clips lie.
    """
    folder = Path(__file__).resolve().parents[3] / "sample_videos"
    runs = tuple(SampleRun(name, {what: folder / f"{name}_{what}.mp4" for what in clips}) for name, clips in SAMPLES)
    missing = [str(p) for run in runs for p in run.clips.values() if not p.is_file()]
    if missing:
        raise InputError(
            f"expected the sample clips of a checkout, given none at {missing[0]}: "
            "clone the project, or run `midstance analyze` on a clip of your own"
        )
    return runs
