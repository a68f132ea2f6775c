"""How far the heel of a planted foot has risen, from the height of the ankle.

From flat foot to heel rise a pose model's heel and toe tell little of the foot's pitch: on rendered runners their line
is off by 6 +- 7 deg at 40 % of stance. The ankle is seen well, and it can rise over the belt only as the foot turns
about the ball, which stays down. Its height gives the pitch with 2 +- 2 deg there. Later, when the toes bend, the line
of heel and toe is the better one. The belt has to be level in the picture: a slope of 1 deg is 2 deg of pitch half way
through the stance.
"""

from __future__ import annotations

import numpy as np

from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.legs import leg_length_px
from midstance.science.phase import course_over_stance
from midstance.science.signals import Array
from midstance.science.stances import Contact

BALL_TO_ANKLE_LEGS = 0.17
ANKLE_HEIGHT_LEGS = 0.10
"""Of the shod foot: how far before the ankle the ball lies, and how far below, in leg lengths. The first was chosen on
rendered runners (group `learn`); bare anthropometry gives 0.15."""
SHARES = (0.08, 0.16, 0.46, 0.70)
"""Of the stance: from the first to the second the ankle's height takes over, from the third to the fourth it gives
way to the line of heel and toe again."""
FLAT_SHARES = np.linspace(0.10, 0.50, 21)
FLAT_PERCENTILE = 15
"""Of the heights over `FLAT_SHARES`: the foot is flat where the ankle is lowest."""
STEEPEST_DEG = 55.0


def with_ankle_height(pitch_deg: Array, landmarks: LandmarkSeries, contacts: tuple[Contact, ...], side: Side) -> Array:
    """Return the pitch of the foot, where it is planted by the height of its ankle.

    Parameters
    ----------
    pitch_deg : (n,) array
        By the line from heel to toe; positive = toes up.
    landmarks : LandmarkSeries
        Joint centres, from the side.
    contacts : tuple of Contact
        Of this foot.
    side : Side

    Returns
    -------
    (n,) array
        Unchanged outside the stances, and where the ankle is not seen.
    """
    height = -landmarks.point(f"{side}_ankle")[:, 1] / leg_length_px(landmarks)
    course = course_over_stance(landmarks.time_s, height, contacts, FLAT_SHARES)
    if course is None:
        return pitch_deg
    flat = float(np.percentile(course, FLAT_PERCENTILE))
    risen = -_turned_deg(height - flat)
    trust = np.where(np.isfinite(risen), _trust(landmarks.time_s, contacts), 0.0)
    return np.where(trust > 0, trust * risen + (1 - trust) * pitch_deg, pitch_deg)


def _turned_deg(rise_legs: Array) -> Array:
    """Return how far a foot has turned about its ball when its ankle has risen so much, in leg lengths."""
    angle = np.radians(np.linspace(0.0, STEEPEST_DEG, 111))
    rise = BALL_TO_ANKLE_LEGS * np.sin(angle) - ANKLE_HEIGHT_LEGS * (1 - np.cos(angle))
    return np.degrees(np.interp(rise_legs, rise, angle))


def _trust(time_s: Array, contacts: tuple[Contact, ...]) -> Array:
    """Return the weight of the ankle's height at each time, 0 to 1."""
    trust = np.zeros(len(time_s))
    for contact in contacts:
        share = contact.share(time_s)
        trust = np.maximum(trust, np.interp(share, SHARES, (0.0, 1.0, 1.0, 0.0)))
    return trust
