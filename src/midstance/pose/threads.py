"""Frames spread over threads: looked at in any order, they come out in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice, takewhile
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from midstance.pose.eyes import WHAT_MODELS_RAISE, Eyes, first_line
from midstance.pose.keyframes import between, looks_again
from midstance.pose.squares import Square
from midstance.science.errors import ModelError
from midstance.science.landmarks import LANDMARK_NAMES

_FRAMES_AHEAD = 2
"""Frames that wait decoded, so that no thread waits for the decoder."""
_THREADS = "midstance-pose"


def usable_cores() -> int:
    """Return how many cores this process may use: all of the machine, or those that it was left with."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
class Seen:
    """What was found in a frame."""

    index: int
    time_s: float
    size_px: tuple[int, int]
    people: NDArray[np.float64]
    """Shape (people found, 33, 4): x and y in pixels, visibility, presence."""
    trust: tuple[float, ...]
    """Weight of our own networks in each person's legs."""


@dataclass(frozen=True, eq=False)
class _KeyFrame:
    """A frame that the detector looks at, and what comes of it; None: looking is part of seeing."""

    time_s: float
    squares: Future[list[Square] | None]


_Where = Callable[[], Sequence[Square] | None]
"""Waits for the squares of a frame; None where the detector has to look at the frame."""


def see_all(frames: Iterable[FrameLike], pool: SimpleQueue[Eyes], jobs: int) -> Generator[Seen, None, None]:
    """Yield what is found in each frame, in order.

    A thread of its own reads the frames and hands out the work. Ctrl-C ends the caller wherever it is: amid what the
    pool of threads does behind its locks, it would leave one locked, and all would wait for ever.
    """
    found: SimpleQueue[Seen | BaseException | None] = SimpleQueue()
    stopped: list[bool] = []
    conductor = Thread(target=_conduct, args=(frames, pool, jobs, found, stopped), name=f"{_THREADS}-conductor")
    conductor.start()
    try:
        while (seen := found.get()) is not None:
            if isinstance(seen, BaseException):
                raise seen
            yield seen
    finally:
        stopped.append(True)
        conductor.join()


def _conduct(
    frames: Iterable[FrameLike],
    pool: SimpleQueue[Eyes],
    jobs: int,
    found: SimpleQueue[Seen | BaseException | None],
    stopped: Sequence[bool],
) -> None:
    """Put what is found into a queue, in order; at the end None, or what ended it."""
    try:
        with closing(_in_order(takewhile(lambda _: not stopped, frames), pool, jobs)) as everything:
            for seen in everything:
                found.put(seen)
                if stopped:
                    break
        found.put(None)
    except BaseException as error:  # noqa: BLE001 - it is raised again by the thread that waits for it
        found.put(error)


def _in_order(frames: Iterable[FrameLike], pool: SimpleQueue[Eyes], jobs: int) -> Generator[Seen, None, None]:
    """Yield what is found in each frame, in order, with a few frames in work at a time."""
    waiting: deque[Future[Seen]] = deque()
    executor = ThreadPoolExecutor(jobs, thread_name_prefix=_THREADS)
    try:
        for seen in _under_way(frames, executor, pool):
            waiting.append(seen)
            if len(waiting) >= jobs + _FRAMES_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _under_way(
    frames: Iterable[FrameLike], executor: ThreadPoolExecutor, pool: SimpleQueue[Eyes]
) -> Iterator[Future[Seen]]:
    """Yield each frame's future.

    Work is done in the order in which it is given: what a frame waits for was begun before it.
    """

    def look(frame: FrameLike) -> _KeyFrame:
        return _KeyFrame(frame.time_s, executor.submit(_squares, frame, pool))

    for span, first, last in _spans(frames, look):
        for frame in span:
            yield executor.submit(_see, frame, _where(frame, first, last), pool)


def _spans(
    frames: Iterable[FrameLike], look: Callable[[FrameLike], _KeyFrame]
) -> Iterator[tuple[list[FrameLike], _KeyFrame, _KeyFrame]]:
    """Yield the frames from each key frame to before the next, with both; the last frame of all is one too."""
    coming = iter(frames)
    span = list(islice(coming, 1))
    if not span:
        return
    first = look(span[0])
    for frame in coming:
        if looks_again(first.time_s, len(span), frame.time_s):
            last = look(frame)
            yield span, first, last
            span, first = [frame], last
        else:
            span.append(frame)
    yield span, first, look(span[-1]) if len(span) > 1 else first


def _where(frame: FrameLike, first: _KeyFrame, last: _KeyFrame) -> _Where:
    """Return what waits for a frame's squares; the first of a span is a key frame itself."""

    def squares() -> Sequence[Square] | None:
        before = first.squares.result()
        if before is None or frame.time_s == first.time_s:
            return before
        apart_s = last.time_s - first.time_s
        after = last.squares.result()
        return None if after is None else between(before, after, (frame.time_s - first.time_s) / apart_s, apart_s)

    return squares


def _squares(frame: FrameLike, pool: SimpleQueue[Eyes]) -> list[Square] | None:
    """Return where people are in a frame, with the next free eyes."""
    with _next_free(pool, frame) as eyes:
        return eyes.squares(frame.image_bgr) if eyes.squares else None


def _see(frame: FrameLike, where: _Where, pool: SimpleQueue[Eyes]) -> Seen:
    """Return what is found in a frame, with the next free eyes."""
    height, width = frame.image_bgr.shape[:2]
    squares = where()  # before the eyes are taken: what it waits for needs some
    with _next_free(pool, frame) as eyes:
        mended = [_mended(eyes, frame, person) for person in eyes.people(frame.image_bgr, squares)]
    values = np.array([person for person, _ in mended], dtype=np.float64).reshape(-1, len(LANDMARK_NAMES), 4)
    return Seen(frame.index, frame.time_s, (width, height), values, tuple(trust for _, trust in mended))


@contextmanager
def _next_free(pool: SimpleQueue[Eyes], frame: FrameLike) -> Iterator[Eyes]:
    """Lend eyes; what the models raise becomes one line that names the frame."""
    eyes = pool.get()
    try:
        yield eyes
    except WHAT_MODELS_RAISE as error:
        raise ModelError(f"frame {frame.index}: expected landmarks, the model says: {first_line(error)}") from error
    finally:
        pool.put(eyes)


def _mended(eyes: Eyes, frame: FrameLike, person: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return a person's landmarks, by our own networks where there are any, and the weight of those."""
    return eyes.networks.mend(frame.image_bgr, person) if eyes.networks else (person, 0.0)
