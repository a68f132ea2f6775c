"""Run the accuracy benchmark: recordings in, ACCURACY.md and plots out."""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.accuracy.cache import file_hash, load_cached, model_name
from benchmarks.accuracy.camera_study import DURATION_S, StudyRow, filmed, study_cameras
from benchmarks.accuracy.inputs import WORDS, find_recordings
from benchmarks.accuracy.page import Findings, render_page
from benchmarks.accuracy.pairing import Outcome, joined, judge
from benchmarks.accuracy.plots import write_plots
from benchmarks.accuracy.records import Pair, Recording, Truth
from benchmarks.accuracy.truth import read_truth, supplemented, truth_of
from benchmarks.mocap.cameras import HEADING_DEG, Phone
from benchmarks.mocap.rbds import Trial, find_trial
from benchmarks.mocap.skeleton import Skeleton, build_skeleton
from benchmarks.mocap.truth import stance_truth
from midstance.api import Progress
from midstance.science.errors import NoRunnerError

PACKAGES = ("midstance", "mediapipe", "opencv-contrib-python", "numpy", "scipy")
SAMPLES = "Sample clips (rendered)"
MOCAP = "Motion capture (RBDS 001)"
FAST_FPS = (120.0, 240.0)


@dataclass(frozen=True)
class Options:
    """What to run."""

    root: Path
    """The checkout."""
    shared: Path
    """Folder beside it with motion capture; may be absent."""
    data: tuple[Path, ...] = ()
    models: tuple[str, ...] = ("heavy",)
    only_data: bool = False
    """Leave out motion capture and sample clips."""


@dataclass(frozen=True, eq=False)
class Mocap:
    """The raw trial, where it is at hand."""

    trial: Trial
    skeleton: Skeleton
    truth: Truth


def run(options: Options, progress: Progress) -> Findings:
    """Analyse all recordings, and the motion capture from many cameras."""
    mocap = None if options.only_data else _mocap(options.shared / "data" / "mocap" / "raw")
    recordings = _recordings(options)
    outcomes = [_judge(r, model, mocap, progress) for r in recordings for model in _models(r, options.models)]
    outcome = joined([*outcomes, *_fast_phones(mocap)])
    return Findings(
        pairs=outcome.pairs,
        tallies=outcome.tallies,
        refused=outcome.refused,
        inputs=tuple((p.name, file_hash(p)) for p in _files(recordings)),
        versions=(*((p, version(p)) for p in PACKAGES), ("Python", platform.python_version())),
        date=datetime.now(UTC).date().isoformat(),
        studies=_studies(mocap, progress),
        notes=_notes(options, mocap),
    )


def write_outputs(found: Findings, page: Path, plots: Path) -> None:
    """Write the page and its plots."""
    written = write_plots(found.pairs, plots)
    names = tuple(p.relative_to(page.parent).as_posix() for p in written)
    page.write_text(render_page(replace(found, plots=names)), encoding="utf-8")


def write_pairs(pairs: Sequence[Pair], path: Path) -> None:
    """Write every pair as CSV, to look further."""
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, [f.name for f in fields(Pair)])
        writer.writeheader()
        writer.writerows(asdict(p) for p in pairs)


def _recordings(options: Options) -> list[Recording]:
    folders = [(folder, folder.resolve().name) for folder in options.data]
    if not options.only_data:
        usual = ((options.shared / "data" / "mocap", MOCAP), (options.root / "sample_videos", SAMPLES))
        folders = [(f, title) for f, title in usual if any(f.glob("*_truth.csv"))] + folders
    return [r for folder, title in folders for r in find_recordings(folder, title)]


def _models(recording: Recording, models: tuple[str, ...]) -> tuple[str, ...]:
    return models if recording.kind == "clips" else ("",)


def _judge(recording: Recording, model: str, mocap: Mocap | None, progress: Progress) -> Outcome:
    truth = read_truth(recording.truth)
    if mocap is not None and _same_trial(recording):
        truth = supplemented(truth, mocap.truth)
    try:
        clips = [(view, load_cached(path, model, progress)) for view, path in recording.files]
    except NoRunnerError as error:
        return Outcome(refused=(f"{recording.name}: {error}",))
    return judge(recording, truth, clips, model_name(model))


def _same_trial(recording: Recording) -> bool:
    return recording.source.startswith(MOCAP) and recording.name.startswith("rbds001_25")


def _mocap(raw: Path) -> Mocap | None:
    trial = find_trial(raw) if raw.is_dir() else None
    if trial is None:
        return None
    skeleton = build_skeleton(trial)
    rows = [{k: str(v) for k, v in row.items()} for row in stance_truth(trial, skeleton)]
    return Mocap(trial, skeleton, truth_of(rows, trial.name))


def _fast_phones(mocap: Mocap | None) -> Iterator[Outcome]:
    """Analyse the trial as phones with higher frame rates would film it."""
    if mocap is None:
        return
    for fps in FAST_FPS:
        clips = [(view, filmed(mocap.skeleton, Phone(view), fps, DURATION_S)) for view in HEADING_DEG]
        recording = Recording(f"filmed here at {fps:g} fps", f"{MOCAP}, {WORDS['clean']}", "clean", Path(), ())
        yield judge(recording, _within(mocap.truth, DURATION_S), clips, "")


def _within(truth: Truth, duration_s: float) -> Truth:
    return replace(truth, stances=tuple(s for s in truth.stances if s.toe_off_s < duration_s))


def _studies(mocap: Mocap | None, progress: Progress) -> tuple[StudyRow, ...]:
    if mocap is None:
        return ()
    progress.say("camera study")
    return study_cameras(mocap.skeleton, _within(mocap.truth, DURATION_S))


def _files(recordings: Sequence[Recording]) -> Iterator[Path]:
    seen: dict[Path, None] = {}
    for recording in recordings:
        seen |= dict.fromkeys([*(path for _, path in recording.files), recording.truth])
    return iter(seen)


def _notes(options: Options, mocap: Mocap | None) -> tuple[str, ...]:
    notes = []
    if not (options.shared / "data" / "mocap").is_dir():
        notes.append("Motion capture was not at hand: its columns are missing.")
    elif mocap is None and not options.only_data:
        notes.append("The raw trial was not at hand: no truth for dorsiflexion on motion capture, no camera study.")
    if not options.only_data and not any((options.root / "sample_videos").glob("*_truth.csv")):
        notes.append("The sample clips have no truth beside them: their columns are missing.")
    return tuple(notes)
