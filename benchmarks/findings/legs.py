"""The level that midstance gives each leg of a recording, beside what it ought to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.pairing import Clips
from benchmarks.accuracy.records import Recording
from benchmarks.accuracy.truth import read_truth
from benchmarks.findings.truth import LegTruth, leg_truth
from benchmarks.landmarks.frames import frames_file, true_points
from midstance.api import Progress, analyze_landmarks, find_neutrals
from midstance.science.errors import CannotAnalyseError, NoRunnerError
from midstance.science.findings import FOUNDING_ID, findings_of
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Finding, Level


@dataclass(frozen=True)
class Leg:
    """One leg of one runner."""

    runner: str
    side: Side
    truth: LegTruth
    level: Level
    values: Mapping[str, float]
    """What midstance measured, by rule; NaN where it could not."""


def legs_of(recording: Recording, model: str, progress: Progress, *, standing: bool = False) -> tuple[Leg, ...]:
    """Return both legs of a recording, all its clips analysed together from the picture on.

    Legs of a recording that cannot be analysed are not assessed.

    Parameters
    ----------
    recording : Recording
    model : str
    progress : Progress
    standing : bool
        Take the zeros of the ankles from its standing clips.
    """
    try:
        clips = [(view, load_cached(path, model, progress)) for view, path in recording.files]
        trials = [load_cached(path, model, progress) for path in recording.standing if standing]
        analysis = analyze_landmarks(clips, neutrals=find_neutrals(trials))
    except (NoRunnerError, CannotAnalyseError) as error:
        progress.say(f"{recording.name}: {error}")
        return _judged(recording, ())
    return _judged(recording, analysis.findings)


def legs_of_true_points(recording: Recording) -> tuple[Leg, ...]:
    """Return both legs of a recording, its landmarks put where the joints are in the picture, and no error stated.

    What is still wrong comes from the view, the computation and the rules.
    """
    clips: Clips = [(view, true_points(frames_file(path))) for view, path in recording.files]
    return _judged(recording, exact_findings(clips))


def exact_findings(clips: Clips) -> tuple[Finding, ...]:
    """Return the findings with every standard error taken as zero; none when the clips cannot be analysed."""
    try:
        analysis = analyze_landmarks(clips)
    except CannotAnalyseError:
        return ()
    summary = tuple(replace(row, standard_error=0.0) for row in analysis.summary)
    return findings_of(analysis.views, summary, analysis.settings)


def _judged(recording: Recording, findings: tuple[Finding, ...]) -> tuple[Leg, ...]:
    truth = read_truth(recording.truth)
    founding = {f.side: f for f in findings if f.id == FOUNDING_ID}
    return tuple(_leg(recording.name, side, leg_truth(truth, side), founding.get(side)) for side in SIDES)


def _leg(runner: str, side: Side, truth: LegTruth, finding: Finding | None) -> Leg:
    if finding is None:
        return Leg(runner, side, truth, "not_assessed", {})
    return Leg(runner, side, truth, finding.level, {e.rule: e.value for e in finding.evidence})
