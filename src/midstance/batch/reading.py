"""The input of a batch: a manifest, or a folder of clips.

A manifest is a CSV file with a header. `runner` is needed; `date` is YYYY-MM-DD or empty. Clips: `side`, `side_2`
(from the other side), `front`, `rear`, `standing`, relative to the manifest. Options, empty for the default: `model`,
`landmarks`, `capture_fps`, `height_m`, `speed_mps`, `surface`, `lunge_left_deg`, `lunge_right_deg`, `lunge_left_cm`,
`lunge_right_cm`. Landmarks may stand wherever a clip stands: a file ending in `.csv`, `.trc`, `.c3d` or `.nc`, or a
folder of OpenPose's JSON files, which needs `capture_fps`.

In a folder, `NAME_side.mp4`, `NAME_front.mp4` and so on are one run of the runner NAME; the last word is one of `side`,
`left`, `right`, `front`, `rear`, `standing`. In a subfolder the runner is called as the subfolder, and NAME may be
left out. The date is the YYYY-MM-DD in the name of the file, or of the subfolder, where there is one.
"""

from __future__ import annotations

import csv
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from midstance.api.sources import FOREIGN
from midstance.batch.rows import CLIP_COLUMNS, OPTION_COLUMNS, Row, check_rows, is_date, parse_date, parse_options
from midstance.science.errors import InputError

COLUMNS = ("runner", "date", *CLIP_COLUMNS, *OPTION_COLUMNS)
SIDE_WORDS = ("side", "left", "right")
WORDS = (*SIDE_WORDS, "front", "rear", "standing")
KINDS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".mts", ".3gp", ".csv", *FOREIGN)
"""Endings of the files that a folder is searched for."""
LANDMARKS = "landmarks"
"""A subfolder of what belongs to the clips beside it."""
_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")


def read_batch(source: Path) -> tuple[Row, ...]:
    """Return the rows of a manifest, or of a folder, all of them checked.

    Raises
    ------
    InputError
        If it is neither, or a row is wrong; the message names the row.
    """
    if os.path.isdir(source):  # noqa: PTH112 - Path.is_dir raises where a name is too long
        rows = read_folder(source)
    elif os.path.isfile(source):  # noqa: PTH113 - as above
        rows = read_manifest(source)
    else:
        raise InputError(f"{source}: expected a folder of clips or a manifest (.csv), given nothing: check the name")
    check_rows(rows)
    return rows


def read_manifest(path: Path) -> tuple[Row, ...]:
    """Return the rows of a manifest; blank lines are passed over.

    Raises
    ------
    InputError
        If the file is no manifest or a row is wrong. Rows are counted as in a spreadsheet: the header is row 1.
    """
    records = _records(path)
    header = [name.strip() for name in next(records, (1, []))[1]]
    _check_header(path, header)
    rows = tuple(_row(number, _cells(number, header, cells), path.parent) for number, cells in records if any(cells))
    if not rows:
        raise InputError(f"{path}: expected a row for each run, given a header alone: add rows")
    return rows


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            for number, cells in enumerate(csv.reader(file, strict=True), 1):
                yield number, [cell.strip() for cell in cells]
    except UnicodeDecodeError:
        raise InputError(f"{path}: expected text in UTF-8, given another encoding: save it as CSV UTF-8") from None
    except (csv.Error, OSError) as error:
        raise InputError(
            f"{path}: expected a CSV file, given one that cannot be read ({error}): save it anew"
        ) from None


