"""Mean distance of landmarks from joint centres through the stride, over a cast of rendered runners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.accuracy.pairing import Clips
from benchmarks.accuracy.records import Recording
from benchmarks.landmarks.frames import TRUE_NAMES, frames_file, read_frames
from midstance.api import Progress, analyze_landmarks
from midstance.science.errors import CannotAnalyseError
from midstance.science.joint_centres import JOINTS, PITCH_DEG, across_sign, place_in_table, situation, steps_of
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side
from midstance.science.phase import PERCENT, percent_of_stride
from midstance.science.records import ViewAnalysis
from midstance.science.signals import Array
from midstance.science.stances import Contact

HARMONICS = 8
"""Of the stride, that a table keeps: a landmark's place follows the leg, not the frame."""
FEWEST_CLIPS = 4
"""Clips below which a pitch is not known; the nearest known one stands for it."""
LATEST_PLANTED, EARLIEST_PLANTED = 45.0, 97.0
"""Percent of the stride."""

Key = tuple[str, str]
"""Situation and joint."""


@dataclass(frozen=True)
class Sample:
    """One landmark of one leg of one clip: its offset in leg lengths at `PERCENT` of the stride."""

    clip: str
    key: Key
    across: Array
    up: Array


def learn(folder: Path, model: str, progress: Progress) -> dict[Key, Array]:
    """Return the mean offsets over all clips of a cast, (2, 21) each: forward or outward, and up.

    Parameters
    ----------
    folder : Path
        Made by ``python -m runners cast``.
    model : str
    progress : Progress
    """
    by_key: dict[Key, list[Array]] = defaultdict(list)
    for sample in samples(folder, model, progress):
        by_key[sample.key].append(np.stack([sample.across, sample.up]))
    return {key: _table(key, each) for key, each in sorted(by_key.items())}


def samples(folder: Path, model: str, progress: Progress) -> Iterator[Sample]:
    """Yield every leg and landmark of every clip that can be analysed."""
    for recording in find_recordings(folder, folder.name):
        clips = [(v, load_cached(path, model, progress, landmarks="mediapipe")) for v, path in recording.files]
        unnamed: Clips = [(v, replace(c, facts=replace(c.facts, model=None))) for v, c in clips]
        try:
            views = analyze_landmarks(unnamed).views
        except CannotAnalyseError as error:
            progress.say(f"left out: {error}")
            continue
        for view in views:
            yield from _of_view(view, recording, folder)


def _of_view(view: ViewAnalysis, recording: Recording, folder: Path) -> Iterator[Sample]:
    true_px = read_frames(frames_file(folder / view.clip.file))
    for side in SIDES:
        stances = tuple(Contact(side, s.initial_contact_s, s.toe_off_s) for s in view.strides if s.side == side)
        percent = percent_of_stride(view.landmarks.time_s, stances)
        for joint in JOINTS if len(percent) else ():
            key = (situation(view.scene, side), joint)
            at = place_in_table(view.landmarks, situation(view.scene, side), side, joint, percent)
            offset = _offset(view, side, joint, true_px)
            if steps_of(*key) is PERCENT:
                yield Sample(recording.name, key, *_by_percent(at, offset))
            else:
                yield Sample(recording.name, key, *_by_pitch(at, np.where(_planted(percent), offset, np.nan)))


def _offset(view: ViewAnalysis, side: Side, joint: str, true_px: dict[str, Array]) -> Array:
    """Return a landmark's distance from its centre on the view's time base, (2, n), in leg lengths."""
    times_s, *place = true_px[f"{side}_{TRUE_NAMES.get(joint, joint)}"].T
    landmarks = view.landmarks
    there = np.stack([np.interp(landmarks.time_s, times_s, axis) for axis in place], axis=1)
    apart = (landmarks.xy_px[:, LANDMARK_INDEX[f"{side}_{joint}"]] - there) / view.scene.leg_length_px
    return np.stack([apart[:, 0] * across_sign(landmarks, situation(view.scene, side), side), -apart[:, 1]])


def _by_percent(percent: Array, offset: Array) -> tuple[Array, Array]:
    """Return the median offset around each of `PERCENT`, the stride taken as a circle."""
    half = (PERCENT[1] - PERCENT[0]) / 2
    apart = np.abs((percent[None, :] - PERCENT[:, None] + 50) % 100 - 50) <= half
    across, up = (np.array([np.nanmedian(axis[near]) for near in apart]) for axis in offset)
    return across, up


def _planted(percent: Array) -> NDArray[np.bool_]:
    """Return where the foot is on the ground or nearly: what angles of the foot are wanted for."""
    return np.asarray((percent < LATEST_PLANTED) | (percent > EARLIEST_PLANTED))


def _by_pitch(pitch: Array, offset: Array) -> tuple[Array, Array]:
    """Return the median offset around each of `PITCH_DEG`; NaN where the foot never stood so."""
    half = (PITCH_DEG[1] - PITCH_DEG[0]) / 2
    near = [(np.abs(pitch - step) <= half) & np.isfinite(offset).all(axis=0) for step in PITCH_DEG]
    across, up = (np.array([np.median(axis[n]) if n.any() else np.nan for n in near]) for axis in offset)
    return across, up


def _table(key: Key, each: list[Array]) -> Array:
    """Return one table of all clips' offsets, (2, 21)."""
    if steps_of(*key) is PERCENT:
        return _smooth(np.median(each, axis=0))
    known = np.isfinite(each).all(axis=1).sum(axis=0) >= FEWEST_CLIPS
    middle = np.nanmedian(np.where(known, each, 0.0), axis=0)[:, known]
    return np.stack([np.interp(PITCH_DEG, PITCH_DEG[known], axis) for axis in middle])


def _smooth(table: Array) -> Array:
    """Keep the first harmonics; 100 % is 0 % again."""
    spectrum = np.fft.rfft(table[:, :-1], axis=1)
    spectrum[:, HARMONICS + 1 :] = 0
    smooth = np.fft.irfft(spectrum, n=table.shape[1] - 1, axis=1)
    return np.column_stack([smooth, smooth[:, 0]])
