"""People who stand in the background."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from runners.body import SIDES, SUFFIX, load_body
from runners.camera import HEADINGS_DEG
from runners.figure import Figure, dress
from runners.geometry import UP, Array, about_x, about_z
from runners.looks import LOOKS
from runners.scene import FLOOR_Z
from runners.shoe import build_shoe

BEHIND_M, ASIDE_M = 2.3, 0.45


def bystander(view: str, body_name: str = "male_1", look: str = "lime") -> tuple[Figure, Array]:
    """Return a person who stands behind the treadmill as seen in `view`, facing the camera.

    Returns
    -------
    (Figure, (bones, 3, 4) array)
        The figure and its bone matrices.
    """
    body = load_body(body_name)
    shoes = {s: build_shoe(body, s) for s in SIDES}
    figure = dress(body, replace(LOOKS[look], ponytail=False), shoes)
    heading = np.radians(HEADINGS_DEG[view])
    away = -np.array([np.cos(heading), np.sin(heading), 0.0])
    aside = np.cross(UP, away)
    turn = about_z(np.asarray(heading))
    ground = min(shoes[s].origin[2] for s in SIDES)
    place = BEHIND_M * away + ASIDE_M * aside + np.array([0, 0, FLOOR_Z - ground])
    whole = np.concatenate([turn, place[:, None]], axis=1)
    matrices = np.tile(whole, (len(body.bones), 1, 1))
    _lower_arms(body.heads, body.bones, matrices, whole)
    return figure, matrices


def _lower_arms(heads: Array, bones: tuple[str, ...], matrices: Array, whole: Array) -> None:
    """Turn the arms down from the rest pose about the shoulders."""
    for side, sign in (("left", 1.0), ("right", -1.0)):
        suffix = SUFFIX[side]
        pivot = heads[bones.index("upperarm01" + suffix)]
        turn = about_x(np.asarray(-sign * np.radians(28.0)))
        shift = pivot - turn @ pivot
        arm = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
        for i, name in enumerate(bones):
            if name.startswith(arm) and name.endswith(suffix):
                matrices[i, :, :3] = whole[:, :3] @ turn
                matrices[i, :, 3] = whole[:, :3] @ shift + whole[:, 3]
