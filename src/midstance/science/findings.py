"""What the numbers may mean. This version measures and does not judge yet: every finding is `not_assessed`."""

from __future__ import annotations

from midstance.science.landmarks import SIDES, Side
from midstance.science.records import ViewAnalysis

ALTERNATIVES = (
    "stiff knee in stance",
    "narrow steps",
    "cadence and speed",
    "strike pattern",
    "drop of the shoe",
    "femoral or tibial torsion",
    "habitual toe-out",
    "limited hip extension",
    "hip weakness",
    "pain",
    "fatigue",
    "the camera",
)
"""Other explanations of the pattern, named every time."""


def findings_of(views: tuple[ViewAnalysis, ...]) -> tuple[dict[str, object], ...]:
    """Return one entry for each side, in the form of the contract.

    Parameters
    ----------
    views : tuple of ViewAnalysis
        All clips of the run.
    """
    seen = {view.scene.near_side for view in views} & set(SIDES)
    return tuple(_not_assessed(side, near_seen=side in seen) for side in SIDES)


def _not_assessed(side: Side, *, near_seen: bool) -> dict[str, object]:
    why = (
        "the rules that weigh the measures against each other are not part of this version"
        if near_seen
        else f"no side clip shows the {side} leg near the camera"
    )
    return {
        "id": "dorsiflexion_compensation",
        "side": side,
        "level": "not_assessed",
        "title": "Pattern that may go with reduced ankle dorsiflexion",
        "statement": f"Not assessed: {why}.",
        "evidence": [],
        "alternatives": list(ALTERNATIVES),
        "confirm": ["knee-bent weight-bearing lunge test by a qualified clinician"],
        "sources": [],
    }
