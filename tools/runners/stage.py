"""What surrounds the runner: light, walls, a rail, people who stand in the background."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from runners.body import SIDES, SUFFIX, load_body
from runners.camera import HEADINGS_DEG
from runners.figure import Figure, dress
from runners.geometry import UP, Array, about_x, about_y, about_z
from runners.looks import LOOKS, Colour, Look
from runners.scene import FLOOR_Z
from runners.shoe import build_shoe

BEHIND_M, ASIDE_M = 2.3, 0.45
SWAY_HZ = (0.21, 0.34, 0.13)  # sideways, forward, turning
SWAY_DEG = (1.6, 0.9, 4.0)


@dataclass(frozen=True)
class Light:
    """Key light direction and the colours of key, sky and floor light (linear RGB)."""

    direction: tuple[float, float, float] = (0.12, -0.62, 0.85)
    key: Colour = (1.35, 1.28, 1.15)
    sky: Colour = (0.72, 0.75, 0.80)
    floor: Colour = (0.34, 0.33, 0.31)


@dataclass(frozen=True)
class Bystander:
    """A person who stands in the background and shifts a little.

    Attributes
    ----------
    figure : Figure
    matrices : (bones, 3, 4) array
        The pose.
    feet : (3,) array
        The place on the floor about which the whole person sways.
    sway : float
        How much, against a usual person; 0 stands still.
    phase : float
        Radians; decides how the sway begins.
    """

    figure: Figure
    matrices: Array
    feet: Array
    sway: float = 1.0
    phase: float = 0.0

    def motion(self, t_s: float) -> Array:
        """Return the matrix (4, 4) that moves the posed figure to where it is at a time."""
        turn = 2 * np.pi * np.asarray(SWAY_HZ) * t_s + self.phase * np.arange(1, 4)
        side, forward, about = self.sway * np.radians(SWAY_DEG) * np.sin(turn)
        matrix = np.eye(4)
        matrix[:3, :3] = about_z(about) @ about_y(forward) @ about_x(side)
        matrix[:3, 3] = self.feet - matrix[:3, :3] @ self.feet
        return matrix


@dataclass(frozen=True)
class Stage:
    """What stands in the room besides the runner.

    Attributes
    ----------
    light : Light
    rail : bool
        A rail in front of the legs.
    bystanders : tuple of Bystander
    wall : colour
    """

    light: Light = field(default_factory=Light)
    rail: bool = False
    bystanders: tuple[Bystander, ...] = ()
    wall: Colour = (0.50, 0.49, 0.46)


def bystander(
    view: str,
    body_name: str = "male_1",
    look: Look = LOOKS["lime"],
    aside_m: float = ASIDE_M,
    sway: float = 1.0,
    phase: float = 0.0,
) -> Bystander:
    """Return a person who stands behind the treadmill as seen in `view`, facing the camera."""
    body = load_body(body_name)
    shoes = {s: build_shoe(body, s) for s in SIDES}
    figure = dress(body, replace(look, ponytail=False), shoes)
    heading = np.radians(HEADINGS_DEG[view])
    away = -np.array([np.cos(heading), np.sin(heading), 0.0])
    aside = np.cross(UP, away)
    turn = about_z(np.asarray(heading))
    ground = min(shoes[s].origin[2] for s in SIDES)
    place = BEHIND_M * away + aside_m * aside + np.array([0, 0, FLOOR_Z - ground])
    whole = np.concatenate([turn, place[:, None]], axis=1)
    matrices = np.tile(whole, (len(body.bones), 1, 1))
    _lower_arms(body.heads, body.bones, matrices, whole)
    return Bystander(figure, matrices, np.array([place[0], place[1], FLOOR_Z]), sway, phase)


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
