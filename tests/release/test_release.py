"""What is released: the wheel works by itself, the version and the notices are in order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from midstance.api.doctor import LIBRARIES
from midstance.cli.commands import cli
from midstance.models.lookup import MODEL_DIR_VARIABLE

ROOT = Path(__file__).parents[2]
SHIPPED = (
    "midstance/py.typed",
    "midstance/models/manifest.json",
    "midstance/models/legs_side.onnx",
    "midstance/models/legs_frontal.onnx",
    "midstance/report/templates/report.html.j2",
    "midstance/web/static/review/main.js",
)
OTHER_NAMES = {"distributed": "Dask distributed"}
"""Packages that the notices call otherwise."""


def _project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return dict(tomllib.load(file)["project"])


def _name(requirement: str) -> str:
    return re.split(r"[<>=!\[ ;]", requirement, maxsplit=1)[0]


def test_version_is_semantic_and_in_the_changelog() -> None:
    """The version has three numbers, and the changelog has its heading or one for what is to come."""
    version = _project()["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|rc\d+)?", version)
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"Unreleased", version} & set(headings)


def test_notices_name_every_package_that_users_install() -> None:
    """Each package that the product needs, or one of the extras for users, has its licence in the notices."""
    project = _project()
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(r for name in ("web", "cluster", "formats") for r in extras.get(name, []))]
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8").lower()
    names = {_name(requirement) for requirement in wanted}
    assert not {name for name in names if OTHER_NAMES.get(name, name).lower() not in notices}


def test_image_recipe_serves_without_rights() -> None:
    """The recipe drops its rights before the server starts, and other machines need a token."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    users = [number for number, line in enumerate(lines) if line.startswith("USER ")]
    command = next(number for number, line in enumerate(lines) if line.startswith("CMD "))
    assert users
    assert lines[users[-1]] not in {"USER root", "USER 0", "USER 0:0"}
    assert users[-1] < command
    assert '"--token"' in lines[command]


def test_image_recipe_installs_what_packages_link_against() -> None:
    """The recipe, the set-up and `midstance doctor` name the same Debian packages."""
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert (
        re.findall(r"^FROM (\S+)", recipe, re.MULTILINE) == ["python:3.12-slim-bookworm"] * 2
    )  # names are Debian 12's
    found = re.search(r"apt-get install -y --no-install-recommends ([a-z0-9. \-]+?) *\\\n", recipe)
    assert found is not None
    assert set(found[1].split()) == {package for package, *_ in LIBRARIES.values()}
    setup = (ROOT / "tools" / "system_packages.sh").read_text(encoding="utf-8")
    for library, (package, *_) in LIBRARIES.items():
        stem = {"libgthread-2.0.so.0": "libglib-2.0.so.0"}.get(library, library)  # two libraries of one package
        line = next(line for line in setup.splitlines() if line.startswith(f"need_library {stem}"))
        assert package in line or '"$glib"' in line
    assert f"glib={LIBRARIES['libgthread-2.0.so.0'][0]}\n" in setup


def _line(recipe: str, word: str) -> str:
    """Return what follows a word that stands once at the beginning of a line."""
    [found] = [line for line in recipe.splitlines() if line.startswith(f"{word} ")]
    return found.removeprefix(f"{word} ")


