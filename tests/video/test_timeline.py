from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from midstance.video.timeline import build_timeline, usual_interval


def ticks(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return stamps as an array."""
    return np.array(values, dtype=np.int64)


def test_packets_in_decoding_order_give_times_in_display_order() -> None:
    """B-frames are stored after a later frame; their times come out sorted, from 0."""
    timeline = build_timeline(ticks(100, 400, 200, 300, 700, 500, 600), 0.001)
    assert_allclose(timeline.time_s, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert not timeline.variable


@pytest.mark.parametrize("fps", [24, 59.94, 60, 240, 400])
def test_usual_interval_is_exact_in_spite_of_whole_milliseconds(fps: float) -> None:
    """60 fps stamped in whole milliseconds are 60 fps, where the median interval alone says 58.8."""
    stamps = np.round(np.arange(600) * 1000 / fps)
    assert usual_interval(stamps) == pytest.approx(1000 / fps, rel=5e-4)


def test_usual_interval_ignores_gaps() -> None:
    """A pause in the middle does not slow the rate down."""
    stamps = np.concatenate([np.arange(0, 1000, 20), np.arange(60_000, 61_000, 20)])
    assert usual_interval(stamps) == pytest.approx(20)


def test_equal_stamps_share_the_interval() -> None:
    """60 fps stamped with a clock of 30 Hz come in pairs; they are spread evenly."""
    timeline = build_timeline(ticks(0, 0, 2, 2, 4, 4), 1 / 60)
    assert_allclose(timeline.time_s * 60, [0, 1, 2, 3, 4, 5])


def test_equal_stamps_do_not_spread_into_a_gap() -> None:
    """Two equal stamps before a pause stay within one usual interval."""
    timeline = build_timeline(ticks(0, 10, 20, 30, 30, 500, 510, 520), 0.001)
    assert_allclose(timeline.time_s[3:6], [0.030, 0.035, 0.500])


def test_clock_that_starts_anew_goes_on() -> None:
    """Files joined end to end play one after the other, one usual interval apart."""
    one = ticks(*range(0, 5000, 100))
    timeline = build_timeline(np.concatenate([one, one]), 0.001)
    assert_allclose(timeline.time_s, np.arange(100) * 0.1)
    assert timeline.place(0, after=49) == 50
    assert timeline.place(100, after=50) == 51


def test_stray_stamp_is_left_out() -> None:
    """One stamp far in the future neither stretches the clip nor costs the frames behind it their places."""
    stamps = ticks(*range(0, 5000, 100))
    stamps[20] = 900_000
    timeline = build_timeline(stamps, 0.001)
    assert timeline.time_s[-1] == pytest.approx(4.9)
    assert timeline.place(900_000, after=19) is None
    assert timeline.place(2100, after=19) == 20


def test_frame_is_placed_by_its_stamp() -> None:
    """A frame that damage made unreadable leaves a gap; the one behind it keeps its own index."""
    timeline = build_timeline(ticks(0, 10, 20, 30, 40), 0.001)
    assert timeline.place(10, after=0) == 1
    assert timeline.place(40, after=1) == 4


def test_frame_behind_its_time_is_dropped() -> None:
    """A frame whose stamp lies before the frame given has no place, nor one without a stamp, nor an unknown one."""
    timeline = build_timeline(ticks(0, 10, 20, 30), 0.001)
    assert timeline.place(10, after=2) is None
    assert timeline.place(None, after=0) is None
    assert timeline.place(15, after=0) is None


def test_by_order_takes_frames_as_they_come() -> None:
    """Where the container keeps no presentation stamps, the n-th frame gets the n-th time, and no more."""
    timeline = build_timeline(ticks(0, 1, 2), 1 / 30, by_order=True)
    assert [timeline.place(stamp, after) for stamp, after in ((2, -1), (None, 0), (0, 1), (1, 2))] == [0, 1, 2, None]


def test_time_that_stands_still_is_refused() -> None:
    """Several frames with one stamp have no times."""
    with pytest.raises(ValueError, match="expected time stamps that advance, given 5 equal ones"):
        build_timeline(ticks(7, 7, 7, 7, 7), 0.001)


@pytest.mark.parametrize(("change", "variable"), [(0, False), (2, False), (6, True), (-40, True)])
def test_variable_rate_is_told_from_rounding(change: int, variable: bool) -> None:  # noqa: FBT001 - a parameter
    """Two milliseconds off are rounding, six at 25 fps are a variable rate."""
    stamps = np.arange(0, 4000, 40)
    stamps[50:] += change
    assert build_timeline(stamps, 0.001).variable is variable


@given(arrays(np.int64, st.integers(0, 80), elements=st.integers(-(2**63), 2**63 - 1) | st.integers(-200, 200)))
def test_times_always_increase(stamps: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
    """Whatever the stamps, times strictly increase from 0, or the stamps are refused."""
    try:
        timeline = build_timeline(stamps, 1 / 90_000)
    except ValueError:
        return
    assert np.all(np.isfinite(timeline.time_s))
    assert np.all(np.diff(timeline.time_s) > 0)
    assert np.all(timeline.time_s[:1] == 0)
    assert len(timeline.stamps) == len(timeline) <= len(stamps)


@given(st.lists(st.integers(1, 3000), min_size=20, max_size=60), st.integers(-10_000, 10_000))
def test_sound_stamps_are_kept_as_they_are(steps: list[int], start: int) -> None:
    """Distinct stamps in order lose nothing but their offset."""
    stamps = start + np.cumsum(steps)
    timeline = build_timeline(stamps, 0.001)
    assert_allclose(timeline.time_s, (stamps - stamps[0]) * 0.001, atol=1e-9)
    places = [timeline.place(int(stamp), index - 1) for index, stamp in enumerate(stamps)]
    assert places == list(range(len(stamps)))
