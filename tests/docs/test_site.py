"""The documentation: it builds without a warning, loads nothing from elsewhere, and says what the code does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

import midstance as ms
from handbook.__main__ import drawings
from handbook.definitions import DEFINITIONS
from handbook.measures import measures_page
from midstance.cli.commands import cli
from midstance.science.catalogue import MEASURES
from midstance.storage.analysis_json import write_analysis
from midstance.storage.kept import write_kept

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md"))
BESIDE = sorted(f"../{p.relative_to(ROOT).as_posix()}" for p in (*ROOT.glob("*.md"), *ROOT.glob("*/README.md")))
"""Pages beside the documentation that tell what to type."""
LANDMARKS = {"side": "typical_side", "front": "typical_front", "standing": "typical_standing"}
pytestmark = pytest.mark.xdist_group("docs")  # the pages are built once
_CONSOLE = re.compile(r"```(?:console|sh)\n(.*?)```", re.DOTALL)
_INLINE = re.compile(r"`((?:\S*/)?midstance [^`]+)`")
_OURS = re.compile(r"^(?:\$ )?(?:\S*/)?midstance ")


def _commands(page: str) -> list[str]:
    """Return what a page tells to type of midstance, in blocks and in sentences."""
    text = (DOCS / page).read_text(encoding="utf-8")
    lines = [line for block in _CONSOLE.findall(text) for line in block.splitlines()]
    return [line for line in (*lines, *_INLINE.findall(text)) if _OURS.match(line)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the built pages."""
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(out)]
    built = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert built.returncode == 0, built.stderr
    return out


class _Loads(HTMLParser):
    """Collects what a page loads by itself: no link that a reader follows."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            self.found += [value for name, value in attrs if name in {"src", "href", "srcset", "data"} and value]


@pytest.mark.slow
def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    """No style, script, font or picture of the built pages comes from another machine."""
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        loads = _Loads()
        loads.feed(page.read_text(encoding="utf-8"))
        assert not [found for found in loads.found if "//" in found], page.name
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*[\"']?(https?:)?//", style.read_text(encoding="utf-8")), style.name


@pytest.mark.slow
def test_measures_are_on_their_page(site: Path) -> None:
    """Every measure of the catalogue has its section, with its figures."""
    page = (site / "measures.html").read_text(encoding="utf-8")
    for measure in MEASURES:
        assert measure.title in page
        assert f'id="{measure.name.replace("_", "-")}"' in page


@pytest.mark.slow
def test_public_names_are_in_the_reference(site: Path) -> None:
    """The reference has every name of `midstance.__all__`."""
    page = (site / "api.html").read_text(encoding="utf-8")
    missing = [name for name in ms.__all__ if not re.search(rf'id="midstance\.([a-z_.]+\.)?{name}"', page)]
    assert not missing


def test_every_measure_is_defined() -> None:
    """A measure of the catalogue cannot be without a definition, nor a definition without a measure."""
    assert set(DEFINITIONS) == {m.name for m in MEASURES}


def test_error_figures_are_those_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page follows the error figures: when one changes, so does the page."""
    from midstance.science import _error_figures

    key = ("knee_flexion", "midstance", "near")
    assert "| midstance | side, near leg | 3.3° | 1.1° |" not in measures_page()
    monkeypatch.setitem(_error_figures.ERRORS, key, (3.3, 1.1))
    assert "| midstance | side, near leg | 3.3° | 1.1° |" in measures_page()


def test_drawings_are_those_of_the_script() -> None:
    """`make drawings` was run after the script had changed."""
    stored = {p.name: p.read_text(encoding="utf-8") for p in (DOCS / "drawings").glob("*.svg")}
    assert stored == drawings()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output folder without its pictures, which take long and are read by no page."""
    folder = tmp_path_factory.mktemp("saved")
    stored = ROOT / "sample_videos" / "landmarks"
    run = ms.analyze(side=stored / "typical_side.csv", front=stored / "typical_front.csv")
    write_analysis(run, folder / "analysis.json")
    write_kept(run, folder)
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_code_blocks_run(page: str, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python blocks of a page run, one after the other, on stored landmarks."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").symlink_to(saved)
    for short, stem in LANDMARKS.items():
        for name in (short, stem):
            (tmp_path / f"{name}.csv").symlink_to(ROOT / "sample_videos" / "landmarks" / f"{stem}.csv")
    for example in Sybil(parsers=[PythonCodeBlockParser()]).parse(DOCS / page).examples():
        example.evaluate()


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the README shows in Python runs, with stored landmarks in place of its clips."""
    monkeypatch.chdir(tmp_path)
    for short in ("side", "front"):
        (tmp_path / f"{short}.csv").symlink_to(ROOT / "sample_videos" / "landmarks" / f"{LANDMARKS[short]}.csv")
    text = (ROOT / "README.md").read_text(encoding="utf-8").replace(".mp4", ".csv")
    (tmp_path / "README.md").write_text(text, encoding="utf-8")
    examples = list(Sybil(parsers=[PythonCodeBlockParser()]).parse(tmp_path / "README.md").examples())
    assert examples
    for example in examples:
        example.evaluate()
    assert (tmp_path / "results" / "report.html").exists()


@pytest.mark.parametrize("page", [p for p in (*PAGES, *BESIDE) if _commands(p)])
def test_command_lines_exist(page: str) -> None:
    """Commands and options that a page tells to type are there."""
    for line in _commands(page):
        words = shlex.split(_OURS.sub("", line))
        command: click.Command = cli
        while isinstance(command, click.Group) and words:
            command = command.commands[words.pop(0)]
        known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        known.add("--help")
        assert {word for word in words if word.startswith("--")} <= known, line
