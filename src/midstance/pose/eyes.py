"""What looks at frames, one thread at a time: MediaPipe's pose models and our own networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from midstance.pose.bundle import unpacked
from midstance.pose.detector import Detector
from midstance.pose.landmarker import Landmarker
from midstance.pose.networks import Networks, open_networks
from midstance.pose.quiet import metrics_off, silent_stderr
from midstance.pose.runtime import Precision, load_openvino
from midstance.pose.squares import Square
from midstance.science.errors import ModelError

Runtime = Literal["openvino", "openvino-single", "mediapipe"]
"""OpenVINO in half precision where the processor knows it, or in single everywhere; MediaPipe itself."""
Person = NDArray[np.float64]
"""(33, 4): x and y in pixels, visibility, presence."""
Picture = NDArray[np.uint8]
FindSquares = Callable[[Picture], list[Square]]
WHAT_MODELS_RAISE = (OSError, RuntimeError, ValueError)
_THREAD = "midstance-pose-maker"


@dataclass(frozen=True)
class Eyes:
    """What one thread at a time looks with. Pictures are (height, width, 3), blue first.

    Attributes
    ----------
    squares : callable or None
        From a picture to where people are in it; None where looking for people is part of seeing them.
    people : callable
        From a picture and its squares to the people in them; without squares it looks for people itself.
    networks : Networks or None
        That see knees and feet anew.
    """

    squares: FindSquares | None
    people: Callable[[Picture, Sequence[Square] | None], list[Person]]
    networks: Networks | None


EyesOf = Callable[[Path, Mapping[str, Path], int, int], AbstractContextManager[SimpleQueue[Eyes]]]
"""From a model, our own networks, how many eyes and the most people to a pool of eyes, closed at the end."""


@contextmanager
def eyes_by_openvino(
    model_path: Path,
    networks: Mapping[str, Path],
    count: int,
    max_people: int,
    precision: Precision = "half",
) -> Iterator[SimpleQueue[Eyes]]:
    """Yield eyes that share the models, which are in memory once."""
    pool: SimpleQueue[Eyes] = SimpleQueue()
    # Made in a thread of their own, one after the other, so that Ctrl-C waits for the one in work and no longer.
    with ThreadPoolExecutor(1, thread_name_prefix=_THREAD) as maker, unpacked(model_path) as (detectors, landmarkers):
        try:
            maker.submit(load_openvino).result()
            detector = maker.submit(Detector, detectors, count, precision).result()
            landmarker = maker.submit(Landmarker, landmarkers, count, precision).result()
        except ModelError as error:
            raise _model_error(model_path, error) from error
        for own in maker.submit(open_networks, networks, count, precision).result():
            pool.put(_eyes(detector, landmarker, max_people, own))
    yield pool


def _eyes(detector: Detector, landmarker: Landmarker, max_people: int, own: Networks | None) -> Eyes:
    find_squares, find_landmarks = detector.finder(), landmarker.finder()

    def squares(image_bgr: Picture) -> list[Square]:
        return find_squares(_red_first(image_bgr), max_people)

    def people(image_bgr: Picture, given: Sequence[Square] | None) -> list[Person]:
        image_rgb = _red_first(image_bgr)
        found = find_squares(image_rgb, max_people) if given is None else given
        seen = (find_landmarks(image_rgb, square) for square in found)
        return [person for person in seen if person is not None]

    return Eyes(squares, people, own)


@contextmanager
def eyes_by_mediapipe(
    model_path: Path, networks: Mapping[str, Path], count: int, max_people: int
) -> Iterator[SimpleQueue[Eyes]]:
    """Yield eyes with a PoseLandmarker each, tried out; all are closed at the end."""
    pool: SimpleQueue[Eyes] = SimpleQueue()
    # MediaPipe's finaliser raises at interpreter shutdown, so every landmarker is closed, whatever happens.
    with metrics_off(), ExitStack() as opened:
        # Made in a thread of their own, so that Ctrl-C waits for the one in work and does not abandon it half made.
        with silent_stderr(), ThreadPoolExecutor(1, thread_name_prefix=_THREAD) as maker:
            maker.submit(_try_out, model_path).result()
            for own in open_networks(networks, count):
                made = maker.submit(opened.enter_context, _landmarker(model_path, max_people=max_people)).result()
                pool.put(Eyes(None, _mediapipe_looker(made), own))
        yield pool


def _mediapipe_looker(landmarker: Any) -> Callable[[Picture, object], list[Person]]:
    def look(image_bgr: Picture, _squares: object) -> list[Person]:
        height, width = image_bgr.shape[:2]
        found = landmarker.detect(_image(_red_first(image_bgr)))
        return [_in_pixels(pose, width, height) for pose in found.pose_landmarks]

    return look


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
    except WHAT_MODELS_RAISE as error:
        raise _model_error(model_path, error) from error
    try:
        yield landmarker
    finally:
        try:
            landmarker.close()
        except WHAT_MODELS_RAISE:
            # One that failed at work raises again when closed. Its finaliser must not try a second time: that hangs.
            landmarker._handle = None


def _try_out(model_path: Path) -> None:
    """Run both stages of a model once: a bad one is found before a frame is read, and all first-time chatter is over.

    At a confidence of 0, a blank picture has a person in it, so the second stage runs too.
    """
    with _landmarker(model_path, confidence=0.0) as landmarker:
        try:
            landmarker.detect(_image(np.zeros((64, 64, 3), dtype=np.uint8)))
        except WHAT_MODELS_RAISE as error:
            raise _model_error(model_path, error) from error


def _model_error(model_path: Path, error: Exception) -> ModelError:
    """Return the one-line error for a model that does not work."""
    return ModelError(
        f"{model_path}: expected a pose landmarker model (.task), loading it says: {first_line(error)}. "
        "Get one with `midstance models get heavy`"
    )


def first_line(error: Exception) -> str:
    """Return what a runtime says, without the graph that follows."""
    lines = str(error).splitlines() or [type(error).__name__]
    return lines[0].rstrip(" :.")


def _red_first(image_bgr: Picture) -> Picture:
    import cv2

    return np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


def _in_pixels(pose: Any, width: int, height: int) -> Person:
    """Return one person's landmarks; MediaPipe gives shares of width and height."""
    return np.array([(m.x * width, m.y * height, m.visibility, m.presence) for m in pose], dtype=np.float64)


def _image(rgb: NDArray[Any]) -> Any:
    """Return MediaPipe's own image."""
    import mediapipe

    return mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
