"""The network on real clips, against points placed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from training.pelvis.eye import PelvisEye, Sight
from training.pelvis.task import POINTS as SEEN_POINTS
from training.real.labels import ClipLabels, read_all

from benchmarks.accuracy.cache import load_cached
from benchmarks.pelvis.trial import look
from benchmarks.real.errors import misses_of
from benchmarks.real.matching import pairs_of
from benchmarks.real.run import find_clip
from benchmarks.real.tables import PELVIS
from benchmarks.real.who import LANDMARK_OF, Points
from midstance.api import Progress
from midstance.science.errors import CannotAnalyseError
from midstance.science.landmarks import SIDES, LandmarkSeries


@dataclass(frozen=True)
class RealClip:
    """How far ASIS and PSIS of the near side lie from the labels, in shares of the leg's length.

    Attributes
    ----------
    clip, garment : str
    off : mapping of str to float
        Median by point, and over both.
    labels : int
        So many points were placed; those that were not seen are left out of the medians.
    seen : int
    """

    clip: str
    garment: str
    off: dict[str, float]
    labels: int
    seen: int


def real_clips(eye: PelvisEye, folder: Path, model: str, progress: Progress) -> Iterator[RealClip]:
    """Yield what is found on the labelled clips that are at hand and whose pelvis was labelled."""
    for labels in read_all():
        path = find_clip(labels, folder)
        if path is None or not any(label.kind in PELVIS for label in labels.labels):
            continue
        progress.say(f"{path.name}: the pelvis")
        try:
            prior = load_cached(path, model, progress, landmarks="mediapipe")
        except CannotAnalyseError:
            continue
        yield held_against(labels, prior.landmarks, look(eye, path, prior))


def held_against(labels: ClipLabels, prior: LandmarkSeries, sight: Sight) -> RealClip:
    """Compare what the network saw with the labels; a labelled person is known again by the pose model's feet."""
    paths = {f"{s}_{ours}": prior.point(f"{s}_{theirs}") for s in SIDES for ours, theirs in LANDMARK_OF.items()}
    paths |= {name: sight.point(name) for name in SEEN_POINTS}
    points = Points(prior.frame, {name: path[:, None] for name, path in paths.items()})
    misses = [m for m in misses_of(pairs_of(labels, points)) if m.kind in PELVIS and m.near]
    by_kind = {kind: np.array([m.off_px for m in misses if m.kind == kind]) for kind in PELVIS}
    both = np.concatenate(list(by_kind.values()))
    off = {kind: _median(values) / labels.leg_px for kind, values in (by_kind | {"both": both}).items()}
    garments = sorted({label.garment for label in labels.labels if label.kind in PELVIS})
    return RealClip(labels.clip, "; ".join(garments), off, len(both), int(np.isfinite(both).sum()))


def _median(values: np.ndarray) -> float:
    seen = values[np.isfinite(values)]
    return float(np.median(seen)) if len(seen) else float("nan")
