"""Small made-up runs: one number a measure and side, a few degrees of scatter, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import nan

import numpy as np

from midstance.science.findings import FOUNDING_ID, findings_of
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.records import (
    AngleSeries,
    ClipFacts,
    Evidence,
    Finding,
    Instant,
    MeasureValue,
    Quality,
    Scene,
    Stride,
    SummaryRow,
    View,
    ViewAnalysis,
)
from midstance.science.settings import Settings
from midstance.science.summary import summarise

SCATTER = np.array([-0.4, 0.3, -0.2, 0.1, 0.0, 0.4, -0.3, 0.2, -0.1, 0.0, 0.1, -0.1])
"""Of the strides about their median."""
SAGITTAL: dict[str, tuple[str, Instant]] = {
    "dorsiflexion": ("ankle_dorsiflexion", "stance_peak"),
    "tibia": ("tibial_inclination", "midstance"),
    "knee": ("knee_flexion", "stance_peak"),
    "knee_mid": ("knee_flexion", "midstance"),
    "trunk": ("trunk_lean", "midstance"),
    "overstride": ("overstride_m", "initial_contact"),
    "cadence": ("cadence", "stride"),
    "oscillation": ("vertical_oscillation_m", "stride"),
    "tilt": ("pelvic_tilt", "midstance"),
}
CORONAL: dict[str, tuple[str, Instant]] = {
    "toe_out": ("foot_progression", "midstance"),
    "valgus": ("knee_valgus", "midstance"),
    "drop": ("pelvic_drop", "stance_peak"),
    "hip": ("hip_adduction", "stance_peak"),
    "hip_mid": ("hip_adduction", "midstance"),
    "step_width": ("step_width_m", "midstance"),
}
UNITS = {"overstride_m": "m", "vertical_oscillation_m": "m", "step_width_m": "m", "cadence": "steps/min"}
HIDDEN = "not seen by this camera"


@dataclass(frozen=True)
class Leg:
    """One side, in degrees (metres, steps/min); NaN = unmeasurable. As it stands: an average runner."""

    dorsiflexion: float = 22.7
    tibia: float = 23.0
    knee: float = 40.9
    knee_mid: float = 40.9
    trunk: float = 9.5
    overstride: float = 0.15
    cadence: float = 170.0
    oscillation: float = 0.08
    tilt: float = nan
    toe_out: float = 6.0
    valgus: float = 0.0
    drop: float = nan
    hip: float = 5.0
    hip_mid: float = 5.0
    step_width: float = 0.09


USUAL = Leg()
RESTRICTED = Leg(dorsiflexion=10.0, tibia=13.0, knee=39.0, knee_mid=39.0, toe_out=18.5, valgus=9.5)
"""As the restricted sample's right side, a little more valgus."""


@dataclass(frozen=True)
class Run:
    """Two legs and the clips that show them."""

    left: Leg = USUAL
    right: Leg = USUAL
    near: tuple[Side, ...] = SIDES
    """A side clip for each."""
    frontal: tuple[View, ...] = ("front",)
    strides: int = 12
    fps: float = 60.0
    tilt: dict[str, float] = field(default_factory=dict)
    """By name of the view."""
    error: float = nan
    """Standard error of every angle's median; NaN = not known."""

    def leg(self, side: Side) -> Leg:
        """Return a side."""
        return self.left if side == "left" else self.right

    def views(self) -> tuple[ViewAnalysis, ...]:
        """Return the clips."""
        names = {s: f"side_{s}" if len(self.near) > 1 else "side" for s in self.near}
        sideways = [_view(self, names[s], "side", s) for s in self.near]
        return (*sideways, *(_view(self, v, v, None) for v in self.frontal))

    def summary(self) -> tuple[SummaryRow, ...]:
        """Return the summary of the clips."""
        rows = summarise(v for view in self.views() for v in view.values)
        return tuple(replace(r, standard_error=self.error if r.unit == "deg" else nan) for r in rows)

    def findings(self, **settings: float) -> tuple[Finding, ...]:
        """Return all findings."""
        return findings_of(self.views(), self.summary(), Settings(**settings))  # type: ignore[arg-type]

    def founding(self, side: Side, **settings: float) -> Finding:
        """Return the founding finding of a side."""
        return next(f for f in self.findings(**settings) if f.id == FOUNDING_ID and f.side == side)

    def mirrored(self) -> Run:
        """Return the run with left and right exchanged."""
        other: dict[Side, Side] = {"left": "right", "right": "left"}
        tilt = {n.replace("left", "R").replace("right", "left").replace("R", "right"): t for n, t in self.tilt.items()}
        near = tuple(sorted(other[s] for s in self.near))
        return replace(self, left=self.right, right=self.left, near=near, tilt=tilt)


def rule(finding: Finding, name: str) -> Evidence:
    """Return the evidence of a rule."""
    return next(e for e in finding.evidence if e.rule == name)


def _view(run: Run, name: str, view: View, near: Side | None) -> ViewAnalysis:
    empty = LandmarkSeries(np.zeros(1), np.full((1, 33, 2), nan), np.full((1, 33), nan), np.arange(1), None)
    return ViewAnalysis(
        name=name,
        clip=ClipFacts(f"{name}.mp4", 600, run.fps, 10.0),
        scene=Scene(
            view, "right", near, "treadmill", run.tilt.get(name, 0.0), "made up", 400.0, 0.002, "made up", 1000.0
        ),
        raw=empty,
        landmarks=empty,
        centres=empty,
        angles=AngleSeries(np.zeros(0), {}),
        strides=tuple(_stride(s, n) for s in SIDES for n in range(1, run.strides + 1)),
        values=tuple(v for s in SIDES for v in _values(run, name, view, s, near)),
        curves=(),
        notes=(),
        swapped_share=0.0,
    )


def _stride(side: Side, number: int) -> Stride:
    start = 0.7 * number + (0.35 if side == "right" else 0.0)
    return Stride(side, number, start, start + 0.1, start + 0.25, start + 0.7, near=True, valid=True, reason="")


def _values(run: Run, name: str, view: View, side: Side, near: Side | None) -> list[MeasureValue]:
    wanted = SAGITTAL if view == "side" else CORONAL
    found = []
    for what, (measure, instant) in wanted.items():
        middle = float(getattr(run.leg(side), what))
        unit = UNITS.get(measure, "deg")
        scatter = SCATTER * (1.0 if unit != "m" else 0.01)
        quality: Quality = "unmeasurable" if np.isnan(middle) else "ok" if near in (None, side) else "low"
        reason = {"unmeasurable": HIDDEN, "ok": "", "low": "far leg"}[quality]
        found += [
            MeasureValue(name, side, n, measure, instant, middle + scatter[n % 12], unit, quality, reason)
            for n in range(1, run.strides + 1)
        ]
    return found
