"""What a person puts right by hand: events, strides, sides and the level."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import numpy as np
import pytest

from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.api.edit import reanalyse
from midstance.science.edits import NO_EDITS, Edits, SwappedSpan, ViewEdits, level_from_line
from midstance.science.errors import InputError, TooFewStridesError
from midstance.science.landmarks import LEG_JOINTS, SIDES
from midstance.science.records import Analysis, Stride, View, ViewAnalysis
from midstance.science.swaps import exchange
from tests.science.helpers import STEADY, clip_facts
from tests.support.runner import Camera, Filmed, Gait, film

FULL = (
    ViewEdits()
    .move("left", 1.0, "initial_contact", 0.9)
    .exclude("right", 1.4)
    .remove("left", 2.0)
    .add("right", 3.0, 3.25)
    .swap(1.0, 2.0)
    .swap()
    .level(-2.5)
)


def _clip(filmed: Filmed) -> tuple[View, ClipLandmarks]:
    return filmed.camera.view, ClipLandmarks(filmed.landmarks, clip_facts(filmed.landmarks), None)


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """The stick figure from side and front, facing right."""
    return analyze_landmarks([_clip(film(STEADY, Camera(view))) for view in ("side", "front")])


def _edited(analysis: Analysis, edits: ViewEdits, view: str = "side") -> ViewAnalysis:
    return reanalyse(analysis, NO_EDITS.with_view(view, edits)).view(view)


def _stride(view: ViewAnalysis, place: int = 3, side: str = "right") -> Stride:
    return [s for s in view.strides if s.side == side and s.valid][place]


def _same(view: ViewAnalysis, stride: Stride) -> Stride:
    return next(s for s in view.strides if (s.side, s.number) == (stride.side, stride.number))


def _median(analysis: Analysis, view: str, measure: str, instant: str = "midstance") -> float:
    rows = [r for r in analysis.summary if (r.view, r.side, r.measure, r.instant) == (view, "right", measure, instant)]
    return rows[0].median


def test_no_edits_change_nothing(analysis: Analysis) -> None:
    """Analysing again without edits gives every number again."""
    again = reanalyse(analysis)
    assert [v.value for v in again.view("front").values] == pytest.approx(
        [v.value for v in analysis.view("front").values], abs=1e-12, nan_ok=True
    )
    assert not again.edits
    assert not any(n.check == "edits" for v in again.views for n in v.notes)


def test_moved_contact_moves_the_numbers(analysis: Analysis) -> None:
    """A contact that is moved later shortens this stride's contact time and lengthens the stride before by as much."""
    stride = _stride(analysis.view("side"))
    view = _edited(
        analysis, ViewEdits().move("right", stride.midstance_s, "initial_contact", stride.initial_contact_s + 0.03)
    )
    before, after = (_same(view, s) for s in (_stride(analysis.view("side"), 2), stride))
    times = {
        v.stride: v.value
        for v in view.values
        if (v.side, v.measure) == ("right", "contact_time") and v.value == v.value
    }
    assert after.initial_contact_s == pytest.approx(stride.initial_contact_s + 0.03)
    assert before.next_contact_s == after.initial_contact_s
    assert times[stride.number] == pytest.approx(stride.toe_off_s - stride.initial_contact_s - 0.03)
    assert after.edited == "contact moved by hand"
    assert not before.edited


def test_moving_an_event_again_replaces_the_first_move(analysis: Analysis) -> None:
    """The last place of an event counts, and it is told as one edit; moving it back gives the first analysis."""
    stride = _stride(analysis.view("side"))
    once = ViewEdits().move("right", stride.midstance_s, "toe_off", stride.toe_off_s + 0.02)
    back = once.move("right", stride.midstance_s + 0.01, "toe_off", stride.toe_off_s)
    assert back.told == "1 toe-off moved"
    assert _same(_edited(analysis, back), stride).toe_off_s == stride.toe_off_s


def test_contact_after_toe_off_is_refused(analysis: Analysis) -> None:
    """A stance cannot end before it begins; the message names it."""
    stride = _stride(analysis.view("side"))
    edits = ViewEdits().move("right", stride.midstance_s, "initial_contact", stride.toe_off_s + 0.01)
    with pytest.raises(InputError, match=r"right stance at .* move it back"):
        _edited(analysis, edits)


def test_excluded_stride_is_left_out_everywhere(analysis: Analysis) -> None:
    """An excluded stride has no numbers and no curves, says why, and counts no more."""
    stride = _stride(analysis.view("side"))
    view = _edited(analysis, ViewEdits().exclude("right", stride.midstance_s))
    assert (_same(view, stride).valid, _same(view, stride).reason) == (False, "excluded by hand")
    for rows in (view.values, view.curves):
        assert not any((row.side, row.stride) == ("right", stride.number) for row in rows)
    assert len(view.valid_strides("right")) == len(analysis.view("side").valid_strides("right")) - 1
    note = next(n for n in view.notes if n.check == "edits")
    assert (note.level, note.message) == ("good", "edited by hand: 1 stride excluded")


