"""The output folder's rules: what is made, replaced, kept and refused."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from midstance.science.errors import NoRunnerError, OutputError
from midstance.storage.output import check_usable, output_folder
from tests.storage.folder_driver import FOREIGN, expected, put, run, state

OLD = expected("old", "old", foreign=False)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """Return a folder with an earlier analysis and the user's own files."""
    out = tmp_path / "out"
    put(out, OLD | FOREIGN)
    return out


def is_folder(out: Path) -> bool:
    """Return whether a folder is there; a name that is too long is none."""
    try:
        return out.is_dir()
    except OSError:
        return False


def vanish(staging: Path) -> None:
    """Remove the staging folder under the hands of a run."""
    shutil.rmtree(staging)
    (staging / "analysis.json").write_text("{}")


def assert_refused(out: Path, words: str) -> None:
    """Check that a folder is refused before any work, in one line, and left alone."""
    before = state(out) if is_folder(out) else None
    started = False
    with pytest.raises(OutputError, match=words) as caught, output_folder(out):
        started = True
    assert not started
    assert "\n" not in str(caught.value)
    assert before == (state(out) if is_folder(out) else None)


def fail(out: Path, error: BaseException) -> None:
    """Write something and raise."""
    with output_folder(out) as staging:
        put(staging, {"analysis.json": "half", "plots/knee_flexion.png": "half"})
        raise error


@pytest.mark.parametrize("name", ["out", "new/folders/out"])
def test_absent_folder_is_made(tmp_path: Path, name: str) -> None:
    """The folder and those above it appear, with the results and nothing else, under the user's own mask."""
    run(tmp_path / name, "new")
    assert state(tmp_path / name) == expected("new", "new", foreign=False)
    assert [p.name for p in (tmp_path / name).parent.iterdir()] == ["out"]
    (tmp_path / "plain").mkdir()
    assert (tmp_path / name).stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_nothing_is_seen_in_the_folder_before_the_end(earlier: Path) -> None:
    """While a run works, the folder shows the earlier analysis, whole."""
    before = state(earlier)
    with output_folder(earlier) as staging:
        put(staging, {"analysis.json": "{}", "plots/knee_valgus.png": "new"})
        assert state(earlier) == before


def test_empty_folder_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    """A folder that a shell or a mount holds on to keeps its identity and its mode."""
    out = tmp_path / "out"
    out.mkdir(mode=0o700)
    before = out.stat()
    run(out, "new")
    assert state(out) == expected("new", "new", foreign=False)
    assert (out.stat().st_ino, out.stat().st_mode) == (before.st_ino, before.st_mode)


def test_earlier_analysis_is_replaced_as_a_whole(earlier: Path) -> None:
    """Files of the earlier analysis that the new one lacks go; files of the user stay."""
    run(earlier, "new")
    assert state(earlier) == expected("new", "new", foreign=True)


def test_analysis_of_another_version_is_replaced(tmp_path: Path) -> None:
    """A folder written by a later or earlier midstance counts as an analysis."""
    put(tmp_path / "out", {"analysis.json": json.dumps({"schema": "midstance.analysis/99"}), "curves.csv": "x"})
    run(tmp_path / "out", "new")
    assert state(tmp_path / "out") == expected("new", "new", foreign=False)


def test_folder_of_plots_goes_with_its_last_plot(tmp_path: Path) -> None:
    """An analysis without plots leaves no empty folder of those of before."""
    put(tmp_path / "out", OLD)
    with output_folder(tmp_path / "out") as staging:
        put(staging, {"analysis.json": "{}"})
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["analysis.json"]


def test_results_are_added_to_files_that_are_not_ours(tmp_path: Path) -> None:
    """The folder that holds the clips will do: nothing there is overwritten or removed."""
    put(tmp_path / "out", FOREIGN | {"clip.mp4": "filmed", "deep/er/file": "mine"})
    run(tmp_path / "out", "new")
    assert state(tmp_path / "out") == expected("new", "new", foreign=True) | {
        "clip.mp4": "filmed",
        "deep/er/file": "mine",
    }


@pytest.mark.parametrize("text", ["{}", "[]", "", '{"schema": "other/1"}', '{"schema": 1}', "[" * 100_000])
def test_analysis_of_somebody_else_is_not_overwritten(tmp_path: Path, text: str) -> None:
    """A file analysis.json that is not from midstance, or damaged, is refused before any work is done."""
    put(tmp_path / "out", {"analysis.json": text})
    assert_refused(tmp_path / "out", "analysis.json is not from an analysis by midstance")


