"""Close-ups of legs on disk.

PYTHONPATH=tools:. python -m training.closeup_files
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from midstance.pose import usable_cores
from training.examples import Examples
from training.shelf import code, codes_in, default_folder, file_of, files_of, make_files, picture, write_whole

LEARN, CHECK = 300, 16


def make_one(folder: Path, group: str, number: int, **counts: int) -> None:
    """Write the close-ups of one runner; `counts` as in `closeups.legs_of`."""
    from runners.closeup import Closeup
    from training.closeups import DRAWN_PX, Runner, legs_of

    with Closeup(DRAWN_PX) as closeup:
        legs = list(legs_of(Runner(group, number), closeup, **counts))
    columns = {
        "points": np.stack([leg.cut[1] for leg in legs]).astype(np.float32),
        "kind": np.array([leg.cut[2] for leg in legs], dtype=np.float32),
        "view": np.array([leg.view for leg in legs]),
    }
    write_whole(file_of(folder, group, number), [code(leg.cut[0]) for leg in legs], columns)


def read_closeups(folder: Path, group: str, view: str) -> Examples:
    """Return all close-ups of a group that are seen from the `side` or `frontal`.

    Raises
    ------
    FileNotFoundError
        If there are none.
    """
    files = files_of(folder, group, "python -m training.closeup_files")
    return joined([part for path in files if len(part := _read(path, view))])


def joined(parts: list[Examples]) -> Examples:
    """Return examples put together."""
    pictures, points, kinds = ([getattr(part, name) for part in parts] for name in ("pictures", "points", "kind"))
    return Examples(np.concatenate(pictures), np.concatenate(points), np.concatenate(kinds))


def _read(path: Path, view: str) -> Examples:
    with np.load(path) as table:
        codes = codes_in(table)
        chosen = np.flatnonzero(table["view"] == view)
        points, kind = table["points"][chosen], table["kind"][chosen]
    return Examples(np.array([picture(codes[i]) for i in chosen]), points, kind)


def main() -> None:
    """Write what is missing."""
    parser = argparse.ArgumentParser(prog="python -m training.closeup_files", description="Draw legs close up.")
    parser.add_argument("--work", type=Path, default=default_folder("closeups"), help="folder to write into")
    parser.add_argument("--learn", type=int, default=LEARN, help="runners to learn from")
    parser.add_argument("--check", type=int, default=CHECK, help="other runners to tell by how it goes")
    parser.add_argument("--jobs", type=int, default=usable_cores(), help="processes")
    options = parser.parse_args()
    for group, count in (("check", options.check), ("learn", options.learn)):
        make_files(make_one, options.work, group, range(count), options.jobs)


if __name__ == "__main__":
    main()
