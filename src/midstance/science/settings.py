"""Every parameter of the analysis, in one frozen record that is written into `analysis.json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from midstance.science.errors import InputError
from midstance.science.people import FollowSettings


@dataclass(frozen=True)
class CleaningSettings:
    """How raw landmarks become clean ones."""

    min_visibility: float = 0.1
    """Landmarks less visible than this are treated as missing."""
    hampel_window_s: float = 0.035
    """Half width of the window in which a point is compared with its neighbours."""
    hampel_threshold: float = 4.0
    """Robust standard deviations off the running median that make an outlier."""
    max_gap_s: float = 0.1
    """Longest gap that is filled."""
    body_cutoff_hz: float = 8.0
    """Low-pass cut-off for trunk, hips and knees."""
    foot_cutoff_hz: float = 11.0
    """Low-pass cut-off for ankles, heels and toes."""
    max_cutoff_share: float = 0.4
    """Cut-offs stay below this share of the frame rate."""


@dataclass(frozen=True)
class StrideSettings:
    """What makes a stride valid, and a clip running."""

    min_cadence_spm: float = 120.0
    """Slower steps with flight mean slow motion."""
    max_cadence_spm: float = 260.0
    max_stride_time_deviation: float = 0.2
    """Relative difference from the median stride time that makes a stride invalid."""
    max_missing_share: float = 0.1
    """Share of a stride's leg landmarks that may be missing."""
    max_midstance_deviation_deg: float = 15.0
    """Difference of tibial inclination (from front or rear: knee valgus) at midstance from the side's median that
    makes a stride invalid; the SD over strides is 1 to 3 deg."""
    min_strides: int = 3
    """Valid strides of a leg below which nothing is reported for it."""


@dataclass(frozen=True)
class Settings:
    """All parameters of an analysis."""

    cleaning: CleaningSettings = field(default_factory=CleaningSettings)
    strides: StrideSettings = field(default_factory=StrideSettings)
    follow: FollowSettings = field(default_factory=FollowSettings)
    """How the runner is told from other people in a clip."""
    surface: Literal["auto", "treadmill", "overground"] = "auto"
    height_m: float | None = None
    speed_mps: float | None = None
    lunge_left_deg: float | None = None
    """Knee-bent weight-bearing lunge test, tibia against vertical."""
    lunge_right_deg: float | None = None
    force: bool = False
    """Analyse although the movement does not look like running."""
    lunge_left_cm: float | None = None
    """The same test as the distance from toe to wall; a side has one or the other."""
    lunge_right_cm: float | None = None

    def __post_init__(self) -> None:
        """Check that a side has one lunge test.

        Raises
        ------
        InputError
            If a side has one in degrees and one in centimetres.
        """
        for side in ("left", "right"):
            deg, cm = (getattr(self, f"lunge_{side}_{unit}") for unit in ("deg", "cm"))
            if deg is not None and cm is not None:
                raise InputError(
                    f"expected one lunge test of the {side} ankle, given {deg:g} deg and {cm:g} cm: leave "
                    f"--lunge-{side}-deg or --lunge-{side}-cm out"
                )
