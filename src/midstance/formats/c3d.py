"""C3D: points and events as motion-capture laboratories keep them, by ezc3d."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from midstance.formats._extra import needed
from midstance.formats.points import AXES, Array, Points
from midstance.formats.trc import Markers
from midstance.science.errors import InputError
from midstance.science.records import Stride

MM_PER_M = 1000.0
MOST_UNEVEN = 0.02
"""By how much of their step times may be off an even rate, which is all that C3D knows."""


def write_c3d(points: Points, strides: tuple[Stride, ...], path: Path) -> None:
    """Write points in millimetres (pixels without a scale), and foot strikes and foot offs as events.

    Raises
    ------
    InputError
        If ezc3d is missing, or frames are not evenly spaced.
    """
    ezc3d = needed("ezc3d")
    _check_even(points)
    scale, unit = (MM_PER_M, "mm") if points.unit == "m" else (1.0, "px")
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [points.rate_hz]
    file["parameters"]["POINT"]["LABELS"]["value"] = list(points.names)
    file["parameters"]["POINT"]["UNITS"]["value"] = [unit]
    file["data"]["points"] = np.concatenate(
        [(points.xyz * scale).transpose(2, 1, 0), np.ones((1, len(points.names), len(points.time_s)))]
    )
    _add_about(file, points)
    _add_events(file, strides, float(points.time_s[0]))
    file.write(str(path))


def read_c3d(path: Path) -> Markers:
    """Read the points of a C3D file; a point that is not seen is NaN.

    Raises
    ------
    InputError
        If ezc3d is missing, or the file is missing or is none of the kind.
    """
    ezc3d = needed("ezc3d")
    if not path.is_file():
        raise InputError(f"{path}: expected a C3D file, found none: check the name")
    try:
        file = ezc3d.c3d(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{path}: expected a C3D file, given one that cannot be read ({error}): check it") from error
    point = file["parameters"]["POINT"]
    xyz = np.asarray(file["data"]["points"][:3].transpose(2, 1, 0), dtype=np.float64)
    about = _about(file["parameters"].get("MIDSTANCE", {}))
    time_s = np.arange(len(xyz)) / point["RATE"]["value"][0] + float(about.get("start_s", 0.0))
    names = tuple(str(name).strip() for name in point["LABELS"]["value"])[: xyz.shape[1]]
    return Markers(names, time_s, xyz, "".join(point["UNITS"]["value"]).strip(), about)


def _check_even(points: Points) -> None:
    steps: Array = np.diff(points.time_s) * points.rate_hz
    if len(steps) and np.abs(steps - 1).max() > MOST_UNEVEN:
        raise InputError("c3d: expected frames at one rate, given others: export cleaned points, which have one")


def _add_about(file: object, points: Points) -> None:
    told = {**points.about, "axes": AXES, "start_s": f"{points.time_s[0]:.9g}"}
    for name, value in told.items():
        file.add_parameter("MIDSTANCE", name.upper(), [value])  # type: ignore[attr-defined]  # ezc3d has no types


def _about(group: dict[str, dict[str, list[str]]]) -> dict[str, str]:
    return {name.lower(): str(p["value"][0]) for name, p in group.items() if name != "__METADATA__" and p["value"]}


def _add_events(file: object, strides: tuple[Stride, ...], start_s: float) -> None:
    """Add contacts and toe-offs in the names that gait laboratories use; times count from the first frame."""
    found = [("Foot Strike", s.side, s.initial_contact_s) for s in strides]
    found += [("Foot Off", s.side, s.toe_off_s) for s in strides]
    events = sorted((e for e in found if np.isfinite(e[2])), key=lambda e: e[2])
    times = np.array([[0.0] * len(events), [time_s - start_s for _, _, time_s in events]])
    values = {
        "USED": [len(events)],
        "CONTEXTS": [side.capitalize() for _, side, _ in events],
        "LABELS": [label for label, _, _ in events],
        "TIMES": times,
    }
    for name, value in values.items():
        file.add_parameter("EVENT", name, value)  # type: ignore[attr-defined]  # as above
