"""The landmarks of one clip as a task for a cluster: what takes nearly all the time of a job in the web app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from midstance.api import ClipLandmarks, Progress, estimate_landmarks
from midstance.api.limits import memory_limit_told
from midstance.batch.cluster import Cluster
from midstance.batch.executors import open_executor
from midstance.batch.progress_file import Lead, line_in, steps_told
from midstance.batch.task import alone, runtime_of, software_versions
from midstance.batch.wire import Heard, WireProgress
from midstance.pose.runtime import Precision, best_precision
from midstance.science.errors import ClusterError, InputError, MidstanceError
from midstance.science.one_line import one_line
from midstance.science.people import FollowSettings

LOOK_EVERY_S = 0.5


@dataclass(frozen=True)
class PoseTask:
    """What a worker is told."""

    clip: Path
    versions: Mapping[str, str]
    """Of the client."""
    precision: Precision
    """That the client's processor knows."""
    capture_fps: float | None = None
    follow: FollowSettings | None = None
    progress: Path | None = None
    """File in which the worker says how far it is, and without which it stops; None when both could not see it."""
    sign: str = ""
    """By which the client knows lines that come through the scheduler instead; empty for none."""
    upload: bytes | None = field(default=None, repr=False)
    """The clip, for a worker that does not see it."""


@dataclass(frozen=True, eq=False)
class PoseOutcome:
    """The landmarks of a clip, or why there are none."""

    found: ClipLandmarks | None = None
    error: MidstanceError | None = None


def run_pose_task(task: PoseTask) -> PoseOutcome:
    """Estimate the landmarks of a clip; a clip that cannot serve is an outcome, not an error."""
    try:
        with alone(task.versions, task.precision), memory_limit_told():
            return PoseOutcome(
                found=_uploaded(task) if task.upload is not None else _estimated(task, task.clip, Lead(task.progress))
            )
    except MidstanceError as error:
        return PoseOutcome(error=error)


def _uploaded(task: PoseTask) -> ClipLandmarks:
    with TemporaryDirectory(prefix="midstance-") as place:
        clip = Path(place) / task.clip.name
        clip.write_bytes(task.upload or b"")
        return _estimated(task, clip, WireProgress(task.sign))


def _estimated(task: PoseTask, clip: Path, progress: Progress) -> ClipLandmarks:
    if not clip.is_file():
        raise InputError(
            f"{task.clip.name}: expected a clip that the cluster's workers see under the same path, given one that "
            "they do not: put the data folder on shared storage, or add --upload"
        )
    return estimate_landmarks(
        clip,
        capture_fps=task.capture_fps,
        runtime=runtime_of(task.precision),
        follow=task.follow,
        jobs=1,
        progress=progress,
    )


def estimate_on(
    cluster: Cluster, clip: Path, *, capture_fps: float | None, follow: FollowSettings | None, progress: Progress
) -> ClipLandmarks:
    """Estimate the landmarks of a clip on a cluster; parameters and errors as for `estimate_landmarks`.

    Raises
    ------
    ClusterError
        If the cluster was lost, or its workers died on the clip.
    """
    told = None if cluster.upload else clip.with_name(f"{clip.name}.progress")
    content = clip.read_bytes() if cluster.upload else None
    heard = Heard()
    sign = heard.new_sign() if cluster.upload else ""
    task = PoseTask(clip, software_versions(), best_precision(), capture_fps, follow, told, sign, content)
    try:
        if told is not None:
            told.touch()
        with open_executor(scheduler=cluster.scheduler, hear=heard.hear) as workers:
            outcome = _awaited(workers.executor, task, progress, lambda: line_in(told) if told else heard.line(sign))
    finally:
        if told is not None:
            told.unlink(missing_ok=True)
    if outcome.error is not None:
        raise outcome.error
    if outcome.found is None:
        raise ClusterError(f"expected landmarks of {clip.name} from the cluster, given nothing: try again")
    return outcome.found


def _awaited(executor: Executor, task: PoseTask, progress: Progress, told: Callable[[], str]) -> PoseOutcome:
    """Wait for a task and tell how far it is; drop it when waiting is interrupted."""
    future: Future[PoseOutcome] = executor.submit(run_pose_task, task)
    try:
        while not wait([future], timeout=LOOK_EVERY_S).done:
            for step in steps_told(told()):
                progress.step(*step)
        return future.result()
    except (OSError, CancelledError, RuntimeError) as error:
        reason = one_line(str(error))[:160] or type(error).__name__
        raise ClusterError(
            f"expected the cluster to go on working, given '{reason}': see that its scheduler and workers run"
        ) from error
    finally:
        future.cancel()
