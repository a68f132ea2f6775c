"""Turn the benchmark's pairs into the standard errors that midstance states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from benchmarks.accuracy.records import Pair
from midstance.science.uncertainty import SLOW_FPS

FEWEST_LEGS = 6
"""Legs of runners below which no figure is stated."""
Key = tuple[str, str, str]
"""Measure, instant and situation."""
HEAD = '''\
"""Standard errors by measure, instant and situation, in the unit of the measure.

Written by `python -m benchmarks.accuracy --write-errors` (and `--landmarks mediapipe`); do not edit. From {legs} legs
of {runners} rendered runners that nothing was learnt or chosen on (`tools/runners`, group `judge`), at 50 frames/s or
more, with the model `{model}`.
The first figure is what a runner's mean is off by (root mean square over legs), the second what a stride is off by
around it.
"""

from __future__ import annotations

ERRORS: dict[tuple[str, str, str], tuple[float, float]] = {{
'''


def error_figures(pairs: Iterable[Pair]) -> dict[Key, tuple[float, float]]:
    """Return what means and what strides are off by, for each number that enough legs tell of.

    Parameters
    ----------
    pairs : iterable of Pair
        Of clips; those of slow cameras are left out.
    """
    legs: dict[Key, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for pair in pairs:
        if pair.fps >= SLOW_FPS and pair.instant != "event":
            key = (pair.measure, pair.instant, pair.leg if pair.view == "side" else pair.view)
            legs[key][pair.recording, pair.leg].append(pair.estimate - pair.truth)
    return {key: _two_parts(list(each.values())) for key, each in sorted(legs.items()) if len(each) >= FEWEST_LEGS}


def _two_parts(errors: list[list[float]]) -> tuple[float, float]:
    means = np.array([np.mean(each) for each in errors])
    spreads = np.array([np.var(each, ddof=1) for each in errors if len(each) > 1])
    return float(np.sqrt(np.mean(means**2))), float(np.sqrt(np.mean(spreads)))


def write_errors(pairs: Iterable[Pair], path: Path, model: str) -> None:
    """Write the figures as a module of the science, to three significant digits."""
    known = [p for p in pairs if p.fps >= SLOW_FPS]
    runners = {p.recording for p in known}
    figures: Mapping[Key, tuple[float, float]] = error_figures(known)
    head = HEAD.format(legs=2 * len(runners), runners=len(runners), model=model)
    rows = [
        f'    ("{measure}", "{instant}", "{where}"): ({shared:.3g}, {own:.3g}),\n'
        for (measure, instant, where), (shared, own) in figures.items()
    ]
    path.write_text(head + "".join(rows) + "}\n", encoding="utf-8")
