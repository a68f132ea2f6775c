"""Landmarks of everybody in the frames of a clip, by MediaPipe's pose models, spread over cores.

Each frame is looked at on its own (MediaPipe's IMAGE mode): the landmarks are not smoothed, and they are the same
however many threads work. The models' work is done outside of the interpreter, so threads scale and frames are never
copied to another process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from midstance.pose.eyes import (
    WHAT_MODELS_RAISE,
    Eyes,
    EyesOf,
    Runtime,
    eyes_by_mediapipe,
    eyes_by_openvino,
    first_line,
)
from midstance.science.errors import ModelError
from midstance.science.landmarks import LANDMARK_NAMES
from midstance.science.people import PeopleSeries

_MAX_DEFAULT_JOBS = 8
"""Decoding keeps up with about this many threads."""

_FRAMES_AHEAD = 2
"""Frames that wait decoded, so that no thread waits for the decoder."""

_THREADS = "midstance-pose"

_EYES: Mapping[Runtime, EyesOf] = MappingProxyType({"openvino": eyes_by_openvino, "mediapipe": eyes_by_mediapipe})


class FrameLike(Protocol):
    """A frame of a clip."""

    @property
    def index(self) -> int:
        """Number of the frame in the clip."""
        ...

    @property
    def time_s(self) -> float:
        """Presentation time."""
        ...

    @property
    def image_bgr(self) -> NDArray[np.uint8]:
        """Picture of shape (height, width, 3), blue first."""
        ...


@dataclass(frozen=True, eq=False)
class _Seen:
    """What was found in a frame."""

    index: int
    time_s: float
    size_px: tuple[int, int]
    people: NDArray[np.float64]
    """Shape (people found, 33, 4): x and y in pixels, visibility, presence."""
    trust: tuple[float, ...]
    """Weight of our own networks in each person's legs."""


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
        In order of time. Read one by one by the calling thread; only a few are held at a time.
    model_path : Path
        A `.task` bundle of MediaPipe's pose models.
    networks : mapping of str to Path, optional
        Networks that mend knees and feet, see `midstance.pose.networks`; without, they are MediaPipe's.
    jobs : int, optional
        Threads; one for each core, but at most 8, when not given. The result does not depend on it.
    max_people : int
        The most people looked for. More than one costs time only where more than one is seen.
    runtime : {'openvino', 'mediapipe'}
        What runs the pose models: OpenVINO, which needs less time, or MediaPipe itself. Landmarks agree to
        some thousandths of a pixel.
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
    seen: list[_Seen] = []
    with (
        _EYES[runtime](model_path, networks or {}, jobs, max_people) as eyes,
        closing(_detect_all(frames, eyes, jobs)) as results,
    ):
        for result in results:
            seen.append(result)
            if progress:
                progress(len(seen))
    return _series(seen, max_people)


def _default_jobs() -> int:
    """Return the number of cores that this process may use, up to a limit."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MAX_DEFAULT_JOBS)


def _detect_all(frames: Iterable[FrameLike], pool: SimpleQueue[Eyes], jobs: int) -> Generator[_Seen, None, None]:
    """Yield what is found in each frame, in order, with a few frames in work at a time."""
    waiting: deque[Future[_Seen]] = deque()
    executor = ThreadPoolExecutor(jobs, thread_name_prefix=_THREADS)
    try:
        for frame in frames:
            waiting.append(executor.submit(_detect, frame, pool))
            if len(waiting) >= jobs + _FRAMES_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _detect(frame: FrameLike, pool: SimpleQueue[Eyes]) -> _Seen:
    """Return what is found in a frame, with the next free eyes."""
    height, width = frame.image_bgr.shape[:2]
    eyes = pool.get()
    try:
        mended = [_mended(eyes, frame, person) for person in eyes.people(frame.image_bgr)]
    except WHAT_MODELS_RAISE as error:
        raise ModelError(f"frame {frame.index}: expected landmarks, the model says: {first_line(error)}") from error
    finally:
        pool.put(eyes)
    values = np.array([person for person, _ in mended], dtype=np.float64).reshape(-1, len(LANDMARK_NAMES), 4)
    return _Seen(frame.index, frame.time_s, (width, height), values, tuple(trust for _, trust in mended))


def _mended(eyes: Eyes, frame: FrameLike, person: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return a person's landmarks, by our own networks where there are any, and the weight of those."""
    return eyes.networks.mend(frame.image_bgr, person) if eyes.networks else (person, 0.0)


def _series(seen: list[_Seen], max_people: int) -> PeopleSeries:
    """Return the results of all frames as arrays."""
    values = np.full((len(seen), max_people, len(LANDMARK_NAMES), 4), np.nan)
    trust = np.full((len(seen), max_people), np.nan)
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
