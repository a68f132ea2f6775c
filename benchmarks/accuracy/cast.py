"""The rendered runners that the benchmark learns from and judges by, made once and kept outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.accuracy.cache import cache_folder
from midstance.api import Progress
from midstance.science.errors import InputError

CAST = {"learn": 16, "judge": 8, "grid": 8}
"""Runners of each group: two for each body, or more."""
FIRST = {"learn": 0, "judge": 12, "grid": 0}
"""Number of the first runner. Earlier judges were looked at while the pipeline was made, so they judge no more."""
SECONDS = {"learn": 4.0, "judge": 4.0, "grid": 9.0}
"""Of each clip. Findings ask for ten valid strides of each leg."""


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
        `learn` or `judge`: no body, habit, camera or seed in common; or `grid`, to judge the findings by.
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
    command += ["--first", str(FIRST[group]), "--seconds", f"{SECONDS[group]:g}", "--jobs", str(os.cpu_count() or 1)]
    paths = os.pathsep.join(filter(None, (str(root / "tools"), os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(command, cwd=root / "tools", env=os.environ | {"PYTHONPATH": paths}, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise InputError("expected an EGL driver to render runners with, given none that works: run `make setup`")
    return folder
