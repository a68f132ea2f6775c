from __future__ import annotations

import numpy as np
import pytest

from midstance.science.landmarks import EDGES, LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries, other_side
from tests.science.helpers import series


def make(frames: int, **changes: object) -> LandmarkSeries:
    """Return an empty series of a length, with some fields replaced."""
    fields: dict[str, object] = {
        "time_s": np.arange(frames) / 60,
        "xy_px": np.full((frames, 33, 2), np.nan),
        "visibility": np.full((frames, 33), np.nan),
        "frame": np.arange(frames),
    }
    return LandmarkSeries(**(fields | changes))  # type: ignore[arg-type]  # wrong types are what is tested


def test_names_are_33_with_a_twin_for_every_side() -> None:
    """Every left landmark has a right one, and the lines of the skeleton join known names."""
    assert len(set(LANDMARK_NAMES)) == 33
    assert {n.replace("left", "right") for n in LANDMARK_NAMES if "left" in n} == {
        n for n in LANDMARK_NAMES if "right" in n
    }
    assert {name for edge in EDGES for name in edge} <= set(LANDMARK_INDEX)


@pytest.mark.parametrize("field", ["xy_px", "visibility", "frame"])
def test_wrong_shape_is_refused_by_name(field: str) -> None:
    """A field whose length differs from the times says which one it is and what was expected."""
    with pytest.raises(ValueError, match=f"{field}: expected shape"):
        make(4, **{field: np.zeros((3, 33, 2))})


@pytest.mark.parametrize("time_s", [[0, 0.1, 0.1], [0, 0.2, 0.1], [0, np.nan, 0.2]])
def test_time_must_increase(time_s: list[float]) -> None:
    """Times that are equal, go back or are missing are refused."""
    with pytest.raises(ValueError, match="strictly increasing"):
        make(3, time_s=np.array(time_s))


def test_rate_is_of_the_usual_step_and_duration_of_the_span() -> None:
    """One long step does not change the frame rate; the duration counts it."""
    landmarks = make(5, time_s=np.array([1.0, 1.02, 1.04, 1.06, 2.0]))
    assert landmarks.fps == pytest.approx(50)
    assert landmarks.duration_s == pytest.approx(1.0)


@pytest.mark.parametrize("frames", [0, 1])
def test_fewer_than_two_frames_have_no_rate_and_no_duration(frames: int) -> None:
    """An empty series or a single frame is a series; its rate is unknown."""
    landmarks = make(frames)
    assert len(landmarks) == frames
    assert np.isnan(landmarks.fps)
    assert landmarks.duration_s == 0


def test_points_by_name_and_midpoints() -> None:
    """A landmark is found by its name; the middle of a pair is missing when one of it is."""
    landmarks = series({"left_hip": (10, 20), "right_hip": (30, 60), "left_knee": (1, 2)})
    np.testing.assert_array_equal(landmarks.point("left_hip"), [[10, 20]] * 5)
    np.testing.assert_array_equal(landmarks.midpoint("hip"), [[20, 40]] * 5)
    assert np.isnan(landmarks.midpoint("knee")).all()
    with pytest.raises(KeyError):
        landmarks.point("left_asis")


def test_other_side() -> None:
    """Left and right are each other's opposite."""
    assert (other_side("left"), other_side("right")) == ("right", "left")
