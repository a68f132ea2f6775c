"""Write the tables of an analysis as CSV.

The columns that other programs rely on come first. Cells of missing values are empty, booleans are ``true``
or ``false``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from midstance.science.records import Analysis
from midstance.storage._files import atomic_text
from midstance.storage._rows import (
    CURVE_COLUMNS,
    MEASURE_COLUMNS,
    STRIDE_COLUMNS,
    Cell,
    Row,
    curve_points,
    measure_rows,
    stride_rows,
)
from midstance.storage.cells import as_text


def write_strides(analysis: Analysis, path: Path | str) -> None:
    """Write one row a stride: when its events were, and why it is not valid.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    _write(path, STRIDE_COLUMNS, stride_rows(analysis))


def write_measures(analysis: Analysis, path: Path | str) -> None:
    """Write one row for each measure, stride and instant; an unmeasurable one has an empty value.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    _write(path, MEASURE_COLUMNS, measure_rows(analysis))


def write_curves(analysis: Analysis, path: Path | str) -> None:
    """Write one row for each measure, stride and percent of the stride.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    _write_cells(path, CURVE_COLUMNS, curve_points(analysis))


def _write(path: Path | str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    _write_cells(path, columns, ([_text(row[c]) for c in columns] for row in rows))


def _write_cells(path: Path | str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    with atomic_text(Path(path)) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _text(cell: Cell) -> Cell:
    """Return a cell as CSV has it; the writer makes None an empty one."""
    if isinstance(cell, str):
        return as_text(cell)
    return str(cell).lower() if isinstance(cell, bool) else cell