@pytest.mark.parametrize("name", ["report.html", "strides.csv", "overlay_side.mp4", "plots/knee_flexion.png"])
def test_file_with_a_name_of_ours_is_not_overwritten(tmp_path: Path, name: str) -> None:
    """Without an analysis beside it, a file that a run would overwrite is the user's."""
    put(tmp_path / "out", {name: "mine"})
    assert_refused(tmp_path / "out", f"{name} is not from an analysis by midstance")


def test_file_that_would_be_overwritten_is_refused_at_the_end_too(tmp_path: Path) -> None:
    """Results of a name that nobody expected, or a file that came meanwhile, cost nobody a file."""
    put(tmp_path / "out", FOREIGN)
    with pytest.raises(OutputError, match=r"notes\.txt is not from"), output_folder(tmp_path / "out") as staging:
        put(staging, {"analysis.json": "{}", "notes.txt": "ours"})
    assert state(tmp_path / "out") == FOREIGN
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_folders_in_the_way_are_refused(earlier: Path) -> None:
    """A folder with the name of a file, and a file with the name of a folder, are not moved."""
    put(earlier, {"report.html/mine": "mine"})
    assert_refused(earlier, "report.html: expected a file or nothing")
    put(earlier.parent / "other", {"plots": "mine"})
    assert_refused(earlier.parent / "other", "plots: expected a folder or nothing")


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A file, and a folder below a file, cannot take results."""
    (tmp_path / "out").write_text("mine")
    assert_refused(tmp_path / "out", "expected a folder for the results, given a file")
    assert_refused(tmp_path / "out" / "below", "expected a place that can be written")
    assert (tmp_path / "out").read_text() == "mine"


def test_name_that_is_too_long_is_refused(tmp_path: Path) -> None:
    """The system's limit on names is met with one line; the longest allowed name works."""
    assert_refused(tmp_path / ("x" * 256), "File name too long")
    run(tmp_path / ("ä" * 127), "new")
    assert state(tmp_path / ("ä" * 127)) == expected("new", "new", foreign=False)


def test_link_to_a_folder_is_followed(earlier: Path) -> None:
    """Results go into the folder behind a symbolic link, or make it; the link stays."""
    for target in (earlier, earlier.parent / "absent"):
        link = earlier.parent / f"link_to_{target.name}"
        link.symlink_to(target)
        run(link, "new")
        assert link.is_symlink()
        assert state(target) == expected("new", "new", foreign=target == earlier)


def test_current_folder_can_take_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--out .`` leaves the shell in a folder that is still there."""
    monkeypatch.chdir(tmp_path)
    run(Path(), "new")
    assert state(Path.cwd()) == expected("new", "new", foreign=False)


@pytest.mark.parametrize("error", [NoRunnerError("nobody"), KeyboardInterrupt(), ValueError("a bug")])
@pytest.mark.parametrize("kind", ["absent", "new/folders/absent", "empty", "earlier"])
def test_run_that_fails_leaves_all_as_it_was(tmp_path: Path, kind: str, error: BaseException) -> None:
    """Whatever ends a run, the folder and its surroundings are as before, and the error is passed on."""
    out = tmp_path / kind
    if kind == "empty":
        out.mkdir()
    if kind == "earlier":
        put(out, OLD | FOREIGN)
    before = sorted(p.as_posix() for p in tmp_path.rglob("*")), state(tmp_path)
    with pytest.raises(type(error)):
        fail(out, error)
    assert before == (sorted(p.as_posix() for p in tmp_path.rglob("*")), state(tmp_path))


def test_full_disk_is_said_in_one_line(earlier: Path) -> None:
    """No room, also when a library wraps the error, becomes an OutputError that names the folder."""
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    wrapped = RuntimeError("the encoder failed")
    wrapped.__cause__ = full
    for error in (full, wrapped):
        with pytest.raises(OutputError, match=f"^{earlier}: expected room for the results, given a full disk"):
            fail(earlier, error)
    assert state(earlier) == OLD | FOREIGN


def test_other_errors_of_the_caller_pass(tmp_path: Path) -> None:
    """A file that the caller could not read is not blamed on the output folder."""
    with pytest.raises(FileNotFoundError):
        fail(tmp_path / "out", FileNotFoundError(errno.ENOENT, "absent", "clip.mp4"))


def test_staging_folder_that_vanishes_is_an_error_of_ours(tmp_path: Path) -> None:
    """Somebody who tidies up hidden folders during a run gets one line, not a traceback."""
    with pytest.raises(OutputError, match="No such file"):
        run(tmp_path / "out", "new", pause=vanish)


def test_check_says_yes_to_what_can_be_used(earlier: Path) -> None:
    """The early check accepts a folder that is absent, empty, or has an earlier analysis, and makes nothing."""
    (earlier.parent / "empty").mkdir()
    for out in (earlier, earlier.parent / "empty", earlier.parent / "absent"):
        check_usable(out)
    assert not (earlier.parent / "absent").exists()
