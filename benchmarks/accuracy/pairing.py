"""Analyse a recording and put every number beside its truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.matching import Matching, match_stances
from benchmarks.accuracy.records import EVENTS, Leg, Pair, Recording, Tally, Truth, TruthStance
from benchmarks.accuracy.rejected import rejected_values
from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.science.errors import CannotAnalyseError
from midstance.science.records import MeasureValue, Stride, View, ViewAnalysis
from midstance.science.settings import Settings

MS_PER_S = 1000.0

Clips = Sequence[tuple[View, ClipLandmarks]]


@dataclass(frozen=True)
class Outcome:
    """What a recording gave."""

    pairs: tuple[Pair, ...] = ()
    tallies: tuple[Tally, ...] = ()
    refused: tuple[str, ...] = ()
    """Why views were not analysed."""
    peer_pairs: tuple[Pair, ...] = ()
    """The numbers of another program on the same landmarks."""


@dataclass(frozen=True)
class _Heading:
    """What all rows of a view share."""

    recording: Recording
    model: str
    fps: int
    view: str


def judge(recording: Recording, truth: Truth, clips: Clips, model: str) -> Outcome:
    """Analyse all views together, and each frontal view alone.

    Parameters
    ----------
    recording : Recording
    truth : Truth
    clips : sequence of (view, ClipLandmarks)
    model : str
        Name of the pose model; empty for landmark files.
    """
    outcomes = [_judge(recording, truth, [clip], model, alone=True) for clip in clips if clip[0] != "side"]
    if any(view == "side" for view, _ in clips):
        outcomes.insert(0, _judge(recording, truth, clips, model, alone=False))
    return joined(outcomes)


def joined(outcomes: Iterable[Outcome]) -> Outcome:
    """Put outcomes together."""
    each = list(outcomes)
    return Outcome(
        tuple(p for o in each for p in o.pairs),
        tuple(t for o in each for t in o.tallies),
        tuple(r for o in each for r in o.refused),
        tuple(p for o in each for p in o.peer_pairs),
    )


def _judge(recording: Recording, truth: Truth, clips: Clips, model: str, *, alone: bool) -> Outcome:
    settings = Settings(speed_mps=truth.speed_mps, height_m=truth.height_m)
    try:
        analysis = analyze_landmarks(clips, settings)
    except CannotAnalyseError as error:
        return Outcome(refused=(f"{recording.name}: {error}",))
    return joined(
        _judge_view(v, truth, _Heading(recording, model, round(v.clip.fps), v.scene.view + " alone" * alone))
        for v in analysis.views
    )


def _judge_view(view: ViewAnalysis, truth: Truth, heading: _Heading) -> Outcome:
    span_s = (float(view.raw.time_s[0]), float(view.raw.time_s[-1]))
    matching = match_stances(view.strides, truth.stances, span_s)
    by_stride: dict[tuple[str, int], list[MeasureValue]] = defaultdict(list)
    for value in view.values:
        by_stride[value.side, value.stride].append(value)
    pairs: list[Pair] = []
    for stride, stance in matching.pairs:
        pairs += _event_pairs(stride, stance, heading)
        if stride.valid:
            values = [*by_stride[stride.side, stride.number], *rejected_values(view, stride)]
            pairs += _value_pairs(values, stride, stance, heading)
    return Outcome(tuple(pairs), (_tally(matching, heading),))


def _event_pairs(stride: Stride, stance: TruthStance, heading: _Heading) -> Iterator[Pair]:
    for event in EVENTS:
        true_s, found_s = getattr(stance, f"{event}_s"), getattr(stride, f"{event}_s")
        value = MeasureValue("", stride.side, stride.number, event, "stride", MS_PER_S * found_s, "ms", "ok", "")
        yield _pair(value, MS_PER_S * true_s, stride, heading, instant="event")


def _value_pairs(
    values: Iterable[MeasureValue], stride: Stride, stance: TruthStance, heading: _Heading
) -> Iterator[Pair]:
    """Pair what is known on both sides; distances without a scale are left out."""
    for value in values:
        truth = stance.values.get((value.measure, value.instant))
        if truth is not None and np.isfinite(value.value) and value.unit != "px":
            yield _pair(value, truth, stride, heading, instant=value.instant)


def _pair(value: MeasureValue, truth: float, stride: Stride, heading: _Heading, *, instant: str) -> Pair:
    recording = heading.recording
    return Pair(
        source=recording.source,
        kind=recording.kind,
        recording=recording.name,
        model=heading.model,
        fps=heading.fps,
        view=heading.view,
        leg=_leg(stride, heading),
        measure=value.measure,
        instant=instant,
        truth=truth,
        estimate=value.value,
        quality=value.quality,
    )


def _leg(stride: Stride, heading: _Heading) -> Leg:
    if heading.view != "side":
        return stride.side
    return "near" if stride.near else "far"


def _tally(matching: Matching, heading: _Heading) -> Tally:
    return Tally(
        source=heading.recording.source,
        kind=heading.recording.kind,
        recording=heading.recording.name,
        model=heading.model,
        fps=heading.fps,
        view=heading.view,
        true=matching.judged,
        missed=len(matching.missed),
        false=len(matching.false),
        exchanged=len(matching.exchanged),
    )
