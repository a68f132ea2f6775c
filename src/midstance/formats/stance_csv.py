"""Truth as a table: one row a stance, as `make bench-accuracy DATA=FOLDER` takes it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from midstance.formats._text import read_text
from midstance.science.catalogue import MEASURE
from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES, Side

NEEDED = ("side", "initial_contact_s")
INSTANTS = {"contact": "initial_contact"} | {
    name: name for name in ("midstance", "toe_off", "stance_peak", "swing_peak")
}
_ANGLE = re.compile(rf"(?P<measure>\w+?)_(?P<instant>{'|'.join(INSTANTS)})_deg")
_SCALARS = {"overstride_m": ("overstride_m", "initial_contact"), "step_width_m": ("step_width_m", "midstance")}


@dataclass(frozen=True)
class StanceRow:
    """What is true of one stance."""

    side: Side
    initial_contact_s: float
    values: dict[tuple[str, str], float]
    """(measure, instant) to the value in the measure's unit."""


def read_stances(path: Path) -> tuple[StanceRow, ...]:
    """Read stances: `side`, `initial_contact_s`, and columns such as `knee_flexion_midstance_deg`; others are left out.

    Raises
    ------
    InputError
        If columns are missing or a cell cannot be read.
    """
    rows = list(csv.DictReader(read_text(path, "truth").splitlines()))
    if not rows or any(name not in rows[0] for name in NEEDED):
        raise InputError(f"{path}: expected the columns {', '.join(NEEDED)} and a row a stance, given others: add them")
    return tuple(_row(row, f"{path}, row {i}") for i, row in enumerate(rows, 1))


def _row(row: dict[str, str], where: str) -> StanceRow:
    if row["side"] not in SIDES:
        raise InputError(f"{where}: expected the side left or right, given {row['side']!r}: correct it")
    try:
        found = {key: float(cell) for name, cell in row.items() if cell and (key := _key(name))}
        return StanceRow("left" if row["side"] == "left" else "right", float(row["initial_contact_s"]), found)
    except ValueError as error:
        raise InputError(f"{where}: expected numbers, given another ({error}): correct it") from error


def _key(column: str) -> tuple[str, str] | None:
    if column in _SCALARS:
        return _SCALARS[column]
    match = _ANGLE.fullmatch(column)
    if match is None or match["measure"] not in MEASURE:
        return None
    return match["measure"], INSTANTS[match["instant"]]
