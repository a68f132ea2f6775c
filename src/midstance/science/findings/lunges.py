"""The knee-bent weight-bearing lunge test as it was entered: degrees, or centimetres from knee to wall.

A knee-bent lunge measures the tibia against the vertical over a flat foot, as tibial inclination does in running.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, isfinite, nan, sqrt

from midstance.science.landmarks import Side
from midstance.science.settings import Settings

MDC_DEG, MDC_CM = 4.7, 1.9
"""Minimal detectable changes, upper ends (Powden 2015, abstract read); 1.96 sqrt(2) standard errors."""
DEG_PER_CM = 3.6
"""The usual figure (Bennell 1998, second-hand)."""
CONVERSION_ERROR_DEG = 5.0
"""Standard error of the conversion. Proportion fits the mean (11.6 cm went with 40.6 deg in 26 students, Calatayud
2015, abstract read) and not the spread: there 4.0 cm of SD went with 5.2 deg, not with 14, so that short distances
come out too low and long ones too high."""


@dataclass(frozen=True)
class Lunge:
    """The test of one ankle."""

    deg: float = nan
    """Tibia against vertical; NaN when not entered."""
    standard_error_deg: float = nan
    cm: float = nan
    """Toe to wall, when the test was entered so."""

    @property
    def entered(self) -> bool:
        """Whether there is a test."""
        return isfinite(self.deg)


@dataclass(frozen=True)
class Lunges:
    """The tests of both ankles."""

    left: Lunge = Lunge()
    right: Lunge = Lunge()

    def of(self, side: Side) -> Lunge:
        """Return the test of a side."""
        return self.left if side == "left" else self.right


NO_LUNGES = Lunges()


def lunges_of(settings: Settings) -> Lunges:
    """Return the tests of the settings."""
    return Lunges(
        _lunge(settings.lunge_left_deg, settings.lunge_left_cm),
        _lunge(settings.lunge_right_deg, settings.lunge_right_cm),
    )


def _lunge(deg: float | None, cm: float | None) -> Lunge:
    if deg is not None:
        return Lunge(deg, MDC_DEG / (1.96 * sqrt(2)))
    if cm is None:
        return Lunge()
    own = DEG_PER_CM * MDC_CM / (1.96 * sqrt(2))
    return Lunge(DEG_PER_CM * cm, hypot(own, CONVERSION_ERROR_DEG), cm)
