"""A made-up analysis for tests: small, deterministic, and with every kind of gap that a real one has.

Two views at 60 fps over 8 s. In the side view the runner faces right, so the left leg is far and `low`.
`pelvic_tilt` and `pelvic_drop` are unmeasurable. The left leg of the side view has one invalid stride in the
middle and one that the end of the clip cuts off; all others are valid. Values are read from the curves; the
landmarks follow the mean curves without the spread between strides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from midstance.science.catalogue import MEASURE, Measure, measures_of
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.records import (
    Analysis,
    AngleSeries,
    ClipFacts,
    Curve,
    Evidence,
    Finding,
    Instant,
    MeasureValue,
    Quality,
    QualityNote,
    Scene,
    Stride,
    SummaryRow,
    View,
    ViewAnalysis,
)
from midstance.science.settings import Settings

FPS = 60.0
DURATION_S = 8.0
SIZE_PX = (540, 960)
PX_PER_M = 400.0
STRIDE_TIME_S = 0.70
CONTACT_SHARE = 0.36
MIDSTANCE_SHARE = 0.16
INVALID = {("side", "left", 5): "stride time 38 % off the median"}

Floats = NDArray[np.float64]

_PHASE = (0.0, 0.08, 0.16, 0.26, 0.38, 0.50, 0.60, 0.70, 0.80, 0.90, 1.0)
_CYCLES: dict[str, tuple[float, ...]] = {
    "hip_flexion": (20, 19, 17, 3, -24, -15, 2, 22, 36, 31, 20),
    "knee_flexion": (11, 30, 40, 29, 15, 40, 75, 91, 71, 26, 11),
    "ankle_dorsiflexion": (5, 9, 20, 19, -9, -14, -8, 1, 6, 7, 5),
    "trunk_lean": (9, 10, 9, 8, 9, 9, 10, 9, 8, 9, 9),
    "foot_progression": (6, 7, 8, 8, 9, 12, 10, 6, 4, 5, 6),
    "knee_valgus": (-2, 1, 4, 2, -1, -3, -2, 0, 1, -1, -2),
    "hip_adduction": (1, 5, 9, 6, 1, 1, -2, -4, -3, -1, 1),
    "trunk_side_lean": (1, 2, 3, 2, 0, -1, -2, -3, -2, 0, 1),
}
_UNMEASURABLE = {
    "pelvic_tilt": "the pose model has no landmark on the front or back of the pelvis",
    "pelvic_drop": "hip landmarks of the pose model do not follow the pelvis",
}
_LOW = {"foot_progression": "foot length taken from the side view"}


@dataclass(frozen=True)
class _Spec:
    name: str
    view: View
    near_side: Side | None


_SPECS = (_Spec("side", "side", "right"), _Spec("front", "front", None))


def example_analysis() -> Analysis:
    """Return the analysis; the same one on every call."""
    rng = np.random.default_rng(7)
    views = tuple(_view(spec, rng) for spec in _SPECS)
    summary = tuple(row for view in views for row in _summary(view))
    return Analysis(views, summary, (_finding("left"), _finding("right")), Settings(height_m=1.75), _software())


def _view(spec: _Spec, rng: np.random.Generator) -> ViewAnalysis:
    time_s = np.arange(int(DURATION_S * FPS)) / FPS
    contacts = {s: _contacts(s, rng) for s in SIDES}
    angles = AngleSeries(time_s, {k: v for s in SIDES for k, v in _angles(spec, s, contacts[s], time_s, rng).items()})
    strides = tuple(stride for s in SIDES for stride in _strides(spec, s, contacts[s]))
    curves = tuple(c for stride in strides if stride.valid for c in _curves(spec, stride, angles))
    values = tuple(v for stride in strides if stride.valid for v in _values(spec, stride, curves, rng))
    landmarks = _landmarks(spec, time_s, contacts)
    return ViewAnalysis(
        spec.name,
        _clip(spec),
        _scene(spec),
        landmarks,
        landmarks,
        landmarks,
        angles,
        strides,
        values,
        curves,
        _notes(spec),
        0.02,
    )


def _contacts(side: Side, rng: np.random.Generator) -> Floats:
    first = 0.15 if side == "left" else 0.15 + STRIDE_TIME_S / 2
    count = int((DURATION_S - first) / STRIDE_TIME_S) + 1
    return first + STRIDE_TIME_S * np.arange(count) + rng.normal(0, 0.006, count)


def _phase(contacts: Floats, time_s: Floats) -> Floats:
    """Return the share of the stride, 0..1, also before the first and after the last contact."""
    numbered = np.arange(-1, len(contacts) + 1)
    padded = np.concatenate([[contacts[0] - STRIDE_TIME_S], contacts, [contacts[-1] + STRIDE_TIME_S]])
    return np.asarray(np.interp(time_s, padded, numbered) % 1, dtype=np.float64)


def _cycle(name: str, phase: Floats) -> Floats:
    spline = CubicSpline(np.array(_PHASE), np.array(_CYCLES[name], dtype=float), bc_type="periodic")
    return np.asarray(spline(phase), dtype=np.float64)


def _angles(
    spec: _Spec, side: Side, contacts: Floats, time_s: Floats, rng: np.random.Generator
) -> dict[tuple[str, Side], Floats]:
    """Return the curves of a side; each stride differs by a degree or two, the sides by two."""
    phase = _phase(contacts, time_s)
    drift = {m: np.interp(time_s, contacts, rng.normal(0, 1.2, len(contacts))) for m in _CYCLES}
    shift = 1.0 if side == "left" else -1.0
    found = {m: _cycle(m, phase) + drift[m] + shift for m in _CYCLES if spec.view in MEASURE[m].views}
    if spec.view == "side":
        found["tibial_inclination"] = found["knee_flexion"] - found["hip_flexion"]
        found["foot_pitch"] = found["ankle_dorsiflexion"] - found["tibial_inclination"]
    return {(m, side): values for m, values in found.items()}


def _strides(spec: _Spec, side: Side, contacts: Floats) -> list[Stride]:
    ends = [*contacts[1:], np.nan]
    pairs = list(zip(contacts, ends, strict=True))
    kept = pairs if (spec.view, side) == ("side", "left") else pairs[:-1]
    return [_stride(spec, side, number, start, end) for number, (start, end) in enumerate(kept, 1)]


def _stride(spec: _Spec, side: Side, number: int, start: float, end: float) -> Stride:
    length = STRIDE_TIME_S if np.isnan(end) else end - start
    reason = "the clip ends before the next contact" if np.isnan(end) else INVALID.get((spec.name, side, number), "")
    wobble = 0.004 * np.sin(number)
    return Stride(
        side=side,
        number=number,
        initial_contact_s=float(start),
        midstance_s=float(start + length * MIDSTANCE_SHARE + wobble),
        toe_off_s=float(start + length * CONTACT_SHARE - wobble),
        next_contact_s=float(end),
        near=spec.near_side in (None, side),
        valid=not reason,
        reason=reason,
    )


def _curves(spec: _Spec, stride: Stride, angles: AngleSeries) -> list[Curve]:
    at = np.linspace(stride.initial_contact_s, stride.next_contact_s, 101)
    return [
        Curve(spec.name, stride.side, stride.number, m, np.interp(at, angles.time_s, values))
        for (m, side), values in angles.values.items()
        if side == stride.side
    ]


def _values(spec: _Spec, stride: Stride, curves: tuple[Curve, ...], rng: np.random.Generator) -> list[MeasureValue]:
    mine = {c.measure: c.values for c in curves if (c.side, c.stride) == (stride.side, stride.number)}
    found = []
    for measure in measures_of(spec.view):
        quality, reason = _quality(spec, measure, stride.side)
        for instant in measure.instants:
            value = _scalar(measure.name, stride, rng)
            if measure.kind == "curve" and measure.name in mine:
                value = _at(mine[measure.name], instant, stride)
            found.append(
                MeasureValue(
                    spec.name,
                    stride.side,
                    stride.number,
                    measure.name,
                    instant,
                    value,
                    measure.unit,
                    quality,
                    reason,
                )
            )
    return found


def _quality(spec: _Spec, measure: Measure, side: Side) -> tuple[Quality, str]:
    if measure.name in _UNMEASURABLE:
        return "unmeasurable", _UNMEASURABLE[measure.name]
    if measure.name in _LOW:
        return "low", _LOW[measure.name]
    if spec.near_side not in (None, side) and measure.kind == "curve":
        return "low", "far leg, partly hidden"
    return "ok", ""


def _at(curve: Floats, instant: Instant, stride: Stride) -> float:
    percent = np.arange(101)
    toe_off = round(stride.toe_off_percent)
    if instant == "stance_peak":
        return float(curve[: toe_off + 1].max())
    if instant == "swing_peak":
        return float(curve[toe_off:].max())
    at = {"initial_contact": 0.0, "midstance": stride.midstance_percent, "toe_off": stride.toe_off_percent}[instant]
    return float(np.interp(at, percent, curve))


def _scalar(name: str, stride: Stride, rng: np.random.Generator) -> float:
    length_s = stride.next_contact_s - stride.initial_contact_s
    contact_s = stride.toe_off_s - stride.initial_contact_s
    values = {
        "cadence": 120 / length_s,
        "stride_time": length_s,
        "contact_time": contact_s,
        "flight_time": length_s / 2 - contact_s,
        "duty_factor": 100 * contact_s / length_s,
        "overstride_m": 0.17 + rng.normal(0, 0.008),
        "step_width_m": 0.07 + rng.normal(0, 0.012),
        "vertical_oscillation_m": 0.082 + rng.normal(0, 0.004),
    }
    return float(values.get(name, np.nan))


def _summary(view: ViewAnalysis) -> list[SummaryRow]:
    groups: dict[tuple[Side, str, Instant], list[MeasureValue]] = {}
    for value in view.values:
        groups.setdefault((value.side, value.measure, value.instant), []).append(value)
    return [_row(values) for values in groups.values()]


def _row(values: list[MeasureValue]) -> SummaryRow:
    first = values[0]
    numbers = np.array([v.value for v in values if not np.isnan(v.value)])
    median, sd = (float(np.median(numbers)), float(np.std(numbers, ddof=1))) if len(numbers) else (np.nan, np.nan)
    return SummaryRow(
        first.view, first.side, first.measure, first.instant, first.unit, median, sd, len(numbers),
        first.quality, first.reason,
    )  # fmt: skip


def _landmarks(spec: _Spec, time_s: Floats, contacts: dict[Side, Floats]) -> LandmarkSeries:
    xy_px = np.full((len(time_s), 33, 2), np.nan)
    for side in SIDES:
        for name, path_m in _body_m(spec, side, _phase(contacts[side], time_s)).items():
            origin = np.array([SIZE_PX[0] / 2, 0.46 * SIZE_PX[1]])
            xy_px[:, LANDMARK_INDEX[name]] = origin + PX_PER_M * path_m
    visibility = np.where(np.isnan(xy_px[..., 0]), np.nan, 0.9)
    return LandmarkSeries(time_s, xy_px, visibility, np.arange(len(time_s)), SIZE_PX)


def _body_m(spec: _Spec, side: Side, phase: Floats) -> dict[str, Floats]:
    """Return paths in metres relative to the mean pelvis, x to the image's right and y down."""
    thigh = np.radians(_cycle("hip_flexion", phase))
    shank = thigh - np.radians(_cycle("knee_flexion", phase))
    foot = shank + np.radians(_cycle("ankle_dorsiflexion", phase))
    ahead, down = np.zeros_like(phase), 0.04 * np.cos(4 * np.pi * (phase - MIDSTANCE_SHARE))
    joints = {"shoulder": (ahead + 0.08, down - 0.5), "hip": (ahead, down)}
    for joint, start, length, angle in (("knee", "hip", 0.42, thigh), ("ankle", "knee", 0.43, shank)):
        x, y = joints[start]
        joints[joint] = (x + length * np.sin(angle), y + length * np.cos(angle))
    x, y = joints["ankle"]
    joints["heel"] = (
        x - 0.06 * np.cos(foot) + 0.06 * np.sin(foot),
        y + 0.06 * np.cos(foot) + 0.06 * np.sin(foot),
    )
    joints["foot_index"] = (
        x + 0.16 * np.cos(foot) + 0.08 * np.sin(foot),
        y + 0.08 * np.cos(foot) - 0.16 * np.sin(foot),
    )
    if spec.view != "side":
        joints = {j: (_across(side, j, phase), y) for j, (_, y) in joints.items()}
    return {f"{side}_{j}": np.stack([x, y], axis=1) for j, (x, y) in joints.items()}


