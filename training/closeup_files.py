"""Close-ups of legs on disk: one file for each runner, written whole or not at all, so that a run can stop and go on.

PYTHONPATH=tools:. python -m training.closeup_files
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from midstance.pose import usable_cores
from training.examples import Examples
from training.task import Image

LEARN, CHECK = 300, 16
QUALITY = 92
"""Of the JPEG pictures."""


def default_folder() -> Path:
    """Return where close-ups are kept when nothing else is asked."""
    return Path(platformdirs.user_cache_dir("midstance")) / "closeups"


def make_closeups(folder: Path, group: str, numbers: Iterable[int], jobs: int) -> None:
    """Write the close-ups of some runners, several at a time; what is there already stays.

    Parameters
    ----------
    folder : Path
    group : str
        `learn` or `check`.
    numbers : iterable of int
    jobs : int
        Processes.
    """
    (folder / group).mkdir(parents=True, exist_ok=True)
    # Of the software driver and of linear algebra: the jobs share the cores instead.
    os.environ.update(dict.fromkeys(("LP_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
    missing = [n for n in numbers if not _file(folder, group, n).exists()]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(partial(make_one, folder, group), missing):
            pass


def make_one(folder: Path, group: str, number: int, **counts: int) -> None:
    """Write the close-ups of one runner; `counts` as in `closeups.legs_of`."""
    from runners.closeup import Closeup
    from training.closeups import DRAWN_PX, Runner, legs_of

    with Closeup(DRAWN_PX) as closeup:
        legs = list(legs_of(Runner(group, number), closeup, **counts))
    codes = [_code(leg.cut[0]) for leg in legs]
    columns = {
        "codes": np.concatenate(codes),
        "lengths": np.array([len(code) for code in codes]),
        "points": np.stack([leg.cut[1] for leg in legs]).astype(np.float32),
        "kind": np.array([leg.cut[2] for leg in legs], dtype=np.float32),
        "view": np.array([leg.view for leg in legs]),
    }
    unfinished = folder / group / f".part_{os.getpid()}.npz"
    try:
        np.savez(unfinished, allow_pickle=False, **columns)
        unfinished.replace(_file(folder, group, number))
    finally:
        unfinished.unlink(missing_ok=True)


def read_closeups(folder: Path, group: str, view: str) -> Examples:
    """Return all close-ups of a group that are seen from the `side` or `frontal`.

    Raises
    ------
    FileNotFoundError
        If there are none.
    """
    files = sorted((folder / group).glob("[0-9]*.npz"))
    if not files:
        raise FileNotFoundError(
            f"{folder / group}: expected close-ups, found none; run `python -m training.closeup_files`"
        )
    return joined([part for path in files if len(part := _read(path, view))])


def joined(parts: list[Examples]) -> Examples:
    """Return examples put together."""
    pictures, points, kinds = ([getattr(part, name) for part in parts] for name in ("pictures", "points", "kind"))
    return Examples(np.concatenate(pictures), np.concatenate(points), np.concatenate(kinds))


def _read(path: Path, view: str) -> Examples:
    with np.load(path) as table:
        codes = np.split(table["codes"], np.cumsum(table["lengths"])[:-1])
        chosen = np.flatnonzero(table["view"] == view)
        points, kind = table["points"][chosen], table["kind"][chosen]
    return Examples(np.array([_picture(codes[i]) for i in chosen]), points, kind)


def _file(folder: Path, group: str, number: int) -> Path:
    return folder / group / f"{number:05d}.npz"


def _code(picture: Image) -> NDArray[np.uint8]:
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return np.asarray(code, dtype=np.uint8).ravel()


def _picture(code: NDArray[np.uint8]) -> Image:
    return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), dtype=np.uint8)


def main() -> None:
    """Write what is missing."""
    parser = argparse.ArgumentParser(prog="python -m training.closeup_files", description="Draw legs close up.")
    parser.add_argument("--work", type=Path, default=default_folder(), help="folder to write into")
    parser.add_argument("--learn", type=int, default=LEARN, help="runners to learn from")
    parser.add_argument("--check", type=int, default=CHECK, help="other runners to tell by how it goes")
    parser.add_argument("--jobs", type=int, default=usable_cores(), help="processes")
    options = parser.parse_args()
    for group, count in (("check", options.check), ("learn", options.learn)):
        make_closeups(options.work, group, range(count), options.jobs)


if __name__ == "__main__":
    main()
