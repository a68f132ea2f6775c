"""Numbers that other programs print and midstance does not: what they would be worth."""

from __future__ import annotations

import numpy as np

from midstance.science.kinematics import outward_sign
from midstance.science.landmarks import LandmarkSeries, Side, other_side
from midstance.science.records import MeasureValue, Stride, View, ViewAnalysis
from midstance.science.signals import Array

REASON = "not given out by midstance"


def rejected_values(view: ViewAnalysis, stride: Stride) -> list[MeasureValue]:
    """Return the pelvic drop of a frontal view from the line of the hip landmarks, at its stance peak."""
    if view.scene.view == "side":
        return []
    drop = hip_line_drop_deg(view.landmarks, stride.side, view.scene.view)
    time_s = view.landmarks.time_s
    stance = drop[(time_s >= stride.initial_contact_s) & (time_s <= stride.toe_off_s)]
    peak = float(np.nanmax(stance)) if np.isfinite(stance).any() else float("nan")
    return [
        MeasureValue(
            view.name, stride.side, stride.number, "pelvic_drop", "stance_peak", peak, "deg", "unmeasurable", REASON
        )
    ]


def hip_line_drop_deg(landmarks: LandmarkSeries, side: Side, view: View) -> Array:
    """Return the slope of the line of the hips, (n,); positive = the other side is low."""
    line = landmarks.point(f"{side}_hip") - landmarks.point(f"{other_side(side)}_hip")
    return np.asarray(np.degrees(np.arctan2(-line[:, 1], line[:, 0] * outward_sign(side, view))))
