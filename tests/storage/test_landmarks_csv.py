"""Landmarks as CSV: what is read, what is refused and with which words, and what survives a round trip."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from midstance.science.errors import InputError, LandmarksFileError, OutputError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries
from midstance.storage._files import atomic_text
from midstance.storage.landmarks_csv import MAX_FRAMES, read_landmarks, read_model, write_landmarks

HEADER = "frame,time_s,landmark,x_px,y_px,visibility"
KNEE = LANDMARK_INDEX["left_knee"]


def csv_file(tmp_path: Path, *rows: str, header: str = HEADER, end: str = "\n") -> Path:
    """Write a landmarks file of these rows."""
    path = tmp_path / "runner.csv"
    path.write_bytes(end.join([header, *rows, ""]).encode())
    return path


def series_of(frames: int, *, seed: int = 0, fps: float = 60.0, first: int = 0) -> LandmarkSeries:
    """Return landmarks at random places, one in ten not seen."""
    rng = np.random.default_rng(seed)
    xy_px = rng.uniform(-50, 2000, (frames, 33, 2))
    xy_px[rng.random((frames, 33)) < 0.1] = np.nan
    visibility = np.where(np.isnan(xy_px[..., 0]), np.nan, rng.random((frames, 33)))
    return LandmarkSeries(np.arange(frames) / fps, xy_px, visibility, np.arange(first, first + frames))


def assert_same(got: LandmarkSeries, expected: LandmarkSeries) -> None:
    """Compare two series to what the file's decimals keep."""
    np.testing.assert_array_equal(got.frame, expected.frame)
    np.testing.assert_allclose(got.time_s, expected.time_s, rtol=0, atol=1e-6)
    np.testing.assert_allclose(got.xy_px, expected.xy_px, rtol=0, atol=0.01)
    np.testing.assert_allclose(got.visibility, expected.visibility, rtol=0, atol=1e-4)


def test_values_land_at_their_frame_and_landmark(tmp_path: Path) -> None:
    """A row becomes the position and visibility of its landmark; landmarks without rows are NaN."""
    series = read_landmarks(csv_file(tmp_path, "7,0.5,left_knee,12.5,-3,0.25", "8,0.6,nose,1e2,4,1"))
    assert series.frame.tolist() == [7, 8]
    assert series.time_s.tolist() == [0.5, 0.6]
    assert series.xy_px[0, KNEE].tolist() == [12.5, -3.0]
    assert series.visibility[0, KNEE] == 0.25
    assert np.isfinite(series.xy_px).sum() == 4
    assert np.isfinite(series.visibility).sum() == 2
    assert series.frame_size_px is None


def test_absent_frames_become_holes_in_an_even_time_base(tmp_path: Path) -> None:
    """Frame numbers absent between others are there, unseen, at interpolated times."""
    series = read_landmarks(csv_file(tmp_path, "10,1.0,nose,1,1,1", "14,1.4,nose,1,1,1", "15,1.6,nose,1,1,1"))
    assert series.frame.tolist() == [10, 11, 12, 13, 14, 15]
    np.testing.assert_allclose(series.time_s, [1.0, 1.1, 1.2, 1.3, 1.4, 1.6])
    assert np.isnan(series.xy_px[1:4]).all()


def test_rows_may_come_in_any_order(tmp_path: Path) -> None:
    """Rows sorted by landmark instead of by frame read the same."""
    rows = ["1,0.1,nose,1,2,1", "0,0.0,nose,3,4,1", "1,0.1,left_knee,5,6,1", "0,0.0,left_knee,7,8,1"]
    series = read_landmarks(csv_file(tmp_path, *rows))
    assert series.xy_px[:, KNEE].tolist() == [[7, 8], [5, 6]]


@pytest.mark.parametrize("empty", ["", "nan", "NaN", " "])
def test_empty_position_says_the_frame_was_there(tmp_path: Path, empty: str) -> None:
    """A row without a position keeps its frame and time, and nothing is seen in it."""
    rows = ["0,0.0,nose,1,2,0.9", f"1,0.1,nose,{empty},{empty},0.9", "2,0.35,nose,1,2,0.9"]
    series = read_landmarks(csv_file(tmp_path, *rows))
    assert series.time_s.tolist() == [0.0, 0.1, 0.35]
    assert np.isnan(series.xy_px[1]).all()
    assert np.isnan(series.visibility[1]).all()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_files_of_other_programs_are_read(tmp_path: Path, end: str) -> None:
    """A byte order mark, other line ends, quotes, spaces, other columns and their order, and blank ends are fine."""
    path = csv_file(
        tmp_path,
        '"left_knee",ok,"4",1.0,20,0.5,10',
        " nose ,,5, 1.1 ,21,0.6,11",
        ",,,,,,",
        "",
        " ",
        header="\ufefflandmark,note, frame,time_s,y_px,visibility,x_px",
        end=end,
    )
    series = read_landmarks(path)
    assert series.frame.tolist() == [4, 5]
    assert series.xy_px[0, KNEE].tolist() == [10, 20]
    assert series.xy_px[1, LANDMARK_INDEX["nose"]].tolist() == [11, 21]


