"""How angles change when the phone stands wrongly: motion capture filmed from many places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy.bars import Choice, agreement_of
from benchmarks.accuracy.pairing import judge
from benchmarks.accuracy.records import Recording, Truth
from benchmarks.mocap.cameras import Phone, film
from benchmarks.mocap.skeleton import Skeleton
from midstance.api import ClipLandmarks
from midstance.science.records import ClipFacts, View

VIEWS: tuple[View, ...] = ("side", "front")
FPS, DURATION_S = 60.0, 20.0
YAWS_DEG = (-10, -7, -3, 3, 7, 10)
ROLLS_DEG = (-5, -2, 2, 5)
DISTANCES_M = (2.0, 2.75, 4.5, 6.0)
HEIGHTS_M = (0.3, 0.6, 1.2, 1.5)
"""What is changed on both phones at once, one thing at a time."""
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
    """Return the bias of the main angles for each of `settings`, the usual phone first."""
    return tuple(StudyRow(words(phone), _biases(skeleton, truth, phone)) for phone in settings())


def filmed(skeleton: Skeleton, phone: Phone, fps: float, duration_s: float) -> ClipLandmarks:
    """Return what a phone sees of a skeleton as `midstance.analyze_landmarks` takes it."""
    series = film(skeleton, phone, fps, duration_s)
    facts = ClipFacts(f"{phone.view}.csv", len(series), fps, series.duration_s)
    return ClipLandmarks(replace(series, frame_size_px=None), facts, None)


def settings() -> Iterator[Phone]:
    """Yield the usual phone and those that differ from it in one thing; their view is to be replaced."""
    usual = Phone("side")
    yield usual
    yield from (replace(usual, yaw_deg=yaw) for yaw in YAWS_DEG)
    yield from (replace(usual, roll_deg=roll) for roll in ROLLS_DEG)
    yield from (replace(usual, distance_m=distance) for distance in DISTANCES_M)
    yield from (replace(usual, height_m=height) for height in HEIGHTS_M)


def words(phone: Phone) -> str:
    """Say how a phone differs from the usual one."""
    usual = Phone(phone.view)
    parts = (
        (f"yaw {phone.yaw_deg:+g}°", phone.yaw_deg != usual.yaw_deg),
        (f"roll {phone.roll_deg:+g}°", phone.roll_deg != usual.roll_deg),
        (f"{phone.distance_m:g} m away", phone.distance_m != usual.distance_m),
        (f"{phone.height_m:g} m up", phone.height_m != usual.height_m),
    )
    told = [text for text, differs in parts if differs]
    return ", ".join(told) or f"square, level, {usual.distance_m:g} m away, {usual.height_m:g} m up"


def _biases(skeleton: Skeleton, truth: Truth, phone: Phone) -> tuple[float, ...]:
    clips = [(view, filmed(skeleton, replace(phone, view=view), FPS, DURATION_S)) for view in VIEWS]
    recording = Recording("camera study", "motion capture", "clean", Path(), ())
    pairs = judge(recording, truth, clips, "").pairs
    return tuple(agreement_of(choice.of(pairs)).bias for _, choice in COLUMNS)
