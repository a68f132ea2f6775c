"""`summary.csv`: one row a run, with the main numbers of both sides."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from midstance.api.compare import read_run
from midstance.batch.rows import Row
from midstance.batch.state import NOT_RUN, RUNS, Done, results_folder
from midstance.report.summary import Chosen, choose_rows
from midstance.science.errors import InputError
from midstance.science.findings import FOUNDING_ID
from midstance.science.landmarks import SIDES
from midstance.science.records import Instant, Level
from midstance.storage.cells import as_text
from midstance.storage.text import atomic_text

if TYPE_CHECKING:
    from midstance.report import SavedRun

SHOWN: tuple[tuple[str, Instant, str], ...] = (
    ("tibial_inclination", "midstance", "deg"),
    ("knee_flexion", "midstance", "deg"),
    ("ankle_dorsiflexion", "stance_peak", "deg"),
    ("knee_valgus", "midstance", "deg"),
    ("foot_progression", "midstance", "deg"),
    ("cadence", "stride", "steps_per_min"),
)
"""Measure, instant and the unit as a column names it."""
_DIGITS = 6


@dataclass(frozen=True)
class RunResult:
    """One row of the batch with what is known of it."""

    row: Row
    reason: str
    """Why it failed; empty when it did not."""
    folder: str
    """Relative to the batch, with ``/``; empty without results."""
    levels: Mapping[str, str]
    """Level of the founding finding by side."""
    numbers: Chosen
    """Summary of each measure, instant and side, from the view that shows it best."""
    run: SavedRun | None
    """For comparisons; None without results."""

    @property
    def status(self) -> str:
        """`done`, `failed` or `not run`."""
        if self.reason == NOT_RUN.reason:
            return "not run"
        return "failed" if self.reason else "done"


def read_results(out: Path, rows: Sequence[Row], ended: Sequence[Done]) -> tuple[RunResult, ...]:
    """Return what is known of each row, from the folders of those that ended well."""
    return tuple(_result(out, row, done) for row, done in zip(rows, ended, strict=True))


def _result(out: Path, row: Row, done: Done) -> RunResult:
    reason = done.reason
    if not reason:
        try:
            return _read(out, row)
        except InputError as error:
            reason = str(error)
    return RunResult(row, reason, "", {}, {}, None)


def _read(out: Path, row: Row) -> RunResult:
    folder = results_folder(out, row)
    run = read_run(folder)
    numbers = choose_rows(run.summary, list(run.clips))
    return RunResult(row, "", f"{RUNS}/{row.folder}", _levels(folder), numbers, run)


def _levels(folder: Path) -> dict[str, str]:
    content = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    try:
        found = [finding for finding in content.get("findings", []) if finding.get("id") == FOUNDING_ID]
        return {str(finding["side"]): finding["level"] for finding in found if finding["level"] in get_args(Level)}
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{folder}: expected a complete analysis.json, given one whose findings lack or break {error}: "
            "analyse the clips again"
        ) from error


def write_summary(results: Iterable[RunResult], path: Path) -> None:
    """Write one row a run; what is not known is an empty cell.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with atomic_text(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns())
        writer.writerows(_cells(result) for result in results)


def columns() -> list[str]:
    """Return the header of the summary."""
    found = ["runner", "date", "status", "reason", "folder"]
    found += [f"dorsiflexion_compensation_{side}" for side in SIDES]
    for measure, instant, unit in SHOWN:
        name = measure if instant == "stride" else f"{measure}_{instant}"
        found += [f"{name}_{side}_{what}" for side in SIDES for what in (f"median_{unit}", f"sd_{unit}", "quality")]
    return found


def _cells(result: RunResult) -> list[str]:
    row = result.row
    cells = [as_text(row.runner), row.date, result.status, as_text(result.reason), as_text(result.folder)]
    cells += [result.levels.get(side, "") for side in SIDES]
    for measure, instant, _ in SHOWN:
        for side in SIDES:
            found = result.numbers.get((measure, instant, side))
            cells += [_number(found.median), _number(found.sd), found.quality] if found else ["", "", ""]
    return cells


def _number(value: float) -> str:
    return f"{value:.{_DIGITS}g}" if math.isfinite(value) else ""
