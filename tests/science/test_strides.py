from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from midstance.science.contacts import side_view_contacts
from midstance.science.landmarks import LANDMARK_INDEX, LEG_JOINTS, SIDES, LandmarkSeries
from midstance.science.records import Scene, Stride
from midstance.science.scene import describe_scene
from midstance.science.settings import Settings, StrideSettings
from midstance.science.stances import Contact, Contacts
from midstance.science.strides import build_strides
from tests.science.helpers import STEADY, cleaned, run_of, with_xy
from tests.support.runner import SHANK_M, Camera, film

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses

NOWHERE = {side: float("nan") for side in SIDES}


def strides_of(contacts: list[Contact], landmarks: LandmarkSeries | None = None) -> tuple[Stride, ...]:
    """Build strides of given stances on a usual clip."""
    landmarks = landmarks or usual_landmarks()
    found = Contacts(tuple(contacts), NOWHERE, timing_assumed=False)
    return build_strides(landmarks, found, usual_scene(), StrideSettings())


@cache
def usual_landmarks() -> LandmarkSeries:
    """Return the clean landmarks of a usual clip from the right."""
    return cleaned(film(STEADY))


@cache
def usual_scene() -> Scene:
    """Return its scene."""
    return describe_scene(usual_landmarks(), side_view_contacts(usual_landmarks()), "side", Settings())


def every(step_s: float, count: int, first_s: float = 0.5) -> list[Contact]:
    """Return evenly spaced stances of the right foot."""
    return [Contact("right", first_s + i * step_s, first_s + i * step_s + 0.25) for i in range(count)]


def test_stride_runs_from_contact_to_the_next_contact_of_the_same_foot() -> None:
    """Numbers count per side from 1, times join without a gap, and order is by contact."""
    _, view = run_of(STEADY)
    starts = [s.initial_contact_s for s in view.strides]
    assert starts == sorted(starts)
    for side in SIDES:
        own = [s for s in view.strides if s.side == side]
        assert [s.number for s in own] == list(range(1, len(own) + 1))
        for stride, following in pairwise(own):
            assert stride.next_contact_s == following.initial_contact_s
            assert stride.initial_contact_s < stride.midstance_s < stride.toe_off_s < stride.next_contact_s


def test_last_stride_of_a_clip_has_no_next_contact_and_is_not_used() -> None:
    """The stance is there with its events; the stride is invalid and says why; nothing is measured on it."""
    _, view = run_of(STEADY)
    for side in SIDES:
        *whole, last = (s for s in view.strides if s.side == side)
        assert all(s.valid and not s.reason for s in whole)
        assert not last.valid
        assert np.isnan(last.next_contact_s)
        assert last.reason == "the clip ends before the next contact"
        assert last.number not in {v.stride for v in view.values if v.side == side}


def test_stride_far_from_the_usual_length_is_invalid() -> None:
    """A missed stance makes one stride of two, which is left out with both times told."""
    contacts = every(0.7, 9)
    del contacts[4]
    strides = strides_of(contacts)
    assert [s.valid for s in strides] == [True, True, True, False, True, True, True, False]
    assert strides[3].reason == "stride time 1.40 s is far from the usual 0.70 s"


def test_allowed_deviation_is_a_setting() -> None:
    """A stride 15 % longer than usual is valid at 20 % and not at 10 %."""
    contacts = every(0.7, 8)
    contacts = contacts[:4] + [replace(c, initial_contact_s=c.initial_contact_s + 0.105) for c in contacts[4:]]
    found = Contacts(tuple(contacts), NOWHERE, timing_assumed=False)
    landmarks = usual_landmarks()
    for allowed, valid in ((0.2, True), (0.1, False)):
        settings = StrideSettings(max_stride_time_deviation=allowed)
        assert build_strides(landmarks, found, usual_scene(), settings)[3].valid is valid


def test_stance_longer_than_its_stride_is_invalid() -> None:
    """A toe-off after the next contact of the same foot is impossible."""
    contacts = every(0.7, 6)
    contacts[2] = replace(contacts[2], toe_off_s=contacts[2].initial_contact_s + 0.75)
    assert strides_of(contacts)[2].reason == "toe-off is not before the next contact"


@pytest.mark.parametrize(("hidden_share", "valid"), [(0.05, True), (0.3, False)])
def test_stride_with_a_hidden_leg_is_invalid(hidden_share: float, *, valid: bool) -> None:
    """A leg that is missing in more than a tenth of the stride makes it unusable; the other leg does not."""
    landmarks = usual_landmarks()
    contacts = every(0.7, 6)
    start_s = contacts[2].initial_contact_s + 0.3
    gap = (landmarks.time_s >= start_s) & (landmarks.time_s < start_s + hidden_share * 0.7)
    for side, expected in (("right", valid), ("left", True)):
        xy = landmarks.xy_px.copy()
        for joint in LEG_JOINTS:
            xy[gap, LANDMARK_INDEX[f"{side}_{joint}"]] = np.nan
        stride = strides_of(contacts, with_xy(landmarks, xy))[2]
        assert stride.valid is expected
        assert ("hidden" in stride.reason) is not expected


def test_leg_that_stands_where_it_never_does_is_invalid() -> None:
    """Around one midstance the knee lies 30 degrees off: that stride alone is left out, with the angle told."""
    landmarks = usual_landmarks()
    contacts = [c for c in side_view_contacts(landmarks).contacts if c.side == "right"]
    odd = contacts[3]
    around = (landmarks.time_s > odd.initial_contact_s) & (landmarks.time_s < odd.toe_off_s)
    xy = landmarks.xy_px.copy()
    xy[around, LANDMARK_INDEX["right_knee"], 0] += 400 * SHANK_M * np.sin(np.radians(30))
    strides = strides_of(contacts, with_xy(landmarks, xy))
    assert [s.number for s in strides[:-1] if not s.valid] == [4]
    assert "deg from where it usually is" in strides[3].reason
    assert all(s.valid for s in strides_of(contacts)[:-1])


def test_percent_of_the_stride() -> None:
    """Contact is 0 %, the next contact 100 %, and events lie between in proportion."""
    stride = Stride("left", 1, 2.0, 2.1, 2.25, 2.8, near=True, valid=True, reason="")
    assert [stride.percent(t) for t in (2.0, 2.4, 2.8)] == pytest.approx([0, 50, 100])
    assert (stride.midstance_percent, stride.toe_off_percent) == pytest.approx((12.5, 31.25))


def test_no_stances_make_no_strides() -> None:
    """Without contacts there is nothing; with one there is an unusable stride."""
    assert strides_of([]) == ()
    assert [s.valid for s in strides_of(every(0.7, 1))] == [False]


def test_far_leg_is_marked() -> None:
    """In a side view the leg away from the camera is not near."""
    _, view = run_of(STEADY, Camera(facing="left"))
    assert {s.side for s in view.strides if s.near} == {"left"}
