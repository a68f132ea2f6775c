"""Landmarks of everybody in the frames of a clip, by MediaPipe's PoseLandmarker, spread over cores.

Each frame is looked at on its own (IMAGE mode): the landmarks are not smoothed, and they are the same however many
threads work. MediaPipe lets go of the interpreter while it works, so threads scale and frames are never copied to
another process.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from midstance.pose.networks import Networks
from midstance.pose.quiet import metrics_off, silent_stderr
from midstance.science.errors import ModelError
from midstance.science.landmarks import LANDMARK_NAMES
from midstance.science.people import PeopleSeries

_MAX_DEFAULT_JOBS = 8
"""Decoding keeps up with about this many threads, and each holds a model in memory (150 MB for `heavy`)."""

_FRAMES_AHEAD = 2
"""Frames that wait decoded, so that no thread waits for the decoder."""

_THREADS = "midstance-pose"

_WHAT_MEDIAPIPE_RAISES = (OSError, RuntimeError, ValueError)


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


@dataclass(frozen=True)
class _Eyes:
    """What one thread at a time looks with."""

    landmarker: Any
    networks: Networks | None


def estimate_people(
    frames: Iterable[FrameLike],
    model_path: Path,
    *,
    networks: Mapping[str, Path] | None = None,
    jobs: int | None = None,
    max_people: int = 3,
    progress: Callable[[int], None] | None = None,
) -> PeopleSeries:
    """Estimate the landmarks of up to `max_people` people in each frame.

    Parameters
    ----------
    frames : iterable of FrameLike
        In order of time. Read one by one by the calling thread; only a few are held at a time.
    model_path : Path
        A `.task` bundle for MediaPipe's PoseLandmarker.
    networks : mapping of str to Path, optional
        Networks that mend knees and feet, see `midstance.pose.networks`; without, they are MediaPipe's.
    jobs : int, optional
        Threads; one for each core, but at most 8, when not given. The result does not depend on it.
    max_people : int
        The most people looked for. More than one costs time only where more than one is seen.
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
        _all_eyes(model_path, networks, jobs, max_people) as eyes,
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


@contextmanager
def _all_eyes(
    model_path: Path, networks: Mapping[str, Path] | None, count: int, max_people: int
) -> Iterator[SimpleQueue[_Eyes]]:
    """Yield `count` landmarkers, tried out, each with its own networks; all are closed at the end."""
    pool: SimpleQueue[_Eyes] = SimpleQueue()
    # MediaPipe's finaliser raises at interpreter shutdown, so every landmarker is closed, whatever happens.
    with metrics_off(), ExitStack() as opened:
        # Made in a thread of their own, so that Ctrl-C waits for the one in work and does not abandon it half made.
        with silent_stderr(), ThreadPoolExecutor(1, thread_name_prefix=_THREADS) as maker:
            maker.submit(_try_out, model_path).result()
            for _ in range(count):
                landmarker = _landmarker(model_path, max_people=max_people)
                made = maker.submit(opened.enter_context, landmarker).result()
                pool.put(_Eyes(made, Networks(networks) if networks else None))
        yield pool


@contextmanager
def _landmarker(model_path: Path, *, max_people: int = 1, confidence: float = 0.5) -> Iterator[Any]:
    """Yield a new PoseLandmarker and close it at the end."""
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(model_path)),
        running_mode=vision.RunningMode.IMAGE,
        num_poses=max_people,
        min_pose_detection_confidence=confidence,
        min_pose_presence_confidence=confidence,
    )
    try:
        landmarker = vision.PoseLandmarker.create_from_options(options)
    except _WHAT_MEDIAPIPE_RAISES as error:
        raise _model_error(model_path, error) from error
    try:
        yield landmarker
    finally:
        try:
            landmarker.close()
        except _WHAT_MEDIAPIPE_RAISES:
            # One that failed at work raises again when closed. Its finaliser must not try a second time: that hangs.
            landmarker._handle = None


def _try_out(model_path: Path) -> None:
    """Run both stages of a model once: a bad one is found before a frame is read, and all first-time chatter is over.

    At a confidence of 0, a blank picture has a person in it, so the second stage runs too.
    """
    with _landmarker(model_path, confidence=0.0) as landmarker:
        try:
            landmarker.detect(_image(np.zeros((64, 64, 3), dtype=np.uint8)))
        except _WHAT_MEDIAPIPE_RAISES as error:
            raise _model_error(model_path, error) from error


def _model_error(model_path: Path, error: Exception) -> ModelError:
    """Return the one-line error for a model that does not work."""
    return ModelError(
        f"{model_path}: expected a pose landmarker model (.task), MediaPipe says: {_first_line(error)}. "
        "Get one with `midstance models get heavy`"
    )


def _first_line(error: Exception) -> str:
    """Return what MediaPipe says, without the graph that follows."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].rstrip(" :.")


def _detect_all(frames: Iterable[FrameLike], pool: SimpleQueue[_Eyes], jobs: int) -> Generator[_Seen, None, None]:
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


def _detect(frame: FrameLike, pool: SimpleQueue[_Eyes]) -> _Seen:
    """Return what is found in a frame, with the next free landmarker."""
    import cv2

    image_rgb = cv2.cvtColor(frame.image_bgr, cv2.COLOR_BGR2RGB)
    height, width = image_rgb.shape[:2]
    eyes = pool.get()
    try:
        found = eyes.landmarker.detect(_image(image_rgb)).pose_landmarks
        people = [_in_pixels(pose, width, height) for pose in found]
        mended = [_mended(eyes, frame, person) for person in people]
    except _WHAT_MEDIAPIPE_RAISES as error:
        raise ModelError(f"frame {frame.index}: expected landmarks, MediaPipe says: {_first_line(error)}") from error
    finally:
        pool.put(eyes)
    values = np.array([person for person, _ in mended], dtype=np.float64).reshape(-1, len(LANDMARK_NAMES), 4)
    return _Seen(frame.index, frame.time_s, (width, height), values, tuple(trust for _, trust in mended))


def _mended(eyes: _Eyes, frame: FrameLike, person: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return a person's landmarks, by our own networks where there are any, and the weight of those."""
    return eyes.networks.mend(frame.image_bgr, person) if eyes.networks else (person, 0.0)


def _in_pixels(pose: Any, width: int, height: int) -> NDArray[np.float64]:
    """Return one person's landmarks as (33, 4): x and y in pixels, visibility, presence."""
    return np.array([(m.x * width, m.y * height, m.visibility, m.presence) for m in pose], dtype=np.float64)


def _image(rgb: NDArray[Any]) -> Any:
    """Return MediaPipe's own image."""
    import mediapipe

    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)


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
