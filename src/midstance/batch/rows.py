"""One row of a batch: a run with its clips and options, checked."""

from __future__ import annotations

import hashlib
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar, get_args

from midstance.api.sources import DEFAULT_MODEL, Landmarks
from midstance.science.errors import InputError
from midstance.science.settings import Settings

MODELS = ("lite", "full", "heavy")
SURFACES: tuple[Literal["auto", "treadmill", "overground"], ...] = ("auto", "treadmill", "overground")
LANDMARKS: tuple[Landmarks, ...] = get_args(Landmarks)
CLIP_COLUMNS = ("side", "side_2", "front", "rear", "standing")
RANGES: Mapping[str, tuple[float, float]] = {
    "capture_fps": (1, 2000),
    "height_m": (0.8, 2.6),
    "speed_mps": (0.3, 15),
    "lunge_left_deg": (0, 90),
    "lunge_right_deg": (0, 90),
    "lunge_left_cm": (0, 30),
    "lunge_right_cm": (0, 30),
}
"""Options that are numbers, with the least and the greatest; those of `midstance analyze`."""
OPTION_COLUMNS = ("model", "landmarks", "surface", *RANGES)
_Word = TypeVar("_Word", bound=str)
_LONGEST_NAME = 40
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Options:
    """How a run is analysed."""

    model: str = DEFAULT_MODEL
    """`lite`, `full`, `heavy`, or the absolute path of a `.task` file."""
    landmarks: Landmarks = "midstance"
    capture_fps: float | None = None
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True)
class Row:
    """One run of one runner."""

    where: str
    """Where it was read, for messages: `row 3`, or a name in a folder."""
    runner: str
    date: str
    """ISO, or empty."""
    side: tuple[Path, ...] = ()
    front: Path | None = None
    rear: Path | None = None
    standing: tuple[Path, ...] = ()
    options: Options = field(default_factory=Options)

    @property
    def clips(self) -> tuple[Path, ...]:
        """Every clip, side clips first."""
        frontal = tuple(clip for clip in (self.front, self.rear) if clip is not None)
        return (*self.side, *frontal, *self.standing)

    @property
    def title(self) -> str:
        """Runner and date, for people."""
        return f"{self.runner} {self.date}".strip()

    @property
    def folder(self) -> str:
        """Name of its folder: runner and date in characters that every file system takes.

        A name that had to be changed gets some digits of its hash, so that two of them stay apart.
        """
        whole = unicodedata.normalize("NFC", self.runner)
        safe = re.sub(r"[^\w-]+", "_", whole).strip("_")[:_LONGEST_NAME]
        parts = [safe or "runner", self.date]
        if safe != whole:
            parts.append(hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:8])
        return "_".join(part for part in parts if part)


def parse_date(text: str) -> str:
    """Return an ISO date as it is given, or an empty text as it is.

    Raises
    ------
    InputError
        If it is no date of the form YYYY-MM-DD.
    """
    if text and not is_date(text):
        raise InputError(f"date: expected YYYY-MM-DD, given {text!r}: write it like 2026-03-28")
    return text


def is_date(text: str) -> bool:
    """Return whether a text is a date of the calendar as YYYY-MM-DD."""
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def parse_options(given: Mapping[str, str], folder: Path) -> Options:
    """Return options from text; an empty cell leaves the default.

    Parameters
    ----------
    given : mapping of column to text
    folder : Path
        What the path of a model is relative to.

    Raises
    ------
    InputError
        If one is no number, out of its range or not one of its words, or a side has two lunge tests.
    """
    numbers = {name: _number(name, given[name]) for name in RANGES if given.get(name)}
    return Options(
        model=_model(given.get("model") or DEFAULT_MODEL, folder),
        landmarks=_word("landmarks", given, LANDMARKS),
        capture_fps=numbers.get("capture_fps"),
        settings=Settings(
            surface=_word("surface", given, SURFACES),
            height_m=numbers.get("height_m"),
            speed_mps=numbers.get("speed_mps"),
            lunge_left_deg=numbers.get("lunge_left_deg"),
            lunge_right_deg=numbers.get("lunge_right_deg"),
            lunge_left_cm=numbers.get("lunge_left_cm"),
            lunge_right_cm=numbers.get("lunge_right_cm"),
        ),
    )


def check_rows(rows: Iterable[Row]) -> None:
    """Check what rows must keep together and alone, before the first clip is analysed.

    Raises
    ------
    InputError
        If a row has no clip of the run or names a missing file, or two rows are one run.
    """
    seen: dict[str, Row] = {}
    for row in rows:
        _check_clips(row)
        other = seen.setdefault(row.folder.casefold(), row)
        if other is not row:
            raise InputError(
                f"{row.where}: expected one row for each runner and date, given {row.title!r} also in {other.where}: "
                "give it another date or name"
            )


def _check_clips(row: Row) -> None:
    if not (row.side or row.front or row.rear):
        raise InputError(f"{row.where}: expected a clip (side, front or rear), given none: name one")
    if len(row.side) > 2:
        raise InputError(f"{row.where}: expected at most two side clips, given {len(row.side)}: leave one out")
    for clip in row.clips:
        if os.path.isdir(clip):  # noqa: PTH112 - Path.is_dir raises where a name is too long
            _check_openpose(row, clip)
        elif not os.path.isfile(clip):  # noqa: PTH113 - as above
            raise InputError(f"{row.where}: expected a clip or a landmarks file, given {clip}, which is none: check it")


def files_of(clip: Path) -> tuple[Path, ...]:
    """Return the file of a clip, or the JSON files of a folder of OpenPose's."""
    if not os.path.isdir(clip):  # noqa: PTH112 - as above
        return (clip,)
    return tuple(sorted(clip.glob("*.json")))


def _check_openpose(row: Row, folder: Path) -> None:
    if not files_of(folder):
        raise InputError(f"{row.where}: expected a clip or landmarks, given {folder}, a folder without .json: check it")
    if row.options.capture_fps is None:
        raise InputError(
            f"{row.where}: expected the rate of OpenPose's files, which hold no times: give capture_fps for {folder}"
        )


def _number(name: str, text: str) -> float:
    least, greatest = RANGES[name]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= greatest:
        raise InputError(f"{name}: expected a number from {least:g} to {greatest:g}, given {text!r}: correct it")
    return value


def _word(name: str, given: Mapping[str, str], words: tuple[_Word, ...]) -> _Word:
    """Return one of some words; the first of them when none is given."""
    text = given.get(name) or words[0]
    for word in words:
        if word == text:
            return word
    raise InputError(f"{name}: expected one of {', '.join(words)}, given {text!r}: correct it")


def _model(text: str, folder: Path) -> str:
    if text in MODELS:
        return text
    path = folder / text
    if path.suffix != ".task" or not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where a name is too long
        raise InputError(f"model: expected {', '.join(MODELS)} or a .task file that is there, given {text!r}")
    return str(path.resolve())
