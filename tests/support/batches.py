"""Inputs of batches and their processes."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from midstance.science.records import View
from midstance.storage.landmarks_csv import write_landmarks
from tests.support.cli import command
from tests.support.runner import Camera, Gait, film

TABLES = ("measures.csv", "curves.csv", "strides.csv")
WITHIN_S = 120.0
NO_CLIP = "frame,time_s,landmark,x_px,y_px,visibility\n0,0,nose,1,1,1\n"
"""Landmarks of nobody: read, and cannot be analysed."""


def write_run(path: Path, view: View = "side", seed: int = 1) -> Path:
    """Write the landmarks of four seconds of running, which are analysed in a few seconds."""
    filmed = film(Gait(duration_s=4.0, variability=0.02, seed=seed), Camera(view=view, noise_px=0.5, seed=seed))
    write_landmarks(filmed.landmarks, path, model="heavy")
    return path


def write_runs(folder: Path, names: Sequence[str]) -> Path:
    """Write a side clip for each name; return the folder."""
    folder.mkdir()
    for seed, name in enumerate(names):
        write_run(folder / f"{name}_side.csv", seed=seed)
    return folder


def tables(out: Path) -> dict[str, bytes]:
    """Return the tables of every run of a batch, by folder and name."""
    return {p.relative_to(out).as_posix(): p.read_bytes() for name in TABLES for p in out.glob(f"runs/*/{name}")}


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """Start `midstance`; it is killed at the end if it still runs."""
    process = subprocess.Popen(command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.kill()  # does nothing to one that has been waited for
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    end_s = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < end_s, "it took too long"
        time.sleep(0.02)


def workers_of(pid: int) -> list[int]:
    """Return the worker processes that a batch has spawned."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in path.read_text().split()]
    return [child for child in found if "spawn_main" in _command_line(child)]


def is_alive(pid: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def kill(pid: int) -> None:
    """End a process as a full memory would."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
