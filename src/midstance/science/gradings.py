"""How far each number can be trusted, and why: `ok`, `low` or `unmeasurable`, as rules in one table.

A rule looks at the measure, the instant and the circumstances, and returns a reason or nothing. All reasons
that apply are told; the worst grade counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from midstance.science.catalogue import MEASURE
from midstance.science.records import Instant, Quality, Scene
from midstance.science.uncertainty import SLOW_FPS, UNKNOWN, StandardError, standard_error, too_uncertain

CONTACT_INSTANTS: tuple[Instant, ...] = ("initial_contact", "toe_off")
PELVIC_MEASURES = ("pelvic_tilt", "pelvic_drop")
TIMED_MEASURES = ("contact_time", "flight_time", "duty_factor")
SCALED_MEASURES = ("overstride_m", "step_width_m", "vertical_oscillation_m")
STEEP_TILT_DEG = {"side": 5.0, "front": 2.0, "rear": 2.0}
"""Tilt beyond which a view is cautioned. From the side the path of the toe tells the camera's roll to about 1 deg
(rendered clips), but a belt may be inclined; from front or rear the body's symmetry tells it to 0.5 deg."""
SKEW_YAW_DEG = 7.0
"""Angle off the line of running up to which its correction is trusted (motion capture filmed from -10 to +10 deg:
valgus and foot progression within 1.6 deg; rendered clips: within 3 deg only)."""
VERY_SLOW_FPS = 24.0
"""Below this even slow angles are off (error-free landmarks: knee at midstance -3.8 deg at 10 frames/s)."""
PELVIS_REASON = "the landmarks hold no ASIS or PSIS, and hip landmarks do not follow the pelvis"


@dataclass(frozen=True)
class PelvisTrust:
    """How far the pelvic angles from markers can be trusted."""

    error: StandardError
    doubt: str = ""
    """Why they are of low quality; empty when they are not."""


@dataclass(frozen=True)
class Circumstances:
    """What the trust in a number depends on."""

    scene: Scene
    fps: float
    near: bool
    """The leg faces the camera, or the view is frontal."""
    timing_assumed: bool
    """Contact and toe-off rest on an assumed flight time."""
    foot_length_known: bool
    """A side view gave the length of the foot."""
    own_trust: float = 1.0
    """Weight of our own networks in knees and feet."""
    pelvis: PelvisTrust | None = None
    """How far markers on the pelvis can be trusted; None without markers."""
    standing: bool = False
    """A standing trial told the zero of this leg's ankle."""

    @property
    def situation(self) -> str:
        """What decides how well this can be measured, see `uncertainty.standard_error`."""
        if self.scene.view == "side":
            return "near" if self.near else "far"
        return self.scene.view if self.foot_length_known else f"{self.scene.view} alone"

    def standard_error(self, measure: str, instant: Instant) -> StandardError:
        """Return the standard error of a number measured so."""
        if measure in PELVIC_MEASURES:
            return self.pelvis.error if self.pelvis else UNKNOWN
        return standard_error(
            measure, instant, self.situation, self.fps, own_trust=self.own_trust, standing=self.standing
        )


@dataclass(frozen=True)
class Grade:
    """A quality and its reason (empty for `ok`)."""

    quality: Quality
    reason: str


Rule = Callable[[str, Instant, Circumstances], str]


def grade(measure: str, instant: Instant, circumstances: Circumstances, *, seen: bool = True) -> Grade:
    """Grade one number.

    Parameters
    ----------
    measure, instant : str
    circumstances : Circumstances
    seen : bool
        False when a landmark that the number needs was hidden.
    """
    barred = _reasons(UNMEASURABLE_RULES, measure, instant, circumstances)
    if barred:
        return Grade("unmeasurable", barred)
    if not seen:
        return Grade("unmeasurable", "a landmark that it needs was hidden")
    doubts = _reasons(LOW_RULES, measure, instant, circumstances)
    return Grade("low", doubts) if doubts else Grade("ok", "")


def _reasons(rules: tuple[Rule, ...], measure: str, instant: Instant, circumstances: Circumstances) -> str:
    told = (rule(measure, instant, circumstances) for rule in rules)
    return "; ".join(reason for reason in told if reason)


