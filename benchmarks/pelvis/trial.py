"""The pelvis seen in rendered clips, from the frames to angles at the instants of the measures, beside the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training.pelvis.eye import PelvisEye, Sight
from training.pelvis.task import MIRRORED, POINTS

from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.matching import match_stances
from benchmarks.accuracy.records import Recording, Truth
from benchmarks.accuracy.truth import read_truth
from benchmarks.landmarks.frames import frames_file, read_frames
from midstance.api import ClipLandmarks, Progress, analyze_landmarks
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.pelvis_markers import CUTOFF_HZ, LONGEST_GAP_S
from midstance.science.records import Stride, ViewAnalysis
from midstance.science.signals import fill_gaps, hampel_outliers, low_pass, sample
from midstance.video.reader import open_clip

Array = NDArray[np.float64]

OUTLIER_FRAMES, OUTLIER_SDS, OUTLIER_DEG = 4, 4.0, 0.5
JOINTS_BESIDE = ("hip", "knee")
"""Points that the product has too."""


@dataclass(frozen=True)
class LegMean:
    """One measure of one leg in one view, as the mean over its strides: found and true, in degrees."""

    recording: str
    view: str
    side: Side
    measure: str
    strides: int
    found_deg: float
    true_deg: float

    @property
    def off_deg(self) -> float:
        """Found less true."""
        return self.found_deg - self.true_deg


@dataclass(frozen=True, eq=False)
class ViewPoints:
    """How far points are off in the frames of one clip, in shares of the leg's length.

    Attributes
    ----------
    recording, view : str
    off : mapping of str to (n,) arrays
        By joint, both sides one after the other; `hip, midstance` and `knee, midstance` are the product's own.
    exchanged : (n,) bool array
        Frames whose points lie nearer to the truth with left and right exchanged.
    """

    recording: str
    view: str
    off: Mapping[str, Array]
    exchanged: NDArray[np.bool_]


@dataclass(frozen=True)
class Trial:
    """One recording."""

    legs: tuple[LegMean, ...]
    points: tuple[ViewPoints, ...]


def run_trial(recording: Recording, eye: PelvisEye, model: str, progress: Progress) -> Trial:
    """Look at every clip of a rendered runner, and compare.

    The network is told the pose model's own landmarks; strides are those that the product finds.
    """
    truth = read_truth(recording.truth)
    clips = [(view, load_cached(path, model, progress)) for view, path in recording.files]
    analysis = analyze_landmarks(clips)
    files: dict[str, Path] = dict(recording.files)
    legs: list[LegMean] = []
    points = []
    for view in analysis.views:
        path = files[view.scene.view]
        progress.say(f"{path.name}: the pelvis")
        prior = load_cached(path, model, progress, landmarks="mediapipe")
        sight = look(eye, path, prior)
        legs += legs_of(recording.name, view, sight, truth)
        points.append(_points(recording.name, view, sight, read_frames(frames_file(path))))
    return Trial(tuple(legs), tuple(points))


def look(eye: PelvisEye, clip: Path, prior: ClipLandmarks) -> Sight:
    """Return what the network sees in a clip."""
    with open_clip(clip) as reader:
        return eye.look(reader.frames(), prior.landmarks)


def legs_of(recording: str, view: ViewAnalysis, sight: Sight, truth: Truth) -> Iterator[LegMean]:
    """Yield tilt at midstance (from the side) or the highest drop in stance (from front and rear) of each leg."""
    span_s = (float(view.raw.time_s[0]), float(view.raw.time_s[-1]))
    pairs = match_stances(view.strides, truth.stances, span_s).pairs
    sideways = view.scene.view == "side"
    measure, instant = ("pelvic_tilt", "midstance") if sideways else ("pelvic_drop", "stance_peak")
    course = smoothed(sight.time_s, sight.angle("tilt" if sideways else "obliquity"))
    for side in SIDES:
        of_side = [(s, t) for s, t in pairs if s.side == side and s.valid and (measure, instant) in t.values]
        read = at_midstance if sideways else highest_drop
        both = np.array([(read(sight.time_s, course, s), t.values[measure, instant]) for s, t in of_side])
        both = both.reshape(-1, 2)[np.isfinite(both.reshape(-1, 2)).all(axis=1)]
        if len(both):
            found, true = both.mean(axis=0)
            yield LegMean(recording, view.scene.view, side, measure, len(both), float(found), float(true))


def at_midstance(time_s: Array, tilt_deg: Array, stride: Stride) -> float:
    """Return the tilt at a stride's midstance."""
    return float(sample(time_s, tilt_deg, np.array([stride.midstance_s]))[0])


