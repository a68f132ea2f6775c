"""Points placed by hand: what is written is read again, what is wrong is told, and the ones that are kept hold."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from training.real.labels import FOLDER, ClipLabels, Label, doubts, read_all, read_labels, write_labels
from training.real.repeat import repeats

from midstance.science.errors import InputError

HEEL = Label(3, 0.1, "runner", "left", "left_heel", 100.5, 200.0, "yes", "shoe", 1, "by day")
TOE = replace(HEEL, point="left_toe", x_px=60.0, seen="guessed")
HIDDEN = replace(HEEL, point="right_toe", x_px=float("nan"), y_px=float("nan"), seen="hidden")
LABELS = ClipLabels("clip", "ab12", 300.0, (HEEL, TOE, HIDDEN, replace(HEEL, round=2, x_px=103.5, y_px=204.0)))


def written(tmp_path: Path, labels: ClipLabels = LABELS) -> Path:
    """Return a file of labels."""
    path = tmp_path / f"{labels.clip}.csv"
    write_labels(labels, path)
    return path


def test_labels_come_back_as_they_were_written(tmp_path: Path) -> None:
    """Hash, leg length and every field survive; a hidden point has no place and counts in no round."""
    found = read_labels(written(tmp_path))
    assert (found.sha256, found.leg_px, len(found.labels)) == ("ab12", 300.0, 4)
    assert set(found.of_round(1)) == {HEEL, TOE}
    assert found.frames == (3,)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("# sha256 ab12", "# md5 ab12", "expected a first line"),
        ("left_heel", "left_hip_centre", "point: expected"),
        ("guessed", "perhaps", "seen: expected"),
        (",left,", ",up,", "near: expected"),
        ("100.5", "", "expected a place unless"),
        ("100.5", "abc", "expected numbers"),
        (",hidden,", ",yes,", "expected a place unless"),
        ("left_toe", "left_heel", "expected each point once"),
        ("remark", "note", "expected the columns"),
    ],
)
def test_a_broken_file_is_told_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    """Whatever breaks the format is one error that names the file."""
    path = written(tmp_path)
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(InputError, match=told) as error:
        read_labels(path)
    assert "clip.csv" in str(error.value)


def test_what_was_placed_twice_tells_how_well_it_repeats() -> None:
    """The heel lies 3 px aside and 4 px down in the second round: 5 px apart."""
    assert repeats(LABELS) == {"heel": (1, 5.0, 5.0)}


def test_doubtful_labels_are_named() -> None:
    """A foot twice as long as usual and an ASIS behind the PSIS are told, usual ones are not."""
    frames = [label for i in range(6) for label in (replace(HEEL, frame=i), replace(TOE, frame=i))]
    pelvis = [replace(HEEL, point="left_psis", x_px=130.0), replace(HEEL, point="left_asis", x_px=70.0)]
    assert doubts([*frames, *pelvis]) == ()
    long_foot = [replace(HEEL, frame=9), replace(TOE, frame=9, x_px=20.0)]
    turned = [replace(pelvis[0], x_px=70.0), replace(pelvis[1], x_px=130.0)]
    told = doubts([*frames, *long_foot, *turned])
    assert len(told) == 2
    assert "frame 9" in told[0]
    assert "frame 3" in told[1]


def test_the_kept_labels_are_a_test_set() -> None:
    """At least a hundred frames, 25 of them placed twice, none of them doubtful, and no picture beside them."""
    kept = read_all()
    assert sum(len(clip.frames) for clip in kept) >= 100
    assert sum(len({label.frame for label in clip.of_round(2)}) for clip in kept) >= 25
    assert [line for clip in kept for line in doubts(clip.labels)] == []
    assert {path.suffix for path in FOLDER.iterdir()} == {".csv"}


def test_labels_belong_to_the_shared_clips(shared: Path) -> None:
    """Each hash is that of the clip of its name, so that a frame's number means the same picture."""
    for clip in read_all():
        path = shared / "data" / "clips" / f"{clip.clip}.mp4"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == clip.sha256