def test_image_recipe_names_what_there_is() -> None:
    """Files that the recipe copies are in the context; its command, options and folders are there."""
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    sources = [line.split()[1] for line in recipe.splitlines() if re.match(r"COPY (?!--from)", line)]
    assert sources == [".", "requirements/lock.txt"]
    forced = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = ["requirements/lock.txt", *forced["packages"], *forced["force-include"], *_project()["license-files"]]
    for name in [*needed, _project()["readme"], "pyproject.toml"]:
        assert (ROOT / name).exists()
        assert any(Path(name).match(kind) or name.startswith(f"{kind}/") for kind in kept), name
    program, arguments = (json.loads(_line(recipe, word)) for word in ("ENTRYPOINT", "CMD"))
    assert program == ["midstance"]
    command, options = cli.commands[arguments[0]], arguments[1::2]
    assert set(options) <= {name for parameter in command.params for name in parameter.opts}
    data = arguments[arguments.index("--data") + 1]
    assert _line(recipe, "VOLUME") == data
    assert re.search(rf"install -d -o midstance {data}\b", recipe)
    variable, _, place = _line(recipe, "ENV").partition("=")
    assert variable == MODEL_DIR_VARIABLE
    assert f"chmod -R a+rX {place}" in recipe


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the source archive, as `make dist` builds them."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def python(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a clean environment with the wheel in it.

    The packages that midstance needs are those of the running environment, put on the path after the wheel's own
    folder: 500 MB need not be fetched again, and the test works offline. pip takes the wheel alone.
    """
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    windows = sys.platform == "win32"
    program = folder / ("Scripts/python.exe" if windows else "bin/python")
    [wheel] = built.glob("*.whl")
    environ = _clean_environ()
    subprocess.run(
        [program, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel], check=True, env=environ
    )
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(
        subprocess.run([program, "-c", code], check=True, capture_output=True, text=True, env=environ).stdout.strip()
    )
    packages = [path for path in sys.path if path.endswith("site-packages")]
    (own / "packages_of_the_tests.pth").write_text("\n".join(packages) + "\n", encoding="utf-8")
    return program


def _clean_environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "MYPY"))}


def _run(python: Path, *arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [python, *arguments],
        cwd=cwd,
        env=_clean_environ(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


pytestmark = pytest.mark.xdist_group("release")  # built once


def test_wheel_holds_what_it_needs(built: Path) -> None:
    """Networks, templates, licences and the mark of a typed package are in the wheel; tests are not."""
    [wheel] = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert set(SHIPPED) <= set(names)
    assert {"LICENSE", "THIRD_PARTY_NOTICES.md"} <= {Path(n).name for n in names if ".dist-info/licenses/" in n}
    assert all(n.startswith("midstance") for n in names)


@pytest.mark.long
def test_wheel_comes_from_the_source_archive(built: Path, tmp_path: Path) -> None:
    """The source archive alone is enough to build the same wheel."""
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    [source] = tmp_path.iterdir()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "again")]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    [first], [again] = built.glob("*.whl"), (tmp_path / "again").glob("*.whl")
    held = [{i.filename: i.CRC for i in zipfile.ZipFile(wheel).infolist()} for wheel in (first, again)]
    assert held[0] == held[1]


@pytest.mark.slow
def test_installed_wheel_analyses(python: Path, tmp_path: Path) -> None:
    """From the wheel alone the help comes, and stored landmarks become a report."""
    where = _run(python, "-c", "import midstance; print(midstance.__file__)", cwd=tmp_path)
    assert where.startswith(str(python.parents[1]))
    assert "analyze" in _run(python, "-m", "midstance", "--help", cwd=tmp_path)
    landmarks = ROOT / "sample_videos" / "landmarks"
    clips = ["--side", str(landmarks / "typical_side.csv"), "--front", str(landmarks / "typical_front.csv")]
    _run(python, "-m", "midstance", "analyze", *clips, "--out", "results", cwd=tmp_path)
    assert {p.name for p in (tmp_path / "results").iterdir()} >= {
        "analysis.json",
        "measures.csv",
        "report.html",
        "report.pdf",
    }


@pytest.mark.long
def test_public_api_is_typed_for_users(python: Path, tmp_path: Path) -> None:
    """A user's strictly typed file passes against the installed wheel, and a mistake in it is found."""
    user = (ROOT / "tests" / "typing" / "user.py").read_text(encoding="utf-8")
    (tmp_path / "user.py").write_text(user, encoding="utf-8")
    check = ("-m", "mypy", "--strict", "--config-file=", "--cache-dir=cache")
    _run(python, *check, "user.py", cwd=tmp_path)
    wrong_lines = "import midstance as ms\n\nms.analyze(sid='side.mp4')\nms.analize()\n"
    (tmp_path / "wrong.py").write_text(wrong_lines, encoding="utf-8")
    wrong = subprocess.run(
        [python, *check, "wrong.py"], cwd=tmp_path, env=_clean_environ(), capture_output=True, text=True, check=False
    )
    assert 'Unexpected keyword argument "sid"' in wrong.stdout
    assert 'Module has no attribute "analize"' in wrong.stdout
