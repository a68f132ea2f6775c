"""The chain from the foot to the pelvis, left and right, so that one sees where a compensation goes."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

from midstance.science.findings.readings import Readings
from midstance.science.landmarks import SIDES, Side
from midstance.science.norms import PointNorm, Strength, point_norm
from midstance.science.records import ChainLink, Instant, Quality, SummaryRow, View, ViewAnalysis

Region = Literal["foot", "ankle", "knee", "hip", "pelvis"]
Position = Literal["low", "usual", "high", "unknown"]
_QUALITIES: tuple[Quality, ...] = ("ok", "low", "unmeasurable")
_READ: dict[Strength, str] = {
    "computed": "computed from open data",
    "full text": "full text read",
    "abstract": "abstract read",
    "second-hand": "second-hand",
}
_VALGUS = PointNorm(-8.0, 4.0, "−8 to 4° at half stance", "RBDS data at 2.5 m/s; Fukuchi et al. 2017", "computed")
"""Half stance comes a little after midstance."""


@dataclass(frozen=True)
class _Joint:
    region: Region
    measure: str
    instant: Instant
    views: tuple[View, ...]


_FRONTAL: tuple[View, ...] = ("front", "rear")
_JOINTS = (
    _Joint("foot", "foot_progression", "midstance", _FRONTAL),
    _Joint("ankle", "ankle_dorsiflexion", "stance_peak", ("side",)),
    _Joint("ankle", "tibial_inclination", "midstance", ("side",)),
    _Joint("knee", "knee_flexion", "midstance", ("side",)),
    _Joint("knee", "knee_valgus", "midstance", _FRONTAL),
    _Joint("hip", "hip_adduction", "midstance", _FRONTAL),
    _Joint("pelvis", "pelvic_drop", "stance_peak", _FRONTAL),
    _Joint("pelvis", "pelvic_tilt", "midstance", ("side",)),
)


def chain_of(views: tuple[ViewAnalysis, ...], summary: tuple[SummaryRow, ...]) -> tuple[ChainLink, ...]:
    """Return the links from foot to pelvis, for each joint the left one first, from the view that shows it best.

    `position` is low or high only where the value lies outside the usual range by more than its standard error; a
    leg that is far from the camera has none. The usual ranges are mean ± 1 SD, or published ranges.

    Parameters
    ----------
    views : tuple of ViewAnalysis
    summary : tuple of SummaryRow
        Of these views.
    """
    readings = Readings(views, summary)
    return tuple(_link(joint, side, views, readings) for joint in _JOINTS for side in SIDES)


def _link(joint: _Joint, side: Side, views: tuple[ViewAnalysis, ...], readings: Readings) -> ChainLink:
    norm = _VALGUS if joint.measure == "knee_valgus" else point_norm(joint.measure, joint.instant)
    row = _best_row(joint, side, views, readings)
    measured = row is not None and isfinite(row.median)
    error = readings.error(row) if row is not None and measured else nan
    return ChainLink(
        region=joint.region,
        side=side,
        view=row.view if row else "",
        measure=joint.measure,
        instant=joint.instant,
        unit=row.unit if row else "deg",
        value=row.median if row and measured else nan,
        sd=row.sd if row and measured else nan,
        standard_error=error,
        n=row.n if row else 0,
        norm_low=norm.low if norm else nan,
        norm_high=norm.high if norm else nan,
        norm_text=f"{norm.text} ({norm.source}; {_READ[norm.strength]})" if norm else "",
        position=_position(row, norm, error, far=_far(row, views)),
        reason=row.reason if row else _not_filmed(joint),
    )


def _best_row(joint: _Joint, side: Side, views: tuple[ViewAnalysis, ...], readings: Readings) -> SummaryRow | None:
    """Return the row of the view in which the leg is near, of the better quality, the front before the rear."""
    fitting = sorted((v for v in views if v.scene.view in joint.views), key=lambda v: v.scene.view)
    rows = [r for v in fitting if (r := readings.row(v.name, side, joint.measure, joint.instant))]
    return min(rows, key=lambda r: (_far(r, views), _QUALITIES.index(r.quality)), default=None)


def _far(row: SummaryRow | None, views: tuple[ViewAnalysis, ...]) -> bool:
    """Whether the leg is the one far from the camera in a side view."""
    return row is not None and any(v.name == row.view and v.scene.near_side not in (None, row.side) for v in views)


def _position(row: SummaryRow | None, norm: PointNorm | None, error: float, *, far: bool) -> Position:
    if row is None or norm is None or far or not isfinite(row.median) or not isfinite(error):
        return "unknown"
    if row.median < norm.low - error:
        return "low"
    return "high" if row.median > norm.high + error else "usual"


def _not_filmed(joint: _Joint) -> str:
    return "no side clip" if joint.views == ("side",) else "no clip from the front or the rear"
