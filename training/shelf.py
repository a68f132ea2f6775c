"""Examples on disk: one file for each runner, written whole or not at all, so that a run can stop and go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

QUALITY = 92
"""Of the JPEG pictures in a file."""

Code = NDArray[np.uint8]


def default_folder(kind: str) -> Path:
    """Return where examples of a kind, and states, are kept when nothing else is asked."""
    return Path(platformdirs.user_cache_dir("midstance")) / kind


def make_files(
    make_one: Callable[[Path, str, int], None], folder: Path, group: str, numbers: Iterable[int], jobs: int
) -> None:
    """Write the files of some runners, several at a time; what is there already stays.

    Parameters
    ----------
    make_one : callable
        From the folder, the group and a number to one file; importable, for processes of their own.
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
    missing = [n for n in numbers if not file_of(folder, group, n).exists()]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(partial(make_one, folder, group), missing):
            pass


def file_of(folder: Path, group: str, number: int) -> Path:
    """Return where a runner's examples are."""
    return folder / group / f"{number:05d}.npz"


def files_of(folder: Path, group: str, command: str) -> list[Path]:
    """Return the files of a group, in order.

    Raises
    ------
    FileNotFoundError
        If there are none; the message names the command that writes them.
    """
    files = sorted((folder / group).glob("[0-9]*.npz"))
    if not files:
        raise FileNotFoundError(f"{folder / group}: expected examples, found none; run `{command}`")
    return files


def write_whole(path: Path, codes: list[Code], columns: dict[str, NDArray[Any]]) -> None:
    """Write the pictures' codes and what is known of them, whole or not at all."""
    unfinished = path.with_name(f".part_{os.getpid()}.npz")
    lengths = np.array([len(c) for c in codes])
    try:
        np.savez(unfinished, allow_pickle=False, **columns, codes=np.concatenate(codes), lengths=lengths)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def codes_in(table: Any) -> list[Code]:
    """Return the pictures' codes in an open file."""
    return list(np.split(table["codes"], np.cumsum(table["lengths"])[:-1]))


def code(picture: NDArray[np.uint8]) -> Code:
    """Return a picture (height, width, 3) as JPEG."""
    _, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return np.asarray(coded, dtype=np.uint8).ravel()


def picture(coded: Code) -> NDArray[np.uint8]:
    """Return a picture, blue first, from its JPEG."""
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)
