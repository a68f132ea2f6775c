"""The raw motion-capture trial: more truth for its published views, faster phones, phones that stand wrongly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy.camera_study import DURATION_S, StudyRow, filmed, study_cameras
from benchmarks.accuracy.inputs import WORDS
from benchmarks.accuracy.pairing import Outcome, judge
from benchmarks.accuracy.records import Recording, Truth
from benchmarks.accuracy.truth import supplemented, truth_of
from benchmarks.mocap.cameras import HEADING_DEG, Phone
from benchmarks.mocap.rbds import find_trial
from benchmarks.mocap.skeleton import Skeleton, build_skeleton
from benchmarks.mocap.truth import stance_truth

TITLE = "Motion capture (RBDS 001)"
NAME = "rbds001_25"
"""Of the published views."""
FAST_FPS = (120.0, 240.0)


@dataclass(frozen=True, eq=False)
class Mocap:
    """A trial, where its raw files are at hand."""

    skeleton: Skeleton
    truth: Truth
    """Of the whole trial."""

    @property
    def filmed_truth(self) -> Truth:
        """Truth of the part that is filmed."""
        return replace(self.truth, stances=tuple(s for s in self.truth.stances if s.toe_off_s < DURATION_S))


def read_mocap(raw: Path) -> Mocap | None:
    """Read the trial in a folder; None when there is none."""
    trial = find_trial(raw) if raw.is_dir() else None
    if trial is None:
        return None
    skeleton = build_skeleton(trial)
    rows = [{k: str(v) for k, v in row.items()} for row in stance_truth(trial, skeleton)]
    return Mocap(skeleton, truth_of(rows, trial.name))


def with_more_truth(recording: Recording, truth: Truth, mocap: Mocap | None) -> Truth:
    """Add what the raw trial tells and the published truth does not, such as dorsiflexion."""
    same_trial = recording.source.startswith(TITLE) and recording.name.startswith(NAME)
    return supplemented(truth, mocap.truth) if mocap is not None and same_trial else truth


def fast_phones(mocap: Mocap) -> Iterator[Outcome]:
    """Analyse the trial as phones with higher frame rates would film it."""
    for fps in FAST_FPS:
        clips = [(view, filmed(mocap.skeleton, Phone(view), fps, DURATION_S)) for view in HEADING_DEG]
        recording = Recording(f"filmed here at {fps:g} fps", f"{TITLE}, {WORDS['clean']}", "clean", Path(), ())
        yield judge(recording, mocap.filmed_truth, clips, "")


def camera_study(mocap: Mocap) -> tuple[StudyRow, ...]:
    """Analyse the trial as phones that stand wrongly would film it."""
    return study_cameras(mocap.skeleton, mocap.filmed_truth)
