"""Bursts of three neighbouring frames, cut out as the product would cut them, with the truth of the middle one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from runners.camera import FAR_M, NEAR_M
from runners.closeup import Closeup, Dressed, Window
from runners.geometry import Array
from runners.pose import Pose
from training.pelvis.backdrop import Backdrops
from training.pelvis.prior import draw_prior
from training.pelvis.subject import FRAME_S, Shot, Subject
from training.pelvis.task import FRAMES, MARGIN_PX, POINTS, PRIORS, STORED_PX, angles_of, crop_affine
from training.pelvis.wear import load_dressed

SHOTS, BURSTS = 8, 16
"""Of one subject: outfits with their cameras, and bursts of each."""
FINER = 1.5
"""Pixels drawn to one that is kept, each way."""
DRAWN_PX = (round(STORED_PX[0] * FINER), round(STORED_PX[1] * FINER))
DEEP_M = {"asis": 0.07, "psis": 0.07, "iliac": 0.10, "hip": 0.16, "knee": 0.12}
"""How far below what is seen a point may lie and still count as seen."""
TRUE_NAMES = {"foot_index": "foot_axis"}


@dataclass(frozen=True, eq=False)
class Burst:
    """One example.

    Attributes
    ----------
    pictures : (3, height, width, 3) uint8 array
        `task.STORED_PX`, blue first.
    points : (points, 2) array
        `task.POINTS` of the middle frame, in pixels of the pictures; whole numbers are the middles of pixels.
    hidden : (points,) bool array
        Whether something is in front.
    prior : (3, priors, 2) array
        `task.PRIORS` of each frame, in the same pixels.
    angles_deg : (3,) array
        `task.ANGLES` of the middle frame.
    heading_deg : float
        Where the camera stands: 0 before the runner, 90 to the runner's left.
    leg_px : float
        Hip to knee to ankle, in pixels were it square to the camera.
    clip : int
        Bursts of one shot have one number within their subject.
    """

    pictures: NDArray[np.uint8]
    points: Array
    hidden: NDArray[np.bool_]
    prior: Array
    angles_deg: Array
    heading_deg: float
    leg_px: float
    clip: int


def bursts_of(subject: Subject, closeup: Closeup, shots: int = SHOTS, bursts: int = BURSTS) -> Iterator[Burst]:
    """Yield a subject's bursts, the same at every call with a fresh subject on one driver."""
    backdrops = Backdrops(closeup)
    for clip in range(shots):
        shot = subject.shot(bursts)
        dressed = load_dressed(closeup, subject.gait, shot.outfit)
        closeup.light(shot.light)
        times = shot.turns.time_s[:, None] + (np.arange(FRAMES) - FRAMES // 2) * FRAME_S
        pose = subject.poser(shot).pose(times.ravel())
        backdrops.choose(subject.rng, shot.camera, shot.props)
        for i in range(bursts):
            yield _burst(subject, shot, _Posed(pose, i), closeup, dressed, backdrops, clip)
        closeup.forget(dressed)


@dataclass(frozen=True)
class _Posed:
    """The frames of one burst among all poses of a shot."""

    pose: Pose
    number: int

    @property
    def frames(self) -> slice:
        return slice(self.number * FRAMES, (self.number + 1) * FRAMES)

    def point(self, name: str) -> Array:
        """Return a point in the frames, (3, 3) metres."""
        side, _, joint = name.partition("_")
        if joint == "iliac":
            return np.asarray((self.point(f"{side}_asis") + self.point(f"{side}_psis")) / 2)
        return np.asarray(self.pose.points[f"{side}_{TRUE_NAMES.get(joint, joint)}"][self.frames])


def _burst(
    subject: Subject,
    shot: Shot,
    posed: _Posed,
    closeup: Closeup,
    dressed: Dressed,
    backdrops: Backdrops,
    clip: int,
) -> Burst:
    middle = FRAMES // 2
    true_px = {name: shot.camera.project(posed.point(name)) for name in PRIORS}
    prior = draw_prior(subject.rng, true_px, shot.view)
    affine = crop_affine(prior[middle], MARGIN_PX)
    window = Window(shot.camera, FINER * affine, DRAWN_PX)
    places = np.stack([posed.point(name)[middle] for name in POINTS])
    pictures, hidden = _pictures(posed, places, closeup, dressed, backdrops, window)
    spines = {name: posed.point(name)[middle] for name in POINTS}
    limb = subject.gait.limbs.legs["left"]
    scale = affine[0, 0] * shot.camera.focal_px / shot.camera.distance_m
    return Burst(
        pictures=pictures,
        points=window.project(places) / FINER - 0.5,
        hidden=hidden,
        prior=prior @ affine[:, :2].T + affine[:, 2] - 0.5,
        angles_deg=angles_of(spines),
        heading_deg=shot.camera.yaw_deg,
        leg_px=float(scale * (limb.thigh_m + limb.shank_m)),
        clip=clip,
    )


def _pictures(
    posed: _Posed, places: Array, closeup: Closeup, dressed: Dressed, backdrops: Backdrops, window: Window
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    matrices = posed.pose.matrices[posed.frames]
    behind = backdrops.draw(window)
    closeup.pose(dressed, matrices[FRAMES // 2])
    closeup.cast_shadow(dressed)
    pictures, hidden = [], np.zeros(len(POINTS), dtype=bool)
    for k, moment in enumerate(matrices):
        closeup.pose(dressed, moment)
        drawn = closeup.draw(window, dressed, backdrops.props)
        if k == FRAMES // 2:
            hidden = _hidden(closeup.nearness(), window, places)
        whole = np.where(drawn[..., 3:] > 0, drawn[..., :3], behind)
        pictures.append(cv2.resize(whole[..., ::-1], STORED_PX, interpolation=cv2.INTER_AREA))
    return np.stack(pictures).astype(np.uint8), hidden


def _hidden(depth: NDArray[np.float32], window: Window, places: Array) -> NDArray[np.bool_]:
    """Return which points have something in front of them, further off than flesh and cloth."""
    column, row = np.floor(window.project(places)).astype(int).T
    inside = (column >= 0) & (column < depth.shape[1]) & (row >= 0) & (row < depth.shape[0])
    seen = np.full(len(places), np.inf)
    z = 2.0 * depth[row[inside], column[inside]] - 1
    seen[inside] = 2 * NEAR_M * FAR_M / (FAR_M + NEAR_M - z * (FAR_M - NEAR_M))
    away = (window.camera.eye - places) @ window.camera.axes[2]
    deep = np.array([DEEP_M[name.partition("_")[2]] for name in POINTS])
    return np.asarray((seen < away - deep) | ~inside)
