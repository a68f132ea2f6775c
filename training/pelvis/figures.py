"""How well points and angles were found: of single frames, and of the means over one runner's bursts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.pelvis.shards import Shards
from training.pelvis.task import ANGLES, JOINTS, MARGIN_PX, MIRRORED

SIDEWAYS_DEG = 30.0
"""A camera within so many degrees of square beside, before or behind the runner counts as such a view."""
VIEWS = {"tilt": "side", "obliquity": "frontal"}
"""From where the measure that is made of an angle is seen."""


@dataclass(frozen=True)
class Agreement:
    """An angle found against the true one: slope and r of found on true, and the RMSE in degrees."""

    slope: float
    r: float
    rmse_deg: float

    def __str__(self) -> str:
        return f"{self.rmse_deg:.1f} deg (slope {self.slope:.2f}, r {self.r:.2f})"


@dataclass(frozen=True)
class Figures:
    """What is told after an epoch.

    Attributes
    ----------
    points_percent : mapping of str to float
        Median distance by joint, in percent of the leg's length.
    exchanged_percent : float
        Frames whose points lie nearer to the truth with left and right exchanged.
    frames, clips : mapping of str to Agreement
        By angle: of single frames from any side, and of the means over one runner's bursts in the view of the measure.
    """

    points_percent: dict[str, float]
    exchanged_percent: float
    frames: dict[str, Agreement]
    clips: dict[str, Agreement]

    def __str__(self) -> str:
        points = " ".join(f"{name} {value:.1f}" for name, value in self.points_percent.items())
        angles = "; ".join(f"{name} {value}" for name, value in self.frames.items())
        clips = "; ".join(f"{name} {value}" for name, value in self.clips.items())
        return f"off by % of leg: {points}; exchanged {self.exchanged_percent:.1f} %; frames: {angles}; clips: {clips}"


def figures_of(points: NDArray[np.floating], angles_deg: NDArray[np.floating], examples: Shards) -> Figures:
    """Return the figures of points (n, points, 2) in pixels of the crop and angles (n, 3)."""
    true = examples.points - MARGIN_PX
    apart = np.linalg.norm(points - true, axis=2)
    crossed = np.linalg.norm(points[:, list(MIRRORED)] - true, axis=2)
    share = 100 * apart / examples.leg_px[:, None]
    by_joint = {joint: float(np.median(share[:, 2 * i : 2 * i + 2])) for i, joint in enumerate(JOINTS)}
    found, wanted = dict(zip(ANGLES, angles_deg.T, strict=True)), dict(zip(ANGLES, examples.angles_deg.T, strict=True))
    return Figures(
        points_percent=by_joint,
        exchanged_percent=float(100 * np.mean(crossed.sum(axis=1) < apart.sum(axis=1))),
        frames={name: agreement(found[name], wanted[name]) for name in ANGLES},
        clips={name: _of_clips(name, found[name], wanted[name], examples) for name in VIEWS},
    )


def agreement(found: NDArray[np.floating], true: NDArray[np.floating]) -> Agreement:
    """Return slope, r and RMSE; slope and r are NaN where there are fewer than three or all are alike."""
    if not len(true):
        return Agreement(np.nan, np.nan, np.nan)
    rmse = float(np.sqrt(np.mean((found - true) ** 2)))
    if len(true) < 3 or np.ptp(true) == 0 or np.ptp(found) == 0:
        return Agreement(np.nan, np.nan, rmse)
    return Agreement(float(np.polyfit(true, found, 1)[0]), float(np.corrcoef(true, found)[0, 1]), rmse)


def _of_clips(name: str, found: NDArray[np.floating], true: NDArray[np.floating], examples: Shards) -> Agreement:
    """Return how means over clips agree, among those filmed from the measure's view.

    Of obliquity there are two means to a clip, of its higher and of its lower half: a drop is read at the peaks of left
    and of right stances, and over a whole clip it comes to nothing.
    """
    from_front = np.abs((examples.heading_deg + 90) % 180 - 90)
    seen = from_front > 90 - SIDEWAYS_DEG if VIEWS[name] == "side" else from_front < SIDEWAYS_DEG
    groups = [np.flatnonzero(seen & (examples.clip == clip)) for clip in np.unique(examples.clip[seen])]
    if name == "obliquity":
        groups = [half for group in groups for half in np.array_split(group[np.argsort(true[group])], 2) if len(half)]
    means = np.array([[v[group].mean() for v in (found, true)] for group in groups]).reshape(-1, 2)
    return agreement(means[:, 0], means[:, 1])