def test_identical_rows_count_once(tmp_path: Path) -> None:
    """The same row twice, as joined files have it, is no contradiction."""
    series = read_landmarks(csv_file(tmp_path, *["3,0.1,nose,1,2,0.5"] * 2))
    assert len(series) == 1


def test_capture_rate_undoes_slow_motion(tmp_path: Path) -> None:
    """A file that plays at 30 fps and was filmed at 240 fps lasts an eighth of its time."""
    path = tmp_path / "slow.csv"
    write_landmarks(series_of(31, fps=30), path)
    series = read_landmarks(path, capture_fps=240)
    assert series.duration_s == pytest.approx(30 / 240)
    assert series.fps == pytest.approx(240)


def test_capture_rate_leaves_one_frame_alone(tmp_path: Path) -> None:
    """One frame has no rate to undo."""
    assert read_landmarks(csv_file(tmp_path, "3,0.1,nose,1,2,0.5"), capture_fps=240).time_s.tolist() == [0.1]


@pytest.mark.parametrize("capture_fps", [0, -30, float("nan"), float("inf"), 1e300, 1e-300])
def test_capture_rate_that_cannot_be_is_refused(tmp_path: Path, capture_fps: float) -> None:
    """A rate that no camera films at is the user's mistake, not a crash."""
    path = csv_file(tmp_path, "3,0.1,nose,1,2,0.5", "4,0.2,nose,1,2,0.5")
    with pytest.raises(InputError, match="capture_fps: expected frames per second from 1 to 100000, given"):
        read_landmarks(path, capture_fps=capture_fps)


GOOD = ("0,0.0,nose,1,2,0.5", "1,0.1,nose,1,2,0.5")
WRONG_ROWS = {
    "unknown landmark": ("2,0.2,left_toe,1,2,0.5", "line 4, column landmark", "given 'left_toe'"),
    "no landmark": ("2,0.2,,1,2,0.5", "line 4, column landmark", "given ''"),
    "word for a number": ("2,0.2,nose,wide,2,0.5", "line 4, column x_px: expected a number", "given 'wide'"),
    "decimal comma": ("2,0,2,nose,1,2,0,5", "line 4: expected 6 cells", "comma"),
    "too few cells": ("2,0.2,nose,1,2", "line 4: expected 6 cells", "given '2,0.2,nose,1,2'"),
    "infinite": ("2,0.2,nose,1,-inf,0.5", "line 4, column y_px", "given '-inf'"),
    "huge": ("2,0.2,nose,1e300,1,0.5", "line 4, column x_px", "given '1e300'"),
    "infinite time": ("2,inf,nose,1,2,0.5", "line 4, column time_s", "given 'inf'"),
    "no time": ("2,,nose,1,2,0.5", "line 4, column time_s", "given ''"),
    "half a position": ("2,0.2,nose,1,,0.5", "line 4, column x_px: expected both", "given '1'"),
    "part of a frame": ("1.5,0.2,nose,1,2,0.5", "line 4, column frame: expected a whole number", "given '1.5'"),
    "frame before the clip": ("-1,0.2,nose,1,2,0.5", "line 4, column frame", "given '-1'"),
    "no frame": (",0.2,nose,1,2,0.5", "line 4, column frame", "given ''"),
    "endless frame": ("inf,0.2,nose,1,2,0.5", "line 4, column frame", "given 'inf'"),
    "visibility in percent": ("2,0.2,nose,1,2,95", "line 4, column visibility: expected a number from 0 to 1", "'95'"),
    "time stands still": ("2,0.1,nose,1,2,0.5", "line 4, column time_s: expected a later time", "given '0.1'"),
    "time goes back": ("2,0.05,nose,1,2,0.5", "line 4, column time_s: expected a later time", "given '0.05'"),
    "time too close": ("2,0.1000001,nose,1,2,0.5", "line 4, column time_s: expected a later time", "given '0.1000001'"),
    "time without end": ("2,1e300,nose,1,2,0.5", "line 4, column time_s: expected a time in seconds", "given '1e300'"),
    "two times": ("1,0.11,left_knee,1,2,0.5", "column time_s: expected one time for all rows", "given '0.1'"),
    "given twice": ("1,0.1,nose,1,3,0.5", "line 3, column landmark: expected each landmark once", "given 'nose'"),
    "a number beyond memory": (f"{MAX_FRAMES + 1},9,nose,1,2,0.5", f"expected at most {MAX_FRAMES} frames", "1000001"),
    "a bare quote": ('2,0.2,"nose,1,2,0.5', "line 4: expected 6 cells", "given '2,0.2,nose,1,2,0.5"),
}  # fmt: skip


