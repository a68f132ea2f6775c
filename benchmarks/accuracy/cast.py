"""The rendered runners that the benchmark learns from and judges by, made once and kept outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.accuracy.cache import cache_folder
from midstance.api import Progress
from midstance.science.errors import InputError

CAST = {"learn": 12, "judge": 12}
"""Runners of each group: two for each body."""
SECONDS = 5.0


def cast_folder(group: str) -> Path:
    """Return where a group's clips are kept."""
    return cache_folder() / f"cast_{group}"


def make_cast(root: Path, group: str, count: int, progress: Progress) -> Path:
    """Render what is not there yet, and return the folder. A runner takes about a minute on two cores.

    Parameters
    ----------
    root : Path
        The checkout.
    group : str
        `learn` or `judge`: no body, habit, camera or seed in common.
    count : int
        Runners.
    progress : Progress

    Raises
    ------
    InputError
        If the runners cannot be rendered here.
    """
    folder = cast_folder(group)
    progress.say(f"rendering {count} runners to {group} by, in {folder}")
    command = [sys.executable, "-m", "runners", "cast", str(folder), "--group", group, "--count", str(count)]
    command += ["--seconds", f"{SECONDS:g}", "--jobs", str(os.cpu_count() or 1)]
    paths = os.pathsep.join(filter(None, (str(root / "tools"), os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(command, cwd=root / "tools", env=os.environ | {"PYTHONPATH": paths}, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise InputError("expected an EGL driver to render runners with, given none that works: run `make setup`")
    return folder
