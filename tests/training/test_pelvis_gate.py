"""The gate of the pelvis network: angles at the instants of the measures, points held against labels, the verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from benchmarks.pelvis.page import Findings, render_page
from benchmarks.pelvis.real import held_against
from benchmarks.pelvis.trial import LegMean, ViewPoints, at_midstance, highest_drop, smoothed
from benchmarks.real.who import LANDMARK_OF
from training.pelvis.eye import Sight, neighbours
from training.pelvis.task import POINTS
from training.real.labels import ClipLabels, Label

from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries, Side
from midstance.science.records import Stride

TIME_S = np.arange(240) / 60
LEG_PX = 200.0


def stride(side: Side) -> Stride:
    """Return a stride that stands from 1.0 to 1.3 s."""
    return Stride(side, 1, 1.0, 1.12, 1.3, 1.7, near=True, valid=True, reason="")


@dataclass(frozen=True)
class Frame:
    """A frame without a picture."""

    index: int
    time_s: float = 0.0
    image_bgr: np.ndarray = field(default_factory=lambda: np.zeros((2, 2, 3), np.uint8))


@pytest.mark.parametrize(("side", "drop"), [("left", 6.0), ("right", 2.0)])
def test_the_side_that_swings_hangs(side: Side, drop: float) -> None:
    """Where the left side is higher by up to 6 deg and lower by up to 2, the left stance drops by 6, the right by 2."""
    course = np.zeros(len(TIME_S))
    course[66], course[72] = 6.0, -2.0
    assert highest_drop(TIME_S, course, stride(side)) == pytest.approx(drop)


def test_no_drop_is_made_up_where_the_pelvis_is_not_seen() -> None:
    """A gap within the stance leaves no number; one outside it does not matter."""
    for at, told in ((66, False), (30, True)):
        course = np.where(np.arange(len(TIME_S)) == at, np.nan, 1.0)
        assert np.isfinite(highest_drop(TIME_S, course, stride("left"))) == told


def test_tilt_is_that_of_midstance() -> None:
    """On a straight course the value between two frames is read."""
    assert at_midstance(TIME_S, 10 * TIME_S, stride("left")) == pytest.approx(11.2)


def test_a_spike_is_no_tilt_and_a_long_gap_stays() -> None:
    """One wild frame is dropped, three lost ones are bridged, half a second is not."""
    course = 12 + np.sin(2 * np.pi * 1.4 * TIME_S)
    spoilt = course.copy()
    spoilt[40] = 60.0
    spoilt[80:83], spoilt[120:150] = np.nan, np.nan
    found = smoothed(TIME_S, spoilt)
    assert np.isnan(found[125:145]).all()
    seen = np.r_[5:115]
    assert np.abs(found[seen] - course[seen]).max() < 0.3


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_frame_stands_between_its_neighbours(count: int) -> None:
    """The ends stand in for what they lack, and no frame is left out."""
    seen = [[f.index for f in burst] for burst in neighbours(Frame(i) for i in range(count))]
    assert seen == [[max(i - 1, 0), i, min(i + 1, count - 1)] for i in range(count)]


def sight(off_px: float) -> tuple[ClipLabels, LandmarkSeries, Sight]:
    """Return labels of one frame, feet as labelled, and near spines that lie off by so much."""
    places = {"right_asis": (100.0, 100.0), "right_psis": (80.0, 96.0)}
    feet = {"left_heel": (50.0, 290.0), "left_toe": (80.0, 290.0), "right_heel": (110.0, 280.0)}
    feet |= {"right_toe": (140.0, 280.0)}
    made = [Label(1, 1 / 30, "runner", "right", n, *p, "yes", "fitted shorts", 1) for n, p in (places | feet).items()]
    xy = np.full((3, len(LANDMARK_NAMES), 2), np.nan)
    for name, place in feet.items():
        side, _, end = name.partition("_")
        xy[:, LANDMARK_INDEX[f"{side}_{LANDMARK_OF[end]}"]] = place
    series = LandmarkSeries(TIME_S[:3], xy, np.ones(xy.shape[:2]), np.arange(3))
    points = np.full((3, len(POINTS), 2), 5.0)
    for name, (x, y) in places.items():
        points[:, POINTS.index(name)] = (x + off_px, y)
    blank = np.zeros((3, 3))
    return ClipLabels("clip", "00", LEG_PX, tuple(made)), series, Sight(TIME_S[:3], points, blank, blank, blank)


def test_real_spines_are_as_far_off_as_they_are() -> None:
    """12 px of a leg of 200 are 6 percent, of both points; the far side, which nobody labelled, does not count."""
    found = held_against(*sight(12.0))
    assert (found.labels, found.seen, found.garment) == (2, 2, "fitted shorts")
    assert found.off == pytest.approx({"asis": 0.06, "psis": 0.06, "both": 0.06})


def findings(slope: float = 1.0, off_deg: float = 0.0, *, swapped: bool = False) -> Findings:
    """Return what a network would give that is off by so much."""
    legs = [
        LegMean(f"r{i}", view, "left", measure, 9, slope * (true - 10) + 10 + off_deg, true)
        for view, measure in (("side", "pelvic_tilt"), ("front", "pelvic_drop"))
        for i, true in enumerate((6.0, 10.0, 14.0))
    ]
    points = [ViewPoints("r0", "side", {"asis": np.array([0.01, 0.02])}, np.array([swapped, False]))]
    return Findings(legs, points, (), None, 5.0, (("machine", "this one"),))


def test_a_network_that_is_right_passes() -> None:
    """Nothing is missed."""
    page = render_page(findings())
    assert "missed" not in page
    assert page.count("met") >= 4


@pytest.mark.parametrize(
    ("found", "missed"),
    [
        (findings(off_deg=2.0), 1),
        (findings(off_deg=-4.0), 2),
        (findings(slope=0.5), 2),
        (findings(swapped=True), 1),
        (replace(findings(), frame_ms=20.0), 1),
    ],
)
def test_each_part_of_the_gate_is_held(found: Findings, missed: int) -> None:
    """2 deg are too much for drop alone, 4 deg for both; so is half the slope, exchanged sides, or too long a look."""
    assert render_page(found).count("**missed**") == missed
