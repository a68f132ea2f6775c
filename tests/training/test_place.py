"""Sheets: what is read off or clicked on them lands where it is in the clip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from training.real import place
from training.real.click import LEFT_BUTTON, RIGHT_BUTTON, Clicks
from training.real.labels import POINTS, read_labels
from training.real.place import TYPED_COLUMNS, Sheet, Who, read_index, take, write_index, write_sheets
from training.real.sheets import PANEL_PX, Window, sheet

from midstance.science.errors import InputError
from midstance.science.landmarks import LANDMARK_INDEX, SIDES

WINDOWS = (Window("legs", 10.0, 20.0, 80.0), Window("pelvis", 30.0, 40.0, 32.0, (200, 100)))
MADE = Sheet(0, 7, 0.25, 60.0, WINDOWS)
WHO = Who("runner", "right", "fitted shorts", "shoe")


def test_a_panel_shows_a_place_where_it_says() -> None:
    """A white dot of the clip is white in each panel at the place that the window tells."""
    image = np.zeros((120, 120, 3), dtype=np.uint8)
    cv2.circle(image, (45, 55), 2, (255, 255, 255), -1)
    shown = sheet(image, WINDOWS, "")
    for i, window in enumerate(WINDOWS):
        x, y = np.rint(window.in_panel(np.array([45.0, 55.0]))).astype(int)
        assert shown[y - 2 : y + 3, i * PANEL_PX + x - 2 : i * PANEL_PX + x + 3].mean() > 200
        assert shown[y + 150, i * PANEL_PX + x + 75].mean() < 130


def test_a_click_gives_the_number_that_the_grid_tells() -> None:
    """A click into the second panel gives the place in the clip with the shown shift; keys leave out and stop."""
    told: list[str] = []
    clicks = Clicks(MADE, told.append)
    x, y = WINDOWS[1].in_panel(np.array([45.0, 55.0]))
    clicks.press(" ")
    clicks.click(PANEL_PX + x, y, LEFT_BUTTON)
    clicks.click(PANEL_PX + x, y, RIGHT_BUTTON)
    clicks.click(10.0, 10 * PANEL_PX, LEFT_BUTTON)  # below all panels
    assert clicks.rows == [(0, POINTS[1], 245.0, 155.0, "yes", ""), (0, POINTS[2], 245.0, 155.0, "guessed", "")]
    assert told[-1].startswith(POINTS[3])
    clicks.press("q")
    assert clicks.done


def shifted(tmp_path: Path) -> Path:
    """Return a folder with the index of one sheet, all panels of which tell shifted numbers."""
    windows = tuple(replace(window, shown_px=(200, 100)) for window in WINDOWS)
    write_index([replace(MADE, windows=windows)], tmp_path)
    return tmp_path


def typed(tmp_path: Path, *rows: str) -> Path:
    """Return a file of typed points."""
    path = tmp_path / "typed.csv"
    path.write_text("\n".join((",".join(TYPED_COLUMNS), *rows)) + "\n")
    return path


def test_typed_points_become_labels_of_the_clip(tmp_path: Path) -> None:
    """The shift of the grid is taken off, frame and time come from the sheet, and a second lot is added."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"any clip")
    sheets = shifted(tmp_path)
    take(clip, sheets, typed(tmp_path, "0,left_asis,245,155,guessed,hem", "0,left_toe,,,hidden,"), WHO, tmp_path)
    found = take(clip, sheets, typed(tmp_path, "0,left_asis,246,155,guessed,"), replace(WHO, round=2), tmp_path)
    assert len(found.labels) == 3
    assert found.of_round(1) == read_labels(tmp_path / "clip.csv").of_round(1)
    asis = found.of_round(1)[0]
    assert (asis.frame, asis.time_s, asis.x_px, asis.y_px) == (7, 0.25, 45.0, 55.0)
    assert (asis.garment, asis.near, asis.remark) == ("fitted shorts", "right", "hem")
    assert found.leg_px == 60.0
    assert found.of_round(2)[0].x_px == 46.0


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A row with a wrong number says where to look."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"any clip")
    with pytest.raises(InputError, match="expected the number of a sheet, given 5"):
        take(clip, shifted(tmp_path), typed(tmp_path, "5,left_toe,1,1,yes,"), WHO, tmp_path)


def test_the_index_of_sheets_comes_back(tmp_path: Path) -> None:
    """Windows, frames and shifts are as they were written."""
    write_index([MADE], tmp_path)
    assert read_index(tmp_path) == (MADE,)


@pytest.fixture
def _one_standing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody be seen in the same place: these tests are about sheets, not about a pose model."""
    person = np.tile([300.0, 400.0], (33, 1))
    for side in SIDES:
        for i, joint in enumerate(("hip", "knee", "ankle", "heel", "foot_index")):
            person[LANDMARK_INDEX[f"{side}_{joint}"]] = (300, 400 + 80 * i)
    monkeypatch.setattr(place, "_people", lambda frames: [(frame, person) for frame in frames])


@pytest.mark.usefixtures("_one_standing")
def test_a_second_round_hides_the_numbers_of_the_first(project_root: Path, tmp_path: Path) -> None:
    """Sheets of a round show true places; those of a second one other cuts, another order and shifted numbers."""
    clip = project_root / "sample_videos" / "typical_standing.mp4"
    assert write_sheets(clip, 30, tmp_path / "one") == write_sheets(clip, 30, tmp_path / "two", again=5) >= 3
    first, second = read_index(tmp_path / "one"), read_index(tmp_path / "two")
    assert [made.frame for made in first] == [30 * i for i in range(len(first))]
    assert {made.frame for made in first} == {made.frame for made in second}
    assert {window.shown_px for made in first for window in made.windows} == {(0, 0)}
    assert all(min(made.windows[0].shown_px) >= 50 for made in second)
    assert len({made.windows[0].shown_px for made in second}) == len(second)
    by_frame = {made.frame: made.windows[1].x_px for made in first}
    assert any(made.windows[1].x_px != by_frame[made.frame] for made in second)
    picture = cv2.imread(str(tmp_path / "two" / "000.png"))
    assert picture is not None
    assert picture.shape == (2 * PANEL_PX, 2 * PANEL_PX, 3)
