"""What there is to fetch: the pose models, the packages that carry them, and the hash of every file.

The facts stand in `models/manifest.json` at the top of the source tree; wheels carry it beside this module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from midstance.science.errors import ModelError

Registry = Literal["npm", "pypi"]

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Package:
    """A package in a public registry, at one version."""

    registry: Registry
    name: str
    version: str
    download_bytes: int
    """What the download weighs, roughly: it may differ by platform."""

    @property
    def label(self) -> str:
        """The package as a person would name it."""
        return f"{'npm' if self.registry == 'npm' else 'PyPI'} {self.name} {self.version}"


@dataclass(frozen=True)
class Part:
    """A file inside a package."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Build:
    """One way to a bundle: a package, two of its files and what they make."""

    package: Package
    detector: Part
    landmarks: Part
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class ModelSpec:
    """A pose model that midstance knows by name."""

    name: str
    licence: str
    builds: tuple[Build, ...]
    """Every build gives the same landmarks; the preferred one comes first."""
    npm_client: Package
    """The PyPI package that lends npm to a machine without one."""

    @property
    def file_name(self) -> str:
        """Name of the bundle in a model folder."""
        return f"pose_{self.name}.task"


@cache
def load_manifest() -> Mapping[str, ModelSpec]:
    """Return the known pose models by name, smallest first."""
    return read_manifest(_manifest_path())


def read_manifest(path: Path) -> Mapping[str, ModelSpec]:
    """Read a manifest file.

    Raises
    ------
    ModelError
        If the file is missing or is not a manifest.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        client = _package(content["npm_client"])
        builds = {
            name: tuple(_build(content["packages"][one["package"]], one) for one in ways)
            for name, ways in content["models"].items()
        }
        return {name: ModelSpec(name, content["licence"], ways, client) for name, ways in builds.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(
            f"expected the list of pose models in {path}, it cannot be read ({error!r}): reinstall midstance"
        ) from error


def model_spec(name: str) -> ModelSpec:
    """Return a pose model by its name.

    Raises
    ------
    ModelError
        If there is none of that name.
    """
    manifest = load_manifest()
    if name not in manifest:
        raise ModelError(f"expected a pose model {', '.join(manifest)} or a .task file, got {name!r}")
    return manifest[name]


def checkout_folder() -> Path | None:
    """Return `models/` of the source tree that this module runs from, or None when it is installed."""
    source = _HERE.parent.parent
    folder = source.parent / "models"
    return folder if source.name == "src" and (folder / "manifest.json").is_file() else None


def _manifest_path() -> Path:
    checkout = checkout_folder()
    return (checkout or _HERE) / "manifest.json"


def _package(entry: Mapping[str, Any]) -> Package:
    return Package(entry["registry"], entry["name"], entry["version"], entry["download_bytes"])


def _part(entry: Mapping[str, Any]) -> Part:
    return Part(entry["path"], entry["bytes"], entry["sha256"])


def _build(package: Mapping[str, Any], entry: Mapping[str, Any]) -> Build:
    detector, landmarks = (_part(package["files"][entry[role]]) for role in ("detector", "landmarks"))
    return Build(_package(package), detector, landmarks, entry["bytes"], entry["sha256"])
