"""`midstance report --compare`: a file from two folders, or one line why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from midstance.storage.analysis_json import write_analysis
from tests.support.cli import midstance
from tests.support.example import example_analysis, with_knee_more


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two analyses whose right knees differ by 9 degrees, with known errors of one degree."""
    root = tmp_path_factory.mktemp("runs")
    before = example_analysis()
    for name, analysis in (("before", with_knee_more(before, 0.0)), ("after", with_knee_more(before, 9.0))):
        (root / name).mkdir()
        write_analysis(analysis, root / name / "analysis.json")
    return root / "before", root / "after"


def test_html_names_the_change(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """The file says that the knee changed by more than the error."""
    out = tmp_path / "deep" / "changes.html"
    ended = midstance("report", "--compare", *folders, "--out", out)
    assert (ended.code, ended.err) == (0, "")
    html = out.read_text(encoding="utf-8")
    assert "More than the error of measuring explains: Knee flexion at midstance, right (" in html
    assert html.count("more than the error") == 1
    assert str(folders[0]) not in html


def test_pdf_by_name(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A name in .pdf gives a PDF; an older file is replaced."""
    out = tmp_path / "changes.PDF"
    out.write_text("older")
    assert midstance("report", "--compare", *folders, "--out", out).code == 0
    assert out.read_bytes().startswith(b"%PDF")
    assert [p.name for p in tmp_path.iterdir()] == ["changes.PDF"]


def test_analysis_of_an_older_version_has_no_errors(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A file without standard errors is compared, and nothing is claimed of it."""
    content = json.loads((folders[0] / "analysis.json").read_text(encoding="utf-8"))
    for row in content["summary"]:
        del row["standard_error"]
    (tmp_path / "analysis.json").write_text(json.dumps(content), encoding="utf-8")
    out = tmp_path / "changes.html"
    assert midstance("report", "--compare", tmp_path, folders[1], "--out", out).code == 0
    assert "No change could be judged." in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [None, "{}", "not json", '{"schema": "midstance.analysis/1"}'])
def test_folder_without_an_analysis_is_refused(folders: tuple[Path, Path], tmp_path: Path, content: str | None) -> None:
    """A folder that holds none, or a broken one: exit 2, one line with its name, nothing written."""
    empty = tmp_path / "empty"
    empty.mkdir()
    if content is not None:
        (empty / "analysis.json").write_text(content, encoding="utf-8")
    ended = midstance("report", "--compare", folders[0], empty, "--out", tmp_path / "out.html")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert "empty: expected a" in ended.err
    assert not (tmp_path / "out.html").exists()


def test_other_endings_and_missing_parts_are_refused(folders: tuple[Path, Path], tmp_path: Path) -> None:
    """A name that is neither HTML nor PDF, a folder as the file, one folder alone."""
    (tmp_path / "folder.html").mkdir()
    for arguments, words in (
        (("--compare", *folders, "--out", tmp_path / "out.docx"), ".html or .pdf"),
        (("--compare", *folders, "--out", tmp_path / "folder.html"), "expected the name of a file"),
        (("--out", tmp_path / "out.html", "--compare", folders[0]), "--compare"),
        (("--out", tmp_path / "out.html"), "--compare"),
    ):
        ended = midstance("report", *arguments)
        assert ended.code == 2
        assert ended.err.count("\n") == 1
        assert words in ended.err
