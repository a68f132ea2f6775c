"""Find an installed pose model, and get it when there is none.

A model is looked for in this order: the path given, the folder in the environment variable
``MIDSTANCE_MODEL_DIR``, `models/` of the source tree, the user's cache. A name stands for a file only if its
hash is the manifest's. A path may be any MediaPipe pose bundle, Google's own too.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from midstance.models.assemble import DETECTOR_ENTRY, LANDMARKS_ENTRY
from midstance.models.manifest import ModelSpec, checkout_folder, load_manifest, model_spec
from midstance.science.errors import ModelError

MODEL_DIR_VARIABLE = "MIDSTANCE_MODEL_DIR"
"""Environment variable that names a folder of models."""

_BUNDLE_ENTRIES = (DETECTOR_ENTRY, LANDMARKS_ENTRY)
_DAMAGED = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, struct.error, zlib.error)
"""What `zipfile` raises for an archive that is none, is damaged or of a kind that it does not know."""


@dataclass(frozen=True)
class ModelStatus:
    """What `midstance models list` shows of a model."""

    name: str
    size_bytes: int
    licence: str
    origin: str
    """The packages it can be built from."""
    path: Path | None
    """Where it is installed; None when it is not."""
    damaged: bool = False
    """Whether the file at `path` is not the model it is named after."""


def find_model(name_or_path: str, *, environ: Mapping[str, str] | None = None) -> Path | None:
    """Return the file of a pose model, or None when a model known by name is not installed.

    Parameters
    ----------
    name_or_path
        ``lite``, ``full``, ``heavy``, or a path: what ends in ``.task`` or has a path separator.
    environ
        The environment variables; by default those of the process.

    Raises
    ------
    ModelError
        If the path is no pose bundle, the name is unknown, or the file found is damaged.
    """
    if _is_path(name_or_path):
        return _check_bundle(Path(name_or_path).expanduser())
    model = model_spec(name_or_path)
    path = _first_file(model, environ)
    if path and not is_intact(path, model):
        raise ModelError(
            f"expected the pose model {model.name} in {path}, the file is damaged or another one: "
            f"run `midstance models get {model.name}` to replace it"
        )
    return path


def ensure_model(name_or_path: str, *, say: Callable[[str], None], environ: Mapping[str, str] | None = None) -> Path:
    """Return the file of a pose model; one known by name is fetched when it is not installed.

    It goes into the folder of ``MIDSTANCE_MODEL_DIR`` if that is set, else into `models/` of the source tree
    if that can be written, else into the user's cache.

    Parameters
    ----------
    name_or_path, environ
        As for `find_model`.
    say
        Called with lines for the user while a model is fetched; never when it is there.

    Raises
    ------
    ModelError
        As for `find_model`, and if the model cannot be fetched or written.
    """
    found = find_model(name_or_path, environ=environ)
    if found:
        return found
    model = model_spec(name_or_path)
    return _install(model, _target_folder(environ) / model.file_name, say)


def get_model(name: str, *, say: Callable[[str], None], environ: Mapping[str, str] | None = None) -> Path:
    """Install a pose model by name, and replace the file where it is damaged; an intact one is left alone.

    Parameters
    ----------
    name
        ``lite``, ``full`` or ``heavy``.
    say, environ
        As for `ensure_model`.

    Raises
    ------
    ModelError
        If the name is unknown, or the model cannot be fetched or written.
    """
    model = model_spec(name)
    present = _first_file(model, environ)
    if present and is_intact(present, model):
        return present
    return _install(model, present or _target_folder(environ) / model.file_name, say)


def list_models(*, environ: Mapping[str, str] | None = None) -> tuple[ModelStatus, ...]:
    """Return every known pose model, smallest first, and where it is installed."""
    return tuple(_status(model, _first_file(model, environ)) for model in load_manifest().values())


def is_intact(path: Path, model: ModelSpec) -> bool:
    """Return whether a file is the model, byte for byte."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False
    return any(found == build.sha256 for build in model.builds)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all, whoever else writes it and however this ends.

    Raises
    ------
    OSError
        If the folder cannot be made or written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)  # mkstemp keeps others out; a model is for everyone on the machine
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _install(model: ModelSpec, path: Path, say: Callable[[str], None]) -> Path:
    from midstance.models.fetch import fetch_bundle  # archives and processes: only needed to fetch

    bundle = fetch_bundle(model, say=say)
    try:
        write_atomically(path, bundle)
    except OSError as error:
        if is_intact(path, model):  # another process was faster, and Windows does not replace a file in use
            return path
        raise ModelError(
            f"expected to write a pose model to {path} ({error}): set {MODEL_DIR_VARIABLE} to another folder"
        ) from error
    say(f"Pose model {model.name} is in {path} ({len(bundle) / 1e6:.1f} MB, {model.licence}).")
    return path


def _is_path(name_or_path: str) -> bool:
    separators = {"/", os.sep, os.altsep} - {None}
    return name_or_path.endswith(".task") or any(one in name_or_path for one in separators if one)


def _check_bundle(path: Path) -> Path:
    """Return the path of a file that has the form of a pose bundle; MediaPipe itself checks the content."""
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where a name is too long
        raise ModelError(f"expected a pose model file, found none at {path}: check --model, or use {_names()}")
    try:
        with zipfile.ZipFile(path) as bundle:
            stored = {one.filename for one in bundle.infolist() if one.compress_type == zipfile.ZIP_STORED}
    except _DAMAGED as error:
        raise ModelError(f"expected a MediaPipe .task bundle, {path} is not one ({error}): use {_names()}") from error
    missing = [entry for entry in _BUNDLE_ENTRIES if entry not in stored]
    if missing:
        raise ModelError(f"expected a MediaPipe pose bundle, {path} lacks an uncompressed {missing[0]}: use {_names()}")
    return path


def _names() -> str:
    return ", ".join(load_manifest())


def _search_folders(environ: Mapping[str, str] | None) -> list[Path]:
    candidates = (_variable_folder(environ), checkout_folder(), _cache_folder())
    return [folder for folder in candidates if folder]


def _target_folder(environ: Mapping[str, str] | None) -> Path:
    """Return the first folder of the search that can take a new model; only the cache need not exist."""
    checkout = checkout_folder()
    writable = checkout if checkout and os.access(checkout, os.W_OK) else None
    return _variable_folder(environ) or writable or _cache_folder()


def _variable_folder(environ: Mapping[str, str] | None) -> Path | None:
    value = (os.environ if environ is None else environ).get(MODEL_DIR_VARIABLE)
    return Path(value).expanduser() if value else None


def _cache_folder() -> Path:
    return platformdirs.user_cache_path("midstance", appauthor=False) / "models"


def _first_file(model: ModelSpec, environ: Mapping[str, str] | None) -> Path | None:
    files = (folder / model.file_name for folder in _search_folders(environ))
    return next((path for path in files if path.is_file()), None)


def _status(model: ModelSpec, path: Path | None) -> ModelStatus:
    origin = " or ".join(build.package.label for build in model.builds)
    size_bytes = path.stat().st_size if path else model.builds[0].size_bytes
    damaged = path is not None and not is_intact(path, model)
    return ModelStatus(model.name, size_bytes, model.licence, origin, path, damaged)
