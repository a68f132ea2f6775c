"""Legs of many more bodies than a cast has, drawn close up: in the clothes, light, rooms and clutter of the pelvis.

A cast films six bodies; here run the six of the group `learn` and 34 wide ones, with feet and knees spread as in the
group `train`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from runners.body import load_body
from runners.camera import Camera
from runners.cast import draw_light, draw_spec
from runners.closeup import Closeup, Dressed, Window
from runners.gait import Gait
from runners.pose import Pose, Poser
from runners.spec import in_proportion
from runners.wardrobe import random_outfit
from runners.wide import spread
from training.pelvis.backdrop import Backdrops
from training.pelvis.subject import bodies_of, draw_arms, draw_camera, draw_props
from training.pelvis.wear import load_dressed
from training.task import Cut, Frame, Image, cut_legs

SHOTS, MOMENTS, RUN_S = 8, 12, 4.0
"""Of one runner: outfits with their cameras, moments of each, and the length of the run out of which they are taken."""
FARTHEST_YAW_DEG = 12.0
"""From square: a camera further off shows neither a side nor a frontal view."""
PX_PER_M, SIZE_PX, HIPS_PX = 285.0, (460, 480), (230.0, 40.0)
"""Of the picture out of which legs are cut: twice as fine as their crops, the middle of the hips near its top."""
FINER = 1.5
"""Pixels drawn to one that is kept, each way."""
DRAWN_PX = (round(SIZE_PX[0] * FINER), round(SIZE_PX[1] * FINER))


@dataclass(frozen=True)
class LegCut:
    """One leg: its crop, points and kind, and the view that it is seen from."""

    cut: Cut
    view: str


class Runner:
    """A body and a gait, the same at every call.

    Parameters
    ----------
    group : str
        `learn` or `check`; they share no body, no gait, no clothes.
    number : int
        From 0.
    """

    def __init__(self, group: str, number: int) -> None:
        self.held_out = group == "check"
        self.rng = np.random.default_rng([zlib.crc32(f"legs {group}".encode()), number])
        names = bodies_of(group)
        body = load_body(names[number % len(names)])
        spec = in_proportion(spread(draw_spec(self.rng), self.rng), body.stature_m)
        self.gait = Gait(body, spec, RUN_S, int(self.rng.integers(2**31)))

    def dressed(self, closeup: Closeup) -> Dressed:
        """Return the runner in other clothes."""
        return load_dressed(closeup, self.gait, random_outfit(self.rng, held_out=self.held_out))


def legs_of(runner: Runner, closeup: Closeup, shots: int = SHOTS, moments: int = MOMENTS) -> Iterator[LegCut]:
    """Yield a runner's legs, the same at every call with a fresh runner on one driver."""
    rng, backdrops = runner.rng, Backdrops(closeup)
    for _ in range(shots):
        camera = _camera(rng)
        dressed = runner.dressed(closeup)
        closeup.light(draw_light(rng))
        backdrops.choose(rng, camera, draw_props(rng, camera))
        pose = Poser(runner.gait, draw_arms(rng)).pose(np.sort(rng.uniform(0, RUN_S, moments)))
        for moment in range(moments):
            frame = _frame(_Moment(camera, pose, moment), closeup, dressed, backdrops)
            yield from (LegCut(cut, frame.view) for cut in cut_legs(frame, rng))
        closeup.forget(dressed)


@dataclass(frozen=True)
class _Moment:
    """A pose among those of a shot, and who films it."""

    camera: Camera
    pose: Pose
    number: int

    @property
    def points(self) -> dict[str, np.ndarray]:
        """Every true point, in metres."""
        return {name: path[self.number] for name, path in self.pose.points.items()}

    @property
    def window(self) -> Window:
        """The part of the camera's picture that holds the legs."""
        points = self.points
        scale = FINER * PX_PER_M * self.camera.distance_m / self.camera.focal_px
        hips = self.camera.project((points["left_hip"] + points["right_hip"]) / 2)
        shift = FINER * np.array(HIPS_PX) - scale * hips
        return Window(self.camera, np.column_stack([scale * np.eye(2), shift]), DRAWN_PX)


def _frame(moment: _Moment, closeup: Closeup, dressed: Dressed, backdrops: Backdrops) -> Frame:
    window = moment.window
    closeup.pose(dressed, moment.pose.matrices[moment.number])
    closeup.cast_shadow(dressed)
    drawn = closeup.draw(window, dressed, backdrops.props)
    whole = np.where(drawn[..., 3:] > 0, drawn[..., :3], backdrops.draw(window))
    truth = {name: np.concatenate([at, window.project(at) / FINER - 0.5]) for name, at in moment.points.items()}
    heading = moment.camera.yaw_deg
    frontal = abs(np.sin(np.radians(heading))) < 0.5
    return Frame(_kept(whole), truth, "frontal" if frontal else "side", bool(np.cos(np.radians(heading)) > 0))


def _kept(drawn: np.ndarray) -> Image:
    """Return a picture as it is kept, blue first."""
    return np.asarray(cv2.resize(drawn[..., ::-1], SIZE_PX, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _camera(rng: np.random.Generator) -> Camera:
    """Return a camera nearly square beside, before or behind the runner."""
    while True:
        camera = draw_camera(rng)
        if abs((camera.yaw_deg + 45) % 90 - 45) <= FARTHEST_YAW_DEG:
            return camera
