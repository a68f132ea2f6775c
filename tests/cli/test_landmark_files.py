"""Landmark files in place of clips: motion capture filmed by virtual phones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.cli import midstance, rows

pytestmark = pytest.mark.xdist_group("landmark_files")


@pytest.mark.parametrize("noise", ["", "_noisy"])
def test_every_stance_of_motion_capture_is_found(shared: Path, tmp_path: Path, noise: str) -> None:
    """Side and front together: every stance that the force plate saw is found, and no other, in both views."""
    mocap = shared / "data" / "mocap"
    out = tmp_path / "out"
    ended = midstance(
        "analyze",
        "--side",
        mocap / f"rbds001_25_side{noise}.csv",
        "--front",
        mocap / f"rbds001_25_front{noise}.csv",
        "--out",
        out,
    )
    assert ended.code == 0, ended.err
    truth = [(r["side"], float(r["initial_contact_s"])) for r in rows(mocap / "rbds001_25_truth.csv")]
    for view in ("side", "front"):
        found = [(s["side"], float(s["initial_contact_s"])) for s in rows(out / "strides.csv") if s["view"] == view]
        for side, contact_s in truth:
            assert sum(s == side and abs(t - contact_s) < 0.05 for s, t in found) == 1
        first_s, last_s = truth[0][1], truth[-1][1]
        inside = [f for f in found if first_s - 0.05 <= f[1] <= last_s + 0.05]
        assert len(inside) == len(truth)


def test_outputs_without_clips(shared: Path, tmp_path: Path) -> None:
    """Landmark files give numbers, plots and a report, and no overlay; with --json stdout is JSON and no more."""
    out = tmp_path / "out"
    clip = shared / "data" / "mocap" / "rbds001_25_rear.csv"
    ended = midstance("analyze", "--rear", clip, "--out", out, "--json")
    assert ended.code == 0
    told = json.loads(ended.out)
    assert told["schema"] == "midstance.summary/1"
    assert Path(told["report"]) == out / "report.html"
    assert told["summary"] == json.loads((out / "analysis.json").read_text())["summary"]
    assert told["strides"]["rear"]["left"] > 20
    assert {f["id"] for f in told["findings"]} >= {"dorsiflexion_compensation"}
    assert (out / "report.html").exists()
    assert not list(out.glob("overlay*"))
    capture = json.loads((out / "analysis.json").read_text())["capture"]["rear"]
    assert capture["facing"] == "away"
    assert (out / "plots" / "knee_valgus.png").exists()


@pytest.mark.long
def test_distances_come_in_metres_with_a_height(shared: Path, tmp_path: Path) -> None:
    """With a body height, distances are metres of a sensible size; without, pixels of low quality."""
    clip = shared / "data" / "mocap" / "rbds001_25_side.csv"
    for options, unit in (((), "px"), (("--height-m", "1.76"), "m"), (("--speed-mps", "2.5"), "m")):
        out = tmp_path / f"out{len(options)}{unit}{''.join(options)[:8]}"
        assert midstance("analyze", "--side", clip, "--out", out, *options).code == 0
        bounce = [m for m in rows(out / "measures.csv") if m["measure"] == "vertical_oscillation_m"]
        assert {m["unit"] for m in bounce} == {unit}
        assert ("low" in {m["quality"] for m in bounce}) == (unit == "px")
        if unit == "m":
            assert all(0.06 < float(m["value"]) < 0.12 for m in bounce)


def test_a_rerun_replaces_the_results_and_keeps_other_files(shared: Path, tmp_path: Path) -> None:
    """Analysing again into the same folder replaces what is ours and leaves a note of the user alone."""
    out = tmp_path / "out"
    clip = shared / "data" / "mocap" / "rbds001_25_front.csv"
    assert midstance("analyze", "--front", clip, "--out", out).code == 0
    (out / "my notes.txt").write_text("seen on Monday")
    assert midstance("analyze", "--front", clip, "--out", out, "--height-m", "1.8").code == 0
    assert (out / "my notes.txt").read_text() == "seen on Monday"
    assert json.loads((out / "analysis.json").read_text())["settings"]["height_m"] == 1.8
