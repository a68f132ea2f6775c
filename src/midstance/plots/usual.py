"""What is usual for a measure, as far as it holds at the runner's speed, and what to say where it does not."""

from __future__ import annotations

import math

from midstance.science.catalogue import Measure
from midstance.science.norms import PointNorm, norm_band, point_norm
from midstance.science.speed import is_another_speed


def usual_range(measure: Measure, speed_mps: float) -> PointNorm | None:
    """Return the usual range of a value per stride; None where none is known for this speed.

    Parameters
    ----------
    measure : Measure
    speed_mps : float
        Of the runner; NaN when it is not known.
    """
    norm = point_norm(measure.name, measure.instants[0]) if measure.kind == "scalar" else None
    if norm is None or norm.only_at_mps is None:
        return norm
    fits = math.isfinite(speed_mps) and not is_another_speed(speed_mps, norm.only_at_mps)
    return norm if fits else None


def notes(measure: Measure, speed_mps: float) -> tuple[str, ...]:
    """Return what a reader of a plot must know of its usual range; empty where it simply holds."""
    if measure.kind == "curve":
        return _of_band(measure, speed_mps)
    if usual_range(measure, speed_mps) is not None:
        return ()
    norm = point_norm(measure.name, measure.instants[0])
    return (f"Usual range known for one speed only: {norm.text}.",) if norm else ("No usual range known.",)


def _of_band(measure: Measure, speed_mps: float) -> tuple[str, ...]:
    band = norm_band(measure.name)
    if band is None:
        return ("No usual range known over the stride.",)
    if is_another_speed(speed_mps, band.speed_mps):
        return (f"The band is for another speed: runners at {band.speed_mps:g} m/s, this run at {speed_mps:.1f} m/s.",)
    return ()
