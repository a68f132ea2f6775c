"""What the lines of a running `midstance analyze` say about how far it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STEP = re.compile(
    r"(?P<label>.+): (?P<done>\d+) of (?P<total>\d+) frames, (?P<rate>[\d.]+) frames/s, (?P<left>[\d.]+|nan) s left"
)


@dataclass(frozen=True)
class JobProgress:
    """How far a job is. `total` is 0 while that is unknown."""

    label: str
    done: int = 0
    total: int = 0
    left_s: float | None = None
    """Time left for this step."""


STARTING = JobProgress("Starting")


def parse_line(line: str) -> JobProgress:
    """Return what a line on standard error says; a line of another form becomes the label."""
    step = _STEP.fullmatch(line.strip())
    if step is None:
        return JobProgress(line.strip())
    left_s = None if step["left"] == "nan" else float(step["left"])
    return JobProgress(_label(step["label"]), int(step["done"]), int(step["total"]), left_s)


def _label(step: str) -> str:
    kind, _, name = step.partition(" ")
    view = name.removesuffix(".clip").replace("_", " ")
    return {"pose": f"Finding the runner: {view}", "overlay": f"Drawing the overlay: {view}"}.get(kind, step)
