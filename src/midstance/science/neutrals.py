"""Where ankles have their zero: how far the shank leans over a flat foot when the ankle is neutral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from midstance.science.landmarks import Side

LOADED_FOOT_DEG = 1.5
"""By how much the line of the foot tips forward under the load of running against standing: 1.4 and 1.6 deg in RBDS
runner 1, the only one with a standing trial at hand."""
STANDING_NEUTRAL_DEG = 4.8
"""How far the shank leans over a flat foot when the ankle is neutral, without a standing trial: 2.9 and 3.6 deg in that
of RBDS runner 1, and `LOADED_FOOT_DEG`. From person to person it differs by a few degrees, and so does dorsiflexion's
zero."""


@dataclass(frozen=True)
class StandingNeutral:
    """The zero of one ankle.

    Attributes
    ----------
    side : {'left', 'right'}
        The leg nearer to the camera.
    angle_deg : float
        Ankle to knee against the vertical of the picture; positive = knee ahead. Median over `seconds`.
    sd_deg : float
        Over the frames.
    seconds : float
        In which the person stood still.
    file : str
        Name of the clip.
    model : str or None
        Pose model, as in `ClipFacts`.
    """

    side: Side
    angle_deg: float
    sd_deg: float
    seconds: float
    file: str = ""
    model: str | None = None

    @property
    def neutral_deg(self) -> float:
        """How far the shank leans over a foot that is flat under the load of running when the ankle is neutral."""
        return self.angle_deg + LOADED_FOOT_DEG


Neutrals = Mapping[Side, StandingNeutral]
NO_NEUTRALS: Neutrals = {}
