"""Dorsiflexion of a foot that points outward: two projections put together again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.science.landmarks import Side
from midstance.science.records import AngleSeries, Stride
from midstance.science.turned_foot import SHARES, LegAcross, in_space_deg, with_turned_feet

FLAT = np.zeros(len(SHARES))


def leg(progression_deg: float, outward_deg: float = 0.0) -> LegAcross:
    """Return a leg whose shank leans outward alike through the stance."""
    return LegAcross(progression_deg, FLAT + outward_deg)


def projections(shank: np.ndarray, foot: np.ndarray) -> tuple[float, float, float, float]:
    """Return inclination, outward lean, pitch and progression of a leg in space: x ahead, y outward, z up."""
    return (
        float(np.degrees(np.arctan2(shank[0], shank[2]))),
        float(np.degrees(np.arctan2(shank[1], shank[2]))),
        float(np.degrees(np.arctan2(foot[2], foot[0]))),
        float(np.degrees(np.arctan2(foot[1], foot[0]))),
    )


@given(
    shank=st.tuples(st.floats(-0.5, 0.8), st.floats(-0.3, 0.3)),
    foot=st.tuples(st.floats(-0.2, 0.6), st.floats(-0.8, 0.5)),
)
def test_angle_between_shank_and_foot_comes_back(shank: tuple[float, float], foot: tuple[float, float]) -> None:
    """From what the two views show, the angle in space follows, wherever shank and foot point."""
    up, along = np.array([*shank, 1.0]), np.array([1.0, *foot])
    inclination, outward, pitch, progression = projections(up, along)
    cosine = up @ along / np.linalg.norm(up) / np.linalg.norm(along)
    expected = 90 - np.degrees(np.arccos(cosine))
    found = in_space_deg(np.array([inclination]), np.array([outward]), np.array([pitch]), leg(progression))
    assert found[0] == pytest.approx(expected, abs=1e-6)


def test_foot_that_points_ahead_is_as_seen_from_the_side() -> None:
    """Without toe-out and lean the sagittal angle is the angle."""
    found = in_space_deg(np.array([25.0]), np.array([0.0]), np.array([-8.0]), leg(0.0))
    assert found[0] == pytest.approx(25 - 8)


def test_turned_out_foot_under_a_leaning_shank_reads_less() -> None:
    """A stiff ankle with 20 deg of toe-out, the knee 6 deg inward: the side view alone makes it 4 deg too supple."""
    sagittal = 22.0 - 2.0
    found = in_space_deg(np.array([22.0]), np.array([-6.0]), np.array([-2.0]), leg(20.0))
    assert sagittal - found[0] == pytest.approx(3.2, abs=0.5)


def side_view() -> tuple[AngleSeries, tuple[Stride, ...]]:
    """Return two seconds of a leg with two stances, and another leg's dorsiflexion."""
    time_s = np.arange(0, 2, 0.01)
    curve = np.full(len(time_s), 20.0)
    names: list[tuple[str, Side]] = [
        ("tibial_inclination", "left"),
        ("foot_pitch", "left"),
        ("ankle_dorsiflexion", "left"),
        ("ankle_dorsiflexion", "right"),
    ]
    values = {name: curve.copy() for name in names}
    values["foot_pitch", "left"] -= 20.0
    strides = tuple(
        Stride("left", n, at, at + 0.12, at + 0.25, at + 0.7, near=True, valid=True, reason="")
        for n, at in ((1, 0.3), (2, 1.0))
    )
    return AngleSeries(time_s, values), strides


def test_swing_and_the_other_leg_stay() -> None:
    """Only stance is measured anew; the curve comes back to the sagittal angle without a step."""
    angles, strides = side_view()
    found = with_turned_feet(angles, strides, {"left": leg(20.0, -6.0)})
    changed = found.values["ankle_dorsiflexion", "left"] - angles.values["ankle_dorsiflexion", "left"]
    time_s = angles.time_s
    in_stance = np.any([(time_s >= s.initial_contact_s) & (time_s <= s.toe_off_s) for s in strides], axis=0)
    assert changed[in_stance].max() < -2
    assert np.abs(changed[(time_s > 0.7) & (time_s < 0.9)]).max() == 0
    assert np.abs(np.diff(changed)).max() < 2.5
    np.testing.assert_array_equal(
        found.values["ankle_dorsiflexion", "right"], angles.values["ankle_dorsiflexion", "right"]
    )


def test_hidden_shank_keeps_what_the_side_view_shows() -> None:
    """Where an angle is missing, nothing is made up."""
    angles, strides = side_view()
    angles.values["tibial_inclination", "left"][35:40] = np.nan
    found = with_turned_feet(angles, strides, {"left": leg(20.0, -6.0)})
    np.testing.assert_array_equal(
        found.values["ankle_dorsiflexion", "left"][35:40], angles.values["ankle_dorsiflexion", "left"][35:40]
    )
