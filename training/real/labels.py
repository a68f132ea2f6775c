"""Points placed by hand: one CSV for each clip, read with checks.

The first line names the clip by its hash, so that labels are never held against another recording. No picture of
anybody is kept.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from midstance.science.errors import InputError

FOLDER = Path(__file__).resolve().parent / "labels"
SIDES = ("left", "right")
KINDS = ("asis", "psis", "heel", "toe")
POINTS = tuple(f"{side}_{kind}" for side in SIDES for kind in KINDS)
SEEN = ("yes", "guessed", "hidden")
"""Seen itself; guessed under cloth, or where blur or something in front hides it; known to be hidden, with no place."""
ROUNDS = (1, 2)
HEAD = ("#", "sha256", "leg_px")
LONGEST_PX = 1e5


@dataclass(frozen=True)
class Label:
    """One point in one frame.

    Attributes
    ----------
    frame : int
        Number of the frame in the clip, from 0.
    time_s : float
        Its time.
    person : str
        Who, in a word: clips may show several people.
    near : str
        The side turned to the camera, `left` or `right`.
    point : str
        One of `POINTS`. `heel` is the back of the shoe 3 cm above its sole, `toe` the tip of the shoe before the big
        toe at the same height, as in the rendered runners.
    x_px, y_px : float
        (0, 0) is the centre of the first pixel; NaN where hidden.
    seen : str
        One of `SEEN`.
    garment : str
        What covers the pelvis, for ASIS and PSIS; the shoe, for heel and toe.
    round : int
        1, or 2 where all was placed again to see how well it repeats.
    remark : str
    """

    frame: int
    time_s: float
    person: str
    near: str
    point: str
    x_px: float
    y_px: float
    seen: str
    garment: str
    round: int
    remark: str = ""

    @property
    def side(self) -> str:
        """The runner's side."""
        return self.point.partition("_")[0]

    @property
    def kind(self) -> str:
        """Which point, without the side."""
        return self.point.partition("_")[2]


COLUMNS = tuple(field.name for field in fields(Label))


@dataclass(frozen=True)
class ClipLabels:
    """All labels of one clip."""

    clip: str
    """Name of the file, without ending."""
    sha256: str
    leg_px: float
    """Length of a leg, from hip by knee to ankle, as MediaPipe sees the longer one (median over labelled frames): what
    errors are told in."""
    labels: tuple[Label, ...]

    def of_round(self, number: int) -> tuple[Label, ...]:
        """Return the labels of one round that have a place."""
        return tuple(label for label in self.labels if label.round == number and label.seen != "hidden")

    @property
    def frames(self) -> tuple[int, ...]:
        """The frames of the first round."""
        return tuple(sorted({label.frame for label in self.of_round(1)}))


def read_all(folder: Path = FOLDER) -> tuple[ClipLabels, ...]:
    """Return the labels of every clip that has some, by name."""
    return tuple(read_labels(path) for path in sorted(folder.glob("*.csv")))


