"""The trained network at work: the pelvis in every frame of a clip, as the product would see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midstance.pose.crops import inverse, network_input, read_maps, through
from midstance.pose.runtime import Network
from midstance.pose.threads import FrameLike
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from training.pelvis.augment import prior_maps, prior_told
from training.pelvis.task import ANGLE_UNIT_DEG, ANGLES, FRAMES, POINTS, PRIORS, SIZE_PX, Array, crop_affine

PRIOR_ROWS = [LANDMARK_INDEX[name] for name in PRIORS]

Planes = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Look:
    """What the network sees in one burst.

    Attributes
    ----------
    points : (points, 2) array
        In pixels of the crop.
    spreads : (points,) array
    angles_deg, unsure_deg : (3,) arrays
    """

    points: Array
    spreads: Array
    angles_deg: Array
    unsure_deg: Array


@dataclass(frozen=True, eq=False)
class Sight:
    """What the network sees in a clip; NaN in frames without landmarks.

    Attributes
    ----------
    time_s : (n,) array
    points_px : (n, points, 2) array
        `task.POINTS`, in pixels of the clip.
    spreads_px : (n, points) array
        How far off the network takes each to be.
    angles_deg, unsure_deg : (n, 3) arrays
        `task.ANGLES` and how far off they may be.
    """

    time_s: Array
    points_px: Array
    spreads_px: Array
    angles_deg: Array
    unsure_deg: Array

    def point(self, name: str) -> Array:
        """Return the path of a point, (n, 2) pixels."""
        return np.asarray(self.points_px[:, POINTS.index(name)])

    def angle(self, name: str) -> Array:
        """Return the course of an angle, (n,) degrees."""
        return np.asarray(self.angles_deg[:, ANGLES.index(name)])


class PelvisEye:
    """A trained network, ready to look on one core.

    Parameters
    ----------
    network : Path
        As `training.pelvis.export` writes it.
    """

    def __init__(self, network: Path) -> None:
        self._ask = Network(network, runs=1).asker()

    def look(self, frames: Iterable[FrameLike], landmarks: LandmarkSeries) -> Sight:
        """Return what is seen in frames that have landmarks.

        Parameters
        ----------
        frames : iterable of FrameLike
            In order.
        landmarks : LandmarkSeries
            The pose model's own, uncleaned, of the same clip.
        """
        n = len(landmarks)
        sight = Sight(
            landmarks.time_s,
            np.full((n, len(POINTS), 2), np.nan),
            np.full((n, len(POINTS)), np.nan),
            np.full((n, len(ANGLES)), np.nan),
            np.full((n, len(ANGLES)), np.nan),
        )
        prior = landmarks.xy_px[:, PRIOR_ROWS]
        row_of = {int(frame): row for row, frame in enumerate(landmarks.frame)}
        for burst in neighbours(frames):
            row = row_of.get(burst[FRAMES // 2].index)
            if row is not None and np.isfinite(prior[row]).all():
                self._see(burst, prior, row, sight)
        return sight

    def _see(self, burst: list[FrameLike], prior: Array, row: int, sight: Sight) -> None:
        affine = crop_affine(prior[row])
        crops = [network_input(frame.image_bgr, affine, SIZE_PX, 0.0)[:3] for frame in burst]
        beside = [min(max(row + k - FRAMES // 2, 0), len(prior) - 1) for k in range(FRAMES)]
        told = np.where(np.isfinite(prior[beside]), prior[beside], prior[row])
        told = through(affine, told)
        given = (np.concatenate(crops), prior_maps(told[FRAMES // 2]), prior_told(told))
        seen = self.ask(*given)
        scale = float(np.sqrt(abs(np.linalg.det(affine[:, :2]))))
        sight.points_px[row], sight.spreads_px[row] = through(inverse(affine), seen.points), seen.spreads / scale
        sight.angles_deg[row], sight.unsure_deg[row] = seen.angles_deg, seen.unsure_deg

    def ask(self, pictures: Planes, maps: Planes, told: Planes) -> Look:
        """Return what is seen in one burst; see `training.pelvis.augment.Sample`."""
        out, angles = self._ask(pictures[None], maps[None], told[None])
        points, spreads = read_maps(out)
        found, logarithms = np.split(angles[0].astype(np.float64), 2)
        return Look(points[0], spreads[0], found * ANGLE_UNIT_DEG, np.exp(logarithms) * ANGLE_UNIT_DEG)


def neighbours(frames: Iterable[FrameLike]) -> Iterator[list[FrameLike]]:
    """Yield each frame between its neighbours; the first and the last stand in for those that they lack."""
    held: list[FrameLike] = []
    for frame in frames:
        held = [*held, frame][-FRAMES:] if held else [frame, frame]
        if len(held) == FRAMES:
            yield held
    if held:
        yield [held[-2], held[-1], held[-1]]
