"""Real clips: errors against placed points, the same clip shown otherwise, and the page that tells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from benchmarks.real import __main__ as command
from benchmarks.real.consistency import compare, sides_alike
from benchmarks.real.errors import MIDDLE, exchanged_share, feet_of, misses_of
from benchmarks.real.matching import Pair, pairs_of
from benchmarks.real.page import render_page
from benchmarks.real.records import ClipResult, Gate, Table, store, stored
from benchmarks.real.run import find_clip, run_clip
from benchmarks.real.tables import error_table, gates_of
from benchmarks.real.variants import VARIANTS, Variant
from benchmarks.real.who import Points, Who
from click.testing import CliRunner
from training.real.labels import ClipLabels, Label

from midstance.api import silent
from midstance.pose.threads import FrameLike
from midstance.science.errors import InputError

TRUE = {
    "left_heel": (50.0, 190.0),
    "left_toe": (80.0, 190.0),
    "right_heel": (110.0, 180.0),
    "right_toe": (140.0, 180.0),
    "right_asis": (100.0, 100.0),
    "right_psis": (80.0, 96.0),
}
LEG_PX = 100.0
FRAMES = (2, 5)
CLIP = "some_treadmill_clip"


def labels(clip: str = CLIP) -> ClipLabels:
    """Return labels of a runner who faces right."""
    made = [
        Label(frame, frame / 30, "runner", "right", name, *place, "yes", "fitted shorts", 1)
        for frame in FRAMES
        for name, place in TRUE.items()
    ]
    return ClipLabels(clip, "00", LEG_PX, tuple(made))


def seen(places: dict[str, tuple[float, float]], frames: Iterable[int] = (0, 2, 5)) -> Points:
    """Return the same places in every frame, beside a person far away, who comes first."""
    frame = np.array(list(frames))
    xy = {name: np.tile([np.add(place, (900, 0)), place], (len(frame), 1, 1)) for name, place in places.items()}
    return Points(frame, xy)


def pairs(places: dict[str, tuple[float, float]]) -> list[Pair]:
    """Return the labels beside what was seen."""
    return list(pairs_of(labels(), seen(places)))


EXCHANGED = TRUE | {f"left_{end}": TRUE[f"right_{end}"] for end in ("heel", "toe")}
EXCHANGED |= {f"right_{end}": TRUE[f"left_{end}"] for end in ("heel", "toe")}


def test_points_are_as_far_off_as_they_are() -> None:
    """The runner is found beside another person; a heel 3 px aside and 4 px down is 5 px off, all others are right."""
    found = misses_of(pairs(TRUE | {"left_heel": (53.0, 194.0)}))
    off = {(miss.kind, miss.near): miss.off_px for miss in found}
    assert off["heel", False] == pytest.approx(5.0)
    assert off["heel", True] == off["toe", False] == off["asis", True] == off[MIDDLE, True] == 0.0
    assert len(found) == len(FRAMES) * (len(TRUE) + 1)


def test_a_hip_stands_in_for_the_middle_of_the_pelvis() -> None:
    """Who sees neither ASIS nor PSIS is told to miss them, and is held against their middle with the near hip."""
    feet = {name: place for name, place in TRUE.items() if "sis" not in name}
    found = misses_of(pairs(feet | {"right_hip": (90.0, 108.0)}))
    assert all(np.isnan(miss.off_px) for miss in found if miss.kind in ("asis", "psis"))
    assert {miss.off_px for miss in found if miss.kind == MIDDLE} == {10.0}


def test_exchanged_legs_are_counted() -> None:
    """Feet that lie at each other's labels are exchanged; feet close together tell nothing."""
    assert exchanged_share(pairs(TRUE)) == (0.0, 2)
    assert exchanged_share(pairs(EXCHANGED)) == (1.0, 2)
    close = replace(labels(), leg_px=10_000.0)
    assert exchanged_share(pairs_of(close, seen(TRUE)))[1] == 0


