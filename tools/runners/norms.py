"""Mean joint curves of 46 runners at about 2.5 m/s, the shapes that a parametric runner follows.

Computed from the per-stride files of the BMC-RIC running biomechanics repository (CC BY 4.0; Fukuchi,
Fukuchi and Duarte 2017, PeerJ 5:e3298).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.interpolate import CubicSpline

from runners.body import ASSETS
from runners.geometry import Array

STANDING_LEAN_DEG = 3.3
"""Shank against the vertical in quiet standing: 2.9 and 3.6 deg in the standing trial of RBDS runner 1."""
STANDING_NEUTRAL_DEG = 4.8
"""Shank against a flat foot in running when the ankle counts as neutral: the same trial (4.3 and 5.2 deg; the shank's
lean in standing, and the foot's pitch under the load of running)."""


@dataclass(frozen=True)
class Curve:
    """Mean and SD of one angle at 0..100 % of the stride, degrees."""

    mean_deg: Array
    sd_deg: Array

    def at(self, percent: Array) -> Array:
        """Return the mean at any percentage of the stride."""
        return np.asarray(CubicSpline(np.arange(101), self.mean_deg)(percent))


@cache
def curves() -> dict[str, Curve]:
    """Return the curves ``hip``, ``knee`` and ``ankle`` (flexion, flexion, dorsiflexion positive)."""
    with (ASSETS / "running_mean_curves.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    column = {"hip": "hip_flex", "knee": "knee_flex", "ankle": "ank_DF"}
    return {
        name: Curve(np.array([float(r[f"{key}_mean"]) for r in rows]), np.array([float(r[f"{key}_sd"]) for r in rows]))
        for name, key in column.items()
    }