def _across(side: Side, joint: str, phase: Floats) -> Floats:
    """Return x of a frontal view: the camera sees the runner's left on the image's right."""
    half_m = {"shoulder": 0.18, "hip": 0.09, "knee": 0.06, "ankle": 0.045, "heel": 0.045, "foot_index": 0.06}[joint]
    inward = 0.42 * np.radians(_cycle("knee_valgus", phase)) if joint == "knee" else np.zeros_like(phase)
    return np.asarray((half_m - inward) * (1 if side == "left" else -1), dtype=np.float64)


def _clip(spec: _Spec) -> ClipFacts:
    frames = int(DURATION_S * FPS)
    return ClipFacts(f"example_{spec.name}.mp4", frames, FPS, DURATION_S, *SIZE_PX, model="heavy")


def _scene(spec: _Spec) -> Scene:
    side_view = spec.view == "side"
    return Scene(
        view=spec.view,
        facing="right" if side_view else "camera",
        near_side=spec.near_side,
        surface="treadmill",
        tilt_deg=0.6 if side_view else -0.3,
        tilt_source="path of the stance feet" if side_view else "assumed level",
        leg_length_px=0.85 * PX_PER_M,
        metres_per_px=1 / PX_PER_M,
        scale_source="height 1.75 m",
        speed_px_s=2.8 * PX_PER_M if side_view else float("nan"),
    )


