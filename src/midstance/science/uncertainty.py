"""How far a number may be from the truth: standard errors from the accuracy benchmark.

The figures come from rendered runners with other bodies, cameras and habits than anything was chosen or learnt on,
filmed, compressed and taken through the whole product; `benchmarks/ACCURACY.md` has the tables. `_error_figures` holds
those with knees and feet by our own networks, `_error_figures_mediapipe` those by MediaPipe alone, which stand for
landmarks from other makers' files, too.
Two parts are told apart. What the method is off by *from runner to runner* stays however many strides are taken.
What it is off by *from stride to stride* shrinks in a mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.science import _error_figures, _error_figures_mediapipe
from midstance.science.catalogue import MEASURE
from midstance.science.records import Instant

SLOW_FPS = 50.0
"""Below this the instant of contact is blurred: knee flexion at contact is off by 5.4 deg RMS at 30 frames/s,
2.4 at 60 (computed from 46 runners of the RBDS and BMC-RIC data)."""
SLOW_FACTOR = 1.5
"""Allowance for clips of fewer than `SLOW_FPS` frames a second."""
BESIDE_RENDERED: dict[str, float] = {"ankle_dorsiflexion": 2.5}
"""What rendered runners cannot show, in the measure's unit: each person's own standing neutral."""
WITH_STANDING: dict[str, float] = {"ankle_dorsiflexion": 1.2}
"""The same with a standing trial: 0.8 deg by which the trial is off on rendered people (`benchmarks/ACCURACY.md`), and
0.9 taken for how alike a person stands twice, which nothing at hand tells."""

MOST_TRUSTED: dict[str, float] = {"deg": 5.0, "s": 0.03, "%": 4.0, "steps/min": 3.0, "m": 0.03}
"""By unit: a number that is off by more from runner to runner is of low quality. Errors of joint angles above 5 deg
can mislead a clinical reading (McGinley 2009, second-hand)."""


@dataclass(frozen=True)
class StandardError:
    """Standard errors of one number, in its unit. NaN = not known."""

    shared: float
    """What all strides of a runner share."""
    own: float
    """Of the single stride."""

    @property
    def total(self) -> float:
        """Of one stride's value."""
        return float(np.hypot(self.shared, self.own))


UNKNOWN = StandardError(float("nan"), float("nan"))


def standard_error(
    measure: str, instant: Instant, situation: str, fps: float, *, own_trust: float = 1.0, standing: bool = False
) -> StandardError:
    """Return what a number may be off by.

    Parameters
    ----------
    measure, instant : str
    situation : str
        `near` or `far` in a side view; `front`, `rear`, or `front alone` where no side view helped.
    fps : float
        Of the clip.
    own_trust : float
        Weight of our own networks in knees and feet, 0 to 1. Between the two tables squares of errors are mixed by it:
        where the networks are less sure than on rendered runners, less is known of how far off the angles are.
    standing : bool
        A standing trial told the zero of the ankle.
    """
    own = _error_figures.ERRORS.get((measure, instant, situation))
    other = _error_figures_mediapipe.ERRORS.get((measure, instant, situation))
    if own is None or other is None:
        return UNKNOWN
    slow = SLOW_FACTOR if fps < SLOW_FPS else 1.0
    shared, single = (
        float(np.sqrt(own_trust * a**2 + (1 - own_trust) * b**2)) for a, b in zip(own, other, strict=True)
    )
    beside = (WITH_STANDING if standing else BESIDE_RENDERED).get(measure, 0.0)
    return StandardError(slow * float(np.hypot(shared, beside)), slow * single)


def too_uncertain(measure: str, error: StandardError) -> bool:
    """Return whether what a method is off by from runner to runner is too much to trust a number."""
    return measure in MEASURE and error.shared > MOST_TRUSTED.get(MEASURE[measure].unit, np.inf)


def of_median(shared: float, sd: float, n: int) -> float:
    """Return the standard error of a median over strides against the runner's true mean.

    Parameters
    ----------
    shared : float
        What all strides share.
    sd : float
        Over the strides; it holds their true scatter and the method's.
    n : int
        Strides.
    """
    return float(np.hypot(shared, sd / np.sqrt(n))) if n > 1 else float("nan")
