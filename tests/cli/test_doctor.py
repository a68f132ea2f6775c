"""The machine, the shell and the terminal: doctor, completion, colours, progress in logs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from midstance.api import doctor
from midstance.cli.commands import cli
from midstance.cli.progress import TerminalProgress
from tests.support.cli import command, midstance

COMMANDS = sorted(cli.commands)


@pytest.fixture
def lite_only(tmp_path: Path) -> Path:
    """Return a folder of models whose heavy one is damaged."""
    (tmp_path / "pose_heavy.task").write_bytes(b"not a model")
    return tmp_path


def test_doctor_tells_what_was_looked_at() -> None:
    """JSON holds every check with its level, and the exit code agrees with it."""
    ended = midstance("doctor", "--json")
    told = json.loads(ended.out)
    assert told["schema"] == "midstance.doctor/1"
    levels = {check["name"]: check["level"] for check in told["checks"]}
    wanted = {"packages", "codecs", "pose model", "own networks", "runtime", "cores", "browser", "disk, this folder"}
    assert wanted <= set(levels)
    assert levels["codecs"] == levels["packages"] == "ok"
    assert told["ok"] == ("bad" not in levels.values()) == (ended.code == 0)
    assert all(check["advice"] for check in told["checks"] if check["level"] != "ok")


def test_doctor_says_what_to_do(lite_only: Path) -> None:
    """A damaged model ends with code 1, and the command that mends it."""
    ended = midstance("doctor", MIDSTANCE_MODEL_DIR=str(lite_only))
    assert ended.code == 1
    lines = ended.out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("bad"))
    assert "pose_heavy.task is damaged" in lines[at]
    assert lines[at + 1].strip() == "-> run `midstance models get heavy`"
    assert lines[-1].startswith("clips cannot be analysed")


def test_a_missing_package_and_a_full_disk_are_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an analysis cannot do without is told as bad, with advice."""
    monkeypatch.setattr(doctor, "PACKAGES", ("midstance", "no-such-package"))
    monkeypatch.setattr(doctor, "NO_DISK_GB", 1e9)
    checks = {check.name: check for check in doctor.examine()}
    assert checks["packages"].level == checks["disk, this folder"].level == "bad"
    assert "no-such-package" in checks["packages"].found
    assert checks["disk, this folder"].advice == "free some space"


@pytest.mark.skipif(sys.platform != "linux", reason="wheels for other systems bring their libraries")
@pytest.mark.parametrize(("needed", "level"), [("bad", "bad"), ("caution", "caution")])
def test_a_missing_system_library_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch, needed: doctor.Level, level: str
) -> None:
    """Without a library that packages link against, what needs it and the package that holds it are told."""
    missing = {"libnot-there.so.1": ("libnot-there1", "OpenCV", needed)}
    monkeypatch.setattr(doctor, "LIBRARIES", doctor.LIBRARIES | missing)
    check = next(check for check in doctor.examine() if check.name == "system libraries")
    assert check.level == level
    assert check.found == "missing: libnot-there.so.1 for OpenCV"
    assert "apt-get install libnot-there1`" in check.advice


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    """Each shell gets a script that asks midstance for completions."""
    ended = midstance("completion", shell)
    assert ended.code == 0
    assert f"_MIDSTANCE_COMPLETE={shell}_complete" in ended.out


def test_completion_knows_commands_and_options() -> None:
    """What the script asks is answered with commands, then with their options."""
    for words, at, wanted in (("midstance an", "1", "plain,analyze"), ("midstance export --po", "2", "plain,--points")):
        ended = midstance(_MIDSTANCE_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=at)
        assert ended.out.splitlines() == [wanted]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("setting", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colour_on_terminals_that_want_it(setting: dict[str, str], coloured: bool) -> None:  # noqa: FBT001 - a case
    """A terminal gets colour unless NO_COLOR is set or it knows none."""
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm"} | setting
    assert ("\x1b[" in on_terminal(["analyze"], environment)) == coloured


def test_no_colour_in_pipes() -> None:
    """What goes to a file or a pipe is plain text."""
    ended = midstance("analyze", TERM="xterm")
    assert "\x1b[" not in ended.err
    assert ended.err.startswith("midstance: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    """A command has a sentence, a short one that fits a line, and words for every option."""
    known = cli.commands[name]
    assert known.help
    assert not known.get_short_help_str(limit=64).endswith("...")
    assert all(p.help for p in known.params if isinstance(p, click.Option))


def test_progress_in_a_log_is_lines_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal progress is whole lines with what is left, not one for each frame."""
    clock = seconds(2.0)
    monkeypatch.setattr("midstance.cli.progress.time.monotonic", lambda: next(clock))
    with TerminalProgress() as progress:
        for done in range(1, 9):
            progress.step("pose side.mp4", done, 8)
    told = capsys.readouterr().err
    assert "\r" not in told
    assert 1 <= len(told.splitlines()) < 8
    assert all("of 8 frames" in line and "s left" in line for line in told.splitlines())


def seconds(step_s: float) -> Iterator[float]:
    """Yield the times of a clock that goes on by a step whenever it is looked at."""
    now_s = 100.0
    while True:
        now_s += step_s
        yield now_s


def on_terminal(arguments: list[str], environment: dict[str, str]) -> str:
    """Return what a command shows on a terminal."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(command(*arguments), stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:  # Linux says so that the other end was closed
        pass
    process.wait()
    os.close(ours)
    return shown.decode()
