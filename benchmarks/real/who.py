"""Who is judged: a name, and a function from frames to points.

To judge another (a network for the pelvis, say), write a function from frames to `Points` and add a `Who` to `WHO`: it
gets a column of its own in every table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from midstance.api import silent
from midstance.models import ensure_model, own_networks
from midstance.pose import estimate_people
from midstance.pose.threads import FrameLike
from midstance.science.cleaning import clean
from midstance.science.errors import CannotAnalyseError
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries
from midstance.science.people import PeopleSeries, follow_runner
from midstance.science.settings import Settings

MODEL = "heavy"
Otherwise = Literal["all", "rate", "none"]
LANDMARK_OF = {"heel": "heel", "toe": "foot_index", "hip": "hip", "knee": "knee", "ankle": "ankle"}
"""MediaPipe's landmark for each of our points. There is none for ASIS and PSIS."""


@dataclass(frozen=True, eq=False)
class Points:
    """What somebody saw in a clip.

    Attributes
    ----------
    frame : (n,) int array
        Numbers of the frames.
    xy_px : mapping of str to (n, people, 2) arrays
        By point, such as `left_asis`, `right_toe`, `left_hip`; (0, 0) is the centre of the first pixel, NaN = not seen.
        Points that are never seen may be left out.
    """

    frame: NDArray[np.int64]
    xy_px: Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Who:
    """Somebody who finds points.

    Attributes
    ----------
    name : str
        Heads a column.
    see : callable
        From the frames of a clip, in order, to points.
    version : str
        What else decides the points than midstance's pose models: a change of it makes stored points void.
    otherwise : {'all', 'rate', 'none'}
        How it is tried without labels: on the clip mirrored, shifted and so on, which asks for one that looks at each
        frame by itself; at half the frame rate alone; or not at all.
    """

    name: str
    see: Callable[[Iterable[FrameLike]], Points]
    version: str = ""
    otherwise: Otherwise = "all"


def mediapipe_alone(frames: Iterable[FrameLike]) -> Points:
    """Return what MediaPipe sees, everybody in each frame."""
    return _points(estimate_people(frames, ensure_model(MODEL, say=silent.say)))


def with_networks(frames: Iterable[FrameLike]) -> Points:
    """Return what midstance sees before it cleans: knees and feet by networks of its own."""
    return _points(estimate_people(frames, ensure_model(MODEL, say=silent.say), networks=own_networks()))


def cleaned(frames: Iterable[FrameLike]) -> Points:
    """Return what midstance measures by: the runner alone, exchanged legs put right, gaps filled, smoothed."""
    people = estimate_people(frames, ensure_model(MODEL, say=silent.say), networks=own_networks())
    try:
        runner, _ = follow_runner(people)
        after = clean(runner, Settings().cleaning).landmarks
    except CannotAnalyseError:
        return _points(replace(people, xy_px=np.full_like(people.xy_px, np.nan)))
    return Points(runner.frame, {name: path[:, None] for name, path in _paths(after, runner.time_s).items()})


WHO = (
    Who("MediaPipe", mediapipe_alone, otherwise="none"),
    Who("midstance, each frame", with_networks),
    Who("midstance, cleaned", cleaned, otherwise="rate"),
)


def _points(people: PeopleSeries) -> Points:
    found = {
        f"{side}_{ours}": people.xy_px[:, :, LANDMARK_INDEX[f"{side}_{theirs}"]]
        for side in SIDES
        for ours, theirs in LANDMARK_OF.items()
    }
    return Points(people.frame, found)


def _paths(series: LandmarkSeries, time_s: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return paths at the times of the frames; cleaning has put them on uniform time."""
    found = {}
    for side in SIDES:
        for ours, theirs in LANDMARK_OF.items():
            path = series.point(f"{side}_{theirs}")
            columns = [np.interp(time_s, series.time_s, path[:, axis], left=np.nan, right=np.nan) for axis in (0, 1)]
            found[f"{side}_{ours}"] = np.column_stack(columns)
    return found
