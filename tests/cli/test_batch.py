"""`midstance batch`: its options, and what it refuses before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.batches import NO_CLIP, write_run
from tests.support.cli import midstance


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest of one run that cannot be analysed."""
    (tmp_path / "a.csv").write_text(NO_CLIP)
    path = tmp_path / "manifest.csv"
    path.write_text("runner,side\nanna,a.csv\n")
    return path


def test_help_says_what_a_batch_takes() -> None:
    """The help names the input, the output and where the work can be done."""
    ended = midstance("batch", "--help")
    assert ended.code == 0
    assert all(word in ended.out for word in ("FOLDER|MANIFEST.csv", "--out", "--jobs", "--scheduler", "--upload"))


def test_failures_only_give_exit_three_and_a_page(manifest: Path, tmp_path: Path) -> None:
    """When every run fails the page and the summary are there, and the exit code is 3."""
    out = tmp_path / "out"
    ended = midstance("batch", manifest, "--out", out)
    assert ended.code == 3
    assert ended.out.splitlines() == [f"summary: {out / 'summary.csv'}", f"index: {out / 'index.html'}"]
    assert ended.err.splitlines()[-1].startswith("midstance: expected every run analysed, given 1 of 1 that failed")
    assert "none was analysed" in (out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--upload",), "--upload: expected --scheduler"),
        (("--jobs", "0"), "--jobs"),
    ],
)
def test_wrong_options_are_refused(manifest: Path, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """Exit 2, one line, and no folder is made."""
    ended = midstance("batch", manifest, "--out", tmp_path / "out", *arguments)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert words in ended.err
    assert not (tmp_path / "out").exists()


def test_everything_is_read_before_the_first_clip(tmp_path: Path) -> None:
    """A wrong last row is refused with its number, and nothing of the first is done."""
    write_run(tmp_path / "a.csv")
    (tmp_path / "manifest.csv").write_text("runner,side\nanna,a.csv\nben,b.csv\n")
    ended = midstance("batch", tmp_path / "manifest.csv", "--out", tmp_path / "out")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith("midstance: row 3: ")
    assert not (tmp_path / "out").exists()


def test_files_of_the_user_are_not_replaced(manifest: Path, tmp_path: Path) -> None:
    """A folder that holds a summary.csv of its own is refused and left as it was."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.csv").write_text("mine")
    ended = midstance("batch", manifest, "--out", tmp_path / "out")
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["summary.csv"]
    assert (tmp_path / "out" / "summary.csv").read_text() == "mine"


def test_out_that_is_a_file_is_refused(manifest: Path) -> None:
    """Exit 2 and one line."""
    ended = midstance("batch", manifest, "--out", manifest)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert str(manifest) in ended.err