@pytest.mark.parametrize(("row", "place", "given"), WRONG_ROWS.values(), ids=WRONG_ROWS)
def test_wrong_row_is_named_in_one_line(tmp_path: Path, row: str, place: str, given: str) -> None:
    """A row that breaks the format is refused by file, line and column, with what was given and what to do."""
    path = csv_file(tmp_path, *GOOD, row)
    with pytest.raises(LandmarksFileError) as caught:
        read_landmarks(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert place in message
    assert given in message
    assert "\n" not in message


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    """Blank lines before the wrong one, and thousands of rows, do not shift its number."""
    rows = [f"{i},{i / 100},nose,1,2,0.5" for i in range(9000)]
    path = csv_file(tmp_path, "", *rows, "", "9000,90,nose,1,x,0.5")
    with pytest.raises(LandmarksFileError, match="line 9004, column y_px"):
        read_landmarks(path)


WRONG_FILES = {
    "empty": (b"", "given an empty line or file"),
    "blank": (b"\n\n", "given an empty line or file"),
    "header only": (f"{HEADER}\n\n".encode(), "given none"),
    "semicolons": (HEADER.replace(",", ";").encode(), "separated by commas"),
    "a column missing": (b"frame,time_s,landmark,x_px,y_px\n0,0,nose,1,2\n", "visibility is not found"),
    "a column twice": (f"{HEADER},frame\n0,0,nose,1,2,1,0\n".encode(), "frame is not found or found twice"),
    "no header": (b"0,0.0,nose,1,2,0.5\n", "mend the first line"),
    "UTF-16": (HEADER.encode("utf-16"), "not text in UTF-8"),
    "a clip": (b"\x00\x00\x00\x20ftypisom\xff\xfe", "not text in UTF-8"),
    "an endless cell": (HEADER.encode() + b'\n"' + b"a" * 200_000, "field larger than field limit"),
}


@pytest.mark.parametrize(("content", "words"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_wrong_file_is_named_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    """A file that is not a landmarks CSV is refused in one line that names it."""
    path = tmp_path / "runner.csv"
    path.write_bytes(content)
    with pytest.raises(LandmarksFileError) as caught:
        read_landmarks(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "words"), [("absent.csv", "found none"), (".", "a folder"), ("a\0b", "found none")])
def test_no_file_is_an_error_of_ours(tmp_path: Path, name: str, words: str) -> None:
    """A missing file, a folder and an impossible name are refused alike."""
    with pytest.raises(LandmarksFileError, match=words):
        read_landmarks(tmp_path / name)


def test_round_trip_keeps_landmarks(tmp_path: Path) -> None:
    """What was written is read back, from the first to the last frame number."""
    series = series_of(200, first=30)
    write_landmarks(series, tmp_path / "runner.csv")
    assert_same(read_landmarks(tmp_path / "runner.csv"), series)


def test_round_trip_keeps_frames_in_which_nothing_is_seen(tmp_path: Path) -> None:
    """The runner comes late, is lost in a clip of varying rate, and leaves early: no frame and no time is lost."""
    series = series_of(60)
    series.time_s[:] = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.05, 60))
    for unseen in (slice(0, 5), slice(20, 30), slice(57, 60)):
        series.xy_px[unseen] = series.visibility[unseen] = np.nan
    write_landmarks(series, tmp_path / "runner.csv")
    assert_same(read_landmarks(tmp_path / "runner.csv"), series)


@pytest.mark.parametrize(("model", "read"), [("heavy", "heavy"), ('my, "own".task', "my_ _own_.task"), (None, None)])
def test_model_is_kept_with_its_landmarks(tmp_path: Path, model: str | None, read: str | None) -> None:
    """What the pose model is known to be off by can be put right after a round trip; other files name none."""
    series = series_of(20)
    write_landmarks(series, tmp_path / "l.csv", model=model)
    assert read_model(tmp_path / "l.csv") == read
    assert_same(read_landmarks(tmp_path / "l.csv"), series)