def test_including_takes_an_exclusion_back() -> None:
    """Exclude and include leave no edit."""
    assert ViewEdits().exclude("left", 2.0).include("left", 2.05) == ViewEdits()


def test_excluding_all_strides_is_refused(analysis: Analysis) -> None:
    """Without enough strides there is no analysis, and the message says that they were excluded by hand."""
    edits = ViewEdits()
    for stride in analysis.view("side").strides:
        edits = edits.exclude(stride.side, stride.midstance_s)
    with pytest.raises(TooFewStridesError, match="excluded by hand"):
        _edited(analysis, edits)


def test_removed_stance_can_be_added_again(analysis: Analysis) -> None:
    """A removed stance is gone; added at the same times it gives the same stride again."""
    stride = _stride(analysis.view("side"))
    removed = ViewEdits().remove("right", stride.midstance_s)
    gone = _edited(analysis, removed)
    again = _edited(analysis, removed.add("right", stride.initial_contact_s, stride.toe_off_s))
    assert len(gone.strides) == len(analysis.view("side").strides) - 1
    assert _same(again, stride) == replace(stride, edited="stance added by hand")


def test_swapped_time_puts_exchanged_legs_right(analysis: Analysis) -> None:
    """Legs that were exchanged for longer than the repair dares to judge are right again after a swap of that time."""
    side = analysis.view("side")
    wrong = (side.raw.time_s >= 0.0) & (side.raw.time_s <= 20.0)
    raw = replace(side.raw, xy_px=exchange(side.raw.xy_px, wrong, LEG_JOINTS))
    again = reanalyse(
        [("side", ClipLandmarks(raw, side.clip, None))], NO_EDITS.with_view("side", ViewEdits().swap(None, 20.0))
    )
    for leg in SIDES:
        assert again.view("side").angles.values["knee_flexion", leg] == pytest.approx(
            side.angles.values["knee_flexion", leg], abs=1e-6, nan_ok=True
        )


def test_whole_swap_exchanges_left_and_right(analysis: Analysis) -> None:
    """Over the whole clip every pair is exchanged, and the same swap again takes it back."""
    edits = ViewEdits().swap()
    view = _edited(analysis, edits)
    was = analysis.view("side")
    assert view.landmarks.point("left_wrist") == pytest.approx(was.landmarks.point("right_wrist"), nan_ok=True)
    assert view.angles.values["knee_flexion", "left"] == pytest.approx(
        was.angles.values["knee_flexion", "right"], nan_ok=True
    )
    assert edits.swap() == ViewEdits()


@pytest.mark.parametrize("roll_deg", [-6.0, 4.0])
def test_level_line_undoes_the_roll_of_the_camera(analysis: Analysis, roll_deg: float) -> None:
    """With the slope of a level line, angles and distances are those of a level camera, from side and front."""
    rolled = analyze_landmarks([_clip(film(STEADY, Camera(view, roll_deg=roll_deg))) for view in ("side", "front")])
    edits = Edits({name: ViewEdits().level(roll_deg) for name in ("side", "front")})
    level = reanalyse(rolled, edits)
    for view, measure in (("side", "tibial_inclination"), ("side", "trunk_lean"), ("front", "trunk_side_lean")):
        true = _median(analysis, view, measure)
        assert _median(level, view, measure) == pytest.approx(true, abs=0.2)
        assert abs(_median(rolled, view, measure) - true) > 2.0
    overstrides = [_median(a, "side", "overstride_m", "initial_contact") for a in (analysis, level)]
    assert overstrides[1] == pytest.approx(overstrides[0], rel=0.03)


def test_level_line_settles_the_tilt_and_keeps_the_picture(analysis: Analysis) -> None:
    """A line drawn by hand leaves no tilt to warn of; landmarks stay where the picture shows them."""
    view = _edited(analysis, ViewEdits().level(8.0))
    assert (view.scene.tilt_deg, view.scene.level_deg) == (0.0, 8.0)
    assert "by hand" in view.scene.tilt_source
    np.testing.assert_array_equal(view.landmarks.xy_px, analysis.view("side").landmarks.xy_px)


@pytest.mark.parametrize(
    ("start", "end", "slope"), [((0, 0), (100, 0), 0), ((0, 0), (100, 100), 45), ((100, 0), (0, 50), -26.565)]
)
def test_level_from_line_is_the_slope_whichever_end_comes_first(
    start: tuple[float, float], end: tuple[float, float], slope: float
) -> None:
    """Positive = the right side is low, from either end."""
    assert level_from_line(start, end) == pytest.approx(slope, abs=1e-3)
    assert level_from_line(end, start) == pytest.approx(slope, abs=1e-3)


