from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science.landmarks import SIDES, Side
from midstance.science.notes import NoteFacts, capture_notes
from midstance.science.records import ClipFacts, QualityNote, Scene, Stride
from midstance.science.stances import Contacts
from tests.science.helpers import STEADY, analyse_film, run_of
from tests.support.runner import Camera, film

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses

SCENE = Scene("side", "right", "right", "treadmill", 0.0, "belt", 350.0, float("nan"), "none", 1000.0)
CONTACTS = Contacts((), dict.fromkeys(SIDES, 1000.0), timing_assumed=False)


def strides(side: Side, count: int) -> tuple[Stride, ...]:
    """Return valid strides of a side."""
    return tuple(
        Stride(side, n, n * 0.7, n * 0.7 + 0.1, n * 0.7 + 0.25, (n + 1) * 0.7, near=True, valid=True, reason="")
        for n in range(1, count + 1)
    )


ENOUGH = strides("left", 12) + strides("right", 12)
GOOD = NoteFacts(
    "side",
    ClipFacts("clip.mp4", 600, 120.0, 10.0),
    SCENE,
    CONTACTS,
    strides("left", 12) + strides("right", 12),
    0,
    0,
    0,
)


def note(check: str, facts: NoteFacts) -> QualityNote:
    """Return one note by the name of its check."""
    return next(n for n in capture_notes(facts) if n.check == check)


def test_good_capture_has_only_good_notes() -> None:
    """A fast, level, complete clip is told so, one note for each check, under the name of the view."""
    notes = capture_notes(GOOD)
    assert {n.level for n in notes} == {"good"}
    assert {n.view for n in notes} == {"side"}
    assert len({n.check for n in notes}) == len(notes)
    assert all(n.message and "\n" not in n.message for n in notes)


@pytest.mark.parametrize(("fps", "level"), [(30, "caution"), (59.94, "good"), (120, "good"), (240, "good")])
def test_frame_rate(fps: float, level: str) -> None:
    """30 frames/s is cautioned; the rate is told; 60 names what 120 would be better for."""
    found = note("frame_rate", replace(GOOD, clip=replace(GOOD.clip, fps=fps)))
    assert found.level == level
    assert f"{fps:.0f} frames/s" in found.message
    assert ("120" in found.message) == (fps < 100 or fps == 120)


@pytest.mark.parametrize(
    ("left", "right", "level"), [(12, 10, "good"), (12, 9, "caution"), (7, 7, "caution"), (12, 6, "poor")]
)
def test_strides(left: int, right: int, level: str) -> None:
    """The side with fewer strides decides; both counts are told. Seven are needed for a stable mean."""
    found = note("strides", replace(GOOD, strides=strides("left", left) + strides("right", right)))
    assert found.level == level
    assert f"{left} left and {right} right" in found.message


def test_invalid_strides_do_not_count() -> None:
    """Strides that are left out are not among the strides used."""
    unusable = tuple(replace(s, valid=False, reason="far from the usual") for s in strides("left", 5))
    found = note("strides", replace(GOOD, strides=unusable + strides("right", 12)))
    assert "0 left and 12 right" in found.message


@pytest.mark.parametrize(("hidden", "level"), [(0.01, "good"), (0.1, "caution"), (0.3, "poor")])
def test_visibility(hidden: float, level: str) -> None:
    """Hidden leg landmarks are told in per cent."""
    found = note("visibility", replace(GOOD, missing_share=hidden))
    assert found.level == level
    assert f"{hidden:.1%}" in found.message


@pytest.mark.parametrize(("share", "level"), [(1.0, "good"), (0.9, "caution"), (0.5, "poor")])
def test_runner_found(share: float, level: str) -> None:
    """How often the runner was found, and that others were in the picture."""
    facts = replace(GOOD, clip=replace(GOOD.clip, runner_share=share, people_seen=2))
    assert note("runner", facts).level == level
    assert "2 people" in note("runner", facts).message
    assert "people" not in note("runner", GOOD).message


@pytest.mark.parametrize(("check", "field", "share", "level"), [
    ("swaps", "swapped_share", 0.05, "good"), ("swaps", "swapped_share", 0.2, "caution"),
    ("outliers", "outlier_share", 0.01, "good"), ("outliers", "outlier_share", 0.1, "caution"),
])  # fmt: skip
def test_repairs(check: str, field: str, share: float, level: str) -> None:
    """What was exchanged or dropped is told in per cent, and cautioned when it is much."""
    found = note(check, replace(GOOD, **{field: share}))  # type: ignore[arg-type]  # a name from the table above
    assert found.level == level
    assert f"{share:.1%}" in found.message


@pytest.mark.parametrize(("tilt", "level"), [(0.4, "good"), (-8.0, "caution"), (8.0, "caution"), (np.nan, "caution")])
def test_tilt(tilt: float, level: str) -> None:
    """A steep or unknown ground line is cautioned; how steep is told without its sign."""
    found = note("tilt", replace(GOOD, scene=replace(SCENE, tilt_deg=tilt)))
    assert found.level == level
    assert (f"{abs(tilt):.1f} deg" in found.message) == np.isfinite(tilt)


def test_sides_timing_and_mirror() -> None:
    """The near side, an assumed timing and a mirrored file are told."""
    assert "right leg is near" in note("sides", GOOD).message
    front = replace(GOOD, scene=replace(SCENE, view="front", near_side=None))
    assert "both legs" in note("sides", front).message
    assumed = replace(GOOD, contacts=replace(CONTACTS, timing_assumed=True))
    assert note("timing", assumed).level == "caution"
    assert "side view" in note("timing", assumed).message
    assert note("mirror", replace(GOOD, clip=replace(GOOD.clip, mirrored=True))).level == "caution"


def test_unsure_networks_are_told() -> None:
    """Where our networks count little, the reader learns that the errors are larger, and what helps."""
    sure, unsure = (replace(GOOD, clip=replace(GOOD.clip, model=f"heavy+own{n}")) for n in (95, 50))
    assert note("networks", sure).level == "good"
    assert note("networks", unsure).level == "caution"
    assert "weight 50%" in note("networks", unsure).message
    assert "MediaPipe alone" in note("networks", replace(GOOD, clip=replace(GOOD.clip, model="heavy"))).message


def test_notes_of_a_spoilt_clip_tell_its_faults() -> None:
    """Exchanged legs, lost frames and a far leg reach the notes of an analysis in their true share."""
    camera = Camera(fps=30, swap_runs=12, lost_share=0.05, seed=2)
    filmed = film(STEADY, camera)
    view = analyse_film(filmed)
    notes = {n.check: n for n in view.notes}
    assert notes["frame_rate"].level == "caution"
    assert view.swapped_share == pytest.approx(filmed.swapped.mean(), abs=0.02)
    lost = np.isnan(filmed.landmarks.point("left_hip")[:, 0]).mean()
    assert f"{lost:.1%}" in notes["visibility"].message
    assert {n.level for n in run_of(STEADY, Camera(fps=120))[1].notes if n.check != "strides"} == {"good"}


@pytest.mark.parametrize("model", ["lite", "full+own95", "mine.task"])
def test_errors_of_another_model_are_not_known(model: str) -> None:
    """With a pose model that no error was measured with, the note says that they are too small; else it is content."""
    found = note("model", replace(GOOD, clip=replace(GOOD.clip, model=model)))
    assert found.level == "caution"
    assert model.partition("+")[0] in found.message
    for known in (None, "heavy", "heavy+own97", "pose_heavy.task"):
        assert note("model", replace(GOOD, clip=replace(GOOD.clip, model=known))).level == "good"
