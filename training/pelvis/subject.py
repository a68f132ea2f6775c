"""Who runs, in what, how the pelvis is turned and where the camera stands: all of it drawn from a seed."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from runners.body import Body, load_body, wide_names
from runners.camera import Camera
from runners.cast import BODIES, draw_light, draw_spec
from runners.gait import Gait
from runners.geometry import FORWARD, LEFTWARD
from runners.pose import Arms, Poser
from runners.scene import Mesh, box, frame, merge, side_rail, tube
from runners.spec import RunnerSpec, in_proportion
from runners.stage import Light
from runners.turned import TurnedGait, Turns
from runners.wardrobe import Outfit, random_outfit

GROUPS = ("learn", "check")
CHECK_BODIES = 6
"""Of the wide ones, kept back. The bodies that judge are in neither group."""
RUN_S, FRAME_S = 4.0, 1 / 60
TILT_DEG, ROTATION_DEG, OBLIQUITY_DEG, OBLIQUITY_SD_DEG = (-10.0, 30.0), 16.0, 12.0, 4.5
RATE_SD_DEG_S = np.array([25.0, 50.0, 50.0])
CLIP_SPREAD_DEG = 3.0
"""How far a burst's tilt lies from its clip's: a runner keeps about one."""
PICTURE_PX, FIELD_M = 1000, 2.4
SIDE_CHANCE, FRONTAL_CHANCE, YAW_SD_DEG = 0.5, 0.32, 8.0
FRAME_CHANCE, RAIL_CHANCE, CONSOLE_CHANCE, BAR_CHANCE = 0.4, 0.2, 0.12, 0.2


@dataclass(frozen=True)
class Shot:
    """One outfit, one light and one place of the camera, with what stands round.

    Attributes
    ----------
    outfit : Outfit
    arms : Arms
    turns : Turns
        One moment for each burst.
    camera : Camera
    light : Light
    props : Mesh or None
    """

    outfit: Outfit
    arms: Arms
    turns: Turns
    camera: Camera
    light: Light
    props: Mesh | None

    @property
    def view(self) -> tuple[float, float]:
        """How far forward and leftward point to the picture's right."""
        right = self.camera.axes[0]
        return float(right @ FORWARD), float(right @ LEFTWARD)


class Subject:
    """A runner: body and gait, the same at every call.

    Parameters
    ----------
    group : str
        One of `GROUPS`; they share no body, no gait, no clothes.
    number : int
        From 0.
    """

    def __init__(self, group: str, number: int) -> None:
        self.group, self.number = group, number
        self.rng = np.random.default_rng([zlib.crc32(f"pelvis {group}".encode()), number])
        names = bodies_of(group)
        self.body: Body = load_body(names[number % len(names)])
        self.spec: RunnerSpec = in_proportion(draw_spec(self.rng), self.body.stature_m)
        self.seed = int(self.rng.integers(2**31))

    @cached_property
    def gait(self) -> Gait:
        """Return the run."""
        return Gait(self.body, self.spec, RUN_S, self.seed)

    def shot(self, bursts: int) -> Shot:
        """Return the next shot."""
        rng = self.rng
        camera = draw_camera(rng)
        return Shot(
            outfit=random_outfit(rng, held_out=self.group == "check"),
            arms=draw_arms(rng),
            turns=_draw_turns(rng, bursts),
            camera=camera,
            light=draw_light(rng),
            props=draw_props(rng, camera),
        )

    def poser(self, shot: Shot) -> Poser:
        """Return the body posed as in a shot."""
        return Poser(TurnedGait(self.gait, shot.turns), shot.arms)


def bodies_of(group: str) -> list[str]:
    """Return the names of a group's bodies."""
    wide = wide_names()
    return wide[-CHECK_BODIES:] if group == "check" else [*BODIES["learn"], *wide[:-CHECK_BODIES]]


