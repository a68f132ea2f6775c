"""The two models inside a `.task` file."""

from __future__ import annotations

import os
import shutil
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from midstance.science.errors import ModelError

DETECTOR, LANDMARKER = "pose_detector.tflite", "pose_landmarks_detector.tflite"
_PREFIX = "midstance-model-"
_STALE_S = 3600.0
"""Where folders cannot be locked, one this old belongs to nobody: models are read in seconds."""
_DAMAGED = (OSError, EOFError, KeyError, ValueError, RuntimeError, zipfile.BadZipFile, struct.error, zlib.error)
"""What `zipfile` raises for an archive that is none, is damaged, encrypted or of a kind that it does not know."""


@contextmanager
def unpacked(model_path: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files of detector and landmark model, which are gone after the block.

    Raises
    ------
    ModelError
        If the file is no bundle of the two.
    """
    with _scratch_folder() as folder:
        try:
            with zipfile.ZipFile(model_path) as bundle:
                for inside in (DETECTOR, LANDMARKER):
                    (folder / inside).write_bytes(bundle.read(inside))
        except _DAMAGED as error:
            raise ModelError(
                f"{model_path}: expected a pose landmarker model (.task), given a file without its two parts "
                f"({error}). Get one with `midstance models get heavy`"
            ) from error
        yield folder / DETECTOR, folder / LANDMARKER


@contextmanager
def _scratch_folder() -> Iterator[Path]:
    """Yield a folder for temporary files; it goes with the block, or with the next one if the process is killed."""
    _remove_abandoned(Path(tempfile.gettempdir()))
    folder, lock = _locked_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _locked_folder() -> tuple[Path, int | None]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        try:
            return folder, _lock(folder)
        except OSError:  # a process that tidies up was quicker than the lock
            continue


def _remove_abandoned(place: Path) -> None:
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it is in use, another user's, or has just gone
            old = time.time() - folder.stat().st_mtime > _STALE_S
            lock = _lock(folder)
            if lock is not None or old:
                shutil.rmtree(folder, ignore_errors=True)
            if lock is not None:
                os.close(lock)


def _lock(folder: Path) -> int | None:
    """Lock a folder until the descriptor that is returned is closed or the process ends; None where that cannot be.

    Raises
    ------
    OSError
        If another process holds it, or it is gone.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        folder.stat()
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
