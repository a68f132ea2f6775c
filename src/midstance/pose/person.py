"""What the pose model's landmarks of one person in one frame tell the networks: which way, how large, which view."""

from __future__ import annotations

import numpy as np

from midstance.pose.crops import Points
from midstance.science.landmarks import LANDMARK_INDEX, SIDES

FRONTAL_FROM = 0.6
"""Breadth of shoulders and hips together in torsos: 0.4 at most in a runner seen from the side, 0.9 or more from front
or rear (54,000 frames of rendered runners)."""
VIEWS = ("side", "frontal")


def view_of(person: Points) -> str:
    """Return whether a person (33, 4) is seen from the `side` or `frontal`, by the breadth of shoulders and hips."""
    return "frontal" if abs(_leftward_px(person)) > FRONTAL_FROM * torso_px(person) else "side"


def from_front(person: Points) -> bool:
    """Return whether a person in a frontal view shows the front: the left side lies to the picture's right."""
    return _leftward_px(person) > 0


def faces_right(person: Points) -> bool:
    """Return whether a person seen from the side faces the picture's right, by the feet and the head."""
    toes = sum(place(person, f"{s}_foot_index")[0] - place(person, f"{s}_heel")[0] for s in SIDES)
    ears = sum(place(person, f"{s}_ear")[0] for s in SIDES) / 2
    return bool(toes + 2 * (place(person, "nose")[0] - ears) > 0)


def torso_px(person: Points) -> float:
    """Return the distance from the middle of the shoulders to that of the hips."""
    return float(np.hypot(*(middle(person, "shoulder") - middle(person, "hip"))))


def middle(person: Points, joint: str) -> Points:
    """Return the point half way between the left and the right landmark of a joint."""
    return np.asarray((place(person, f"left_{joint}") + place(person, f"right_{joint}")) / 2)


def place(person: Points, name: str) -> Points:
    """Return one landmark's x and y."""
    return person[LANDMARK_INDEX[name], :2]


def _leftward_px(person: Points) -> float:
    """Return how far the left shoulder and hip lie to the right of the right ones, together."""
    return float(sum(place(person, f"left_{j}")[0] - place(person, f"right_{j}")[0] for j in ("shoulder", "hip")))
