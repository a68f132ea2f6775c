"""Run the accuracy benchmark: recordings in, ACCURACY.md and plots out."""

from __future__ import annotations

import csv
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.accuracy import mocap_runs
from benchmarks.accuracy.cache import file_hash, load_cached, model_name
from benchmarks.accuracy.cast import make_cast, make_standing
from benchmarks.accuracy.inputs import WORDS, find_recordings
from benchmarks.accuracy.mocap_runs import Mocap
from benchmarks.accuracy.page import Findings, render_page
from benchmarks.accuracy.pairing import Clips, Outcome, joined, judge
from benchmarks.accuracy.peer import peer_pairs
from benchmarks.accuracy.plots import write_plots
from benchmarks.accuracy.records import Pair, Recording, Truth
from benchmarks.accuracy.standing import standing_section
from benchmarks.accuracy.truth import read_truth
from benchmarks.findings.run import findings_section
from benchmarks.landmarks.frames import frames_file, true_points
from midstance.api import Landmarks, Progress
from midstance.pose.runtime import best_precision
from midstance.science.errors import NoRunnerError

PACKAGES = ("midstance", "mediapipe", "openvino", "opencv-contrib-python", "numpy", "scipy")
SAMPLES = "Sample clips (rendered)"
GRID = "Runners over a grid of habits (rendered)"
JUDGES = "Runners unseen in learning (rendered)"


@dataclass(frozen=True)
class Options:
    """What to run."""

    root: Path
    """The checkout."""
    shared: Path
    """Folder beside it with motion capture; may be absent."""
    data: tuple[Path, ...] = ()
    models: tuple[str, ...] = ("heavy",)
    landmarks: Landmarks = "midstance"
    """Who finds knees and feet."""
    only_data: bool = False
    """Leave out motion capture and sample clips."""
    cast: bool = False
    """Render the runners to judge by, and judge by them; half an hour on two cores the first time."""
    grid: bool = False
    """Render runners over a grid of habits, and judge the findings by them; as long again."""
    sports2d: Path | None = None
    """Interpreter of an environment with Sports2D."""


def run(options: Options, progress: Progress) -> Findings:
    """Analyse all recordings, and the motion capture from many cameras."""
    mocap = None if options.only_data else mocap_runs.read_mocap(options.shared / "data" / "mocap" / "raw")
    recordings = _recordings(options, progress)
    outcomes = [_judge(r, m, mocap, options, progress) for r in recordings for m in _models(r, options.models)]
    outcomes += [_judge_points(r) for r in recordings if r.source.startswith(JUDGES)]
    if mocap is not None:
        progress.say("motion capture filmed by other phones")
        outcomes += mocap_runs.fast_phones(mocap)
    outcome = joined(outcomes)
    grid = _grid(options, progress)
    return Findings(
        pairs=outcome.pairs,
        tallies=outcome.tallies,
        peer_pairs=outcome.peer_pairs,
        refused=outcome.refused,
        inputs=tuple((p.name, file_hash(p)) for p in _files([*recordings, *grid])),
        versions=_versions(),
        date=datetime.now(UTC).date().isoformat(),
        studies=mocap_runs.camera_study(mocap) if mocap else (),
        notes=_notes(options, mocap),
        section=_sections(grid, recordings, options, progress),
    )


def _versions() -> tuple[tuple[str, str], ...]:
    """Return what the landmarks depend on beside the models."""
    packages = ((p, version(p)) for p in PACKAGES)
    return (*packages, ("Python", platform.python_version()), ("Networks in precision:", best_precision()))


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


def _recordings(options: Options, progress: Progress) -> list[Recording]:
    folders = [(folder, folder.resolve().name) for folder in options.data]
    if options.cast:
        folders.append((make_cast(options.root, "judge", progress), JUDGES))
        make_standing(options.root, "judge", progress)
    if not options.only_data:
        usual = ((options.shared / "data" / "mocap", mocap_runs.TITLE), (options.root / "sample_videos", SAMPLES))
        folders = [(f, title) for f, title in usual if any(f.glob("*_truth.csv"))] + folders
    return [r for folder, title in folders for r in find_recordings(folder, title)]


def _grid(options: Options, progress: Progress) -> tuple[Recording, ...]:
    if not options.grid:
        return ()
    make_standing(options.root, "grid", progress)
    return find_recordings(make_cast(options.root, "grid", progress), GRID)


def _sections(grid: Sequence[Recording], recordings: Sequence[Recording], options: Options, progress: Progress) -> str:
    findings = _findings(grid, recordings, options, progress)
    standing = standing_section([*recordings, *grid], options.models[0], progress)
    return "\n\n".join(part for part in (findings, standing) if part)


def _findings(grid: Sequence[Recording], recordings: Sequence[Recording], options: Options, progress: Progress) -> str:
    """Return what the page tells of the findings, with the first model alone; nothing without a grid."""
    samples = [r for r in recordings if r.source.startswith(SAMPLES)]
    return findings_section(grid, samples, options.models[:1], progress) if grid else ""


def _models(recording: Recording, models: tuple[str, ...]) -> tuple[str, ...]:
    return models if recording.kind == "clips" else ("",)


def _judge(recording: Recording, model: str, mocap: Mocap | None, options: Options, progress: Progress) -> Outcome:
    truth = mocap_runs.with_more_truth(recording, read_truth(recording.truth), mocap)
    try:
        clips = [(v, load_cached(path, model, progress, landmarks=options.landmarks)) for v, path in recording.files]
    except NoRunnerError as error:
        return Outcome(refused=(f"{recording.name}: {error}",))
    outcome = judge(recording, truth, clips, model_name(model))
    if options.sports2d is None:
        return outcome
    progress.say(f"Sports2D: {recording.name}")
    return replace(outcome, peer_pairs=tuple(_peer(recording, truth, clips, model_name(model), options.sports2d)))


def _judge_points(recording: Recording) -> Outcome:
    """Judge a recording with every landmark where the joint is: what view and computation alone are off by."""
    clips = [(view, true_points(frames_file(path))) for view, path in recording.files]
    exact = replace(recording, kind="points", source=f"{JUDGES}, {WORDS['points']}")
    return judge(exact, read_truth(recording.truth), clips, "")


def _peer(recording: Recording, truth: Truth, clips: Clips, model: str, python: Path) -> Iterator[Pair]:
    for view, clip in clips:
        if view == "side":
            yield from peer_pairs(recording, truth, clip, model, python)


def _files(recordings: Sequence[Recording]) -> Iterator[Path]:
    seen: dict[Path, None] = {}
    for recording in recordings:
        seen |= dict.fromkeys([*(path for _, path in recording.files), recording.truth])
    return iter(seen)


def _notes(options: Options, mocap: Mocap | None) -> tuple[str, ...]:
    if options.only_data:
        return ()
    lacking = (
        (not (options.shared / "data" / "mocap").is_dir(), "Motion capture was not at hand: its columns are missing."),
        (mocap is None, "The raw trial was not at hand: no dorsiflexion on motion capture, no camera study."),
        (not any((options.root / "sample_videos").glob("*_truth.csv")), "The sample clips have no truth beside them."),
        (not options.cast, "The runners to judge by were left out (`--cast`)."),
        (not options.grid, "The runners to judge the findings by were left out (`--grid`)."),
        (options.sports2d is None, "Sports2D was not at hand (`--sports2d`): there is no comparison with it."),
    )
    return tuple(note for lacks, note in lacking if lacks)