def test_landmark_that_is_not_seen_has_no_row(tmp_path: Path) -> None:
    """A gap in a clip of constant rate is written as missing rows, as the format has it."""
    series = series_of(9)
    series.xy_px[3:5] = series.visibility[3:5] = np.nan
    write_landmarks(series, tmp_path / "runner.csv")
    lines = (tmp_path / "runner.csv").read_text().splitlines()
    assert lines[0] == HEADER
    assert len(lines) - 1 == np.isfinite(series.xy_px[..., 0]).sum()
    assert not any("nan" in line for line in lines)


def test_nobody_seen_at_all_round_trips(tmp_path: Path) -> None:
    """A clip without a runner keeps its length, so that the reason can be said later."""
    series = LandmarkSeries(np.arange(5) / 30, np.full((5, 33, 2), np.nan), np.full((5, 33), np.nan), np.arange(5))
    write_landmarks(series, tmp_path / "runner.csv")
    assert_same(read_landmarks(tmp_path / "runner.csv"), series)


def test_infinite_positions_are_written_as_not_seen(tmp_path: Path) -> None:
    """A position that is no place in a picture does not make a file that cannot be read."""
    series = series_of(3)
    series.xy_px[0, :, 0] = np.inf
    write_landmarks(series, tmp_path / "runner.csv")
    assert np.isnan(read_landmarks(tmp_path / "runner.csv").xy_px[0]).all()


def test_series_that_the_format_cannot_hold_is_refused(tmp_path: Path) -> None:
    """Frame numbers that repeat, times too close together, and no frames at all."""
    series = series_of(3)
    repeated = LandmarkSeries(series.time_s, series.xy_px, series.visibility, np.array([0, 0, 1]))
    close = LandmarkSeries(series.time_s * 1e-6, series.xy_px, series.visibility, series.frame)
    empty = LandmarkSeries(np.empty(0), np.empty((0, 33, 2)), np.empty((0, 33)), np.empty(0, dtype=np.int64))
    for wrong, words in ((repeated, "frame: expected"), (close, "time_s: expected"), (empty, "a frame or more")):
        with pytest.raises(ValueError, match=words):
            write_landmarks(wrong, tmp_path / "runner.csv")
    assert not list(tmp_path.iterdir())


def test_folders_above_are_made(tmp_path: Path) -> None:
    """The file may be named in a folder that is not there yet."""
    write_landmarks(series_of(2), tmp_path / "new" / "folder" / "runner.csv")
    assert len(read_landmarks(tmp_path / "new" / "folder" / "runner.csv")) == 2


@pytest.mark.parametrize("name", ["folder", "file/runner.csv", "x" * 300])
def test_place_that_cannot_be_written_is_an_error_of_ours(tmp_path: Path, name: str) -> None:
    """A folder's name, a file as a folder, and a name that is too long are refused in one line, leaving nothing."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        write_landmarks(series_of(2), tmp_path / name)
    assert "\n" not in str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]
    assert not list((tmp_path / "folder").iterdir())


def write_half(path: Path) -> None:
    """Write as this package does and meet Ctrl-C in the middle."""
    with atomic_text(path) as file:
        file.write("half")
        raise KeyboardInterrupt


def test_failed_write_keeps_the_older_file(tmp_path: Path) -> None:
    """Ctrl-C in the middle of writing leaves the file of before, and no other."""
    path = tmp_path / "runner.csv"
    path.write_text("older")
    with pytest.raises(KeyboardInterrupt):
        write_half(path)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_link_to_a_file_is_followed(tmp_path: Path) -> None:
    """Writing through a symbolic link changes the file behind it and keeps the link."""
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "real.csv")
    write_landmarks(series_of(2), link)
    assert link.is_symlink()
    assert len(read_landmarks(tmp_path / "real.csv")) == 2


@pytest.mark.long
@pytest.mark.slow
def test_ten_minutes_at_60_fps_read_back(tmp_path: Path) -> None:
    """A long clip's 1.2 million rows come back as they were written."""
    path = tmp_path / "long.csv"
    series = series_of(36_000)
    write_landmarks(series, path)
    assert_same(read_landmarks(path), series)


def test_real_recordings_read_whole(shared: Path) -> None:
    """Landmarks seen by virtual cameras read with their frames, rate and 13 landmarks."""
    files = sorted(p for p in (shared / "data" / "mocap").glob("*.csv") if "truth" not in p.name)
    assert files
    for path in files:
        series = read_landmarks(path)
        rate = 30 if "30fps" in path.name else 60
        assert len(series) == 20 * rate
        assert series.fps == pytest.approx(rate, rel=1e-4)
        assert sum(np.isfinite(series.point(name)).any() for name in LANDMARK_NAMES) == 13
