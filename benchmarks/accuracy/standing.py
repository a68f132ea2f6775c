"""How well a standing trial tells the zero of the ankle: measured on rendered people, beside how they truly stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.records import Recording
from benchmarks.landmarks.frames import frames_file, read_frames
from benchmarks.markdown import number, table
from midstance.api import Progress
from midstance.science.errors import CannotAnalyseError
from midstance.science.landmarks import Side
from midstance.science.settings import Settings
from midstance.science.standing import standing_neutral

TITLE = "## The zero of the ankle"
TEXT = """\
Dorsiflexion counts from standing. How far the shank leans there, over 2 s of standing still filmed by the camera of the
run, against how far it truly leans over the foot, on rendered people: those unseen in learning stand with a lean drawn
around 3.3° with an SD of 2.5°, those of the grid all with 3.3°. *Slope*: its change for a true change of 1."""
IN_SPACE = ("x_m", "y_m", "z_m")


@dataclass(frozen=True)
class Zero:
    """The zero of one ankle, as found and as it is, in degrees."""

    found: float
    true: float


def standing_section(recordings: Sequence[Recording], model: str, progress: Progress) -> str:
    """Return the page's part on standing trials; nothing without clips of people who stand and their truth."""
    zeros: dict[str, list[Zero]] = defaultdict(list)
    refused = 0
    for recording in recordings:
        for clip in recording.standing:
            if not frames_file(clip).is_file():
                continue
            try:
                zeros[recording.source].append(_zero(clip, model, progress))
            except CannotAnalyseError as error:
                progress.say(f"{clip.name}: {error}")
                refused += 1
    if not zeros:
        return ""
    rows = [[source, str(len(found)), *_figures(found)] for source, found in zeros.items()]
    head = ["", "ankles", "bias", "SD", "worst", "slope"]
    return "\n\n".join([TITLE, TEXT, table(head, rows), f"Clips refused: {refused}."])


def _zero(clip: Path, model: str, progress: Progress) -> Zero:
    landmarks = load_cached(clip, model, progress)
    found = standing_neutral(landmarks.landmarks, Settings().cleaning, clip.name, landmarks.facts.model)
    return Zero(found.angle_deg, true_lean_deg(frames_file(clip), found.side))


def true_lean_deg(frames: Path, side: Side) -> float:
    """Return how far a rendered shank leans over its foot, the median over a clip's frames in space."""
    points = read_frames(frames, IN_SPACE)
    shank, foot = (points[f"{side}_{a}"] - points[f"{side}_{b}"] for a, b in (("knee", "ankle"), ("foot_axis", "heel")))
    sine = np.sum(shank * foot, axis=1) / np.linalg.norm(shank, axis=1) / np.linalg.norm(foot, axis=1)
    return float(np.median(np.degrees(np.arcsin(sine))))


def _figures(zeros: Sequence[Zero]) -> Iterator[str]:
    errors = np.array([z.found - z.true for z in zeros])
    true = np.array([z.true for z in zeros])
    yield f"{number(float(errors.mean()))}°"
    yield f"{number(float(errors.std(ddof=1)))}°" if len(errors) > 1 else "–"
    yield f"{number(float(np.abs(errors).max()))}°"
    varied = len(true) > 2 and true.std() > 1
    yield number(1 + float(np.polyfit(true, errors, 1)[0])) if varied else "–"
