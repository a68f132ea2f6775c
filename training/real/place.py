"""Write sheets of a clip, take what was read off or clicked on them.

A sheet shows one person of one frame in four enlarged panels (`sheets`). Its points are typed into a CSV, or clicked;
both end in the same rows: `sheet,point,x_px,y_px,seen,remark`, in the numbers that the sheet's grid tells.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from midstance.api import silent
from midstance.models import ensure_model
from midstance.pose import estimate_people
from midstance.science.errors import InputError
from midstance.video.reader import open_clip
from midstance.video.records import Frame
from training.real.labels import FOLDER, ClipLabels, Label, read_labels, write_labels
from training.real.sheets import Points, Window, leg_px, sheet, windows_of

INDEX = "sheets.csv"
INDEX_COLUMNS = ("sheet", "frame", "time_s", "leg_px", "panel", "x_px", "y_px", "breadth_px", "shown_x", "shown_y")
TYPED_COLUMNS = ("sheet", "point", "x_px", "y_px", "seen", "remark")
MOST_PEOPLE = 2
SHIFTS_PX = 900
"""Grids of a second round tell numbers shifted by up to so much, in tens."""


@dataclass(frozen=True)
class Sheet:
    """One sheet, as the index tells it."""

    number: int
    frame: int
    time_s: float
    leg_px: float
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Who:
    """What holds for all points of a clip that are taken at once; fields as in `Label`."""

    person: str
    near: str
    garment: str
    shoe: str
    round: int = 1


def write_sheets(clip: Path, every: int, out: Path, again: int | None = None) -> int:
    """Write sheets of every so many frames, numbered, with an index; return how many.

    Parameters
    ----------
    clip : Path
    every : int
        Of so many frames one is shown.
    out : Path
        Folder of the sheets.
    again : int, optional
        Seed of a second round: other order, panels cut otherwise, and numbers on the grid shifted by chance.
    """
    out.mkdir(parents=True, exist_ok=True)
    with open_clip(clip) as reader:
        frames = [frame for frame in reader if frame.index % every == 0]
    shown = list(_people(frames))
    order = np.random.default_rng(again).permutation(len(shown)) if again is not None else np.arange(len(shown))
    made = []
    for number, place in enumerate(order):
        frame, person = shown[int(place)]
        rng = np.random.default_rng([again or 0, number])
        windows = windows_of(person, rng)
        if again is not None:
            across, down = (10 * int(n) for n in rng.integers(5, SHIFTS_PX // 10, 2))
            windows = tuple(replace(window, shown_px=(across, down)) for window in windows)
        title = f"sheet {number}" if again is not None else f"sheet {number}, frame {frame.index}"
        cv2.imwrite(str(out / f"{number:03d}.png"), sheet(frame.image_bgr, windows, title))
        made.append(Sheet(number, frame.index, frame.time_s, leg_px(person), windows))
    write_index(made, out)
    return len(made)


def take(clip: Path, sheets: Path, typed: Path, who: Who, folder: Path = FOLDER) -> ClipLabels:
    """Add typed points to the labels of a clip, and return all of them.

    Raises
    ------
    InputError
        If a row names no sheet, or breaks the format of labels.
    """
    index = {made.number: made for made in read_index(sheets)}
    new = tuple(_label(row, index, who, typed.name) for row in _rows(typed))
    path = folder / f"{clip.stem}.csv"
    if path.exists():
        before = read_labels(path)
    else:
        leg = round(float(np.median([made.leg_px for made in index.values()])))
        before = ClipLabels(clip.stem, hashlib.sha256(clip.read_bytes()).hexdigest(), leg, ())
    write_labels(replace(before, labels=before.labels + new), path)
    return read_labels(path)


def read_index(sheets: Path) -> tuple[Sheet, ...]:
    """Return the sheets of a folder."""
    with (sheets / INDEX).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    numbers = sorted({int(row["sheet"]) for row in rows})
    return tuple(_sheet([row for row in rows if int(row["sheet"]) == number]) for number in numbers)


def _people(frames: Sequence[Frame]) -> Iterator[tuple[Frame, Points]]:
    """Yield everybody in each frame, as the pose model sees them: it tells where to look, and no more."""
    seen = estimate_people(frames, ensure_model("lite", say=silent.say), max_people=MOST_PEOPLE)
    for frame, people in zip(frames, seen.xy_px, strict=True):
        yield from ((frame, person) for person in people if np.isfinite(person).all())


def write_index(made: Sequence[Sheet], out: Path) -> None:
    """Write the sheets of a folder, a row for each panel."""
    with (out / INDEX).open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(INDEX_COLUMNS)
        for one in made:
            for w in one.windows:
                head = (one.number, one.frame, f"{one.time_s:.4f}", f"{one.leg_px:.1f}")
                writer.writerow((*head, w.title, w.x_px, w.y_px, w.breadth_px, *w.shown_px))


def _sheet(rows: Sequence[dict[str, str]]) -> Sheet:
    windows = tuple(
        Window(
            row["panel"],
            float(row["x_px"]),
            float(row["y_px"]),
            float(row["breadth_px"]),
            (int(row["shown_x"]), int(row["shown_y"])),
        )
        for row in rows
    )
    first = rows[0]
    return Sheet(int(first["sheet"]), int(first["frame"]), float(first["time_s"]), float(first["leg_px"]), windows)


def _rows(typed: Path) -> list[dict[str, str]]:
    with typed.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != TYPED_COLUMNS:
            raise InputError(
                f"{typed.name}: expected the columns {', '.join(TYPED_COLUMNS)}, given {reader.fieldnames}"
            )
        return list(reader)


def _label(row: dict[str, str], index: dict[int, Sheet], who: Who, name: str) -> Label:
    made = index.get(int(row["sheet"])) if row["sheet"].isdigit() else None
    if made is None:
        raise InputError(f"{name}: expected the number of a sheet, given {row['sheet']}: look into {INDEX}")
    across, down = made.windows[0].shown_px
    pelvis = row["point"].endswith("sis")
    return Label(
        frame=made.frame,
        time_s=made.time_s,
        person=who.person,
        near=who.near,
        point=row["point"],
        x_px=float(row["x_px"] or "nan") - across,
        y_px=float(row["y_px"] or "nan") - down,
        seen=row["seen"],
        garment=who.garment if pelvis else who.shoe,
        round=who.round,
        remark=row["remark"],
    )