def highest_drop(time_s: Array, obliquity_deg: Array, stride: Stride) -> float:
    """Return by how much the side that swings hangs at most while the other stands."""
    stands = (time_s >= stride.initial_contact_s) & (time_s <= stride.toe_off_s)
    drop = obliquity_deg[stands] * (1 if stride.side == "left" else -1)
    return float(np.max(drop)) if stands.any() and np.isfinite(drop).all() else float("nan")


def smoothed(time_s: Array, values_deg: Array) -> Array:
    """Return an angle's course without outliers and noise, as markers' angles are."""
    odd = hampel_outliers(values_deg, OUTLIER_FRAMES, OUTLIER_SDS, OUTLIER_DEG)
    filled = fill_gaps(time_s, np.where(odd, np.nan, values_deg), LONGEST_GAP_S)
    rate_hz = 1 / float(np.median(np.diff(time_s)))
    return low_pass(filled, rate_hz, min(CUTOFF_HZ, 0.4 * rate_hz))


def _points(recording: str, view: ViewAnalysis, sight: Sight, truth: Mapping[str, Array]) -> ViewPoints:
    """Compare frame by frame; clip and truth have the same frames."""
    n = min(len(sight.time_s), len(next(iter(truth.values()))))
    true = np.stack([_true_point(truth, name)[:n] for name in POINTS], axis=1)
    leg_px = leg_length_px(truth)
    apart = np.linalg.norm(sight.points_px[:n] - true, axis=2) / leg_px
    crossed = np.linalg.norm(sight.points_px[:n][:, list(MIRRORED)] - true, axis=2) / leg_px
    off = {joint: np.concatenate([apart[:, i] for i in _columns(joint)]) for joint in _joints()}
    for joint in JOINTS_BESIDE:
        ends = [_path_at(view.landmarks, f"{s}_{joint}", sight.time_s[:n]) for s in SIDES]
        wanted = [true[:, POINTS.index(f"{s}_{joint}")] for s in SIDES]
        off[f"{joint}, midstance"] = np.linalg.norm(np.concatenate(ends) - np.concatenate(wanted), axis=1) / leg_px
    seen = np.isfinite(apart).all(axis=1)
    return ViewPoints(recording, view.scene.view, off, (crossed.sum(axis=1) < apart.sum(axis=1))[seen])


def leg_length_px(truth: Mapping[str, Array]) -> float:
    """Return the length of the leg as it looks at its longest, in pixels; hip to knee and knee to ankle."""
    ends = [("hip", "knee"), ("knee", "ankle")]
    parts = [
        np.percentile(np.linalg.norm(truth[f"{s}_{a}"][:, 1:] - truth[f"{s}_{b}"][:, 1:], axis=1), 95)
        for s in SIDES
        for a, b in ends
    ]
    return float(np.sum(parts) / 2)


def _joints() -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.partition("_")[2] for name in POINTS))


def _columns(joint: str) -> list[int]:
    return [i for i, name in enumerate(POINTS) if name.partition("_")[2] == joint]


def _true_point(truth: Mapping[str, Array], name: str) -> Array:
    side, _, joint = name.partition("_")
    if joint == "iliac":
        return np.asarray((truth[f"{side}_asis"] + truth[f"{side}_psis"])[:, 1:] / 2)
    return np.asarray(truth[name][:, 1:])


def _path_at(series: LandmarkSeries, name: str, time_s: Array) -> Array:
    path = series.point(name)
    return np.column_stack([sample(series.time_s, path[:, axis], time_s) for axis in (0, 1)])
