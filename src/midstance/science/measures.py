"""The numbers of each stride: curves over 0..100 % and values at the instants, each with its grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from midstance.science.catalogue import Measure, measures_of
from midstance.science.gradings import SCALED_MEASURES, Circumstances, PelvisTrust, grade
from midstance.science.kinematics import outward_sign
from midstance.science.landmarks import SIDES, LandmarkSeries, Side, other_side
from midstance.science.model_names import own_trust
from midstance.science.records import AngleSeries, ClipFacts, Curve, Instant, MeasureValue, Scene, Stride, ViewAnalysis
from midstance.science.signals import Array, resample, sample
from midstance.science.stances import Contacts
from midstance.science.uncertainty import UNKNOWN

PERCENT = np.arange(101.0)


@dataclass(frozen=True, eq=False)
class MeasuringContext:
    """All that the numbers of a view are computed from."""

    view: str
    landmarks: LandmarkSeries
    contacts: Contacts
    scene: Scene
    strides: tuple[Stride, ...]
    angles: AngleSeries
    clip: ClipFacts
    foot_length_known: bool
    pelvis: PelvisTrust | None = None
    """Of markers on the pelvis; None without markers."""
    standing: frozenset[Side] = frozenset()
    """Legs whose ankles have their zero from a standing trial."""

    def circumstances(self, stride: Stride) -> Circumstances:
        """Return what the trust in this stride's numbers depends on."""
        return Circumstances(
            self.scene,
            self.clip.fps,
            stride.near,
            self.contacts.timing_assumed,
            self.foot_length_known,
            own_trust(self.clip.model),
            self.pelvis,
            stride.side in self.standing,
        )


def measure_curves(context: MeasuringContext) -> tuple[Curve, ...]:
    """Return every curve measure of every valid stride, at 0, 1 .. 100 % of it."""
    valid = {side: [s for s in context.strides if s.side == side and s.valid] for side in SIDES}
    return tuple(
        Curve(context.view, side, stride.number, name, values)
        for (name, side) in context.angles.values
        for stride, values in zip(valid[side], _over_strides(context.angles, name, side, valid[side]), strict=True)
    )


def measure_values(context: MeasuringContext, curves: tuple[Curve, ...]) -> tuple[MeasureValue, ...]:
    """Return every number of every valid stride, in the order of strides and of the catalogue."""
    by_key = {(c.measure, c.side, c.stride): c for c in curves}
    out: list[MeasureValue] = []
    for stride in (s for s in context.strides if s.valid):
        for measure in measures_of(context.scene.view):
            curve = by_key.get((measure.name, stride.side, stride.number))
            out += _values_of(context, stride, measure, curve)
    return tuple(out)


def remeasured(view: ViewAnalysis, angles: AngleSeries, name: str) -> ViewAnalysis:
    """Return an analysed view with a curve measure read anew from other angles; what could not be measured stays so."""
    strides = {(s.side, s.number): s for s in view.strides}
    curves = {(c.side, c.stride): c for side in SIDES for c in _curves_anew(view, angles, name, side)}

    def renewed(value: MeasureValue) -> MeasureValue:
        curve = curves.get((value.side, value.stride))
        if value.measure != name or value.quality == "unmeasurable" or curve is None:
            return value
        return replace(value, value=_at_instant(curve, strides[value.side, value.stride], value.instant))

    return replace(
        view,
        angles=angles,
        curves=tuple(curves[c.side, c.stride] if c.measure == name else c for c in view.curves),
        values=tuple(renewed(v) for v in view.values),
    )


def _curves_anew(view: ViewAnalysis, angles: AngleSeries, name: str, side: Side) -> list[Curve]:
    curves = [c for c in view.curves if (c.measure, c.side) == (name, side)]
    strides = {s.number: s for s in view.strides if s.side == side}
    values = _over_strides(angles, name, side, [strides[c.stride] for c in curves])
    return [replace(curve, values=row) for curve, row in zip(curves, values, strict=True)]


def _over_strides(angles: AngleSeries, name: str, side: Side, strides: Sequence[Stride]) -> Array:
    """Return a curve at 0, 1 .. 100 % of each of some strides of a side, a row each."""
    if not strides:
        return np.empty((0, len(PERCENT)))
    start_s, stop_s = np.array([[s.initial_contact_s, s.next_contact_s] for s in strides]).T
    at_s = start_s[:, None] + PERCENT / 100 * (stop_s - start_s)[:, None]
    return resample(angles.time_s, angles.values[name, side], at_s.ravel()).reshape(at_s.shape)


def _values_of(
    context: MeasuringContext, stride: Stride, measure: Measure, curve: Curve | None
) -> Iterator[MeasureValue]:
    for instant in measure.instants:
        if measure.kind == "curve":
            value = _at_instant(curve, stride, instant) if curve else float("nan")
        else:
            value = SCALARS[measure.name](context, stride)
        yield _graded(context, stride, measure, instant, value)


