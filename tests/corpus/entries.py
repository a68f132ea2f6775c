"""What an entry of the corpus is, and all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Maker = Callable[[Path], Path]
"""Makes a file in a folder and returns its path."""

MB = 1_000_000
USUAL_MB = 900
"""Most memory of an analysis with the lite model, over all its processes: 400 MB of it are libraries and model."""


@dataclass(frozen=True)
class Entry:
    """A clip and what has to come of it.

    Attributes
    ----------
    name : str
    made : str
        How, in a few words.
    make : callable
    code : int
        The exit status, by the contract: 0 done, 2 no clip, 3 cannot be analysed.
    says : str
        A part of the one line on stderr; of an analysis that is done, a part of a note of
        `quality` that others do not have.
    options : tuple of str
        Of `analyze`, besides `--side`, `--out` and `--model`.
    pose : bool
        Whether the pose model is run, which takes seconds; without it the entry is part of every run of the tests.
    careful : bool
        Whether the default pose model is taken: `lite` finds these legs or not by a hair.
    view : str
        The option that names the clip.
    most_mb : int
        Most memory.
    overlay : bool
        Whether the overlay clip is drawn too, which decodes the clip a second time.
    stop_after_s : float, optional
        For clips that take minutes: interrupt by Ctrl-C then; that has to end with 130 and leave nothing.
    """

    name: str
    made: str
    make: Maker
    code: int = 0
    says: str = ""
    options: tuple[str, ...] = ()
    pose: bool = True
    careful: bool = False
    view: str = "--side"
    most_mb: int = USUAL_MB
    overlay: bool = False
    stop_after_s: float | None = None
