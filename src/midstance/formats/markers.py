"""From the markers of a laboratory to the joints that a pose model looks for, by a small table.

Each landmark is the middle of one marker or more. The table here knows the usual names; a user's own replaces its rows.
A knee or ankle with its lateral marker alone is taken there, 4 to 5 cm beside the joint's centre, and told. Hip centres
are regressed from the pelvis where no point is named so (Harrington et al. 2007).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from midstance.formats._text import read_text
from midstance.formats.names import landmark_of
from midstance.formats.points import Array
from midstance.formats.projection import MM_PER
from midstance.formats.trc import Markers
from midstance.science.errors import InputError
from midstance.science.landmarks import LANDMARK_NAMES, SIDES

PELVIS = tuple(f"{side}_{spine}" for side in SIDES for spine in ("asis", "psis"))
Table = Mapping[str, tuple[str, ...]]
_LATERAL = {
    "asis": ("asi", "asis"),
    "psis": ("psi", "psis"),
    "shoulder": ("sho", "shoulder", "acr", "acromion"),
    "knee": ("kne", "knee", "kneelat", "kneelateral", "fle"),
    "ankle": ("ank", "ankle", "anklelat", "anklelateral", "lmal", "fal"),
    "heel": ("hee", "heel", "heelbottom", "cal", "fcc"),
    "foot_index": ("toe", "bigtoe", "toetip", "mt2", "fm2"),
}
_MEDIAL = {
    "knee": ("knm", "knem", "kneemed", "kneemedial", "fme"),
    "ankle": ("anm", "ankm", "anklemed", "anklemedial", "mmal", "tam"),
}
"""Ends of the names, after the side's letter."""


@dataclass(frozen=True, eq=False)
class Body:
    """Joints in space from markers."""

    points: dict[str, Array]
    """Landmarks and `PELVIS`, each (n, 3) in the file's unit."""
    remarks: tuple[str, ...]
    """What a reader of the numbers should know of how joints were found."""


def read_table(path: Path) -> Table:
    """Read a user's table: a CSV with the columns `landmark` and `markers`, several markers joined by `+`.

    Raises
    ------
    InputError
        If it cannot be read or names something else than a landmark or a spine of the pelvis.
    """
    rows = list(csv.DictReader(read_text(path, "marker table").splitlines()))
    if not rows or not {"landmark", "markers"} <= set(rows[0]):
        raise InputError(f"{path}: expected the columns landmark and markers, given others: see docs/formats.md")
    unknown = [r["landmark"] for r in rows if r["landmark"] not in (*LANDMARK_NAMES, *PELVIS)]
    if unknown:
        raise InputError(f"{path}: expected landmarks such as left_knee or left_asis, given {unknown[0]!r}: correct it")
    return {r["landmark"]: tuple(m.strip() for m in (r["markers"] or "").split("+")) for r in rows}


def body_of(markers: Markers, table: Table | None, where: str) -> Body:
    """Return the joints that markers tell.

    Parameters
    ----------
    markers : Markers
    table : mapping of str to tuple of str, optional
        Landmark to markers, before the table here.
    where : str
        Name of the file, for messages.

    Raises
    ------
    InputError
        If the user's table names a marker that is not there.
    """
    places = {name: i for i, name in enumerate(markers.names)}
    chosen = _usual(markers.names) | dict(table or {})
    missing = [m for row in (table or {}).values() for m in row if m not in places]
    if missing:
        raise InputError(
            f"{where}: expected the marker {missing[0]}, found {', '.join(markers.names)[:200]}: correct the table"
        )
    points = {name: np.mean([markers.xyz[:, places[m]] for m in row], axis=0) for name, row in chosen.items()}
    remarks = [
        f"{name.replace('_', ' ')} is marker {row[0]} alone"
        for name, row in chosen.items()
        if len(row) == 1 and name.partition("_")[2] in _MEDIAL and landmark_of(row[0]) != name
    ]
    if not {"left_hip", "right_hip"} <= set(points) and set(PELVIS) <= set(points):
        points |= _hips(points, MM_PER.get(markers.unit.lower(), 1.0))
        remarks.append("hip centres from the spines of the pelvis (Harrington 2007)")
    return Body(points, tuple(remarks))


def _usual(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the rows of the usual table whose markers are there."""
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in reversed(names)}
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        ours = landmark_of(name)
        if ours is not None:
            found.setdefault(ours, (name,))
    for side in SIDES:
        for joint, ends in _LATERAL.items():
            row = [m for group in (ends, _MEDIAL.get(joint, ())) for m in _first(plain, side, group)]
            if row and (f"{side}_{joint}" not in found or len(row) > 1):
                found[f"{side}_{joint}"] = tuple(row)
    return found


def _first(plain: Mapping[str, str], side: str, ends: Sequence[str]) -> list[str]:
    forms = (f"{start}{end}" for end in ends for start in (side[0], side))
    return [plain[form] for form in forms if form in plain][:1]


def _hips(points: Mapping[str, Array], mm_per_unit: float) -> dict[str, Array]:
    """Regress hip centres from the width and depth of the pelvis."""
    front, back = ((points[f"left_{s}"] + points[f"right_{s}"]) / 2 for s in ("asis", "psis"))
    across = points["right_asis"] - points["left_asis"]
    width = np.linalg.norm(across, axis=1, keepdims=True)
    depth = np.linalg.norm(front - back, axis=1, keepdims=True)
    right = across / width
    ahead = front - back
    ahead = ahead - (ahead * right).sum(axis=1, keepdims=True) * right
    ahead = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.cross(right, ahead)
    middle = front - (0.24 * depth + 9.9 / mm_per_unit) * ahead - (0.30 * width + 10.9 / mm_per_unit) * up
    aside = (0.33 * width + 7.3 / mm_per_unit) * right
    return {"left_hip": middle - aside, "right_hip": middle + aside}
