"""Clips and landmark files as the landmarks of one runner."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from midstance.api.memory import give_back
from midstance.api.progress import Progress, silent
from midstance.science.checks import LEAST_FPS
from midstance.science.errors import FrameRateError, InputError
from midstance.science.landmarks import LandmarkSeries
from midstance.science.model_names import model_name
from midstance.science.people import FollowReport, FollowSettings
from midstance.science.records import ClipFacts, View

if TYPE_CHECKING:
    from midstance.video.records import ClipInfo

DEFAULT_MODEL = "heavy"
LANDMARKS = ".csv"
FOREIGN = (".trc", ".c3d", ".nc")
"""Endings of files of landmarks, ours and other programs'; a folder holds OpenPose's."""
Landmarks = Literal["midstance", "mediapipe"]
"""Who finds knees and feet: networks of our own in what MediaPipe points out, or MediaPipe alone."""
Runtime = Literal["openvino", "openvino-single", "mediapipe"]
"""What runs the pose model; see `load`."""


@dataclass(frozen=True, eq=False)
class ClipLandmarks:
    """The runner of one clip."""

    landmarks: LandmarkSeries
    facts: ClipFacts
    clip: Path | None
    """The clip; None when the landmarks came from a file."""
    mark: str = ""
    """What tells the clip from itself after a change; empty when that is not known."""


def needs_model(path: Path) -> bool:
    """Return whether a file is a clip that is there, for which the pose model is needed."""
    # `Path.is_file` raises where a name is too long.
    return os.path.isfile(path) and path.suffix.lower() not in (LANDMARKS, *FOREIGN)  # noqa: PTH113


def load(
    path: Path | str,
    *,
    model: str = DEFAULT_MODEL,
    landmarks: Landmarks = "midstance",
    capture_fps: float | None = None,
    runtime: Runtime = "openvino",
    jobs: int | None = None,
    follow: FollowSettings | None = None,
    view: View = "side",
    progress: Progress = silent,
) -> ClipLandmarks:
    """Return the runner's landmarks of a clip, or those of a file of landmarks.

    Parameters
    ----------
    path : Path or str
        A clip; landmarks in the contract's form (`.csv`), as TRC, C3D or NetCDF by `movement` (`.trc`, `.c3d`, `.nc`),
        or a folder of OpenPose's JSON files. See `from_trc` and the others for what they take.
    model : str
        `lite`, `full`, `heavy`, or the path of a `.task` file.
    landmarks : {'midstance', 'mediapipe'}
        `mediapipe` leaves knees and feet as the pose model finds them.
    capture_fps : float, optional
        The rate the camera filmed at, when the file plays in slow motion.
    runtime : {'openvino', 'openvino-single', 'mediapipe'}
        What runs the pose model. OpenVINO needs less time and looks for people now and then; where both do,
        landmarks agree to a hundredth of a pixel in single precision. `openvino` takes half precision where the
        processor knows it: half the time, and landmarks some tenths of a pixel apart.
    jobs : int, optional
        Threads for the pose model; one for each core when not given. The result does not depend on it.
    follow : FollowSettings, optional
        How the runner is told from other people.
    view : {'side', 'front', 'rear'}
        From where to look at points in space; of no matter for pictures.
    progress : Progress

    Raises
    ------
    InputError
        If the file, the model or the rate is wrong.
    FrameRateError
        If the clip has so few frames a second that nobody can be followed.
    NoRunnerError
        If nobody is seen for long enough.
    """
    path = Path(path)
    if path.suffix.lower() == LANDMARKS:
        return _read(path, capture_fps)
    if path.is_dir() or path.suffix.lower() in FOREIGN:
        from midstance.api.foreign import load_foreign

        return load_foreign(path, view, capture_fps, follow)
    return estimate_landmarks(
        path,
        model=model,
        landmarks=landmarks,
        capture_fps=capture_fps,
        runtime=runtime,
        jobs=jobs,
        follow=follow,
        progress=progress,
    )


def estimate_landmarks(
    path: Path | str,
    *,
    model: str = DEFAULT_MODEL,
    landmarks: Landmarks = "midstance",
    capture_fps: float | None = None,
    runtime: Runtime = "openvino",
    jobs: int | None = None,
    follow: FollowSettings | None = None,
    progress: Progress = silent,
) -> ClipLandmarks:
    """Estimate the landmarks of everybody in a clip and follow the runner.

    Parameters and errors as for `load`.
    """
    from midstance.models import ensure_model, own_networks
    from midstance.pose import estimate_people
    from midstance.science.people import follow_runner
    from midstance.video.files import mark_of
    from midstance.video.reader import open_clip

    if landmarks not in get_args(Landmarks):
        raise InputError(f"landmarks: expected {' or '.join(get_args(Landmarks))}, given {landmarks}")
    if runtime not in get_args(Runtime):
        raise InputError(f"runtime: expected {' or '.join(get_args(Runtime))}, given {runtime}")
    path, own = Path(path), landmarks == "midstance"
    with open_clip(path, capture_fps=capture_fps) as clip:
        _check_rate(clip.info.fps, follow or FollowSettings())
        model_path = ensure_model(model, say=progress.say)
        info = clip.info
        people = estimate_people(
            clip,
            model_path,
            networks=own_networks() if own else None,
            jobs=jobs,
            runtime=runtime,
            progress=lambda done: progress.step(f"pose {path.name}", done, info.frames),
        )
        cut_off, mark = clip.ended_early, mark_of(path)
    give_back()
    runner, followed = follow_runner(people, follow)
    name = model_name(Path(model).name, followed.own_trust) if own else Path(model).name
    facts = replace(_facts(info, runner, followed, name), cut_off=cut_off)
    return ClipLandmarks(runner, facts, path, mark)


def _check_rate(fps: float, follow: FollowSettings) -> None:
    """Refuse clips in which nobody could be followed from one frame to the next, before the model is asked."""
    if fps * follow.min_gap_s < 1:
        raise FrameRateError(f"expected at least {LEAST_FPS:g} frames/s, given {fps:.1f}: film at 60 or more")


def _facts(info: ClipInfo, landmarks: LandmarkSeries, followed: FollowReport, model: str) -> ClipFacts:
    return ClipFacts(
        file=info.path.name,
        frames=len(landmarks),
        fps=info.fps,
        duration_s=info.duration_s,
        width_px=info.width_px,
        height_px=info.height_px,
        rotation_deg=info.rotation_deg,
        mirrored=info.mirrored,
        capture_fps=info.capture_fps,
        model=model,
        people_seen=followed.people_seen,
        runner_share=followed.runner_share,
        variable_frame_rate=info.variable_frame_rate,
        interlaced=info.interlaced,
    )


def _read(path: Path, capture_fps: float | None) -> ClipLandmarks:
    from midstance.storage.landmarks_csv import read_landmarks, read_model

    landmarks = read_landmarks(path, capture_fps=capture_fps)
    facts = ClipFacts(
        file=path.name,
        frames=len(landmarks),
        fps=landmarks.fps,
        duration_s=landmarks.duration_s,
        capture_fps=capture_fps,
        model=read_model(path),
    )
    return ClipLandmarks(landmarks, facts, None)
