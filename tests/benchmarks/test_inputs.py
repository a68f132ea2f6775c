from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.accuracy.truth import read_truth, supplemented

from midstance.science.errors import InputError

HEADER = "side,initial_contact_s,toe_off_s,midstance_s,knee_flexion_midstance_deg,overstride_m,unknown\n"


def _touch(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("", encoding="utf-8")
    return folder


def _truth_file(folder: Path, text: str) -> Path:
    path = folder / "run_truth.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_views_of_one_name_are_one_run(tmp_path: Path) -> None:
    """Views of a name belong together; variants and clips are runs of their own."""
    names = ("a_side.csv", "a_front.csv", "a_side_noisy.csv", "a_rear.mp4", "a_truth.csv", "b_side.csv", "notes.txt")
    found = find_recordings(_touch(tmp_path, *names), "here")
    told = {(r.name, r.kind): [v for v, _ in r.files] for r in found}
    assert told == {("a", "clean"): ["front", "side"], ("a noisy", "noisy"): ["side"], ("a", "clips"): ["rear"]}


def test_truth_of_another_frame_rate(tmp_path: Path) -> None:
    """A name without a truth takes that of the longest name that it begins with."""
    _touch(tmp_path, "run_truth.csv", "run_fast_truth.csv", "run_30fps_side.csv", "run_fast_120fps_side.csv")
    found = {r.name: r.truth.name for r in find_recordings(tmp_path, "here")}
    assert found == {"run_30fps": "run_truth.csv", "run_fast_120fps": "run_fast_truth.csv"}


def test_both_sides(tmp_path: Path) -> None:
    """Clips named after the runner's sides are side views of one run."""
    (found,) = find_recordings(_touch(tmp_path, "a_left.mp4", "a_right.mp4", "a_truth.csv"), "here")
    assert [v for v, _ in found.files] == ["side", "side"]


def test_folder_without_truth(tmp_path: Path) -> None:
    """A folder without a truth is refused, with what was expected."""
    with pytest.raises(InputError, match=r"NAME_truth\.csv"):
        find_recordings(_touch(tmp_path, "a_side.csv"), "here")


def test_truth_columns(tmp_path: Path) -> None:
    """Angles and distances are read by name, empty cells are unknown, timing is derived from the events."""
    rows = "left,1.0,1.25,1.1,40.5,0.2,x\nright,1.35,1.6,1.45,,,x\nleft,1.7,1.95,1.8,41,,x\n"
    first, second, last = read_truth(_truth_file(tmp_path, HEADER + rows)).stances
    assert first.values["knee_flexion", "midstance"] == 40.5
    assert first.values["overstride_m", "initial_contact"] == 0.2
    assert ("knee_flexion", "midstance") not in second.values
    assert first.values["stride_time", "stride"] == pytest.approx(0.7)
    assert first.values["flight_time", "stride"] == pytest.approx(0.1)
    assert first.values["duty_factor", "stride"] == pytest.approx(100 * 0.25 / 0.7)
    assert ("stride_time", "stride") not in last.values


def test_scale(tmp_path: Path) -> None:
    """A speed in the truth is given to the product; without one there is none."""
    with_speed = "side,initial_contact_s,toe_off_s,speed_mps\nleft,1,1.2,2.5\n"
    assert read_truth(_truth_file(tmp_path, with_speed)).speed_mps == 2.5
    without = read_truth(_truth_file(tmp_path, HEADER + "left,1,1.2,,,,\n"))
    assert without.speed_mps is None
    assert np.isnan(without.stances[0].midstance_s)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("side,toe_off_s\nleft,1\n", "initial_contact_s"),
        ("side,initial_contact_s,toe_off_s\nmiddle,1,2\n", "left or right"),
        ("side,initial_contact_s,toe_off_s\nleft,soon,2\n", "soon"),
    ],
)
def test_broken_truth(tmp_path: Path, text: str, told: str) -> None:
    """A truth that cannot be meant is refused, with the fault."""
    with pytest.raises(InputError, match=told):
        read_truth(_truth_file(tmp_path, text))


def test_supplement(tmp_path: Path) -> None:
    """Another truth of the same run fills what is missing and changes nothing."""
    given = read_truth(_truth_file(tmp_path, HEADER + "left,1.0,1.25,1.1,40.5,,\n"))
    more = read_truth(_truth_file(tmp_path, HEADER + "left,1.01,1.25,1.1,99,0.3,\nright,1.0,1.2,1.1,50,0.4,\n"))
    (stance,) = supplemented(given, more).stances
    assert stance.values["knee_flexion", "midstance"] == 40.5
    assert stance.values["overstride_m", "initial_contact"] == 0.3
