"""The second process that draws plots."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import midstance.plots
from midstance.api import save
from midstance.plots import plot_names, second_hand, write_plots
from midstance.science.errors import OutputError
from midstance.science.records import Analysis
from midstance.storage import tables

PARENT = """
import sys, time
from midstance.plots import second_hand
with second_hand() as hand:
    print(hand._process.pid, flush=True)
    time.sleep(60)
"""


def written(folder: Path) -> dict[str, bytes]:
    """Return the plots of an analysis folder."""
    return {path.name: path.read_bytes() for path in sorted((folder / "plots").iterdir())}


def gone(pid: int) -> bool:
    """Return whether a process has ended."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_two_processes_draw_what_one_draws(analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each draws a part, and the plots are the same files, byte for byte."""
    save(analysis, tmp_path / "one", overlay=False)
    drawn_here: list[str] = []

    def counted(whole: Analysis, folder: Path, names: Sequence[str]) -> None:
        drawn_here.extend(names)
        write_plots(whole, folder, names)

    monkeypatch.setattr(midstance.plots, "write_plots", counted, raising=False)
    with second_hand() as hand:
        save(analysis, tmp_path / "two", overlay=False, hand=hand)
    assert drawn_here == list(plot_names(analysis)[::2])
    assert written(tmp_path / "two") == written(tmp_path / "one")
    assert len(written(tmp_path / "one")) == 2 * len(plot_names(analysis))


def test_plots_are_complete_though_the_second_hand_dies(analysis: Analysis, tmp_path: Path) -> None:
    """A process that was killed leaves its work to the first."""
    with second_hand() as hand:
        assert hand._process is not None
        hand._process.kill()
        hand._process.wait()
        save(analysis, tmp_path / "out", overlay=False, hand=hand)
    assert len(written(tmp_path / "out")) == 2 * len(plot_names(analysis))


def test_error_beside_the_second_hand_leaves_nothing(
    analysis: Analysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the tables cannot be written, the second process stops, and no half-written folder stays."""

    def full(*_: object) -> None:
        raise OutputError("expected room for the results, given a full disk: free some space")

    monkeypatch.setattr(tables, "write_curves", full)
    with second_hand() as hand:
        with pytest.raises(OutputError, match="full disk"):
            save(analysis, tmp_path / "out", overlay=False, hand=hand)
        assert hand._process is not None
        assert hand._process.returncode is not None
    assert not list(tmp_path.iterdir())


def test_second_hand_ends_with_the_first(tmp_path: Path) -> None:
    """It does not outlive a first process that is killed."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=tmp_path) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 30
    while not gone(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_no_second_hand_takes_no_work(analysis: Analysis, tmp_path: Path) -> None:
    """Where none is wanted there is none, and work is not taken."""
    with second_hand(wanted=False) as hand:
        assert not hand.draw(analysis, tmp_path, plot_names(analysis))
        assert not hand.done()
