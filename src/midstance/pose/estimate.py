"""Landmarks of everybody in the frames of a clip, by MediaPipe's pose models, spread over cores.

Landmarks are not smoothed (MediaPipe's IMAGE mode), and they are the same however many threads work. People are looked
for now and then (`keyframes`), their landmarks in every frame. The models' work is done outside of the interpreter, so
threads scale and frames are never copied to another process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np

from midstance.pose.eyes import EyesOf, Runtime, eyes_by_mediapipe, eyes_by_openvino
from midstance.pose.threads import FrameLike, Seen, see_all, usable_cores
from midstance.science.landmarks import LANDMARK_NAMES
from midstance.science.people import PeopleSeries

_MAX_DEFAULT_JOBS = 8
"""Decoding keeps up with about this many threads."""

_EYES: Mapping[Runtime, EyesOf] = MappingProxyType(
    {
        "openvino": eyes_by_openvino,
        "openvino-single": partial(eyes_by_openvino, precision="single"),
        "mediapipe": eyes_by_mediapipe,
    }
)


def estimate_people(
    frames: Iterable[FrameLike],
    model_path: Path,
    *,
    networks: Mapping[str, Path] | None = None,
    jobs: int | None = None,
    max_people: int = 3,
    runtime: Runtime = "openvino",
    progress: Callable[[int], None] | None = None,
) -> PeopleSeries:
    """Estimate the landmarks of up to `max_people` people in each frame.

    Parameters
    ----------
    frames : iterable of FrameLike
        In order of time. Read one by one by a thread of its own; only a few are held at a time.
    model_path : Path
        A `.task` bundle of MediaPipe's pose models.
    networks : mapping of str to Path, optional
        Networks that mend knees and feet, see `midstance.pose.networks`; without, they are MediaPipe's.
    jobs : int, optional
        Threads; one for each core, but at most 8, when not given. The result does not depend on it.
    max_people : int
        The most people looked for. More than one costs time only where more than one is seen.
    runtime : {'openvino', 'openvino-single', 'mediapipe'}
        What runs the pose models: OpenVINO, which needs less time, or MediaPipe itself, which looks for people
        in every frame. In frames where OpenVINO does too, landmarks in single precision agree to some thousandths of
        a pixel; in the others they differ as they do when a picture is cut a little differently. `openvino` takes
        half precision on processors that know it: half the time again, and landmarks some tenths of a pixel apart.
    progress : callable, optional
        Called in the calling thread with the number of frames done, after each frame. What it raises ends the
        estimate.

    Returns
    -------
    PeopleSeries
        In pixels: MediaPipe's share of the width times the width, and likewise for the height. So measured, (0, 0)
        is the centre of the top left pixel, as OpenCV draws.

    Raises
    ------
    ModelError
        If the model cannot be loaded or run.
    ValueError
        If `jobs` or `max_people` is less than 1.

    Notes
    -----
    What `frames` raises, and KeyboardInterrupt, reaches the caller as soon as the frames in work are done.
    """
    jobs = _default_jobs() if jobs is None else jobs
    for name, value in (("jobs", jobs), ("max_people", max_people)):
        if value < 1:
            raise ValueError(f"{name}: expected 1 or more, given {value}")
    seen: list[Seen] = []
    with (
        _EYES[runtime](model_path, networks or {}, jobs, max_people) as eyes,
        closing(see_all(frames, eyes, jobs)) as results,
    ):
        for result in results:
            seen.append(result)
            if progress:
                progress(len(seen))
    return _series(seen)


def _default_jobs() -> int:
    """Return the number of cores that this process may use, up to a limit."""
    return min(usable_cores(), _MAX_DEFAULT_JOBS)


def _series(seen: list[Seen]) -> PeopleSeries:
    """Return the results of all frames as arrays, with a place for each person seen in one frame, at least one."""
    places = max([1, *(len(result.people) for result in seen)])
    values = np.full((len(seen), places, len(LANDMARK_NAMES), 4), np.nan)
    trust = np.full((len(seen), places), np.nan)
    for i, result in enumerate(seen):
        values[i, : len(result.people)] = result.people
        trust[i, : len(result.trust)] = result.trust
    return PeopleSeries(
        time_s=np.array([s.time_s for s in seen], dtype=np.float64),
        frame=np.array([s.index for s in seen], dtype=np.int64),
        xy_px=values[..., :2],
        visibility=values[..., 2],
        presence=values[..., 3],
        own_trust=trust,
        frame_size_px=seen[0].size_px if seen else None,
    )
