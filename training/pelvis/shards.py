"""Examples on disk: one file for each subject."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.pelvis.bursts import BURSTS, DRAWN_PX, SHOTS, bursts_of
from training.pelvis.task import FRAMES, Array
from training.shelf import code, codes_in, file_of, files_of, picture, write_whole

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
        return np.stack([picture(c) for c in codes])


def make_shard(folder: Path, group: str, number: int, shots: int = SHOTS, bursts: int = BURSTS) -> None:
    """Write one subject's examples."""
    from runners.closeup import Closeup
    from training.pelvis.subject import Subject

    with Closeup(DRAWN_PX) as closeup:
        made = list(bursts_of(Subject(group, number), closeup, shots, bursts))
    codes = [code(drawn) for burst in made for drawn in burst.pictures]
    numbers = {name: np.stack([np.asarray(getattr(burst, name)) for burst in made]) for name in NUMBERS}
    small = {n: v.astype(np.float32) if v.dtype == np.float64 else v for n, v in numbers.items()}
    write_whole(file_of(folder, group, number), codes, small)


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
    files = files_of(folder, group, "python -m training.pelvis render")[:limit]
    parts, codes = [], []
    for i, path in enumerate(files):
        with np.load(path) as shard:
            codes += codes_in(shard)
            parts.append({name: shard[name] for name in NUMBERS} | {"clip": shard["clip"] + 1000 * i})
    joined = {name: np.concatenate([part[name] for part in parts]) for name in NUMBERS}
    return Shards(codes=codes, **joined)
