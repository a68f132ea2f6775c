"""Read and write landmarks as CSV.

One row for each landmark seen in a frame: ``frame,time_s,landmark,x_px,y_px,visibility``, and ``model`` where a
pose model of ours estimated them.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from midstance.science.errors import InputError, LandmarksFileError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries
from midstance.storage._files import atomic_text
from midstance.storage.cells import as_text

COLUMNS = ("frame", "time_s", "landmark", "x_px", "y_px", "visibility")
MODEL_COLUMN = "model"
"""Name of the pose model, in every row: what it is known to be off by can then be put right. May be absent."""
MAX_FRAMES = 1_000_000
"""Longest series that is read: over four hours at 60 fps. A stray frame number must not fill the memory."""
MAX_PX = 1e6
MAX_TIME_S = 4e9
"""Bounds of what can be meant (times may count from 1970); larger numbers would overflow later."""
MIN_STEP_S = 1e-6
"""Least time between frames."""
CAPTURE_FPS = (1.0, 100_000.0)
"""Least and greatest rate that a camera is believed to film at."""

_CHUNK_ROWS = 4096
_NO_CSV = str.maketrans(dict.fromkeys(',"\r\n', "_"))
"""Characters that a cell without quotes cannot hold."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class _Rows:
    """The cells of a file, one array a column, in the file's order."""

    path: Path
    frame: Floats
    time_s: Floats
    landmark: Floats
    """Index into `LANDMARK_NAMES`; -1 for a name that is not there."""
    x_px: Floats
    y_px: Floats
    visibility: Floats

    def fail(self, wrong: Mask, column: str, expected: str, advice: str) -> None:
        """Raise for the first row that is wrong, if there is one."""
        if wrong.any():
            _fail_at(self.path, int(np.argmax(wrong)), column, expected, advice)


def read_landmarks(
    path: Path | str, *, capture_fps: float | None = None, most_frames: int = MAX_FRAMES
) -> LandmarkSeries:
    """Read landmarks from a CSV file.

    The header names the columns, in any order; other columns are ignored. A frame number that is absent
    between others becomes a frame in which nothing is seen, at a time interpolated between its neighbours,
    so that the time base keeps its holes. A row whose position is empty or ``nan`` says that the frame was
    there and the landmark was not seen. An empty visibility is NaN.

    Parameters
    ----------
    path : Path or str
        The file, in UTF-8.
    capture_fps : float, optional
        The rate the camera filmed at, when the times are those of slow motion. Times are scaled by the file's
        median rate over this one.
    most_frames : int
        A file whose frame numbers reach over more of them is refused before memory is taken for it.

    Returns
    -------
    LandmarkSeries
        One row a frame, from the first to the last frame number of the file.

    Raises
    ------
    LandmarksFileError
        If the file is missing or breaks the format; the message has the line, the column and what to do.
    InputError
        If `capture_fps` is outside `CAPTURE_FPS`.
    """
    if capture_fps is not None and not CAPTURE_FPS[0] <= capture_fps <= CAPTURE_FPS[1]:
        raise InputError(
            f"capture_fps: expected frames per second from {CAPTURE_FPS[0]:.0f} to {CAPTURE_FPS[1]:.0f}, "
            f"given {capture_fps}: give the rate the camera filmed at"
        )
    rows = _read_rows(Path(path), most_frames)
    _check_cells(rows)
    series = _series(rows, most_frames)
    if capture_fps is None or not series.duration_s:
        return series
    return replace(series, time_s=series.time_s * (series.fps / capture_fps))


def read_model(path: Path | str) -> str | None:
    """Return the name of the pose model that a landmarks file names; None when it names none.

    Raises
    ------
    LandmarksFileError
        If the file cannot be read.
    """
    with _opened(Path(path)) as reader:
        header = [name.strip() for name in next(reader, [])]
        row: list[str] = next((r for r in reader if len(r) == len(header)), [])
    return dict(zip(header, row, strict=False)).get(MODEL_COLUMN, "").strip() or None


def write_landmarks(series: LandmarkSeries, path: Path | str, *, model: str | None = None) -> None:
    """Write landmarks to a CSV file that `read_landmarks` reads back.

    Positions are rounded to 0.01 px, times to a nanosecond, visibilities to 0.0001. A landmark that is not
    seen has no row. A frame in which nothing is seen has none either, unless its time could not be told from
    its neighbours (the first, the last, or a frame rate that varies): then one row for the nose says ``nan``.

    Parameters
    ----------
    series : LandmarkSeries
        With frame numbers from 0 that increase, as a pose model's do.
    path : Path or str
        The file. It appears only when it is complete.
    model : str, optional
        Name of the pose model that estimated them.

    Raises
    ------
    ValueError
        If there is no frame, frame numbers do not increase, or times differ by less than `MIN_STEP_S`.
    OutputError
        If the file cannot be written.
    """
    _check_writable(series)
    with atomic_text(Path(path)) as file:
        file.write(",".join((*COLUMNS, MODEL_COLUMN) if model else COLUMNS) + "\n")
        end = f",{as_text(model.translate(_NO_CSV))}\n" if model else "\n"
        file.writelines(line + end for line in _lines(series))


