"""Text in the cells of a CSV file: shown by a spreadsheet, never computed."""

from __future__ import annotations

import csv
from pathlib import Path

from midstance.storage._files import atomic_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula."""

_ENDS_OF_LINES = str.maketrans("\r\n", "  ")


def as_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that it would is put behind an apostrophe.

    Ends of lines become blanks: what comes after one would be a cell of its own.
    """
    return (f"'{text}" if text.startswith(FORMULA_STARTS) else text).translate(_ENDS_OF_LINES)


def copy_as_text(source: Path, target: Path) -> None:
    """Copy a CSV file that was read before, cells that a spreadsheet would compute made text. Numbers stay.

    Raises
    ------
    OutputError
        If the copy cannot be written.
    """
    with source.open(encoding="utf-8-sig", newline="") as file, atomic_text(target) as copy:
        writer = csv.writer(copy, lineterminator="\n")
        writer.writerows([cell if _is_number(cell) else as_text(cell) for cell in row] for row in csv.reader(file))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
