"""One run as a task for a worker, on this machine or another."""

from __future__ import annotations

import io
import platform
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from midstance.api.limits import memory_limit_told
from midstance.api.progress import Progress
from midstance.batch.progress_file import FileProgress
from midstance.batch.rows import Row
from midstance.batch.wire import WireProgress
from midstance.pose.eyes import Runtime
from midstance.pose.runtime import Precision, best_precision
from midstance.science.errors import InputError, MidstanceError
from midstance.science.one_line import one_line
from midstance.storage.listing import files_below

PACKAGES = ("midstance", "mediapipe", "openvino", "numpy")
"""What numbers depend on; every worker must have them as the client has."""
_alone = threading.Lock()
"""matplotlib draws for one thread at a time."""


@dataclass(frozen=True)
class Task:
    """What a worker is told."""

    row: Row
    out: Path
    """Folder for the results."""
    overlay: bool
    versions: Mapping[str, str]
    """Of the client."""
    precision: Precision
    """That the client's processor knows, and so that of its numbers."""
    progress: Path | None = None
    """File in which the worker says how far it is; None when the client could not see it."""
    sign: str = ""
    """By which the client knows lines that come through the scheduler instead; empty for none."""
    upload: Mapping[Path, bytes] | None = field(default=None, repr=False)
    """Files of the clips by their path at the client, for workers that do not see them; None = they do."""


@dataclass(frozen=True)
class Outcome:
    """How a task ended."""

    reason: str = ""
    """Why it failed; empty when it did not."""
    archive: bytes | None = field(default=None, repr=False)
    """The folder as a ZIP file, when the clips were uploaded."""


def run_task(task: Task, alive: Callable[[int], None] = lambda _: None) -> Outcome:
    """Analyse a run and save it; a run that cannot be analysed is an outcome, not an error.

    Parameters
    ----------
    task : Task
    alive : callable
        Told at every sign of progress of how many frames it is about.
    """
    try:
        with alone(task.versions, task.precision), memory_limit_told():
            return _run_uploaded(task, alive) if task.upload is not None else _run_here(task, alive)
    except MidstanceError as error:
        return Outcome(one_line(str(error)))


@contextmanager
def alone(versions: Mapping[str, str], precision: Precision) -> Iterator[None]:
    """Have a worker to oneself, with one thread for OpenCV, for a client whose numbers it gives.

    Raises
    ------
    InputError
        If its versions are others (it may have come after the client looked), or it does not know the precision.
    """
    import cv2

    with _alone:
        found = differences(versions, software_versions())
        if found:
            raise InputError(f"worker {platform.node()}: expected the versions of the client, given {'; '.join(found)}")
        if precision == "half" != best_precision():
            raise InputError(
                f"worker {platform.node()}: expected a processor that knows half precision, as the client's does, "
                "given one that does not: start from a machine like it, or leave it out"
            )
        cv2.setNumThreads(1)  # several workers share the cores
        yield


def runtime_of(precision: Precision) -> Runtime:
    """Return what gives the numbers of a precision on every processor that knows it."""
    return "openvino" if precision == "half" else "openvino-single"


def software_versions() -> dict[str, str]:
    """Return the versions that numbers depend on; `none` for what is not installed."""
    return {name: _version(name) for name in PACKAGES} | {"python": platform.python_version()}


def differences(client: Mapping[str, str], worker: Mapping[str, str]) -> list[str]:
    """Say in which packages a worker differs from the client; of Python, the third number does not count."""
    return [
        f"{name} {worker.get(name, 'none')} instead of {wanted}"
        for name, wanted in client.items()
        if _compared(name, worker.get(name, "none")) != _compared(name, wanted)
    ]


def _compared(name: str, number: str) -> str:
    return ".".join(number.split(".")[:2]) if name == "python" else number


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _run_here(task: Task, alive: Callable[[int], None]) -> Outcome:
    _analyse(task.row, task.out, task.overlay, task.precision, FileProgress(task.progress, alive))
    return Outcome()


def _run_uploaded(task: Task, alive: Callable[[int], None]) -> Outcome:
    with TemporaryDirectory(prefix="midstance-") as place:
        row = unpacked(task.row, task.upload or {}, Path(place) / "clips")
        out = Path(place) / "out"
        _analyse(row, out, task.overlay, task.precision, WireProgress(task.sign, alive))
        return Outcome(archive=_zipped(out))


def _analyse(row: Row, out: Path, overlay: bool, precision: Precision, progress: Progress) -> None:  # noqa: FBT001 - as told by the task
    from midstance.api import analyze, save

    options = row.options
    analysis = analyze(
        row.side or None,
        front=row.front,
        rear=row.rear,
        standing=row.standing or None,
        model=options.model,
        landmarks=options.landmarks,
        capture_fps=options.capture_fps,
        settings=options.settings,
        runtime=runtime_of(precision),
        jobs=1,
        progress=progress,
    )
    about = (("Runner", row.runner), ("Date", row.date))
    save(analysis, out, overlay=overlay, about=[fact for fact in about if fact[1]], progress=progress)


def unpacked(row: Row, upload: Mapping[Path, bytes], place: Path) -> Row:
    """Write uploaded files under their own names and folders' names; return the row with their paths."""
    moved: dict[Path, Path] = {}
    for number, folder in enumerate(dict.fromkeys(path.parent for path in upload)):
        moved[folder] = place / str(number) / folder.name  # a folder of OpenPose's files is a clip
        moved[folder].mkdir(parents=True)
    for path, content in upload.items():
        moved[path] = moved[path.parent] / path.name
        moved[path].write_bytes(content)
    model = moved.get(Path(row.options.model), row.options.model)
    return replace(
        row,
        side=tuple(moved[clip] for clip in row.side),
        front=moved[row.front] if row.front else None,
        rear=moved[row.rear] if row.rear else None,
        standing=tuple(moved[clip] for clip in row.standing),
        options=replace(row.options, model=str(model)),
    )


def _zipped(folder: Path) -> bytes:
    """Return a folder as a ZIP file; what it holds is compressed already."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in files_below(folder):
            with path.open("rb") as source, archive.open(path.relative_to(folder).as_posix(), "w") as target:
                shutil.copyfileobj(source, target)
    return buffer.getvalue()
