"""How long after toe-off the trunk is highest, and what tells it, over a cast of rendered runners."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.accuracy.records import Truth
from benchmarks.accuracy.truth import read_truth
from benchmarks.landmarks.views import side_views
from midstance.api import Progress
from midstance.science.contacts import shown_stances
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import trunk_extremes
from midstance.science.signals import Array
from midstance.science.stances import Contact
from midstance.science.toe_offs import lag_signs, next_top

HEAD = '''\
"""How long after a foot's toe-offs the trunk is highest, from what tells it (see `toe_offs`): weights of a sum.

Written by `python -m benchmarks.landmarks`; do not edit. Least squares over {legs} legs of rendered runners
(`tools/runners`, group `learn`) in side views: a constant in seconds, then a weight for each sign.
"""

from __future__ import annotations

'''
SIGNS = {"BY_FLIGHT_AND_FOOT": (1, 2), "BY_FLIGHT": (1,)}
"""Columns of a row that each sum uses."""


def toe_off_lags(folder: Path, model: str, progress: Progress) -> Array:
    """Return a row for each leg of a cast, in seconds: the true lag, and its signs of flight and foot."""
    return np.array(list(_rows(folder, model, progress)))


def write_lags(rows: Array, path: Path) -> None:
    """Fit the sums and write them as a module of the science."""
    known = rows[np.isfinite(rows).all(axis=1)]
    lines = [HEAD.format(legs=len(known))]
    for name, columns in SIGNS.items():
        terms = np.column_stack([np.ones(len(known)), known[:, columns]])
        weights = np.linalg.lstsq(terms, known[:, 0], rcond=None)[0]
        lines.append(f"{name} = ({', '.join(f'{w:.4f}' for w in weights)})\n")
    path.write_text("".join(lines), encoding="utf-8")


def _rows(folder: Path, model: str, progress: Progress) -> Iterator[tuple[float, float, float]]:
    for recording, view in side_views(folder, model, progress):
        truth = read_truth(recording.truth)
        yield from (_row(view.landmarks, truth, side) for side in SIDES)


def _row(landmarks: LandmarkSeries, truth: Truth, side: Side) -> tuple[float, float, float]:
    shown, (_, tops_s) = shown_stances(landmarks), trunk_extremes(landmarks)
    signs = lag_signs(shown.contacts, tops_s, shown.leavings_s[side], side)
    true = [Contact(side, s.initial_contact_s, s.toe_off_s) for s in truth.stances if s.side == side]
    lags = [next_top(tops_s, c) - c.toe_off_s for c in true if c.toe_off_s < landmarks.time_s[-1]]
    return float(np.nanmedian(lags)), signs.down_s, signs.leaving_s