def test_the_foots_line_is_told_toes_up() -> None:
    """A toe seen higher than it is gives a positive pitch; frames with exchanged legs are left out."""
    up = TRUE | {"right_toe": (140.0, 180.0 - 30 * np.tan(np.radians(10)))}
    near = [foot for foot in feet_of(pairs(up)) if foot.near]
    assert [foot.pitch_deg for foot in near] == pytest.approx([10.0, 10.0])
    assert near[0].flat
    assert near[0].length_share == pytest.approx(1 / np.cos(np.radians(10)))
    assert feet_of(pairs(EXCHANGED)) == []


def test_a_frame_without_the_runner_is_a_miss_of_every_point() -> None:
    """Somebody far away is not taken for the runner."""
    gone = {name: (x + 400, y) for name, (x, y) in TRUE.items()}
    assert all(np.isnan(miss.off_px) for miss in misses_of(pairs(gone)))


def test_whoever_sees_the_pelvis_gets_a_column_and_a_gate() -> None:
    """ASIS and PSIS 5 px off a leg of 100 px: 5 %; who does not see them has no number there."""
    lower = TRUE | {name: (x, y + 5) for name, (x, y) in TRUE.items() if "sis" in name}
    blind = {name: place for name, place in TRUE.items() if "sis" not in name}
    by_who = {"new network": pairs(lower), "other": pairs(blind)}
    assert error_table(labels(), by_who).heads[-2:] == ("new network", "other")
    assert [gate.pelvis_share for gate in gates_of(labels(), by_who)] == [pytest.approx(0.05), None]


@dataclass(frozen=True)
class Picture:
    """A frame with one white dot, left of the middle."""

    index: int
    time_s: float
    image_bgr: np.ndarray


DOT = (30, 25)


def film() -> list[Picture]:
    """Return frames of 100 by 60 pixels."""
    image = np.zeros((60, 100, 3), dtype=np.uint8)
    image[DOT[1] - 1 : DOT[1] + 2, DOT[0] - 1 : DOT[0] + 2] = 255
    return [Picture(i, i / 30, image) for i in range(8)]


def look(frames: Iterable[FrameLike]) -> Points:
    """Find the dot; right of the middle it is called right."""
    found = [(frame.index, np.argwhere(frame.image_bgr[:, :, 0] > 200).mean(axis=0)[::-1]) for frame in frames]
    place = np.array([xy for _, xy in found])[:, None]
    side = "left" if place[0, 0, 0] < 50 else "right"
    return Points(np.array([i for i, _ in found]), {f"{side}_toe": place})


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda v: v.name.split()[0])
def test_what_is_done_to_a_clip_is_undone_for_its_points(variant: Variant) -> None:
    """Mirrored, thinned out, shifted or coded anew: a dot that is found there lies where it was, on its side."""
    back = variant.back(look(variant.show(film())), (100, 60))
    assert set(back.xy_px) == {"left_toe"}
    np.testing.assert_allclose(back.xy_px["left_toe"], np.tile(DOT, (len(back.frame), 1, 1)), atol=0.5)


def test_points_that_move_and_legs_that_change_are_told() -> None:
    """A toe 2 px elsewhere moves by 2 px; exchanged feet are crossed; another person is not found again."""
    alone = Points(np.arange(4), {name: np.tile(place, (4, 1, 1)) for name, place in TRUE.items()})
    toes = {name: xy + ([2, 0] if name.endswith("toe") else [0, 0]) for name, xy in alone.xy_px.items()}
    near_by = Points(np.arange(4), toes)
    told = compare(alone, near_by, LEG_PX)
    assert {m.kind: m.median_px for m in told.moved}["toe"] == 2.0
    assert (told.crossed, told.found) == (0.0, 1.0)
    crossed = Points(np.arange(4), {name: np.tile(place, (4, 1, 1)) for name, place in EXCHANGED.items()})
    assert compare(alone, crossed, LEG_PX).crossed == 1.0
    other = Points(np.arange(4), {name: xy + 300 for name, xy in alone.xy_px.items()})
    assert compare(alone, other, LEG_PX).found == 0.0


