"""Stances of a frontal view, moved to where its feet rise and fall as the side view's do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from midstance.science.contacts import Contact, Contacts
from midstance.science.foot_timing import FootCourses, moved_to_feet
from midstance.science.frontal import frontal_view_contacts
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from midstance.science.records import View
from midstance.science.view import SideFacts, facts_from_side
from tests.science.helpers import STEADY, cleaned, errors_ms, rms, run_of, with_xy
from tests.support.runner import Camera, film

FEET = [LANDMARK_INDEX[f"{side}_{name}"] for side in ("left", "right") for name in ("ankle", "heel", "foot_index")]


@pytest.fixture(scope="module")
def known() -> SideFacts:
    """What a side view of the same run shows."""
    return facts_from_side(run_of(STEADY)[1])


def late(contacts: Contacts, **by_s: float) -> Contacts:
    """Return the stances of each leg, that much later."""
    return replace(contacts, contacts=tuple(later(c, by_s[c.side]) for c in contacts.contacts))


def later(contact: Contact, by_s: float) -> Contact:
    """Return the same stance, that much later."""
    return Contact(contact.side, contact.initial_contact_s + by_s, contact.toe_off_s + by_s)


@pytest.mark.parametrize("view", ["front", "rear"])
@pytest.mark.parametrize("fps", [30, 60, 120])
@pytest.mark.parametrize(("left_s", "right_s"), [(0.03, -0.02), (-0.03, -0.03)])
def test_stances_come_back_to_the_feet(known: SideFacts, view: View, fps: float, left_s: float, right_s: float) -> None:
    """However the trunk has them, left and right apart, contacts end within 10 ms of the truth."""
    filmed = film(STEADY, Camera(view, fps=fps))
    landmarks = cleaned(filmed)
    wrong = late(frontal_view_contacts(landmarks, known.timing), left=left_s, right=right_s)
    contact, toe_off = errors_ms(moved_to_feet(landmarks, wrong, known.foot_courses), filmed)
    assert rms(contact) < 10
    assert rms(toe_off) < 10


def test_noise_costs_little(known: SideFacts) -> None:
    """With points that jump by 3 px and exchanged legs the stances still come back."""
    filmed = film(STEADY, Camera("front", noise_px=3, swap_runs=6, seed=2))
    landmarks = cleaned(filmed)
    wrong = late(frontal_view_contacts(landmarks, known.timing), left=0.03, right=0.03)
    contact, _ = errors_ms(moved_to_feet(landmarks, wrong, known.foot_courses), filmed)
    assert rms(contact) < 15


def hidden(landmarks: LandmarkSeries) -> LandmarkSeries:
    """Return landmarks without feet."""
    xy_px = landmarks.xy_px.copy()
    xy_px[:, FEET] = np.nan
    return with_xy(landmarks, xy_px)


def jumping(landmarks: LandmarkSeries) -> LandmarkSeries:
    """Return landmarks whose feet are anywhere."""
    xy_px = landmarks.xy_px.copy()
    xy_px[:, FEET] += np.random.default_rng(0).normal(0, 300, xy_px[:, FEET].shape)
    return with_xy(landmarks, xy_px)


@pytest.mark.parametrize("spoil", [hidden, jumping])
def test_feet_that_tell_nothing_move_nothing(
    known: SideFacts, spoil: Callable[[LandmarkSeries], LandmarkSeries]
) -> None:
    """Stances stay by the trunk's lows."""
    landmarks = cleaned(film(STEADY, Camera("front")))
    by_trunk = frontal_view_contacts(landmarks, known.timing)
    assert moved_to_feet(spoil(landmarks), by_trunk, known.foot_courses).contacts == by_trunk.contacts


@pytest.mark.parametrize("view", ["front", "rear"])
def test_without_a_side_view_the_usual_foot_tells_the_contacts(view: View) -> None:
    """Contacts come nearer to the truth; how long the foot stays down is not known, so toe-offs stay by the trunk."""
    filmed = film(STEADY, Camera(view))
    landmarks = cleaned(filmed)
    by_trunk = late(frontal_view_contacts(landmarks), left=0.025, right=0.025)
    found = moved_to_feet(landmarks, by_trunk, {})
    assert rms(errors_ms(found, filmed)[0]) < 20 < rms(errors_ms(by_trunk, filmed)[0])
    assert [c.toe_off_s for c in found.contacts] == [c.toe_off_s for c in by_trunk.contacts]


def test_a_foot_that_the_side_view_missed_stays(known: SideFacts) -> None:
    """A side view that saw one foot moves that leg alone."""
    landmarks = cleaned(film(STEADY, Camera("rear")))
    by_trunk = late(frontal_view_contacts(landmarks, known.timing), left=0.03, right=0.03)
    one: FootCourses = {"left": known.foot_courses["left"]}
    moved = moved_to_feet(landmarks, by_trunk, one)
    assert moved.of("right") == by_trunk.of("right")
    assert moved.of("left") != by_trunk.of("left")
