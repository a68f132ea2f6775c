"""The lunge test on the command line, and the findings that the terminal shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from midstance.cli.summary import summary_lines
from midstance.science.findings import DISCLAIMER
from tests.science.findings.factory import RESTRICTED, Run
from tests.support.cli import midstance
from tests.support.example import example_analysis

CLIPS = {"side": "rbds001_25_side.csv", "front": "rbds001_25_front.csv"}


def analysed(shared: Path, out: Path, *options: str) -> dict[str, Any]:
    """Analyse motion capture with options and read the result."""
    clips = [part for view, name in CLIPS.items() for part in (f"--{view}", shared / "data" / "mocap" / name)]
    ended = midstance("analyze", *clips, "--out", out, *options)
    assert ended.code == 0, ended.err
    content: dict[str, Any] = json.loads((out / "analysis.json").read_text())
    content["terminal"] = ended.out
    return content


def test_lunge_reaches_the_findings_and_the_settings(shared: Path, tmp_path: Path) -> None:
    """Degrees on one side, centimetres on the other: both are in the file, converted only in the finding."""
    content = analysed(shared, tmp_path / "out", "--lunge-left-deg", "24", "--lunge-right-cm", "10")
    assert content["settings"]["lunge_left_deg"] == 24
    assert content["settings"]["lunge_right_cm"] == 10
    founding = {f["side"]: f for f in content["findings"] if f["id"] == "dorsiflexion_compensation"}
    lunges = {side: next(e for e in f["evidence"] if e["rule"] == "L1") for side, f in founding.items()}
    assert (lunges["left"]["value"], lunges["left"]["met"]) == (24, True)
    assert (lunges["right"]["value"], lunges["right"]["met"]) == (36, False)
    for side in ("left", "right"):
        assert f"  {side}: " in content["terminal"]
    assert DISCLAIMER in content["terminal"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_two_lunge_tests_of_a_side_are_refused(tmp_path: Path, side: str) -> None:
    """Degrees and centimetres for one side are a mistake, told before any clip is opened."""
    ended = midstance(
        "analyze", "--side", "gone.mp4", "--out", tmp_path / "out",
        f"--lunge-{side}-deg", "30", f"--lunge-{side}-cm", "8",
    )  # fmt: skip
    assert ended.code == 2
    assert ended.err.count("\n") == 1, ended.err
    assert f"--lunge-{side}-deg or --lunge-{side}-cm" in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("option", "value"), [("--lunge-left-cm", "31"), ("--lunge-right-cm", "-1")])
def test_lunge_out_of_range_is_refused(tmp_path: Path, option: str, value: str) -> None:
    """A distance that no ankle reaches is refused by name."""
    ended = midstance("analyze", "--side", "gone.mp4", "--out", tmp_path / "out", option, value)
    assert ended.code == 2
    assert option in ended.err


def test_terminal_has_one_line_for_each_side() -> None:
    """The title, left, right and the disclaimer, whatever the other findings say."""
    run = Run(RESTRICTED, near=("left",), error=1.0)
    analysis = replace(example_analysis(), views=(), summary=(), findings=run.findings())
    title, left, right, disclaimer = summary_lines(analysis)
    assert title == "Movement pattern that may go with reduced ankle dorsiflexion:"
    assert left.startswith("  left: Movement pattern may be consistent with reduced ankle dorsiflexion")
    assert right.startswith("  right: Pattern not seen")
    assert "film from the runner's right" in right
    assert disclaimer == f"  {DISCLAIMER}"