def _no_pelvis(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - one form for all rules
    if c.pelvis:
        return ""
    if measure == "pelvic_tilt":
        return f"{PELVIS_REASON}: sagittal tilt needs markers on the pelvis"
    if measure == "pelvic_drop":
        return f"{PELVIS_REASON}: slope of estimate on truth -0.4 to 0.2 on rendered runners"
    return ""


def _no_contact_time(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    if measure in TIMED_MEASURES and c.timing_assumed:
        return "a frontal view alone does not show how long the foot is on the ground: add a side view"
    return ""


def _far_leg(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    body_wide = measure in {"cadence", "stride_time", "trunk_lean", "vertical_oscillation_m"}
    return "" if c.near or body_wide else "far leg, partly hidden: film from the other side as well"


def _slow_camera(measure: str, instant: Instant, c: Circumstances) -> str:
    at_contact = instant in CONTACT_INSTANTS or measure in TIMED_MEASURES
    if at_contact and c.fps < SLOW_FPS:
        return f"{c.fps:.0f} frames/s blur the instant of contact: film at 120"
    return ""


def _very_slow_camera(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    if c.fps < VERY_SLOW_FPS and measure not in {"cadence", "stride_time"}:
        return f"{c.fps:.0f} frames/s are too few for angles: film at 60 or more"
    return ""


def _assumed_instant(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    if instant in CONTACT_INSTANTS and c.timing_assumed:
        return "contact and toe-off rest on an assumed flight time: add a side view"
    return ""


def _no_scale(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    unscaled = measure in SCALED_MEASURES and not c.scene.metres_per_px > 0
    return "in pixels: give --height-m or --speed-mps" if unscaled else ""


def _foot_progression(measure: str, instant: Instant, c: Circumstances) -> str:
    if measure != "foot_progression":
        return ""
    doubts = [
        "the foot is flat only around midstance" if instant != "midstance" else "",
        "" if c.foot_length_known else "foot length from mean body proportions: add a side view",
    ]
    return "; ".join(d for d in doubts if d)


def _projection(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    if measure == "knee_valgus" and instant in {"swing_peak", "toe_off"}:
        return "projection of a knee that is bent towards the camera"
    if measure == "hip_flexion":
        return "thigh against the trunk, which leans more than the pelvis: +3 to +9 deg off the angle to the pelvis"
    if measure == "hip_adduction":
        return "thigh against vertical: the pelvis's own part is not seen"
    return ""


def _tilted(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    against_vertical = measure in {"trunk_side_lean", "hip_adduction", "pelvic_drop"}
    if against_vertical and abs(c.scene.tilt_deg) > STEEP_TILT_DEG[c.scene.view]:
        return f"the ground line is {abs(c.scene.tilt_deg):.1f} deg off level: level the camera"
    return ""


def _skewed(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    if c.scene.view == "side" or measure not in {"knee_valgus", "foot_progression", "hip_adduction"}:
        return ""
    if not np.isfinite(c.scene.yaw_deg):
        return "whether the camera stood square could not be told"
    yaw = abs(c.scene.yaw_deg)
    return f"camera {yaw:.0f} deg off the line of running: place it in line with the belt" if yaw > SKEW_YAW_DEG else ""


def _pelvis_doubt(measure: str, instant: Instant, c: Circumstances) -> str:  # noqa: ARG001 - as above
    return c.pelvis.doubt if c.pelvis and measure in PELVIC_MEASURES else ""


def _uncertain(measure: str, instant: Instant, c: Circumstances) -> str:
    error = c.standard_error(measure, instant)
    if not too_uncertain(measure, error):
        return ""
    return f"off by {error.shared:.2g} {MEASURE[measure].unit} from runner to runner in the accuracy benchmark"


UNMEASURABLE_RULES: tuple[Rule, ...] = (_no_pelvis, _no_contact_time)
LOW_RULES: tuple[Rule, ...] = (
    _far_leg,
    _slow_camera,
    _very_slow_camera,
    _assumed_instant,
    _no_scale,
    _foot_progression,
    _projection,
    _tilted,
    _skewed,
    _pelvis_doubt,
    _uncertain,
)