def _check_header(path: Path, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if unknown:
        named = ", ".join(repr(name) for name in unknown)
        raise InputError(f"{path}: expected the columns {', '.join(COLUMNS)}, given also {named}: rename or remove it")
    twice = [name for name in header if header.count(name) > 1]
    if twice or "runner" not in header:
        wrong = f"{twice[0]} twice" if twice else "none called runner"
        raise InputError(f"{path}: expected a column runner and each column once, given {wrong}: correct the header")


def _cells(number: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(header) and any(cells[len(header) :]):
        raise InputError(f"row {number}: expected {len(header)} cells, given {len(cells)}: is a comma not in quotes?")
    return dict(zip(header, cells, strict=False))


def _row(number: int, cells: Mapping[str, str], folder: Path) -> Row:
    where = f"row {number}"
    odd = next((name for name, cell in cells.items() if not cell.isprintable()), None)
    if odd is not None:
        raise InputError(f"{where}, {odd}: expected letters that can be shown, given a line break or worse: correct it")
    if not cells.get("runner"):
        raise InputError(f"{where}: expected the name of a runner, given none: write one")
    if cells.get("side_2") and not cells.get("side"):
        raise InputError(f"{where}: expected side before side_2, given side_2 alone: move the clip to side")
    clips = {name: _absolute(folder, cells[name]) for name in CLIP_COLUMNS if cells.get(name)}
    try:
        return Row(
            where=where,
            runner=cells["runner"],
            date=parse_date(cells.get("date", "")),
            side=tuple(clips[name] for name in ("side", "side_2") if name in clips),
            front=clips.get("front"),
            rear=clips.get("rear"),
            standing=(clips["standing"],) if "standing" in clips else (),
            options=parse_options(cells, folder),
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _absolute(folder: Path, name: str) -> Path:
    return (folder / name).absolute()


def read_folder(folder: Path) -> tuple[Row, ...]:
    """Return the runs of a folder, by runner and date; files with other names are passed over.

    Raises
    ------
    InputError
        If no file is named as one of a run, or two stand for one clip.
    """
    runs: dict[tuple[str, str], dict[str, Path]] = defaultdict(dict)
    for path, runner, day, word in _named_files(folder):
        other = runs[runner, day].setdefault(word, path.absolute())
        if other != path.absolute():
            raise InputError(f"{path}: expected one {word} clip of {runner or 'a run'}, given also {other}: rename one")
    if not runs:
        raise InputError(
            f"{folder}: expected clips named like anna_side.mp4 and anna_front.mp4, given none: "
            "rename them, or write a manifest"
        )
    return tuple(_folder_row(runner, day, runs[runner, day]) for runner, day in sorted(runs))


def _named_files(folder: Path) -> Iterator[tuple[Path, str, str, str]]:
    """Yield every clip of a folder and its subfolders with runner, date and the word that tells the view."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == LANDMARKS:
            continue
        if path.is_dir():
            yield from _in_subfolder(path)
        elif (parts := _split(path)) and parts[0]:
            yield path, *_runner_and_date(parts[0]), parts[1]


def _in_subfolder(folder: Path) -> Iterator[tuple[Path, str, str, str]]:
    runner, day = _runner_and_date(folder.name)
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith(".") and (parts := _split(path)):
            yield path, runner, _runner_and_date(parts[0])[1] or day, parts[1]


def _split(path: Path) -> tuple[str, str] | None:
    """Return name and view of a file; None for a file that is no clip of a run."""
    name, _, word = path.stem.rpartition("_")
    if path.suffix.lower() not in KINDS or word.lower() not in WORDS:
        return None
    return name, word.lower()


def _runner_and_date(name: str) -> tuple[str, str]:
    """Return a name without the date in it, and the date; a name that is a date alone is kept."""
    found = _DATE.search(name)
    if found is None or not is_date(found[0]):
        return name, ""
    rest = [part for part in (name[: found.start()].strip(" _-."), name[found.end() :].strip(" _-.")) if part]
    return "_".join(rest) or name, found[0]


def _folder_row(runner: str, day: str, clips: Mapping[str, Path]) -> Row:
    return Row(
        where=f"{runner} {day}".strip(),
        runner=runner,
        date=day,
        side=tuple(clips[word] for word in SIDE_WORDS if word in clips),
        front=clips.get("front"),
        rear=clips.get("rear"),
        standing=(clips["standing"],) if "standing" in clips else (),
    )
