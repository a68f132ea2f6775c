"""Landmarks of clips, estimated once: the pose model takes minutes, everything after it seconds."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from midstance.api import ClipLandmarks, Landmarks, Progress, load
from midstance.models import ensure_model, own_networks
from midstance.pose.runtime import best_precision
from midstance.science.landmarks import LandmarkSeries
from midstance.science.records import ClipFacts

FOLDER_VARIABLE = "MIDSTANCE_BENCH_CACHE"
PACKAGES = ("mediapipe", "openvino", "opencv-contrib-python", "numpy", "av")
SOURCES = (
    "pose",
    "video/reader.py",
    "video/decoders.py",
    "science/people.py",
)
"""Parts of midstance that decide what the landmarks of a clip are."""


def cache_folder() -> Path:
    """Return the folder of stored landmarks, outside the checkout."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else Path(platformdirs.user_cache_dir("midstance")) / "benchmarks"


def load_cached(
    path: Path, model: str, progress: Progress, folder: Path | None = None, landmarks: Landmarks = "midstance"
) -> ClipLandmarks:
    """Return the landmarks of a clip from the cache, or estimate and store them; landmark files are read.

    The key holds the hashes of the clip, of the models and of the code that estimates, the versions of the packages
    that it calls, and the precision that this processor knows.

    Parameters
    ----------
    path : Path
    model : str
    progress : Progress
    folder : Path, optional
        Of the cache; `cache_folder()` when not given.
    landmarks : {'midstance', 'mediapipe'}
        As for `midstance.api.load`.
    """
    if path.suffix.lower() == ".csv":
        return load(path)
    key = landmark_key(path, model, progress, landmarks)
    stored = (folder or cache_folder()) / f"{path.stem}-{model_name(model)}-{key}.npz"
    if stored.is_file():
        return _read(stored, path)
    found = load(path, model=model, landmarks=landmarks, progress=progress)
    _write(found, stored)
    return found


def model_name(model: str) -> str:
    """Return a model's name without its folder."""
    return Path(model).name


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def landmark_key(path: Path, model: str, progress: Progress, landmarks: Landmarks, more: Sequence[str] = ()) -> str:
    """Return what changes whenever the landmarks of a clip may, or one of `more` words."""
    parts = [file_hash(path), file_hash(ensure_model(model, say=progress.say)), platform.machine()]
    parts += [best_precision(), *(f"{p} {version(p)}" for p in PACKAGES)]
    parts += [file_hash(p) for p in (own_networks().values() if landmarks == "midstance" else ())]
    parts += [file_hash(p) for p in _sources()]
    return hashlib.sha256("\n".join([*parts, *more]).encode()).hexdigest()[:20]


def _sources() -> list[Path]:
    spec = find_spec("midstance")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("expected midstance to be installed: run `make setup`")
    root = Path(spec.origin).parent
    return sorted(p for s in SOURCES for p in ((root / s).rglob("*.py") if (root / s).is_dir() else [root / s]))


def _write(found: ClipLandmarks, stored: Path) -> None:
    series = found.landmarks
    write_arrays(
        stored,
        time_s=series.time_s,
        xy_px=series.xy_px,
        visibility=series.visibility,
        frame=series.frame,
        size_px=np.array(series.frame_size_px if series.frame_size_px else (), dtype=np.int64),
        facts=np.array(json.dumps(asdict(found.facts))),
    )


def write_arrays(stored: Path, **arrays: NDArray[Any]) -> None:
    """Write to a name of its own and move it: two runs may share the folder."""
    stored.parent.mkdir(parents=True, exist_ok=True)
    half = stored.with_name(f"{os.getpid()}-{stored.name}")
    np.savez_compressed(half, allow_pickle=False, **arrays)
    half.replace(stored)


def _read(stored: Path, clip: Path) -> ClipLandmarks:
    with np.load(stored, allow_pickle=False) as table:
        size = tuple(int(n) for n in table["size_px"])
        series = LandmarkSeries(
            table["time_s"],
            table["xy_px"],
            table["visibility"],
            table["frame"],
            (size[0], size[1]) if len(size) == 2 else None,
        )
        facts = ClipFacts(**json.loads(str(table["facts"])))
    return ClipLandmarks(series, replace(facts, file=clip.name), clip)
