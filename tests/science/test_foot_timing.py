"""Stances of a frontal view, moved to where its feet rise and fall as the side view's do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance.science.cleaning import clean
from midstance.science.foot_timing import FootCourses, moved_to_feet
from midstance.science.frontal import frontal_view_contacts
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from midstance.science.records import View
from midstance.science.settings import CleaningSettings
from midstance.science.stances import Contact, Contacts
from midstance.science.view import SideFacts, facts_from_side
from midstance.storage.landmarks_csv import read_landmarks
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
    wrong = late(frontal_view_contacts(landmarks, known.timings), left=left_s, right=right_s)
    contact, toe_off = errors_ms(moved_to_feet(landmarks, wrong, known.foot_courses), filmed)
    assert rms(contact) < 10
    assert rms(toe_off) < 10


def test_noise_costs_little(known: SideFacts) -> None:
    """With points that jump by 3 px and exchanged legs the stances still come back."""
    filmed = film(STEADY, Camera("front", noise_px=3, swap_runs=6, seed=2))
    landmarks = cleaned(filmed)
    wrong = late(frontal_view_contacts(landmarks, known.timings), left=0.03, right=0.03)
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
    by_trunk = frontal_view_contacts(landmarks, known.timings)
    assert moved_to_feet(spoil(landmarks), by_trunk, known.foot_courses).contacts == by_trunk.contacts


@pytest.mark.parametrize("view", ["front", "rear"])
def test_without_a_side_view_the_usual_foot_tells_the_contacts(shared: Path, view: View) -> None:
    """Of a real runner contacts come back to 15 ms; how long the foot is down is not known, so toe-offs stay."""
    landmarks = clean(
        read_landmarks(shared / "data" / "mocap" / f"rbds001_25_{view}.csv"), CleaningSettings()
    ).landmarks
    with (shared / "data" / "mocap" / "rbds001_25_truth.csv").open(newline="", encoding="utf-8") as file:
        true_s = np.array([float(row["initial_contact_s"]) for row in csv.DictReader(file)])
    by_trunk = late(frontal_view_contacts(landmarks), left=0.03, right=0.03)
    found = moved_to_feet(landmarks, by_trunk, {})
    errors_s = np.array([np.abs(true_s - c.initial_contact_s).min() for c in found.contacts])
    assert rms(errors_s) < 0.015
    assert [c.toe_off_s for c in found.contacts] == [c.toe_off_s for c in by_trunk.contacts]


def test_a_foot_that_the_side_view_missed_stays(known: SideFacts) -> None:
    """A side view that saw one foot moves that leg alone."""
    landmarks = cleaned(film(STEADY, Camera("rear")))
    by_trunk = late(frontal_view_contacts(landmarks, known.timings), left=0.03, right=0.03)
    one: FootCourses = {"left": known.foot_courses["left"]}
    moved = moved_to_feet(landmarks, by_trunk, one)
    assert moved.of("right") == by_trunk.of("right")
    assert moved.of("left") != by_trunk.of("left")
