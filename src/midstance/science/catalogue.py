"""The measures of the contract as data: where they are seen, their unit and sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from midstance.science.records import Instant, View

FRONTAL: tuple[View, ...] = ("front", "rear")
ALL_VIEWS: tuple[View, ...] = ("side", "front", "rear")
CURVE_INSTANTS: tuple[Instant, ...] = ("initial_contact", "midstance", "toe_off", "stance_peak", "swing_peak")


@dataclass(frozen=True)
class Measure:
    """What a measure is, in words and units."""

    name: str
    title: str
    views: tuple[View, ...]
    unit: str
    positive: str
    """The direction that counts as positive; empty where there is none."""
    kind: Literal["curve", "scalar"]
    """A curve has a value at every moment of the stride, a scalar one value a stride."""
    instants: tuple[Instant, ...] = CURVE_INSTANTS


def _angle(name: str, title: str, views: tuple[View, ...], positive: str) -> Measure:
    return Measure(name, title, views, "deg", positive, "curve")


def _scalar(
    name: str, title: str, views: tuple[View, ...], unit: str, positive: str = "", instant: Instant = "stride"
) -> Measure:
    return Measure(name, title, views, unit, positive, "scalar", (instant,))


MEASURES: tuple[Measure, ...] = (
    _angle("tibial_inclination", "Tibial inclination", ("side",), "knee ahead of ankle"),
    _angle("ankle_dorsiflexion", "Ankle dorsiflexion", ("side",), "toes up"),
    _angle("knee_flexion", "Knee flexion", ("side",), "bent"),
    _angle("hip_flexion", "Hip flexion", ("side",), "thigh forward"),
    _angle("foot_pitch", "Foot pitch", ("side",), "toes up"),
    _angle("trunk_lean", "Trunk lean", ("side",), "forward"),
    _angle("pelvic_tilt", "Pelvic tilt", ("side",), "anterior"),
    _scalar("overstride_m", "Overstride", ("side",), "m", "ankle ahead of hip centre", "initial_contact"),
    _angle("foot_progression", "Foot progression angle", FRONTAL, "toes out"),
    _angle("knee_valgus", "Knee valgus (frontal plane projection)", FRONTAL, "knee inward"),
    _angle("hip_adduction", "Hip adduction", FRONTAL, "thigh inward"),
    _angle("pelvic_drop", "Pelvic drop", FRONTAL, "swing side low"),
    _angle("trunk_side_lean", "Trunk side lean", FRONTAL, "towards the stance side"),
    _scalar("step_width_m", "Step width", FRONTAL, "m", "feet apart", "midstance"),
    _scalar("cadence", "Cadence", ALL_VIEWS, "steps/min"),
    _scalar("stride_time", "Stride time", ALL_VIEWS, "s"),
    _scalar("contact_time", "Ground contact time", ALL_VIEWS, "s"),
    _scalar("flight_time", "Flight time", ALL_VIEWS, "s"),
    _scalar("duty_factor", "Duty factor", ALL_VIEWS, "%"),
    _scalar("vertical_oscillation_m", "Vertical oscillation", ALL_VIEWS, "m"),
)
"""Every measure, in the order in which reports show them."""

MEASURE: dict[str, Measure] = {m.name: m for m in MEASURES}
"""Measures by name."""


def measures_of(view: View) -> tuple[Measure, ...]:
    """Return the measures that a view can show in principle."""
    return tuple(m for m in MEASURES if view in m.views)
