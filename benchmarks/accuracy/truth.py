"""Read what really happened, one row a stance."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.accuracy.records import Truth, TruthStance
from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES

INSTANTS = {
    "contact": "initial_contact",
    "midstance": "midstance",
    "toe_off": "toe_off",
    "stance_peak": "stance_peak",
    "swing_peak": "swing_peak",
}
ANGLE = re.compile(rf"(?P<measure>\w+?)_(?P<instant>{'|'.join(INSTANTS)})_deg")
SCALARS = {
    "swing_peak_knee_flexion_deg": ("knee_flexion", "swing_peak"),
    "overstride_m": ("overstride_m", "initial_contact"),
    "step_width_m": ("step_width_m", "midstance"),
    "cadence_spm": ("cadence", "stride"),
    "stride_time_s": ("stride_time", "stride"),
    "contact_time_s": ("contact_time", "stride"),
    "flight_time_s": ("flight_time", "stride"),
    "duty_factor_percent": ("duty_factor", "stride"),
    "vertical_oscillation_m": ("vertical_oscillation_m", "stride"),
}
"""Columns that are not `MEASURE_INSTANT_deg`."""
NEEDED = ("side", "initial_contact_s", "toe_off_s")
LONGEST_STRIDE_S = 1.2
SAME_STANCE_S = 0.03


def read_truth(path: Path) -> Truth:
    """Read a truth file; columns that are not known are left out, timing that is not given is derived.

    Raises
    ------
    InputError
        If columns are missing or a cell cannot be read.
    """
    with path.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        missing = [c for c in NEEDED if c not in (reader.fieldnames or ())]
        if missing:
            raise InputError(
                f"{path}: expected the columns {', '.join(NEEDED)}, {', '.join(missing)} missing: add them"
            )
        rows = list(reader)
    return truth_of(rows, str(path))


def truth_of(rows: Sequence[dict[str, str]], where: str) -> Truth:
    """Return the truth of a table's rows. See `read_truth`."""
    found = [_stance(row, f"{where}, row {i}") for i, row in enumerate(rows, start=1)]
    stances = _with_timing(sorted(found, key=lambda s: s.initial_contact_s))
    first = rows[0] if rows else {}
    speed, height = (_number(first.get(column), where) for column in ("speed_mps", "height_m"))
    return Truth(stances, speed if speed > 0 else None, height if height > 0 else None)


def supplemented(truth: Truth, more: Truth) -> Truth:
    """Add what another truth of the same run has and this one lacks."""
    stances = tuple(_supplemented(stance, more.stances) for stance in truth.stances)
    return Truth(stances, truth.speed_mps or more.speed_mps, truth.height_m or more.height_m)


def _supplemented(stance: TruthStance, more: Sequence[TruthStance]) -> TruthStance:
    for other in more:
        near = abs(other.initial_contact_s - stance.initial_contact_s) < SAME_STANCE_S
        if other.side == stance.side and near:
            return replace(stance, values={**other.values, **stance.values})
    return stance


def _stance(row: dict[str, str], where: str) -> TruthStance:
    side = row["side"]
    if side not in SIDES:
        raise InputError(f"{where}: expected the side left or right, given {side!r}: correct it")
    values = {key: _number(cell, where) for column, cell in row.items() if (key := _key(column)) is not None}
    return TruthStance(
        side="left" if side == "left" else "right",
        initial_contact_s=_number(row["initial_contact_s"], where),
        toe_off_s=_number(row["toe_off_s"], where),
        midstance_s=_number(row.get("midstance_s", ""), where),
        values={key: value for key, value in values.items() if np.isfinite(value)},
    )


def _key(column: str) -> tuple[str, str] | None:
    if column in SCALARS:
        return SCALARS[column]
    match = ANGLE.fullmatch(column)
    return (match["measure"], INSTANTS[match["instant"]]) if match else None


def _number(cell: str | None, where: str) -> float:
    try:
        return float(cell) if cell else float("nan")
    except ValueError as error:
        raise InputError(f"{where}: expected a number, given {cell!r}: correct it") from error


def _with_timing(stances: list[TruthStance]) -> tuple[TruthStance, ...]:
    return tuple(replace(s, values={**_timing(stances, i), **s.values}) for i, s in enumerate(stances))


def _timing(stances: list[TruthStance], i: int) -> dict[tuple[str, str], float]:
    """Derive the times of a stride from its stance, the other foot's and its own next one."""
    here = stances[i]
    contact_s = here.toe_off_s - here.initial_contact_s
    out = {("contact_time", "stride"): contact_s}
    following = stances[i + 1 : i + 3]
    if len(following) < 2 or following[0].side == here.side or following[1].side != here.side:
        return out
    stride_s = following[1].initial_contact_s - here.initial_contact_s
    if stride_s > LONGEST_STRIDE_S:
        return out
    return out | {
        ("flight_time", "stride"): following[0].initial_contact_s - here.toe_off_s,
        ("stride_time", "stride"): stride_s,
        ("cadence", "stride"): 120 / stride_s,
        ("duty_factor", "stride"): 100 * contact_s / stride_s,
    }
