"""One run as a task for a worker, on this machine or another."""

from __future__ import annotations

import io
import platform
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from midstance.api.limits import memory_limit_told
from midstance.api.progress import Progress
from midstance.batch.rows import Row
from midstance.science.errors import InputError, MidstanceError

PACKAGES = ("midstance", "mediapipe", "numpy")
"""What numbers depend on; every worker must have them as the client has."""
TELL_EVERY_S = 0.5

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
    progress: Path | None = None
    """File in which the worker says how far it is; None when the client could not see it."""
    upload: Mapping[Path, bytes] | None = field(default=None, repr=False)
    """Clips by their path at the client, for workers that do not see them; None = they do."""


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
    with _alone:
        try:
            _check_versions(task.versions)
            _one_thread()
            with memory_limit_told():
                return _run_uploaded(task, alive) if task.upload is not None else _run_here(task, alive)
        except MidstanceError as error:
            return Outcome(" ".join(str(error).split()))


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


def _check_versions(wanted: Mapping[str, str]) -> None:
    """Check again where the work is done: a worker may have come after the client looked."""
    found = differences(wanted, software_versions())
    if found:
        raise InputError(f"worker {platform.node()}: expected the versions of the client, given {'; '.join(found)}")


def _one_thread() -> None:
    """Keep OpenCV from using all cores in each of several workers."""
    import cv2

    cv2.setNumThreads(1)


def _run_here(task: Task, alive: Callable[[int], None]) -> Outcome:
    _analyse(task.row, task.out, task.overlay, _TaskProgress(task.progress, alive))
    return Outcome()


def _run_uploaded(task: Task, alive: Callable[[int], None]) -> Outcome:
    with TemporaryDirectory(prefix="midstance-") as place:
        row = _unpacked(task.row, task.upload or {}, Path(place) / "clips")
        out = Path(place) / "out"
        _analyse(row, out, task.overlay, _TaskProgress(None, alive))
        return Outcome(archive=_zipped(out))


def _analyse(row: Row, out: Path, overlay: bool, progress: Progress) -> None:  # noqa: FBT001 - as told by the task
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
        jobs=1,
        progress=progress,
    )
    about = (("Runner", row.runner), ("Date", row.date))
    save(analysis, out, overlay=overlay, about=[fact for fact in about if fact[1]], progress=progress)


def _unpacked(row: Row, upload: Mapping[Path, bytes], place: Path) -> Row:
    """Write uploaded files, each into a folder of its own under its own name; return the row with their paths."""
    moved: dict[Path, Path] = {}
    for number, (path, content) in enumerate(upload.items()):
        moved[path] = place / str(number) / path.name
        moved[path].parent.mkdir(parents=True)
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
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            with path.open("rb") as source, archive.open(path.relative_to(folder).as_posix(), "w") as target:
                shutil.copyfileobj(source, target)
    return buffer.getvalue()


class _TaskProgress:
    """Keeps a line in a small file, if there is one: how far a run is."""

    def __init__(self, path: Path | None, alive: Callable[[int], None]) -> None:
        self._path = path
        self._alive = alive
        self._told_s = -TELL_EVERY_S

    def step(self, label: str, done: int, total: int) -> None:
        """Say that `done` of `total` frames of `label` are done, now and then."""
        self._alive(total)
        if time.monotonic() - self._told_s >= TELL_EVERY_S:
            self._told_s = time.monotonic()
            self._write(f"{label}: {done} of {total} frames")

    def say(self, line: str) -> None:
        """Tell one line."""
        self._write(line)

    def _write(self, line: str) -> None:
        if self._path is None:
            return
        part = self._path.with_suffix(".part")
        with suppress(OSError):  # how far it is matters less than that it goes on
            part.write_text(line, encoding="utf-8", errors="replace")
            part.replace(self._path)
