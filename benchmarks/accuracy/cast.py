"""The rendered runners that the benchmark learns from and judges by, made once and kept outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy.cache import cache_folder
from benchmarks.accuracy.inputs import STANDING
from midstance.api import Progress
from midstance.pose import usable_cores
from midstance.science.errors import InputError


@dataclass(frozen=True)
class Cast:
    """Some rendered runners.

    Attributes
    ----------
    group : str
        Of ``python -m runners cast``: which bodies, habits and cameras are drawn.
    first, count : int
        Numbers of the runners.
    seconds : float
        Of each clip.
    """

    group: str
    first: int
    count: int
    seconds: float


CASTS = {
    "train": Cast("train", 0, 96, 1.6),
    "learn": Cast("learn", 0, 16, 4.0),
    "dev": Cast("judge", 0, 12, 4.0),
    "judge": Cast("judge", 12, 8, 4.0),
    "grid": Cast("grid", 0, 16, 9.0),  # findings ask for ten valid strides of each leg
}
"""Networks are trained on `train` and `learn`, landmark offsets are learnt on `learn`. The runners of `dev` were looked
at while the pipeline was made, so they judge no more; those of `judge` and `grid` do."""

LEAN_SD_DEG = {"judge": 2.5}
"""Of the shank in standing, by cast."""


def cast_folder(name: str) -> Path:
    """Return where a cast's clips are kept."""
    return cache_folder() / f"cast_{name}"


def make_cast(root: Path, name: str, progress: Progress) -> Path:
    """Render what is not there yet, and return the folder. A runner takes about a minute on two cores.

    Parameters
    ----------
    root : Path
        The checkout.
    name : str
        One of `CASTS`.
    progress : Progress

    Raises
    ------
    InputError
        If the runners cannot be rendered here.
    """
    folder, cast = cast_folder(name), CASTS[name]
    progress.say(f"rendering {cast.count} runners ({name}), in {folder}")
    _render(root, folder, cast, ["--seconds", f"{cast.seconds:g}"])
    return folder


def make_standing(root: Path, name: str, progress: Progress) -> Path:
    """Render a cast standing still where it is not there yet, and return the folder; see `make_cast`.

    Those of `judge` lean by as much as people do, to tell how well that is measured; the others as their truth asks.
    """
    folder, cast = cast_folder(name) / STANDING, CASTS[name]
    progress.say(f"rendering {cast.count} people standing ({name}), in {folder}")
    _render(root, folder, cast, ["--standing", "--seconds", "2", "--lean-sd", str(LEAN_SD_DEG.get(name, 0.0))])
    return folder


def _render(root: Path, folder: Path, cast: Cast, options: list[str]) -> None:
    command = [sys.executable, "-m", "runners", "cast", str(folder), "--group", cast.group, "--count", str(cast.count)]
    command += ["--first", str(cast.first), "--jobs", str(usable_cores()), *options]
    paths = os.pathsep.join(filter(None, (str(root / "tools"), os.environ.get("PYTHONPATH", ""))))
    done = subprocess.run(command, cwd=root / "tools", env=os.environ | {"PYTHONPATH": paths}, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise InputError("expected an EGL driver to render runners with, given none that works: run `make setup`")
