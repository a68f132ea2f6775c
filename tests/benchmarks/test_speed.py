from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.markdown import number, table
from benchmarks.speed.bare import run_model
from benchmarks.speed.cases import NO_OVERLAY, ONE_VIEW, PEER, POSE, Case, Inputs, cases_of, find_clips
from benchmarks.speed.page import Findings, ratios, render_page
from benchmarks.speed.process import CommandFailedError, Cost, measure

from midstance.science.errors import InputError

MB = 1e6
PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]], check=True)"
CHILD = "import time; kept = bytearray(b'x') * 150_000_000; time.sleep(0.6)"
BUSY = "import time\nwhile time.process_time() < 0.5: pass"


def test_memory_of_children_counts(tmp_path: Path) -> None:
    """The peak is that of the whole process tree, whoever holds the memory."""
    cost = measure((sys.executable, "-c", PARENT, CHILD), tmp_path)
    if math.isnan(cost.peak_bytes):
        pytest.skip("this system does not tell the memory of processes")
    assert 150 * MB < cost.peak_bytes < 250 * MB
    assert cost.wall_s > 0.6


def test_cpu_time_of_children_counts(tmp_path: Path) -> None:
    """CPU time holds that of child processes."""
    assert measure((sys.executable, "-c", PARENT, BUSY), tmp_path).cpu_s >= 0.5


def test_failed_command_is_told(tmp_path: Path) -> None:
    """A timed command that fails stops the benchmark with its last line: a time of a failure means nothing."""
    with pytest.raises(CommandFailedError, match=r"given 3.*no such luck"):
        measure((sys.executable, "-c", "import sys; sys.stderr.write('no such luck\\n'); sys.exit(3)"), tmp_path)


def _findings(analysis_s: tuple[float, ...]) -> Findings:
    cases = (Case("bare", ()), Case("analyze", (), "bare", 0.62), Case("help", (), limit=0.4))
    steps = {POSE: Cost(4.0, 7.0, 1e8), NO_OVERLAY: Cost(5.5, 9.0, 1e8), ONE_VIEW: Cost(7.25, 12.0, 1e8)}
    rounds = [
        steps | {"bare": Cost(10.0 * (i + 1), 10.0, 1e8), "analyze": Cost(s, 12.0, 3e8), "help": Cost(0.5, 0.5, 1e8)}
        for i, s in enumerate(analysis_s)
    ]
    return Findings(cases, rounds, [("analyze", "report.html", 1_234_000)], [("processor", "some")], "2026-01-01")


def test_ratios_are_paired_by_round() -> None:
    """A machine twice as slow in the second round does not change the ratios."""
    found = _findings((5.0, 10.0))
    assert ratios(found, found.cases[1], "wall_s") == [0.5, 0.5]


def test_page_says_met_and_missed() -> None:
    """The page judges the median ratio and the plain times by their bars, and gives the spread."""
    page = render_page(_findings((5.0, 10.0, 21.0)))
    assert "| analyze | 0.50 (0.50 to 0.70) |" in page
    assert "| 0.62 | met |" in page
    assert "| help | 0.50 (0.50 to 0.50) |" in page
    assert "| 0.40 | **missed** |" in page
    assert "`report.html` | 1234" in page


def test_steps_are_differences() -> None:
    """What a step takes is what the case with it takes more than the one without."""
    page = render_page(_findings((5.0, 5.0)))
    assert "| landmarks to tables, plots and reports | 1.50 (1.50 to 1.50) | 2 (2 to 2) |" in page
    assert "| overlay, beside the plots | 1.75" in page


def test_a_peer_is_timed_on_the_same_landmarks(tmp_path: Path) -> None:
    """With a peer's command there is an analysis of the same file, held against it."""
    stored = (("side", tmp_path / "side.csv"), ("front", tmp_path / "front.csv"))
    cases = cases_of(Inputs(tmp_path / "a.mp4", None, stored, tmp_path / "m.task", peer=("peer", "x")), tmp_path)
    (ours,) = (case for case in cases if case.against == PEER)
    assert str(tmp_path / "side.csv") in ours.command
    assert str(tmp_path / "front.csv") not in ours.command


def test_cases_need_no_front_clip(tmp_path: Path) -> None:
    """Without a front clip there are no cases of two views; every yardstick that is named is there."""
    side = tmp_path / "side.mp4"
    for front in (None, tmp_path / "front.mp4"):
        cases = cases_of(Inputs(side, front, (("side", tmp_path / "side.csv"),), tmp_path / "m.task"), tmp_path)
        names = {c.name for c in cases}
        assert {c.against for c in cases} - {""} <= names
        assert any("two views" in n for n in names) == (front is not None)


def test_clips_are_looked_for(tmp_path: Path) -> None:
    """Without sample clips and without shared clips the benchmark says what is missing."""
    with pytest.raises(InputError, match="sample clips"):
        find_clips(tmp_path, tmp_path)
    (tmp_path / "typical_side.mp4").write_bytes(b"")
    assert find_clips(tmp_path, tmp_path) == (tmp_path / "typical_side.mp4", None)


@pytest.mark.slow
def test_bare_loop_runs_the_model_on_every_frame(shared: Path, heavy_model: Path) -> None:
    """The yardstick does the work that it stands for."""
    assert run_model(heavy_model, shared / "data" / "clips" / "overground_side_30fps.mp4") == 47


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.234, "1.23"), (-1.234, "−1.23"), (-0.001, "0.00"), (3.0, "3"), (float("nan"), "–"), (None, "–")],
)
def test_numbers(value: float | None, text: str) -> None:
    """Numbers have a minus sign, no negative zero, and a dash where there is none."""
    assert number(value) == text


def test_table_cells_cannot_break_the_table() -> None:
    """A bar within a cell does not start another cell."""
    assert table(["a"], [["x|y"]]) == "| a |\n| --- |\n| x/y |"


def test_looped_clip_is_as_long_and_as_wide_as_asked(tmp_path: Path) -> None:
    """A sample played again and again has the frames of the length asked for, at the sample's rate."""
    from benchmarks.speed.clips import looped

    from midstance.video.reader import open_clip

    sample = Path(__file__).resolve().parents[2] / "sample_videos" / "typical_side.mp4"
    with open_clip(looped(sample, tmp_path / "long.mp4", 8.5, 360)) as clip:
        assert clip.info.frames == 510
        assert (clip.info.width_px, clip.info.height_px) == (360, 640)
        assert clip.info.fps == pytest.approx(60, rel=1e-3)


def test_repeated_clip_keeps_every_frame_in_time(tmp_path: Path) -> None:
    """Frames of all rounds are there, equally far apart, at the seams too."""
    from benchmarks.speed.clips import looped, repeated

    from midstance.video.reader import open_clip

    sample = Path(__file__).resolve().parents[2] / "sample_videos" / "typical_side.mp4"
    once = looped(sample, tmp_path / "once.mp4", 1.0, 180)
    with open_clip(repeated(once, tmp_path / "thrice.mp4", 3)) as clip:
        times_s = [frame.time_s for frame in clip]
    np.testing.assert_allclose(times_s, np.arange(180) / 60, atol=1e-6)
