"""TRC: marker paths as text, the form that OpenSim, Pose2Sim and Sports2D share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midstance.formats._text import read_text
from midstance.formats.points import AXES, UNIT, Array, Points
from midstance.science.errors import InputError

KEYS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames"
)  # fmt: skip
"""OpenSim takes these eight and no others, so that what else is to be said stands in the first line."""
OURS = "midstance: "


@dataclass(frozen=True, eq=False)
class Markers:
    """What a file of markers holds."""

    names: tuple[str, ...]
    time_s: Array
    xyz: Array
    """(n, names, 3) in the file's unit; NaN = not seen."""
    unit: str
    about: dict[str, str]
    """What midstance wrote of it; empty for the files of others."""


def write_trc(points: Points, path: Path) -> None:
    """Write points as a TRC file; a point that is not seen is `nan`."""
    n, count, rate = len(points.time_s), len(points.names), f"{points.rate_hz:.6g}"
    told = "; ".join(f"{name}={value}" for name, value in points.about.items())
    values = (rate, rate, n, count, points.unit, rate, 1, n)
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}\t{OURS}{told}; unit: {UNIT[points.unit]}; axes: {AXES}",
        "\t".join(KEYS),
        "\t".join(map(str, values)),
        "\t".join(["Frame#", "Time", *(cell for name in points.names for cell in (name, "", ""))]),
        "\t".join(["", "", *(f"{axis}{i}" for i in range(1, count + 1) for axis in "XYZ")]),
        "",
    ]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
        for i, (time_s, row) in enumerate(zip(points.time_s, points.xyz.reshape(n, -1), strict=True), 1):
            file.write("\t".join([str(i), f"{time_s:.6f}", *(f"{v:.6f}" for v in row)]) + "\n")


def read_trc(path: Path) -> Markers:
    """Read a TRC file.

    Raises
    ------
    InputError
        If it is missing or breaks the form.
    """
    lines = read_text(path, "TRC").splitlines()
    if len(lines) < 7 or not lines[0].startswith("PathFileType"):
        raise _broken(path, "a first line that begins with PathFileType, and rows after five lines of header")
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    names = tuple(cell.strip() for cell in lines[3].rstrip("\t ").split("\t")[2:] if cell.strip())
    table = _rows(path, [line for line in lines[5:] if line.strip()], len(names))
    return Markers(
        names, table[:, 1], table[:, 2:].reshape(len(table), -1, 3), header.get("Units", "").strip(), _about(lines[0])
    )


def _rows(path: Path, lines: list[str], count: int) -> Array:
    """Return frame, time and places, (n, 2 + 3 x count); an empty cell is NaN, and so are those that a row lacks."""
    width = 2 + 3 * count
    try:
        rows = [[float(cell) if cell.strip() else np.nan for cell in line.split("\t")[:width]] for line in lines]
    except ValueError as error:
        raise _broken(path, f"numbers in every row ({error})") from error
    if not rows or not count or any(len(row) < 2 for row in rows):
        raise _broken(path, "names of markers and rows that begin with frame and time")
    return np.array([row + [np.nan] * (width - len(row)) for row in rows])


def _about(first: str) -> dict[str, str]:
    _, found, told = first.partition(OURS)
    pairs = (part.partition("=") for part in told.split("; ") if found)
    return {name: value for name, is_pair, value in pairs if is_pair}


def _broken(path: Path, expected: str) -> InputError:
    return InputError(f"{path}: expected {expected}, given another file: is it a TRC file?")
