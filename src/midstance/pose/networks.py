"""Knees, ankles, heels and toes by networks of our own, from crops that the pose model points out.

A pose model reads the whole body from a picture of 256 by 256 pixels: a foot is some twenty of them, and its line is
turned towards the usual. The networks see each shank and foot alone, four times as fine. They were trained on rendered
runners (`training/`) whose feet point anywhere. `benchmarks/ACCURACY.md` tells what they are worth on bodies that they
never saw.

Each network says how far off it takes its points to be. What it gives is weighed against the pose model's point, moved
by what that one is off by on the average (`_pose_model_px`), each by the square of its spread. Rendered runners are
what a network knows: there it counts nearly alone. In a real clip it is less sure, and the pose model counts as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from midstance.pose._pose_model_px import POSE_MODEL_PX
from midstance.pose.crops import Affine, Points, inverse, network_input, read_maps, through
from midstance.pose.leg_crop import LEG_POINTS, SIZE_PX, Leg, to_crop
from midstance.pose.person import faces_right, from_front, place, torso_px, view_of
from midstance.pose.runtime import Asker, Network, Precision
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side

SMALLEST_TORSO_PX = 16.0


MENDED = tuple(f"{side}_{point}" for side in SIDES for point in LEG_POINTS)
"""Landmarks that the networks find."""


@dataclass(frozen=True)
class LegLook:
    """The crop of one leg; kind: +1 for a near leg or the front, -1 for a far leg or the rear."""

    side: Side
    affine: Affine
    kind: float


def open_networks(
    files: Mapping[str, Path], count: int, precision: Precision = "single"
) -> tuple[Networks | None, ...]:
    """Return our own networks as often as threads want them, in memory once; None without files.

    Parameters
    ----------
    files : mapping of str to Path
        ONNX files by view: `side` and `frontal`.
    count : int
    precision : {'half', 'single'}

    Raises
    ------
    ModelError
        If a file is no network.
    """
    if not files:
        return (None,) * count
    opened = {view: Network(path, count, precision=precision) for view, path in files.items()}
    return tuple(Networks({view: network.asker() for view, network in opened.items()}) for _ in range(count))


class Networks:
    """Networks of our own, for one thread at a time. Made by `open_networks`."""

    def __init__(self, askers: Mapping[str, Asker]) -> None:
        self._ask = dict(askers)

    def mend(self, image_bgr: NDArray[np.uint8], person: Points) -> tuple[Points, float]:
        """Return a person's landmarks with knees and feet as pose model and networks together see them.

        Parameters
        ----------
        image_bgr : (height, width, 3) array
        person : (33, 4) array
            The pose model's landmarks: x and y in pixels, and two columns that stay.

        Returns
        -------
        person : (33, 4) array
            Unchanged where knee, ankle or torso cannot be told apart.
        trust : float
            The networks' mean weight, 0 to 1.
        """
        view = view_of(person)
        looks = list(legs_of(person, view))
        if not looks:
            return person, 0.0
        (maps,) = self._ask[view](np.stack([network_input(image_bgr, k.affine, SIZE_PX, k.kind) for k in looks]))
        mended, trust = person.copy(), []
        for look, points, spreads in zip(looks, *read_maps(maps), strict=True):
            rows = [LANDMARK_INDEX[f"{look.side}_{point}"] for point in LEG_POINTS]
            together, weights = _weighed(view, look, through(look.affine, person[rows, :2]), points, spreads)
            mended[rows, :2] = through(inverse(look.affine), together)
            trust.append(weights)
        return mended, float(np.mean(trust))


def _weighed(
    view: str, look: LegLook, by_pose_model: Points, points: Points, spreads: NDArray[np.float64]
) -> tuple[Points, NDArray[np.float64]]:
    """Return points weighed by their spreads, in pixels of the crop, and the network's weights."""
    known = np.array([POSE_MODEL_PX[view, int(look.kind), point] for point in LEG_POINTS])
    weights = known[:, 2] ** 2 / (known[:, 2] ** 2 + spreads**2)
    together = weights[:, None] * points + (1 - weights[:, None]) * (by_pose_model - known[:, :2])
    return together, weights


def legs_of(person: Points, view: str) -> Iterator[LegLook]:
    """Yield the legs that can be cut out; the networks know right legs, and runners who go to the right."""
    size = torso_px(person)
    if not size >= SMALLEST_TORSO_PX:
        return
    frontal, rightward = view == "frontal", faces_right(person)
    for side in SIDES:
        knee, ankle = (place(person, f"{side}_{joint}") for joint in ("knee", "ankle"))
        if np.hypot(*(ankle - knee)) > 0:
            mirrored = side == "left" if frontal else not rightward
            near = from_front(person) if frontal else (side == "right") == rightward
            yield LegLook(side, to_crop(Leg(view, knee, ankle, size, mirrored)), 1.0 if near else -1.0)