def test_edits_of_the_side_reach_the_front(analysis: Analysis) -> None:
    """Contacts moved in the side view move that leg's in the frontal view, which takes its timing from there."""
    edits = ViewEdits()
    for s in analysis.view("side").valid_strides("right"):
        edits = edits.move("right", s.midstance_s, "initial_contact", s.initial_contact_s + 0.04)
    front = reanalyse(analysis, NO_EDITS.with_view("side", edits)).view("front")
    for side, moved_s in (("right", -0.04), ("left", 0.0)):
        was, now = (
            np.median([s.toe_off_s - s.initial_contact_s for s in v.strides if s.side == side])
            for v in (analysis.view("front"), front)
        )
        assert now - was == pytest.approx(moved_s, abs=0.01)


def test_two_side_clips_have_their_own_edits() -> None:
    """With a clip from each side, edits go by the names that the analysis gives the views."""
    clips = [_clip(film(STEADY, Camera(facing=facing))) for facing in SIDES]
    analysis = analyze_landmarks(clips)
    stride = _stride(analysis.view("side_right"))
    again = reanalyse(clips, NO_EDITS.with_view("side_right", ViewEdits().exclude("right", stride.midstance_s)))
    assert [len(v.valid_strides("right")) - len(w.valid_strides("right")) for v, w in zip(
        analysis.views, again.views, strict=True
    )] == [int(v.name == "side_right") for v in analysis.views]  # fmt: skip


def test_edit_that_fits_no_stance_is_named(analysis: Analysis) -> None:
    """An edit of a time without a stance changes nothing and is told."""
    stride = _stride(analysis.view("side"))
    in_swing_s = stride.toe_off_s + 0.2
    view = _edited(analysis, ViewEdits().exclude("right", in_swing_s).exclude("left", 99.0))
    note = next(n for n in view.notes if n.check == "edits")
    assert note.level == "caution"
    assert "left at 99.00 s" in note.message
    assert len(view.valid_strides("left")) == len(analysis.view("side").valid_strides("left"))


def test_edits_survive_json(analysis: Analysis) -> None:
    """Edits go to JSON and back unchanged; an analysis carries its own."""
    edits = Edits({"side": FULL, "front": ViewEdits()})
    back = Edits.from_plain(json.loads(json.dumps(edits.to_plain(), allow_nan=False)))
    assert back == Edits({"side": FULL})
    assert reanalyse(analysis, Edits({"side": ViewEdits().level(1.0)})).edits.of("side").level_deg == 1.0


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([], "edits: expected an object"),
        ({"view": {}}, "given view"),
        ({"views": {"side": {"moved": [{"side": "up", "at_s": 1, "event": "toe_off", "to_s": 1}]}}}, "left or right"),
        ({"views": {"side": {"moved": [{"side": "left", "at_s": 1, "event": "landing", "to_s": 1}]}}}, "toe_off"),
        ({"views": {"side": {"excluded": [{"side": "left", "at_s": "now"}]}}}, "at_s: expected a number"),
        ({"views": {"side": {"excluded": [{"side": "left", "at_s": True}]}}}, "at_s: expected a number"),
        ({"views": {"side": {"excluded": {"side": "left"}}}}, "excluded: expected a list"),
        (
            {"views": {"side": {"added": [{"side": "left", "initial_contact_s": 2, "toe_off_s": 1}]}}},
            "before its toe-off",
        ),
        ({"views": {"side": {"swapped": [{"start_s": 2, "stop_s": 1}]}}}, "a start before the end"),
        ({"views": {"side": {"level_deg": 80}}}, "at most 30 deg"),
        ({"views": {"side": {"level_deg": float("nan")}}}, "level_deg: expected a number"),
    ],
)
def test_wrong_edits_are_refused_in_one_line(wrong: object, told: str) -> None:
    """Data that is no set of edits is refused, saying where and why."""
    with pytest.raises(InputError, match=told) as caught:
        Edits.from_plain(wrong)
    assert "\n" not in str(caught.value)


def test_edits_are_told_in_words() -> None:
    """The words name every kind of edit."""
    assert FULL.told == (
        "1 contact moved, 1 stance added, 1 stance removed, 1 stride excluded, left and right exchanged from 1.00 to "
        "2.00 s, left and right exchanged, level set to -2.5 deg"
    )
    assert SwappedSpan().whole
    assert bool(FULL)
    assert not ViewEdits()


def test_recomputing_takes_less_than_a_second() -> None:
    """Eight seconds from side and front are analysed again in less than a second of computing."""
    gait = Gait(duration_s=8.0, variability=0.02)
    analysis = analyze_landmarks([_clip(film(gait, Camera(view, noise_px=1.0))) for view in ("side", "front")])
    start_s = time.process_time()
    reanalyse(analysis, Edits({"side": ViewEdits().level(1.0)}))
    assert time.process_time() - start_s < 1.0