def _graded(
    context: MeasuringContext, stride: Stride, measure: Measure, instant: Instant, value: float
) -> MeasureValue:
    circumstances = context.circumstances(stride)
    graded = grade(measure.name, instant, circumstances, seen=bool(np.isfinite(value)))
    in_px = measure.name in SCALED_MEASURES and not context.scene.metres_per_px > 0
    given = graded.quality != "unmeasurable"
    error = circumstances.standard_error(measure.name, instant) if given and not in_px else UNKNOWN
    return MeasureValue(
        view=context.view,
        side=stride.side,
        stride=stride.number,
        measure=measure.name,
        instant=instant,
        value=value if given else float("nan"),
        unit="px" if in_px else measure.unit,
        quality=graded.quality,
        reason=graded.reason,
        standard_error=error.total,
        shared_error=error.shared,
    )


def _at_instant(curve: Curve, stride: Stride, instant: Instant) -> float:
    """Read a curve at an instant; the peaks are the greatest value in stance and in swing."""
    if instant in {"stance_peak", "swing_peak"}:
        stance = stride.toe_off_percent >= PERCENT
        part = curve.values[stance if instant == "stance_peak" else ~stance]
        return float(np.nanmax(part)) if np.isfinite(part).any() else float("nan")
    percent = {
        "initial_contact": 0.0,
        "midstance": stride.midstance_percent,
        "toe_off": stride.toe_off_percent,
    }[instant]
    return float(sample(PERCENT, curve.values, percent))


# --- scalars: one value a stride ------------------------------------------------------------------


def _stride_time(context: MeasuringContext, stride: Stride) -> float:  # noqa: ARG001 - one form for all scalars
    return stride.next_contact_s - stride.initial_contact_s


def _cadence(context: MeasuringContext, stride: Stride) -> float:
    return 120 / _stride_time(context, stride)


def _contact_time(context: MeasuringContext, stride: Stride) -> float:  # noqa: ARG001 - as above
    return stride.toe_off_s - stride.initial_contact_s


def _flight_time(context: MeasuringContext, stride: Stride) -> float:
    """From toe-off to the other foot's contact; negative when both feet are down."""
    other_s = _next_of_other_side(context, stride)
    return other_s - stride.toe_off_s


def _duty_factor(context: MeasuringContext, stride: Stride) -> float:
    return 100 * _contact_time(context, stride) / _stride_time(context, stride)


def _vertical_oscillation(context: MeasuringContext, stride: Stride) -> float:
    """Rise of the middle of the hips from low to top, mean of the two steps of the stride."""
    height = -context.landmarks.midpoint("hip")[:, 1]
    time_s = context.landmarks.time_s
    halfway_s = (stride.initial_contact_s + stride.next_contact_s) / 2
    rises = []
    for start_s, stop_s in ((stride.initial_contact_s, halfway_s), (halfway_s, stride.next_contact_s)):
        step = height[(time_s >= start_s) & (time_s <= stop_s)]
        rises.append(float(np.ptp(step)) if len(step) else float("nan"))
    return float(np.mean(rises)) * _unit_per_px(context)


def _overstride(context: MeasuringContext, stride: Stride) -> float:
    """Ankle ahead of the middle of the hips at initial contact."""
    ahead = context.landmarks.point(f"{stride.side}_ankle") - context.landmarks.midpoint("hip")
    at_contact = float(sample(context.landmarks.time_s, ahead[:, 0] * context.scene.forward, stride.initial_contact_s))
    return at_contact * _unit_per_px(context)


def _step_width(context: MeasuringContext, stride: Stride) -> float:
    """Sideways distance of the ankle from the other foot's at the midstance before; negative = crossed."""
    before = [s for s in context.strides if s.side != stride.side and s.midstance_s < stride.midstance_s]
    if not before:
        return float("nan")
    here = _ankle_across(context, stride.side, stride.midstance_s)
    there = _ankle_across(context, other_side(stride.side), before[-1].midstance_s)
    return (here - there) * outward_sign(stride.side, context.scene.view) * _unit_per_px(context)


def _ankle_across(context: MeasuringContext, side: Side, time_s: float) -> float:
    path = context.landmarks.point(f"{side}_ankle")[:, 0]
    return float(sample(context.landmarks.time_s, path, time_s))


def _next_of_other_side(context: MeasuringContext, stride: Stride) -> float:
    starts = [c.initial_contact_s for c in context.contacts.of(other_side(stride.side))]
    later = [t for t in starts if stride.initial_contact_s < t < stride.next_contact_s]
    return min(later) if later else float("nan")


def _unit_per_px(context: MeasuringContext) -> float:
    """Metres per pixel, or 1 (pixels) without a scale."""
    return context.scene.metres_per_px if context.scene.metres_per_px > 0 else 1.0


SCALARS: dict[str, Callable[[MeasuringContext, Stride], float]] = {
    "overstride_m": _overstride,
    "step_width_m": _step_width,
    "cadence": _cadence,
    "stride_time": _stride_time,
    "contact_time": _contact_time,
    "flight_time": _flight_time,
    "duty_factor": _duty_factor,
    "vertical_oscillation_m": _vertical_oscillation,
}
"""How each scalar of the catalogue is computed."""