# Reading: text to columns


def _read_rows(path: Path, most_frames: int) -> _Rows:
    with _opened(path) as reader:
        places = _places(path, next(reader, []))
        chunks: list[list[Floats]] = []
        count = 0
        while rows := list(islice(reader, _CHUNK_ROWS)):
            chunks.append(_parse(path, rows, places, count))
            count += len(chunks[-1][0])
            if count > most_frames * len(LANDMARK_NAMES):
                _fail(path, f"expected at most {most_frames} frames, given more rows than that: cut it in parts")
    if not count:
        _fail(path, "expected one row for each landmark seen, given none: give a file with landmarks in it")
    return _Rows(path, *(np.concatenate(column) for column in zip(*chunks, strict=True)))


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Yield a CSV reader; what goes wrong in reading becomes a LandmarksFileError."""
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises where a folder above may not be searched
        _fail(path, "expected a landmarks file, found none: check the name")
    if not path.is_file():
        _fail(path, "expected a CSV file, given a folder or a device: give the file itself")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield csv.reader(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = "not text in UTF-8" if isinstance(error, UnicodeDecodeError) else error
        _fail(path, f"expected comma-separated text that can be read, given '{reason}': save it as CSV in UTF-8")


def _places(path: Path, header: Sequence[str]) -> tuple[int, ...]:
    """Return where each of `COLUMNS` stands in the header, then the header's width."""
    names = [name.strip() for name in header]
    if not any(names):
        _fail(path, f"expected a header {','.join(COLUMNS)}, given an empty line or file: add the header")
    missing = [c for c in COLUMNS if names.count(c) != 1]
    if missing:
        expected = f"expected each column of {','.join(COLUMNS)} once, separated by commas"
        given = f"given {','.join(names)[:120]!r}, where {', '.join(missing)} is not found or found twice"
        _fail(path, f"{expected}, {given}: mend the first line")
    return (*(names.index(c) for c in COLUMNS), len(names))


def _parse(path: Path, rows: list[list[str]], places: tuple[int, ...], before: int) -> list[Floats]:
    """Return the columns of some rows; `before` is the number of rows already read."""
    *where, width = places
    if any(len(row) != width or not row[where[0]] for row in rows):
        rows = _without_blank(rows)
        ragged = next((i for i, row in enumerate(rows) if len(row) != width), None)
        if ragged is not None:
            _fail_at(path, before + ragged, None, f"{width} cells", "is there a comma too many or too few?")
    if not rows:
        return [np.empty(0) for _ in COLUMNS]
    cells = list(zip(*rows, strict=True))
    return [_column(path, name, cells[place], before) for name, place in zip(COLUMNS, where, strict=True)]


def _without_blank(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if any(map(str.strip, row))]


def _column(path: Path, name: str, cells: Sequence[str], before: int) -> Floats:
    convert: Callable[[str], float] = LANDMARK_INDEX.__getitem__ if name == "landmark" else float
    careful = _landmark if name == "landmark" else _number
    try:
        return np.fromiter(map(convert, cells), np.float64, len(cells))
    except (KeyError, ValueError):  # an empty cell, spaces around a name, or a fault: look at each
        found = list(map(careful, cells))
    if None in found:
        _fail_at(path, before + found.index(None), name, "a number", "correct the cell, or leave the row out")
    return np.array(found, dtype=np.float64)


def _number(cell: str) -> float | None:
    try:
        return float(cell) if cell.strip() else float("nan")
    except ValueError:
        return None


def _landmark(cell: str) -> float:
    return LANDMARK_INDEX.get(cell.strip(), -1)


# Reading: columns to a series


def _check_cells(rows: _Rows) -> None:
    """Raise for the first cell that cannot be meant."""
    frame, time_s, x_px, y_px = rows.frame, rows.time_s, rows.x_px, rows.y_px
    rows.fail(rows.landmark < 0, "landmark", "one of MediaPipe's 33 names such as 'left_knee'", "correct it")
    whole = np.isfinite(frame) & (frame >= 0) & (frame <= 2**53) & (np.floor(frame) == frame)
    rows.fail(~whole, "frame", "a whole number from 0", "number the frames")
    rows.fail(~(np.abs(time_s) <= MAX_TIME_S), "time_s", "a time in seconds", "give each row its time")
    for name, position in (("x_px", x_px), ("y_px", y_px)):
        rows.fail(np.abs(position) > MAX_PX, name, "a position in pixels", "leave out rows that are not seen")
    half = np.isnan(x_px) != np.isnan(y_px)
    rows.fail(half, "x_px", "both x_px and y_px, or neither", "leave out rows that are not seen")
    outside = (rows.visibility < 0) | (rows.visibility > 1)
    rows.fail(outside, "visibility", "a number from 0 to 1", "write 1 where there is none")


