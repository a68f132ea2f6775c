from __future__ import annotations

import numpy as np
import pytest

from midstance.science.heel_rise import ANKLE_HEIGHT_LEGS, BALL_TO_ANKLE_LEGS, SHARES, with_ankle_height
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries, Side
from midstance.science.legs import leg_length_px
from midstance.science.signals import Array, Mask
from midstance.science.stances import Contact
from tests.science.helpers import series, with_xy

CONTACTS = tuple(Contact("right", start_s, start_s + 0.3) for start_s in (0.5, 1.3, 2.1))
TIME_S = np.arange(0, 3, 1 / 60)


def heel_rise_deg(time_s: Array) -> Array:
    """Return how far the foot has truly turned about its ball: flat until 0.35 of the stance, then up to 20 deg."""
    share = [(time_s - c.initial_contact_s) / 0.3 for c in CONTACTS]
    return np.asarray(np.sum([np.where((s > 0.35) & (s < 1), 20 * (s - 0.35) / 0.65, 0.0) for s in share], axis=0))


def planted() -> LandmarkSeries:
    """Return a standing leg whose ankle rises as the foot turns about the ball."""
    joints = {"hip": (200, 100), "knee": (200, 300), "ankle": (200, 480), "heel": (180, 500), "foot_index": (260, 500)}
    still = series({f"{s}_{j}": at for s in ("left", "right") for j, at in joints.items()}, frames=len(TIME_S), fps=60)
    angle = np.radians(heel_rise_deg(still.time_s))
    rise = BALL_TO_ANKLE_LEGS * np.sin(angle) - ANKLE_HEIGHT_LEGS * (1 - np.cos(angle))
    xy = still.xy_px.copy()
    xy[:, LANDMARK_INDEX["right_ankle"], 1] -= rise * leg_length_px(still)
    return with_xy(still, xy)


def within(time_s: Array, low: float, high: float) -> Mask:
    """Return where a time lies between two shares of a stance."""
    share = np.array([(time_s - c.initial_contact_s) / 0.3 for c in CONTACTS])
    return np.asarray(((share >= low) & (share <= high)).any(axis=0))


@pytest.mark.parametrize("wrong_deg", [-15.0, 0.0, 8.0])
def test_planted_foot_goes_by_the_height_of_its_ankle(wrong_deg: float) -> None:
    """From flat foot to heel rise the pitch is right to 1 deg whatever the line of heel and toe reads."""
    clip = planted()
    found = with_ankle_height(np.full(len(clip), wrong_deg), clip, CONTACTS, "right")
    early = within(clip.time_s, *SHARES[1:3])
    np.testing.assert_allclose(found[early], -heel_rise_deg(clip.time_s)[early], atol=1.0)


@pytest.mark.parametrize("side", ["left", "right"])
def test_foot_in_the_air_and_unseen_ankles_keep_their_line(side: Side) -> None:
    """Outside the stances, and where no ankle is seen, nothing changes."""
    clip = planted()
    line = np.linspace(-30, 20, len(clip))
    swing = ~within(clip.time_s, 0.0, SHARES[3])
    np.testing.assert_array_equal(with_ankle_height(line, clip, CONTACTS, side)[swing], line[swing])
    xy = clip.xy_px.copy()
    xy[:, LANDMARK_INDEX[f"{side}_ankle"]] = np.nan
    np.testing.assert_array_equal(with_ankle_height(line, with_xy(clip, xy), CONTACTS, side), line)
    np.testing.assert_array_equal(with_ankle_height(line, clip, (), side), line)
