"""The two models inside a `.task` file."""

from __future__ import annotations

import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from midstance.science.errors import ModelError

DETECTOR, LANDMARKER = "pose_detector.tflite", "pose_landmarks_detector.tflite"
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
    with tempfile.TemporaryDirectory(prefix="midstance-") as name:
        folder = Path(name)
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
