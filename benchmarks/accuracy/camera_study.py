"""How angles change when the phone stands wrongly: motion capture filmed from many places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from benchmarks.accuracy.bars import Choice, agreement_of
from benchmarks.accuracy.pairing import judge
from benchmarks.accuracy.records import Pair, Recording, Truth
from benchmarks.mocap.cameras import Phone, film
from benchmarks.mocap.skeleton import Skeleton
from midstance.api import ClipLandmarks
from midstance.science.records import ClipFacts, View

VIEWS: tuple[View, ...] = ("side", "front")
FPS, DURATION_S = 60.0, 20.0
CHANGES: dict[str, tuple[float, ...]] = {
    "yaw_deg": (-10, -7, -3, 3, 7, 10),
    "roll_deg": (-5, -2, 2, 5),
    "distance_m": (2.0, 2.75, 4.5, 6.0),
    "height_m": (0.3, 0.6, 1.2, 1.5),
}
"""What is changed on all phones at once, and to what."""
COLUMNS: tuple[tuple[str, Choice], ...] = (
    ("tibial inclination, near", Choice("tibial_inclination", "midstance", ("side",), ("near",))),
    ("knee flexion, near", Choice("knee_flexion", "midstance", ("side",), ("near",))),
    ("dorsiflexion, near", Choice("ankle_dorsiflexion", "stance_peak", ("side",), ("near",))),
    ("valgus, front, left", Choice("knee_valgus", "midstance", ("front",), ("left",))),
    ("valgus, front, right", Choice("knee_valgus", "midstance", ("front",), ("right",))),
    ("foot progression, front, left", Choice("foot_progression", "midstance", ("front",), ("left",))),
    ("foot progression, front, right", Choice("foot_progression", "midstance", ("front",), ("right",))),
)


@dataclass(frozen=True)
class StudyRow:
    """The bias of each of `COLUMNS` with one setting of the phones."""

    words: str
    bias_deg: tuple[float, ...]


def study_cameras(skeleton: Skeleton, truth: Truth) -> tuple[StudyRow, ...]:
    """Return the bias of the main angles for each setting of `CHANGES`, the level phone first."""
    return tuple(StudyRow(words, _biases(skeleton, truth, change)) for words, change in _settings())


def filmed(skeleton: Skeleton, phone: Phone, fps: float, duration_s: float) -> ClipLandmarks:
    """Return what a phone sees of a skeleton as `midstance.analyze_landmarks` takes it."""
    series = film(skeleton, phone, fps, duration_s)
    facts = ClipFacts(f"{phone.view}.csv", len(series), fps, series.duration_s)
    return ClipLandmarks(replace(series, frame_size_px=None), facts, None)


def _settings() -> Iterator[tuple[str, dict[str, float]]]:
    usual = {f.name: f.default for f in fields(Phone)}
    yield "level, square, {distance_m} m away, {height_m} m up".format(**usual), {}
    for setting, values in CHANGES.items():
        name, unit = setting.rsplit("_", 1)
        for value in values:
            yield f"{name} {value:g} {unit}", {setting: value}


def _biases(skeleton: Skeleton, truth: Truth, change: dict[str, float]) -> tuple[float, ...]:
    clips = [(view, filmed(skeleton, replace(Phone(view), **change), FPS, DURATION_S)) for view in VIEWS]
    recording = Recording("camera study", "motion capture", "clean", Path(), ())
    pairs: tuple[Pair, ...] = judge(recording, truth, clips, "").pairs
    return tuple(agreement_of(choice.of(pairs)).bias for _, choice in COLUMNS)
