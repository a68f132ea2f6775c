"""Read a trial of the Running Biomechanics Data Set (Fukuchi, Fukuchi and Duarte 2017, PeerJ 5:e3298)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midstance.science.errors import InputError
from midstance.science.signals import Array

MARKER_HZ = 150.0
FORCE_HZ = 300.0
MM_PER_M = 1000.0
AXES = ("X", "Y", "Z")


@dataclass(frozen=True, eq=False)
class Trial:
    """One treadmill trial. Axes: x forward, y up, z to the runner's right; metres."""

    name: str
    standing: dict[str, Array]
    """Marker to its mean place in the standing trial, shape (3,)."""
    running: dict[str, Array]
    """Marker to its path, shape (n, 3), at `MARKER_HZ`; NaN where it was lost."""
    force_n: Array
    """Vertical ground reaction force at `FORCE_HZ`."""
    speed_mps: float
    """Of the belt."""

    @property
    def time_s(self) -> Array:
        """Times of the marker frames, from the first one on."""
        return np.arange(len(next(iter(self.running.values())))) / MARKER_HZ


def find_trial(folder: Path) -> Trial | None:
    """Return the first trial of a folder with the published files; None when it holds none."""
    for markers in sorted(folder.glob("RBDS*run*markers.txt")):
        forces = markers.with_name(markers.name.replace("markers", "forces"))
        standing = folder / f"{markers.name.split('run')[0]}static.txt"
        if forces.is_file() and standing.is_file():
            return read_trial(standing, markers, forces)
    return None


def read_trial(standing: Path, markers: Path, forces: Path) -> Trial:
    """Read the three text files of a trial as published."""
    force = np.genfromtxt(forces, names=True, delimiter="\t")
    return Trial(
        name=markers.name.removesuffix("markers.txt"),
        standing={k: np.nanmean(v, axis=0) for k, v in _read_markers(standing).items()},
        running=_read_markers(markers),
        force_n=np.asarray(force["Fy"], dtype=np.float64),
        speed_mps=_speed_mps(markers.name),
    )


def _speed_mps(name: str) -> float:
    """Read the speed from the name: `runT25` is 2.5 m/s."""
    match = re.search(r"T(\d\d)", name)
    if match is None:
        raise InputError(f"{name}: expected the speed in the name as in runT25, given none: keep the published name")
    return int(match[1]) / 10


def _read_markers(path: Path) -> dict[str, Array]:
    """Return each marker's path in metres, (n, 3); an empty cell is NaN."""
    with path.open(encoding="utf-8") as lines:
        columns = next(lines).rstrip("\r\n").split("\t")
    table = np.genfromtxt(path, delimiter="\t", skip_header=1, usecols=range(len(columns)))
    where = {name: i for i, name in enumerate(columns)}
    names = [c[:-1] for c in columns if c.endswith("X") and f"{c[:-1]}Z" in where]
    return {n: table[:, [where[n + a] for a in AXES]] / MM_PER_M for n in names}
