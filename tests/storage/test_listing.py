"""What a folder holds: all of it, or an error."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from midstance.storage.listing import files_below
from midstance.web.folders import Folders


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a file and a subfolder with another."""
    (tmp_path / "a" / "plots").mkdir(parents=True)
    (tmp_path / "a" / "plots" / "knee.png").write_text("x")
    (tmp_path / "a" / "strides.csv").write_text("x")
    return tmp_path / "a"


def unlistable(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Make the disk fail where the folder of this name is listed."""
    scandir = os.scandir

    def fail(path: str | int) -> object:
        if Path(str(path)).name == name:
            raise OSError(errno.EIO, "Input/output error", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", fail)


def test_all_files_in_order(folder: Path) -> None:
    """Files of the folder and of those below it; links that lead nowhere are there too."""
    (folder / "link").symlink_to("nowhere")
    names = [path.relative_to(folder).as_posix() for path in files_below(folder)]
    assert names == ["link", "plots/knee.png", "strides.csv"]


def test_folder_that_cannot_be_listed_is_not_an_empty_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the disk is told: files would be lost as if they had never been."""
    unlistable(monkeypatch, "plots")
    with pytest.raises(OSError, match="Input/output error"):
        files_below(folder)


def test_session_that_cannot_be_listed_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that the database does not know is removed only when it is seen to be empty."""
    folders = Folders(tmp_path)
    kept, empty = (tmp_path / "sessions" / (letter * 32) for letter in "ab")
    (kept / "clips").mkdir(parents=True)
    (kept / "clips" / "original").write_text("a clip")
    empty.mkdir()
    with monkeypatch.context() as disk:
        unlistable(disk, "clips")
        folders.tidy(())
    assert (kept / "clips" / "original").read_text() == "a clip"
    assert not empty.exists()
