"""Wrong input and wrong commands: exit code 2, one line, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cli import Ended, midstance


def _assert_refused(ended: Ended, code: int, *words: str) -> None:
    assert ended.code == code
    assert ended.err.count("\n") == 1, ended.err
    for word in words:
        assert word in ended.err


def test_text_named_mp4_is_refused(tmp_path: Path) -> None:
    """A text file named .mp4 is no clip: exit 2, one line with its name."""
    clip = tmp_path / "notes.mp4"
    clip.write_text("not a video at all\n" * 50)
    _assert_refused(midstance("analyze", "--side", clip, "--out", tmp_path / "out"), 2, "notes.mp4")
    assert not (tmp_path / "out").exists()


def test_empty_file_is_refused(tmp_path: Path) -> None:
    """An empty file is no clip."""
    clip = tmp_path / "empty.mp4"
    clip.touch()
    _assert_refused(midstance("analyze", "--side", clip, "--out", tmp_path / "out"), 2, "empty.mp4")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """A name that does not exist is told before anything is computed."""
    _assert_refused(midstance("analyze", "--front", tmp_path / "gone.mp4", "--out", tmp_path / "out"), 2, "gone.mp4")


def test_no_clip_at_all_is_refused(tmp_path: Path) -> None:
    """`analyze` without a clip says which options name one."""
    _assert_refused(midstance("analyze", "--out", tmp_path / "out"), 2, "--side", "--front", "--rear")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--height-m", "180"),
        ("--speed-mps", "-1"),
        ("--capture-fps", "0"),
        ("--lunge-left-deg", "120"),
        ("--jobs", "0"),
        ("--surface", "moon"),
        ("--no-such-option", "1"),
    ],
)
def test_option_out_of_range_is_refused(tmp_path: Path, option: str, value: str) -> None:
    """An option that makes no sense is refused by name before any clip is opened."""
    ended = midstance("analyze", "--side", "side.mp4", "--out", tmp_path / "out", option, value)
    _assert_refused(ended, 2, option)


def test_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """`--out` naming a file is refused, and the file is left alone."""
    out = tmp_path / "out"
    out.write_text("mine")
    clip = tmp_path / "clip.csv"
    clip.write_text("frame,time_s,landmark,x_px,y_px,visibility\n")
    _assert_refused(midstance("analyze", "--side", clip, "--out", out), 2, "out")
    assert out.read_text() == "mine"


def test_unknown_model_is_refused() -> None:
    """A model name that does not exist names those that do."""
    ended = midstance("models", "get", "huge")
    _assert_refused(ended, 2, "lite", "full", "heavy")


def test_help_lists_the_commands() -> None:
    """`--help` names every command of the contract that there is."""
    ended = midstance("--help")
    assert ended.code == 0
    assert all(name in ended.out for name in ("analyze", "demo", "models", "pose"))


@pytest.mark.parametrize("group", [(), ("models",)])
def test_a_command_that_is_left_out_gets_the_help(group: tuple[str, ...]) -> None:
    """`midstance` alone, or a group alone, prints the page that `--help` prints."""
    ended = midstance(*group)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == midstance(*group, "--help").out
    assert len(ended.out.splitlines()) > 5


def test_help_loads_nothing_heavy() -> None:
    """`--help` must start fast: no pose model, no OpenCV, no matplotlib, no scipy."""
    import subprocess
    import sys

    code = (
        "import sys\nfrom midstance.cli.run import run\nrun(['--help'])\n"
        "heavy = {'mediapipe', 'cv2', 'matplotlib', 'scipy', 'numpy', 'av', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