def _series(rows: _Rows, most_frames: int) -> LandmarkSeries:
    frame = rows.frame.astype(np.int64)
    first, count = int(frame.min()), int(frame.max() - frame.min()) + 1
    if count > most_frames:
        given = f"given numbers from {first} to {first + count - 1}"
        _fail(rows.path, f"expected at most {most_frames} frames, {given}: correct them or cut the file in parts")
    at = frame - first
    xy_px, visibility = _positions(rows, at, count)
    return LandmarkSeries(_times(rows, at, count), xy_px, visibility, np.arange(first, first + count))


def _positions(rows: _Rows, at: Ints, count: int) -> tuple[Floats, Floats]:
    """Return xy_px and visibility, (count, 33, 2) and (count, 33)."""
    visibility = np.where(np.isnan(rows.x_px), np.nan, rows.visibility)
    given = np.column_stack([rows.x_px, rows.y_px, visibility])
    table = np.full((count, len(LANDMARK_NAMES), 3), np.nan)
    landmark = rows.landmark.astype(np.int64)
    table[at, landmark] = given
    stored = table[at, landmark]  # of a row given twice only the last is stored
    differs = ~((stored == given) | (np.isnan(stored) & np.isnan(given))).all(axis=1)
    rows.fail(differs, "landmark", "each landmark once a frame", "it comes again with other values: keep one")
    return np.ascontiguousarray(table[..., :2]), np.ascontiguousarray(table[..., 2])


def _times(rows: _Rows, at: Ints, count: int) -> Floats:
    """Return the time of each frame, (count,), interpolated where a frame has no row."""
    given = np.full(count, np.nan)
    given[at] = rows.time_s
    rows.fail(given[at] != rows.time_s, "time_s", "one time for all rows of a frame", "there is another: keep one")
    known = np.flatnonzero(~np.isnan(given))
    time_s: Floats = np.interp(np.arange(count), known, given[known])
    early = np.flatnonzero(np.diff(time_s) < MIN_STEP_S / 2) + 1  # half, to leave room for rounding
    culprit = known[np.searchsorted(known, early[:1])]
    rows.fail(np.isin(at, culprit), "time_s", "a later time than that of the frame before", "correct the times")
    return time_s


# Reading: saying what is wrong


def _fail(path: Path, text: str) -> NoReturn:
    raise LandmarksFileError(f"{path}: {text}")


def _fail_at(path: Path, index: int, column: str | None, expected: str, advice: str) -> NoReturn:
    """Raise for a row, counted without blank ones; its line is looked up only now, to read fast."""
    with _opened(path) as reader:
        names = [name.strip() for name in next(reader, [])]
        numbered = ((reader.line_num, row) for row in reader if _without_blank([row]))
        line, row = next(islice(numbered, index, None))
    where = f"line {line}" if column is None else f"line {line}, column {column}"
    given = ",".join(row) if column is None else row[names.index(column)]
    _fail(path, f"{where}: expected {expected}, given {given[:80]!r}: {advice}")


# Writing


def _check_writable(series: LandmarkSeries) -> None:
    if not len(series):
        raise ValueError("expected a frame or more, given none")
    if np.any(series.frame < 0) or np.any(np.diff(series.frame) <= 0):
        raise ValueError("frame: expected increasing numbers from 0, given others: write landmarks as estimated")
    if np.any(np.diff(series.time_s) < MIN_STEP_S):
        raise ValueError(f"time_s: expected frames {MIN_STEP_S} s apart or more, given closer ones")


def _lines(series: LandmarkSeries) -> Iterator[str]:
    seen: Mask = np.all(np.abs(series.xy_px) <= MAX_PX, axis=2)
    listed = _listed(series, seen)
    xy_px = np.where(seen[..., None], series.xy_px, np.nan)
    visibility = np.where(seen, series.visibility, 0.0)
    for i in range(len(series)):
        start = f"{series.frame[i]},{series.time_s[i]:.9f},"
        columns = (xy_px[i].tolist(), visibility[i].tolist(), listed[i].tolist())
        for name, (x, y), visible, wanted in zip(LANDMARK_NAMES, *columns, strict=True):
            if wanted:
                yield f"{start}{name},{x:.2f},{y:.2f},{visible:.4f}"


def _listed(series: LandmarkSeries, seen: Mask) -> Mask:
    """Return which landmarks get a row, (n, 33): those seen, and the nose of a frame that would be lost."""
    unseen: Mask = ~np.any(seen, axis=1)
    known = np.logical_not(unseen)
    known[[0, -1]] = True
    guess = np.interp(series.frame, series.frame[known], series.time_s[known])
    lost = unseen & (known | (np.abs(guess - series.time_s) > MIN_STEP_S / 4))
    nose = np.arange(len(LANDMARK_NAMES)) == LANDMARK_INDEX["nose"]
    listed: Mask = seen | (lost[:, None] & nose)
    return listed
