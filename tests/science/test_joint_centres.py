"""Landmarks to joint centres: what moves, how far and which way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.science import joint_centres as module
from midstance.science.joint_centres import JOINTS, joint_centres
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.legs import leg_length_px
from midstance.science.model_names import model_name
from midstance.science.phase import PERCENT, percent_of_stride
from midstance.science.records import View, ViewAnalysis
from midstance.science.stances import Contact, Contacts
from midstance.science.view import analyse_view
from tests.science.helpers import STEADY, clip_facts, run_of
from tests.support.runner import Camera, mirrored

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses

FLAT = (0.02,) * len(PERCENT)
UP = (0.01,) * len(PERCENT)


@pytest.fixture(autouse=True)
def _tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every situation an ankle that lies 2 % of the leg forward or outward, and 1 % high."""
    tables = {(where, "ankle"): (FLAT, UP) for where in ("near", "far", "front", "rear")}
    monkeypatch.setattr(module, "OFFSETS_LEGS", tables)


def contacts_of(view: ViewAnalysis) -> Contacts:
    """Return the stances of an analysis."""
    stances = tuple(Contact(s.side, s.initial_contact_s, s.toe_off_s) for s in view.strides)
    return Contacts(stances, dict.fromkeys(SIDES, float("nan")), timing_assumed=False)


def moves(view: ViewAnalysis, side: Side, joint: str) -> np.ndarray:
    """Return how far a landmark is moved, (n, 2), in leg lengths, y up."""
    found = joint_centres(view.landmarks, contacts_of(view), view.scene, "heavy")
    moved = found.point(f"{side}_{joint}") - view.landmarks.point(f"{side}_{joint}")
    return np.asarray(moved / leg_length_px(view.landmarks) * [1, -1])


@pytest.mark.parametrize(
    ("camera", "side", "to_the_right"),
    [
        (Camera(facing="right"), "right", -0.02),
        (Camera(facing="left"), "left", 0.02),
        (Camera("front"), "left", -0.02),
        (Camera("front"), "right", 0.02),
        (Camera("rear"), "left", 0.02),
        (Camera("rear"), "right", -0.02),
    ],
)
def test_ankle_moves_back_and_inward_and_down(camera: Camera, side: Side, to_the_right: float) -> None:
    """A landmark that lies ahead of (outside) its centre moves back (inward), whatever way the runner faces."""
    found = moves(run_of(STEADY, camera)[1], side, "ankle")
    np.testing.assert_allclose(found, np.broadcast_to([to_the_right, -0.01], found.shape), atol=1e-6)


def test_joints_without_a_table_stay() -> None:
    """What was not learnt is left alone."""
    view = run_of(STEADY)[1]
    for joint in set(JOINTS) - {"ankle"}:
        assert np.nanmax(np.abs(moves(view, "right", joint))) == 0


def test_offset_follows_the_stride(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that rises through the stride is read at each leg's own place in it."""
    monkeypatch.setattr(module, "OFFSETS_LEGS", {("near", "knee"): (tuple(PERCENT / 1000), UP)})
    view = run_of(STEADY)[1]
    stances = contacts_of(view).of("right")
    for stance in stances[1:-1]:
        i = int(np.argmin(np.abs(view.landmarks.time_s - stance.initial_contact_s)))
        percent = percent_of_stride(view.landmarks.time_s[i : i + 1], stances)[0]
        assert moves(view, "right", "knee")[i, 0] == pytest.approx(-percent / 1000, abs=1e-6)


@pytest.mark.parametrize("view", ["side", "front", "rear"])
def test_mirror_picture_is_moved_as_its_twin(view: View) -> None:
    """Left and right swap in the mirror, and nothing else."""
    filmed, found = run_of(STEADY, Camera(view))
    width = filmed.landmarks.frame_size_px[0] if filmed.landmarks.frame_size_px else 0
    twin = analyse_named(mirrored(filmed.landmarks, width), view)
    here = analyse_named(filmed.landmarks, view)
    np.testing.assert_allclose(mirrored(here.centres, width).xy_px, twin.centres.xy_px, atol=1e-6)
    assert found.clip.model is None


def analyse_named(landmarks: LandmarkSeries, view: View) -> ViewAnalysis:
    """Analyse landmarks as coming from the pose model."""
    from midstance.science.settings import Settings

    return analyse_view(view, view, landmarks, replace(clip_facts(landmarks), model="heavy"), Settings())


def test_landmarks_of_other_makers_are_left_alone() -> None:
    """A file that names no model is measured as it is: its ankles may be right."""
    view = run_of(STEADY)[1]
    i = LANDMARK_INDEX["right_ankle"]
    np.testing.assert_array_equal(view.centres.xy_px[:, i], view.landmarks.xy_px[:, i])
    named = analyse_named(view.raw, "side")
    assert np.nanmax(np.abs(named.centres.xy_px[:, i] - named.landmarks.xy_px[:, i])) > 1


def test_legs_found_by_our_own_networks_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those networks mark joint centres; the hips are still the pose model's and move."""
    tables = {(where, joint): (FLAT, UP) for where in ("near", "far") for joint in JOINTS}
    monkeypatch.setattr(module, "OFFSETS_LEGS", tables)
    view = run_of(STEADY)[1]
    found = joint_centres(view.landmarks, contacts_of(view), view.scene, model_name("heavy", 0.9))
    moved = np.abs(found.xy_px - view.landmarks.xy_px).max(axis=(0, 2)) > 1e-9
    names = {name for name, i in LANDMARK_INDEX.items() if moved[i]}
    assert names == {f"{side}_{joint}" for side in SIDES for joint in ("shoulder", "hip")}


def test_percent_of_stride_goes_on_beyond_the_contacts() -> None:
    """From 0 at a contact to 100 at the next, and on at the usual pace before the first and after the last."""
    stances = tuple(Contact("left", t, t + 0.25) for t in (1.0, 1.7, 2.4))
    found = percent_of_stride(np.array([0.65, 1.0, 1.35, 2.4, 2.75]), stances)
    np.testing.assert_allclose(found, [50, 0, 50, 0, 50], atol=1e-9)
    assert not len(percent_of_stride(np.array([1.0]), stances[:1]))