def _notes(spec: _Spec) -> tuple[QualityNote, ...]:
    shared = (
        QualityNote(spec.name, "frame_rate", "caution", "60 fps: contact times and angles at contact want 120 fps."),
        QualityNote(spec.name, "runner_seen", "good", "The runner was found in every frame."),
    )
    if spec.view == "side":
        return (
            *shared,
            QualityNote("side", "far_leg", "poor", "Left leg half hidden: film the left side too."),
        )
    return shared


def _finding(side: Side) -> Finding:
    seen = side == "right"
    return Finding(
        id="dorsiflexion_compensation",
        side=side,
        level="none" if seen else "not_assessed",
        title="Dorsiflexion-driven compensation",
        statement="No movement pattern of reduced ankle dorsiflexion was seen."
        if seen
        else "The left leg was the far one: a clip from the left side is needed.",
        evidence=(_evidence(),) if seen else (),
        alternatives=("stiff knee", "shoe drop"),
        confirm=("knee-bent weight-bearing lunge test by a qualified clinician",),
        sources=("Lima 2018 (abstract)", "Fukuchi 2017"),
    )


def _evidence() -> Evidence:
    return Evidence(
        rule="S1",
        title="Peak ankle dorsiflexion is low",
        met=False,
        reason="",
        view="side",
        measure="ankle_dorsiflexion",
        instant="stance_peak",
        unit="deg",
        value=19.6,
        threshold=17.0,
        margin=-2.6,
        standard_error=1.5,
        probability=0.05,
        strides_meeting=0.0,
        strides=10,
        source="RBDS, 46 runners",
    )


def _software() -> dict[str, str]:
    return {
        "midstance": "0.1.0",
        "mediapipe": "1.2.2",
        "opencv": "5.0.0",
        "numpy": "2.4.0",
        "python": "3.12.0",
    }


def with_knee_more(analysis: Analysis, more_deg: float) -> Analysis:
    """Return the analysis with more flexion of the right knee at midstance, known to a degree."""
    rows = tuple(
        replace(row, median=row.median + more_deg, standard_error=1.0)
        if (row.measure, row.instant, row.side) == ("knee_flexion", "midstance", "right")
        else row
        for row in analysis.summary
    )
    return replace(analysis, summary=rows)