def draw_camera(rng: np.random.Generator) -> Camera:
    """Return a phone on a tripod: mostly beside, before or behind the runner, sometimes between."""
    kind, heading = rng.random(), float(rng.uniform(-180, 180))
    near = float(rng.normal(0, YAW_SD_DEG))
    if kind < SIDE_CHANCE:
        heading = float(rng.choice([-90, 90])) + near
    elif kind < SIDE_CHANCE + FRONTAL_CHANCE:
        heading = float(rng.choice([0, 180])) + near
    distance, height = float(rng.uniform(2.0, 5.0)), float(rng.uniform(0.45, 1.6))
    level = float(np.degrees(np.arctan2(height - 0.9, distance)))
    return Camera(
        "front",
        width_px=PICTURE_PX,
        height_px=PICTURE_PX,
        distance_m=distance,
        height_m=height,
        field_height_m=FIELD_M,
        tilt_deg=level + float(rng.normal(0, 1.5)),
        roll_deg=float(rng.normal(0, 0.4)),
        yaw_deg=heading,
    )


def draw_arms(rng: np.random.Generator) -> Arms:
    """Return arms held in one way or another."""
    return Arms(
        back_deg=float(rng.uniform(0, 22)),
        out_deg=float(rng.uniform(14, 30)),
        inward_deg=float(rng.uniform(0, 25)),
        elbow_deg=float(rng.uniform(55, 115)),
    )


def _draw_turns(rng: np.random.Generator, bursts: int) -> Turns:
    """Return postures of the pelvis that neither the legs nor the phase give away."""
    time = (np.arange(bursts) + rng.uniform(0.2, 0.8, bursts)) * RUN_S / bursts
    tilt = rng.uniform(*TILT_DEG) + rng.normal(0, CLIP_SPREAD_DEG, bursts)
    wide = rng.uniform(-OBLIQUITY_DEG, OBLIQUITY_DEG, bursts)
    usual = rng.normal(0, OBLIQUITY_SD_DEG, bursts)
    obliquity = np.where(rng.random(bursts) < 0.5, wide, usual)
    rotation = rng.uniform(-ROTATION_DEG, ROTATION_DEG, bursts)
    rates = rng.normal(0, RATE_SD_DEG_S, (bursts, 3))
    return Turns(time, np.stack([np.clip(tilt, *TILT_DEG), obliquity, rotation], -1), rates)


def draw_props(rng: np.random.Generator, camera: Camera) -> Mesh | None:
    """Return what stands between camera and runner, often nothing."""
    chances = rng.random(4) < (FRAME_CHANCE, RAIL_CHANCE, CONSOLE_CHANCE, BAR_CHANCE)
    makers: tuple[Callable[[], Mesh], ...] = (frame, side_rail, lambda: _console(rng), lambda: _bar(rng, camera))
    parts = [make() for wanted, make in zip(chances, makers, strict=True) if wanted]
    if not parts:
        return None
    mesh = merge(parts)
    tint = rng.uniform(0.3, 6.0) * rng.uniform(0.7, 1.3, 3)
    lifted = mesh.vertices + np.array([rng.normal(0, 0.05), 0.0, rng.uniform(-0.08, 0.15)])
    return replace(mesh, vertices=lifted, colours=np.clip(mesh.colours * tint, 0.005, 0.9))


def _console(rng: np.random.Generator) -> Mesh:
    centre = (float(rng.uniform(0.62, 1.0)), float(rng.normal(0, 0.05)), float(rng.uniform(0.95, 1.25)))
    return box(centre, (0.12, float(rng.uniform(0.35, 0.75)), float(rng.uniform(0.12, 0.4))), (0.03, 0.03, 0.035))


def _bar(rng: np.random.Generator, camera: Camera) -> Mesh:
    """Return a bar between the camera and the runner, level, upright or aslant."""
    middle = camera.axes[2] * float(rng.uniform(0.45, 0.9))
    middle = np.array([middle[0], middle[1], rng.uniform(0.7, 1.15)])
    steep = np.radians(float(rng.choice([0, 90, rng.uniform(-60, 60)])))
    along = 1.2 * (np.cos(steep) * camera.axes[0] + np.sin(steep) * np.array([0.0, 0.0, 1.0]))
    ends = [tuple(float(v) for v in middle + way * along) for way in (-1, 1)]
    grey = float(rng.uniform(0.01, 0.3))
    first, last = ((e[0], e[1], e[2]) for e in ends)
    return tube(first, last, float(rng.uniform(0.010, 0.035)), (grey, grey, grey))
