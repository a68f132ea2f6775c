"""Examples on disk: one file for each subject, written whole or not at all, so that a run can stop and go on."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from training.pelvis.bursts import BURSTS, DRAWN_PX, SHOTS, Burst, bursts_of
from training.pelvis.task import FRAMES, Array

QUALITY = 92
"""Of the JPEG pictures in a shard."""
NUMBERS = ("points", "hidden", "prior", "angles_deg", "heading_deg", "leg_px", "clip")


@dataclass(frozen=True, eq=False)
class Shards:
    """Many examples; pictures stay compressed.

    Attributes
    ----------
    codes : list of uint8 arrays
        Three JPEG pictures for each example, one after the other.
    points, hidden, prior, angles_deg, heading_deg, leg_px : arrays
        As in `bursts.Burst`, with the examples first.
    clip : (n,) int array
        Examples of one number show one runner in one outfit.
    """

    codes: list[NDArray[np.uint8]]
    points: Array
    hidden: NDArray[np.bool_]
    prior: Array
    angles_deg: Array
    heading_deg: Array
    leg_px: Array
    clip: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.points)

    def pictures(self, number: int) -> NDArray[np.uint8]:
        """Return an example's pictures (3, height, width, 3), blue first."""
        codes = self.codes[FRAMES * number : FRAMES * (number + 1)]
        return np.stack([np.asarray(cv2.imdecode(c, cv2.IMREAD_COLOR), dtype=np.uint8) for c in codes])


def default_folder() -> Path:
    """Return where examples and states are kept when nothing else is asked."""
    return Path(platformdirs.user_cache_dir("midstance")) / "pelvis"


def make_shards(folder: Path, group: str, numbers: Iterable[int], jobs: int) -> None:
    """Write the shards of some subjects, several at a time; what is there already stays.

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
    missing = [n for n in numbers if not shard_file(folder, group, n).exists()]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(partial(make_shard, folder, group), missing):
            pass


def shard_file(folder: Path, group: str, number: int) -> Path:
    """Return where a subject's examples are."""
    return folder / group / f"{number:05d}.npz"


def make_shard(folder: Path, group: str, number: int, shots: int = SHOTS, bursts: int = BURSTS) -> None:
    """Write one subject's examples."""
    from runners.closeup import Closeup
    from training.pelvis.subject import Subject

    path = shard_file(folder, group, number)
    with Closeup(DRAWN_PX) as closeup:
        made = list(bursts_of(Subject(group, number), closeup, shots, bursts))
    unfinished = path.with_name(f".part_{os.getpid()}.npz")
    try:
        np.savez(unfinished, allow_pickle=False, **_packed(made))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _packed(made: list[Burst]) -> dict[str, NDArray[np.generic]]:
    codes = [_code(picture) for burst in made for picture in burst.pictures]
    numbers = {name: np.stack([np.asarray(getattr(burst, name)) for burst in made]) for name in NUMBERS}
    small = {n: v.astype(np.float32) if v.dtype == np.float64 else v for n, v in numbers.items()}
    return small | {"codes": np.concatenate(codes), "lengths": np.array([len(c) for c in codes])}


def _code(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    _, code = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return np.asarray(code, dtype=np.uint8).ravel()


def read_shards(folder: Path, group: str, limit: int | None = None) -> Shards:
    """Return the examples of a group, of its first `limit` subjects.

    Parameters
    ----------
    folder : Path
    group : str
    limit : int or None

    Raises
    ------
    FileNotFoundError
        If there are none.
    """
    files = sorted((folder / group).glob("[0-9]*.npz"))[:limit]
    if not files:
        raise FileNotFoundError(
            f"{folder / group}: expected examples, found none; run `python -m training.pelvis render`"
        )
    parts, codes = [], []
    for i, path in enumerate(files):
        with np.load(path) as shard:
            codes += np.split(shard["codes"], np.cumsum(shard["lengths"])[:-1])
            parts.append({name: shard[name] for name in NUMBERS} | {"clip": shard["clip"] + 1000 * i})
    joined = {name: np.concatenate([part[name] for part in parts]) for name in NUMBERS}
    return Shards(codes=codes, **joined)