def test_both_sides_of_a_body_are_measured() -> None:
    """Feet of 30 px on both sides; a line with an end that nobody sees is left out."""
    alone = Points(np.arange(12), {name: np.tile(place, (12, 1, 1)) for name, place in TRUE.items()})
    assert sides_alike(alone) == {"heel to toe": (30.0, 30.0)}


RESULT = ClipResult(
    CLIP,
    "a machine",
    "2026-01-02",
    "fitted shorts",
    (Table("A table", ("a", "b"), (("1", "2"),), ("A note.",)),),
    (Gate("new network", 0.05, 0.02, 50), Gate("other", None, None, 0)),
)


def test_a_result_is_kept_and_shown(tmp_path: Path) -> None:
    """What was stored comes back; the page says which bar is kept, and that another clip was never run."""
    store(RESULT, tmp_path)
    page = render_page([labels(), labels("another")], [stored(CLIP, tmp_path), stored("another", tmp_path)])
    assert "5 %, kept" in page
    assert "2 % of 50, **not kept**" in page
    assert "Run on 2026-01-02 (a machine)." in page
    assert "A note." in page
    assert "## another" in page
    assert "never run" in page


def test_a_damaged_result_is_told(tmp_path: Path) -> None:
    """A file that holds no result is an error that says to run the clip again."""
    (tmp_path / f"{CLIP}.json").write_text("{}")
    with pytest.raises(InputError, match="expected a stored result"):
        stored(CLIP, tmp_path)


def test_another_clip_of_the_same_name_is_refused(tmp_path: Path) -> None:
    """Labels are never held against a recording that they were not placed on."""
    (tmp_path / f"{CLIP}.mp4").write_bytes(b"something else")
    with pytest.raises(InputError, match="expected the clip that was labelled"):
        find_clip(labels(), tmp_path)


def test_absent_clips_keep_their_sections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a single clip the command says so and writes the page from what was stored."""
    page = tmp_path / "REAL.md"
    monkeypatch.setattr(command, "PAGE", page)
    done = CliRunner().invoke(command.main, ["--clips", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert done.output.count("its section stays as it was") == 4
    assert page.read_text() == (command.ROOT / "benchmarks" / "REAL.md").read_text()


@pytest.fixture
def short_clip(tmp_path: Path) -> Path:
    """A grey clip of twelve frames."""
    path = tmp_path / f"{CLIP}.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30.0, (100, 60))
    for i in range(12):
        writer.write(np.full((60, 100, 3), 100 + i, dtype=np.uint8))
    writer.release()
    return path


@pytest.mark.usefixtures("heavy_model")
def test_a_new_who_gets_its_columns_from_frames_alone(
    short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name and a function are enough; each is shown the clip otherwise as it asks to be, and once only."""
    monkeypatch.setenv("MIDSTANCE_BENCH_CACHE", str(tmp_path))
    asked = []

    def sees(frames: Iterable[FrameLike]) -> Points:
        asked.append([frame.index for frame in frames])
        return seen(TRUE, asked[-1])

    judged = (Who("all", sees), Who("half the rate", sees, otherwise="rate"), Who("once", sees, otherwise="none"))
    result = run_clip(labels(), short_clip, judged, "2026-01-02", silent)
    assert result.tables[0].heads[-3:] == ("all", "half the rate", "once")
    assert [gate.pelvis_share for gate in result.gates] == [0.0, 0.0, 0.0]
    assert [row[:2] for row in result.tables[3].rows if row[1] != "all"] == [("every second frame", "half the rate")]
    assert len(asked) == 3 + len(VARIANTS) + 1
    assert run_clip(labels(), short_clip, judged, "2026-01-02", silent) == result
    assert len(asked) == 3 + len(VARIANTS) + 1
