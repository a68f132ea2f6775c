"""What was found on a clip, kept as a file: a clip that is absent later keeps its section of the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from midstance.science.errors import InputError


@dataclass(frozen=True)
class Table:
    """A table of the page, with a paragraph for each note."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Gate:
    """What a later network is judged by, for one of those judged; numbers, NaN-free: None where there is none.

    Attributes
    ----------
    who : str
    pelvis_share : float or None
        Median distance of ASIS and PSIS together, in leg lengths; None for who sees neither.
    exchanged_share : float or None
        Of frames whose labels tell left from right.
    frames : int
        So many frames tell left from right.
    """

    who: str
    pelvis_share: float | None
    exchanged_share: float | None
    frames: int


@dataclass(frozen=True)
class ClipResult:
    """All that was found on one clip.

    Attributes
    ----------
    clip : str
    seen_on : str
        Processor and system.
    date : str
        ISO date of the run.
    garment : str
        What covers the pelvis.
    tables : sequence of Table
    gates : sequence of Gate
    """

    clip: str
    seen_on: str
    date: str
    garment: str
    tables: Sequence[Table]
    gates: Sequence[Gate]


def store(result: ClipResult, folder: Path) -> None:
    """Keep a clip's result."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(result), indent=1, ensure_ascii=False)
    (folder / f"{result.clip}.json").write_text(text + "\n", encoding="utf-8")


def stored(clip: str, folder: Path) -> ClipResult | None:
    """Return what is kept of a clip, None where nothing is.

    Raises
    ------
    InputError
        If the file is not one that `store` wrote.
    """
    path = folder / f"{clip}.json"
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        tables = tuple(Table(**table) for table in found.pop("tables"))
        gates = tuple(Gate(**gate) for gate in found.pop("gates"))
        return ClipResult(tables=tables, gates=gates, **found)
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: expected a stored result, given something else: run the clip again") from error