def read_labels(path: Path) -> ClipLabels:
    """Return the labels of a file.

    Raises
    ------
    InputError
        If the file breaks the format; the message names file and line.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    sha256, leg_px = _head(lines[0] if lines else "", path.name)
    rows = csv.DictReader(lines[1:])
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise InputError(f"{path.name}: expected the columns {', '.join(COLUMNS)}, given {rows.fieldnames}")
    labels = tuple(_label(row, f"{path.name}, line {i}") for i, row in enumerate(rows, start=3))
    _check_once(labels, path.name)
    return ClipLabels(path.stem, sha256, leg_px, labels)


def write_labels(labels: ClipLabels, path: Path) -> None:
    """Write labels as `read_labels` reads them, by round, frame, person and point."""
    ordered = sorted(labels.labels, key=lambda k: (k.round, k.frame, k.person, POINTS.index(k.point)))
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write(f"# sha256 {labels.sha256} leg_px {labels.leg_px:g}\n")
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([_text(value) for value in astuple(label)] for label in ordered)


def doubts(labels: Iterable[Label]) -> tuple[str, ...]:
    """Return what looks wrong in labels: a line each, to be looked at again.

    ASIS has to lie ahead of PSIS by the way the feet point, a foot has to have about the length that it usually has,
    and so has the line from PSIS to ASIS.
    """
    frames: dict[tuple[int, str, int], dict[str, np.ndarray]] = defaultdict(dict)
    for label in labels:
        if label.seen != "hidden":
            frames[label.frame, label.person, label.round][label.point] = np.array([label.x_px, label.y_px])
    found = []
    for first, second, least, most in (("heel", "toe", 0.6, 1.4), ("psis", "asis", 0.75, 1.25)):
        for side in SIDES:
            found += _odd_lengths(frames, (f"{side}_{first}", f"{side}_{second}"), (least, most))
    return (*found, *_turned(frames))


Frames = dict[tuple[int, str, int], dict[str, np.ndarray]]


def _odd_lengths(frames: Frames, pair: tuple[str, str], bounds: tuple[float, float]) -> list[str]:
    lengths = {key: float(np.hypot(*(p[pair[1]] - p[pair[0]]))) for key, p in frames.items() if set(pair) <= p.keys()}
    people = {person for _, person, _ in lengths}
    usual = {who: np.median([v for k, v in lengths.items() if k[1] == who]) for who in people}
    return [
        f"frame {key[0]}, {key[1]}: {pair[0]} to {pair[1]} is {length:.0f} px, usually {usual[key[1]]:.0f}"
        for key, length in lengths.items()
        if not bounds[0] <= length / usual[key[1]] <= bounds[1]
    ]


def _turned(frames: Frames) -> list[str]:
    """Return frames in which the pelvis looks to one side and the feet to the other."""
    ways: dict[tuple[int, str, int], dict[str, float]] = defaultdict(dict)
    for key, points in frames.items():
        for side in SIDES:
            for name, first, second in (("feet", "heel", "toe"), ("pelvis", "psis", "asis")):
                ends = [points.get(f"{side}_{end}") for end in (first, second)]
                if ends[0] is not None and ends[1] is not None:
                    ways[key][name] = ways[key].get(name, 0.0) + float(ends[1][0] - ends[0][0])
    return [
        f"frame {key[0]}, {key[1]}: ASIS lies behind PSIS by the way the feet point"
        for key, way in ways.items()
        if way.get("feet", 0) * way.get("pelvis", 0) < 0
    ]


def _head(line: str, name: str) -> tuple[str, float]:
    words = line.split()
    if len(words) != 5 or (words[0], words[1], words[3]) != HEAD or not words[4].replace(".", "", 1).isdigit():
        raise InputError(
            f"{name}: expected a first line `# sha256 HASH leg_px LENGTH`, given `{line[:60]}`: name the clip"
        )
    return words[2], float(words[4])


def _label(row: dict[str, str], where: str) -> Label:
    try:
        label = Label(
            frame=int(row["frame"]),
            time_s=float(row["time_s"]),
            person=row["person"],
            near=row["near"],
            point=row["point"],
            x_px=float(row["x_px"] or "nan"),
            y_px=float(row["y_px"] or "nan"),
            seen=row["seen"],
            garment=row["garment"],
            round=int(row["round"]),
            remark=row["remark"] or "",
        )
    except (TypeError, ValueError) as error:
        raise InputError(f"{where}: expected numbers in frame, time_s, x_px, y_px and round, given {row}") from error
    _check(label, where)
    return label


def _check(label: Label, where: str) -> None:
    allowed: tuple[tuple[str, Sequence[object], object], ...] = (
        ("point", POINTS, label.point),
        ("seen", SEEN, label.seen),
        ("near", SIDES, label.near),
        ("round", ROUNDS, label.round),
    )
    for column, values, given in allowed:
        if given not in values:
            raise InputError(f"{where}: {column}: expected {' or '.join(map(str, values))}, given {given}")
    placed = bool(np.isfinite([label.x_px, label.y_px]).all() and max(abs(label.x_px), abs(label.y_px)) < LONGEST_PX)
    if placed == (label.seen == "hidden"):
        raise InputError(f"{where}: expected a place unless seen is hidden, given {label.x_px}, {label.y_px}")
    if label.frame < 0 or not label.time_s >= 0:
        raise InputError(f"{where}: expected frame and time_s from 0, given {label.frame}, {label.time_s}")


def _check_once(labels: Sequence[Label], name: str) -> None:
    seen: set[tuple[int, str, str, int]] = set()
    for label in labels:
        key = (label.frame, label.person, label.point, label.round)
        if key in seen:
            raise InputError(
                f"{name}: expected each point once in a round, given {label.point} in frame {label.frame} twice"
            )
        seen.add(key)


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)
