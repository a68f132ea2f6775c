"""Legs that a pose model set onto the other leg are dropped; legs that truly hide each other are not."""

from __future__ import annotations

import numpy as np
import pytest

from midstance.science.cleaning import clean
from midstance.science.jumps import SHANK_AND_FOOT, doubled_legs, jumped_along, off_the_line
from midstance.science.landmarks import SIDES, LandmarkSeries, Side, indices_of, other_side
from midstance.science.legs import FOOT_POINTS
from midstance.science.settings import CleaningSettings
from tests.science.helpers import with_xy
from tests.support.runner import Camera, Gait, film

LEG_PX = 350


def runner(fps: float = 60) -> LandmarkSeries:
    """Film a runner from the right."""
    return film(Gait(duration_s=4.0), Camera(fps=fps)).landmarks


def joints_of(side: Side) -> list[int]:
    """Return the landmarks of shank and foot."""
    return indices_of(side, SHANK_AND_FOOT)


def with_leg_on_the_other(clip: LandmarkSeries, side: Side, frames: slice) -> LandmarkSeries:
    """Set a leg onto the other one, a pixel beside it."""
    xy = clip.xy_px.copy()
    xy[frames, joints_of(side)] = xy[frames, joints_of(other_side(side))] + 1.0
    return with_xy(clip, xy)


@pytest.mark.parametrize("start", [40, 52, 64, 75, 90])
@pytest.mark.parametrize("count", [1, 3, 5])
@pytest.mark.parametrize("side", SIDES)
def test_a_leg_set_onto_the_other_comes_back_to_its_own_path(side: Side, count: int, start: int) -> None:
    """Wherever in the stride it happens, clean landmarks stay within 8 % of a leg of those of the whole clip."""
    clip = runner()
    spoilt = with_leg_on_the_other(clip, side, slice(start, start + count))
    wanted, found = (clean(series, CleaningSettings()).landmarks.xy_px for series in (clip, spoilt))
    for leg in SIDES:
        off = np.linalg.norm((found - wanted)[:, joints_of(leg)], axis=2)
        assert off.max() < 0.08 * LEG_PX


@pytest.mark.parametrize("fps", [30, 60, 120, 240])
def test_a_whole_run_has_no_doubled_legs(fps: float) -> None:
    """Legs that pass each other are told from legs set onto each other at any frame rate."""
    assert not doubled_legs(runner(fps)).any()


def test_legs_of_somebody_who_stands_may_hide_each_other() -> None:
    """Where both legs lie in one place and stay there, nothing is dropped."""
    clip = runner()
    still = np.repeat(clip.xy_px[:1], len(clip), axis=0)
    still[:, joints_of("left")] = still[:, joints_of("right")] + 2.0
    sway = np.sin(np.arange(len(clip)) / 20)[:, None, None]
    standing = with_xy(clip, still + sway)
    assert not doubled_legs(standing).any()
    assert clean(standing, CleaningSettings()).outlier_share == 0


def test_what_jumped_with_an_outlier_goes_with_it() -> None:
    """An ankle that stood out takes heel and toe along where they jumped too, and nothing else."""
    clip = runner()
    xy = clip.xy_px.copy()
    foot = indices_of("right", FOOT_POINTS)
    xy[50, foot] += (0.4 * LEG_PX, 0)
    outliers = np.zeros(xy.shape[:2], dtype=bool)
    outliers[[50, 70], foot[0]] = True
    marked = jumped_along(with_xy(clip, xy), outliers)
    expected = np.zeros_like(marked)
    expected[50, foot] = True
    np.testing.assert_array_equal(marked, expected)


def test_there_is_no_line_beyond_the_ends() -> None:
    """Frames under suspicion at an end of the clip cannot be tried; others are 0 off."""
    xy = np.stack([np.arange(6.0), np.zeros(6)], axis=1)[:, None]
    xy[3] = (3, 5)
    off = off_the_line(xy, np.array([True, False, False, True, False, True]))[:, 0]
    np.testing.assert_allclose(off, [np.nan, 0, 0, 5, 0, np.nan])
