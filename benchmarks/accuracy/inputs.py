"""Find recordings in folders of `NAME_{side,front,rear}[_VARIANT].{csv,mp4}` with `NAME_truth.csv`."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from benchmarks.accuracy.records import Kind, Recording
from midstance.science.errors import InputError
from midstance.science.records import View

FILE = re.compile(r"(?P<name>.+)_(?P<view>side|left|right|front|rear)(?:_(?P<variant>[a-z0-9]+))?\.(?P<form>csv|mp4)")
TRUTH = "_truth.csv"
STANDING = "standing"
VIEWS: dict[str, View] = {"side": "side", "left": "side", "right": "side", "front": "front", "rear": "rear"}
WORDS: dict[Kind, str] = {
    "clean": "error-free landmarks",
    "noisy": "noisy landmarks",
    "clips": "clips",
    "points": "true points",
}

Key = tuple[str, str, str]


def find_recordings(folder: Path, title: str) -> tuple[Recording, ...]:
    """Return the recordings of a folder, by name.

    Files of one NAME and variant are one run. A NAME without a truth of its own takes the truth of the longest
    name that it begins with: `run_30fps_side.csv` goes with `run_truth.csv`.

    Parameters
    ----------
    folder : Path
    title : str
        What to call the folder in tables.

    Raises
    ------
    InputError
        If the folder is not there, or holds no recording with a truth.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: expected a folder of recordings, given none: check the name")
    truths = {p.name.removesuffix(TRUTH): p for p in folder.glob(f"*{TRUTH}")}
    recordings = [
        _recording(key, files, truth, title)
        for key, files in sorted(_files_by_run(folder).items())
        if (truth := _truth_for(key[0], truths)) is not None
    ]
    if not recordings:
        raise InputError(
            f"{folder}: expected NAME_side.csv or NAME_front.mp4 and the like with NAME_truth.csv, "
            f"given none among {len(list(folder.iterdir()))} files: name them so"
        )
    return tuple(recordings)


def _files_by_run(folder: Path) -> dict[Key, list[tuple[View, Path]]]:
    found: dict[Key, list[tuple[View, Path]]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        match = FILE.fullmatch(path.name)
        if match:
            key = (match["name"], match["variant"] or "", match["form"])
            found[key].append((VIEWS[match["view"]], path))
    return found


def _truth_for(name: str, truths: dict[str, Path]) -> Path | None:
    fitting = [t for t in truths if name == t or name.startswith(f"{t}_")]
    return truths[max(fitting, key=len)] if fitting else None


def _recording(key: Key, files: list[tuple[View, Path]], truth: Path, title: str) -> Recording:
    name, variant, form = key
    kind: Kind = "clips" if form == "mp4" else "noisy" if variant else "clean"
    full_name = f"{name} {variant}".strip()
    return Recording(full_name, f"{title}, {WORDS[kind]}", kind, truth, tuple(files), _standing(files))


def _standing(files: list[tuple[View, Path]]) -> tuple[Path, ...]:
    """Return the clips of the runner standing still: under the same name in a folder `standing`, or NAME_standing."""
    sides = [path for view, path in files if view == "side" and path.suffix == ".mp4"]
    asked = [place for path in sides for place in (path.parent / STANDING / path.name, _beside(path))]
    return tuple(place for place in asked if place.is_file())


def _beside(side: Path) -> Path:
    return side.with_name(f"{side.stem.rpartition('_')[0]}_{STANDING}{side.suffix}")
