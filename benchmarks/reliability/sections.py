"""Sections of the page: what one tells, and who finds it out.

To add one, write a function `run(options, progress)` that returns a `Section`, and name its module in `RUNNERS`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from midstance.api import Progress
from midstance.science.errors import InputError

RUNNERS = {
    "corpus": "benchmarks.reliability.corpus",
    "kills": "benchmarks.reliability.kills",
    "fuzz": "benchmarks.reliability.fuzz",
    "soak": "benchmarks.reliability.soak",
}
"""Module of each section by its name, in the order of the page. Modules are loaded when they are run."""


@dataclass(frozen=True)
class Options:
    """How much is tried."""

    root: Path
    """The checkout."""
    kills: int = 100
    """How often a process is killed, for the sections that kill."""
    minutes: float = 1.0
    """How long each of the sections lasts that go on for as long as they are let."""


@dataclass(frozen=True)
class Section:
    """What was tried and the counts."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    """A paragraph each, shown below the table."""
    date: str = ""
    """ISO date of the run; set when the section is stored."""


class Runner(Protocol):
    """A module of a section."""

    def run(self, options: Options, progress: Progress) -> Section:
        """Try, and return what came of it."""


def run_section(name: str, options: Options, progress: Progress) -> Section:
    """Run the section of a name that is in `RUNNERS`."""
    runner = cast("Runner", import_module(RUNNERS[name]))
    return runner.run(options, progress)


def store(section: Section, name: str, folder: Path, date: str) -> None:
    """Keep a section as a file, so that others can be run again without it."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(section) | {"date": date}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def stored(folder: Path) -> list[Section]:
    """Return the sections that are kept, in the order of the page.

    Raises
    ------
    InputError
        If a file is not one that `store` wrote.
    """
    return [_read(path) for name in RUNNERS if (path := folder / f"{name}.json").is_file()]


def _read(path: Path) -> Section:
    try:
        return Section(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: expected a stored section, given something else: run it again") from error
