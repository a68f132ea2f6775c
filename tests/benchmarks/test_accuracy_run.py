from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.bars import BARS, SLOW_FACTOR
from benchmarks.accuracy.cache import load_cached
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.accuracy.pairing import judge
from benchmarks.accuracy.records import Pair, Tally
from benchmarks.accuracy.truth import read_truth

from midstance.api import load, silent


def _run_command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.accuracy", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _pair(estimate: float, leg: str = "near", truth: float = 20.0) -> Pair:
    return Pair(
        "s", "clean", "r", "", 60, "side", leg, "tibial_inclination", "midstance", truth, estimate, "ok",  # type: ignore[arg-type] # any leg
    )  # fmt: skip


def _tally(**counts: int) -> Tally:
    return Tally("s", "clean", "r", "", 60, "side", **({"true": 9, "missed": 0, "false": 0, "exchanged": 0} | counts))


def test_stick_figure(recordings: Path) -> None:
    """A run with known truth is found whole, and its angles agree with the truth."""
    (recording,) = find_recordings(recordings, "stick")
    clips = [(view, load(path)) for view, path in recording.files]
    outcome = judge(recording, read_truth(recording.truth), clips, "")
    assert not outcome.refused
    assert {t.view for t in outcome.tallies} == {"side", "front", "front alone"}
    assert all((t.missed, t.false, t.exchanged) == (0, 0, 0) for t in outcome.tallies)
    tibia = [p for p in outcome.pairs if p.measure == "tibial_inclination" and p.leg == "near"]
    assert len(tibia) >= 6
    assert abs(np.mean([p.estimate - p.truth for p in tibia])) < 1.0
    contacts = [p for p in outcome.pairs if p.measure == "initial_contact" and p.view == "side"]
    assert max(abs(p.estimate - p.truth) for p in contacts) < 25


def test_sides_exchanged_in_the_truth_are_noticed(recordings: Path, tmp_path: Path) -> None:
    """Feet taken for each other are counted as exchanged, not as missed and false."""
    text = (recordings / "stick_truth.csv").read_text(encoding="utf-8")
    turned = text.replace("left,", "LEFT,").replace("right,", "left,").replace("LEFT,", "right,")
    (tmp_path / "turned.csv").write_text(turned, encoding="utf-8")
    (recording,) = find_recordings(recordings, "stick")
    clips = [(view, load(path)) for view, path in recording.files if view == "side"]
    (found,) = judge(recording, read_truth(tmp_path / "turned.csv"), clips, "").tallies
    assert found.exchanged > 10
    assert found.false == 0


def test_command_writes_the_page(project_root: Path, recordings: Path, tmp_path: Path) -> None:
    """The command writes the page with bars, tables, plots that exist and the inputs' hashes."""
    done = _run_command(
        project_root,
        "--only-data",
        "--data",
        str(recordings),
        "--out",
        str(tmp_path),
        "--pairs",
        str(tmp_path / "p.csv"),
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "ACCURACY.md").read_text(encoding="utf-8")
    assert "stances missed | 0 (0) met" in page
    assert "| side | tibial_inclination | midstance | near |" in page
    assert "`stick_side.csv`" in page
    linked = [line.split("(")[1].rstrip(")") for line in page.splitlines() if line.startswith("![")]
    assert linked
    assert all((tmp_path / name).stat().st_size > 1000 for name in linked)
    with (tmp_path / "p.csv").open(newline="", encoding="utf-8") as handle:
        assert {"truth", "estimate"} <= set(next(csv.reader(handle)))


def test_command_refuses_a_folder_without_truth(project_root: Path, tmp_path: Path) -> None:
    """A folder without recordings ends with one line and exit code 2."""
    done = _run_command(project_root, "--only-data", "--data", str(tmp_path))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "truth.csv" in done.stderr


def test_bar_met_and_missed() -> None:
    """A bar is met up to its limit and missed beyond; slow cameras may miss it by half as much again."""
    tibia = next(b for b in BARS if b.words.startswith("tibial inclination") and b.words.endswith("mean error"))
    assert tibia.judge("clean", 60, [_pair(20.6)], [_tally()]).met is True
    assert tibia.judge("clean", 60, [_pair(20.8)], [_tally()]).met is False
    assert tibia.judge("clean", 30, [_pair(20.8)], [_tally()]).met is True
    assert tibia.judge("clean", 30, [_pair(20 + 0.7 * SLOW_FACTOR + 0.1)], [_tally()]).met is False


def test_bar_without_data() -> None:
    """Without pairs a bar is neither met nor missed."""
    tibia = next(b for b in BARS if b.words.startswith("tibial inclination"))
    assert tibia.judge("clean", 60, [], []).met is None


def test_bar_looks_at_its_leg_only() -> None:
    """A far leg far off does not touch a bar for the near leg."""
    tibia = next(b for b in BARS if b.words.startswith("tibial inclination") and b.words.endswith("mean error"))
    assert tibia.judge("clean", 60, [_pair(20.1), _pair(30.0, "far")], [_tally()]).met is True


def test_counts_are_summed() -> None:
    """One missed stance in any recording misses the bar, at any frame rate."""
    missed = next(b for b in BARS if b.words == "stances missed")
    assert missed.judge("clips", 30, [], [_tally(), _tally(missed=1)]).met is False


def test_cache_gives_back_what_was_estimated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recordings: Path) -> None:
    """Landmarks of a clip are estimated once, come back the same, and a changed clip is estimated again."""
    clip, calls = tmp_path / "clip.mp4", []
    clip.write_bytes(b"first")

    def estimate(path: Path, **_: object) -> object:
        calls.append(path)
        return load(recordings / "stick_side.csv")

    monkeypatch.setattr("benchmarks.accuracy.cache.load", estimate)
    monkeypatch.setattr("benchmarks.accuracy.cache.ensure_model", lambda *_, **__: recordings / "stick_truth.csv")
    first = load_cached(clip, "heavy", silent, tmp_path / "cache")
    again = load_cached(clip, "heavy", silent, tmp_path / "cache")
    assert len(calls) == 1
    np.testing.assert_array_equal(again.landmarks.xy_px, first.landmarks.xy_px)
    assert again.facts.fps == first.facts.fps
    clip.write_bytes(b"second")
    load_cached(clip, "heavy", silent, tmp_path / "cache")
    assert len(calls) == 2
