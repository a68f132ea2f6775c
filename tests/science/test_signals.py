from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.science.signals import (
    crossing_times,
    derivative,
    fill_gaps,
    hampel_outliers,
    low_pass,
    peak_time,
    resample,
    runs,
    sample,
    uniform_time,
)
from tests.support.runner import Camera, Gait, film

Array = NDArray[np.float64]


def sine(rate_hz: float, hz: float, seconds: float = 8.0, phase: float = 0.3) -> tuple[Array, Array]:
    """Return times and a sine of amplitude 1."""
    time_s = np.arange(int(seconds * rate_hz)) / rate_hz
    return time_s, np.sin(2 * np.pi * hz * time_s + phase)


def amplitude_and_phase(time_s: Array, values: Array, hz: float) -> tuple[float, float]:
    """Fit a sine of a frequency to the middle half, away from the ends."""
    middle = slice(len(time_s) // 4, 3 * len(time_s) // 4)
    turn = 2 * np.pi * hz * time_s[middle]
    basis = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    (a, b), *_ = np.linalg.lstsq(basis, values[middle], rcond=None)
    return float(np.hypot(a, b)), float(np.arctan2(b, a))


# --- low-pass -------------------------------------------------------------------------------------


def test_low_pass_keeps_a_constant() -> None:
    """Zero frequency passes untouched, up to both ends."""
    np.testing.assert_allclose(low_pass(np.full(100, 731.0), 60, 8), 731.0, rtol=1e-12)


@pytest.mark.parametrize(("rate_hz", "cutoff_hz"), [(30, 6), (30, 11.9), (60, 8), (60, 23), (120, 11), (240, 8)])
def test_low_pass_halves_the_power_at_its_cutoff(rate_hz: float, cutoff_hz: float) -> None:
    """Both passes together have -3 dB at the cut-off, not each of them, also near half the rate."""
    time_s, wave = sine(rate_hz, cutoff_hz)
    gain, _ = amplitude_and_phase(time_s, low_pass(wave, rate_hz, cutoff_hz), cutoff_hz)
    assert gain == pytest.approx(1 / np.sqrt(2), rel=0.01)


@pytest.mark.parametrize("hz", [1.0, 3.0, 7.0])
def test_low_pass_does_not_lag(hz: float) -> None:
    """A filtered sine keeps its phase whatever its frequency."""
    time_s, wave = sine(60, hz)
    _, phase = amplitude_and_phase(time_s, low_pass(wave, 60, 8), hz)
    assert phase == pytest.approx(0.3, abs=1e-4)


def test_low_pass_falls_as_the_fourth_power() -> None:
    """Far above the cut-off every octave takes the amplitude to a sixteenth."""
    gains = []
    for hz in (32, 64):
        time_s, wave = sine(1000, hz)
        gains.append(amplitude_and_phase(time_s, low_pass(wave, 1000, 8), hz)[0])
    assert gains[0] / gains[1] == pytest.approx(16, rel=0.1)


def test_low_pass_treats_each_stretch_between_gaps_by_itself() -> None:
    """What lies beyond a gap does not change a stretch, and the gap stays."""
    _, wave = sine(60, 2, seconds=2)
    first, second = wave[:50], 5 + wave[60:]
    joined = np.concatenate([first, np.full(4, np.nan), second])
    expected = np.concatenate([low_pass(first, 60, 8), np.full(4, np.nan), low_pass(second, 60, 8)])
    np.testing.assert_allclose(low_pass(joined, 60, 8), expected)


def test_low_pass_leaves_stretches_that_are_too_short() -> None:
    """Two samples between gaps are kept as they are, and the input is not written to."""
    values = np.array([np.nan, 1.0, 7.0, np.nan, 3.0])
    given = values.copy()
    np.testing.assert_array_equal(low_pass(values, 60, 8), given)
    np.testing.assert_array_equal(values, given)


@pytest.mark.parametrize("cutoff_hz", [0.0, -1.0, 30.0, 31.0, float("nan")])
def test_low_pass_refuses_a_cutoff_outside_the_band(cutoff_hz: float) -> None:
    """A cut-off at or above half the rate says what was expected and given."""
    with pytest.raises(ValueError, match=r"cutoff_hz: expected between 0 and 30"):
        low_pass(np.zeros(100), 60, cutoff_hz)


# --- gaps -----------------------------------------------------------------------------------------


def test_gaps_are_filled_up_to_the_limit_and_not_beyond() -> None:
    """At 60 frames/s a limit of 0.1 s fills 6 missing frames and not 7; the ends stay open."""
    time_s = np.arange(60) / 60
    values = time_s * 10
    for hole in (slice(0, 2), slice(10, 16), slice(30, 37), slice(57, 60)):
        values[hole] = np.nan
    filled = fill_gaps(time_s, values, 0.1)
    np.testing.assert_allclose(filled[10:16], time_s[10:16] * 10)
    assert np.isnan(filled[[0, 1, 30, 36, 57, 59]]).all()


def test_gap_of_uneven_times_is_judged_by_time() -> None:
    """Two frames that are missing from a slow stretch are a longer gap than two of a fast one."""
    time_s = np.array([0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.20, 0.30, 0.40, 0.42])
    values = np.array([0, 1, np.nan, np.nan, 4, 5, np.nan, np.nan, 8, 9.0])
    filled = fill_gaps(time_s, values, 0.1)
    assert np.isfinite(filled[[2, 3]]).all()
    assert np.isnan(filled[[6, 7]]).all()


def test_filling_keeps_the_shape() -> None:
    """A filled gap of a rising path rises and does not overshoot, where a plain spline would."""
    time_s = np.arange(12.0)
    values = np.array([0, 0, 0, 0, np.nan, np.nan, np.nan, 10, 10, 10, 10, 10.0])
    filled = fill_gaps(time_s, values, 5)
    assert np.all(np.diff(filled) >= 0)
    assert (filled.min(), filled.max()) == (0, 10)


def test_filling_touches_neither_known_samples_nor_the_input() -> None:
    """Known samples come back as they are, too few of them as well, and the input is not written to."""
    time_s = np.arange(5.0)
    for values in ([np.nan, 1, np.nan, 4, 2], [np.nan, np.nan, 3, np.nan, np.nan], [1, 2, 3, 4, 5]):
        given = np.array(values, dtype=float)
        filled = fill_gaps(time_s, given, 10)
        known = ~np.isnan(values)
        np.testing.assert_array_equal(filled[known], np.array(values)[known])
        np.testing.assert_array_equal(given, values)


# --- outliers -------------------------------------------------------------------------------------


def test_single_spike_is_marked_and_nothing_else() -> None:
    """A landmark that jumps away for one frame is found on a moving path."""
    values = np.linspace(0, 237, 80)
    values[40] += 60
    marked = hampel_outliers(values, half_window=2, threshold=4, floor=5)
    np.testing.assert_array_equal(np.flatnonzero(marked), [40])


@pytest.mark.parametrize(("fps", "half_window"), [(30, 2), (60, 2), (120, 4), (240, 8)])
def test_swinging_foot_is_no_outlier(fps: float, half_window: int) -> None:
    """The fastest path of a run, the toe's, is left alone at every frame rate."""
    toe = film(Gait(strike="rear"), Camera(fps=fps)).landmarks.point("left_foot_index")
    for path in toe.T:
        assert not hampel_outliers(path, half_window, threshold=4, floor=0.03 * 350).any()


@pytest.mark.parametrize("half_window", [2, 4])
def test_large_spike_takes_no_neighbour_with_it(half_window: int) -> None:
    """However far a landmark jumps, the good samples around it stay."""
    values = np.full(80, 100.0)
    values[40] += 1000
    np.testing.assert_array_equal(np.flatnonzero(hampel_outliers(values, half_window, 4, 5)), [40])


def test_missing_samples_are_not_outliers() -> None:
    """NaN is never marked, hides no spike beside it, and a path of NaN passes."""
    values = np.full(60, 100.0)
    values[[10, 30]] = np.nan
    values[31] = 160
    np.testing.assert_array_equal(np.flatnonzero(hampel_outliers(values, 2, 4, 5)), [31])
    assert not hampel_outliers(np.full(20, np.nan), 2, 4, 5).any()


def test_still_path_without_a_floor_has_no_outlier() -> None:
    """A path that never moves passes without a warning, also where nothing tells its size."""
    assert not hampel_outliers(np.full(20, 5.0), 2, 4, 0.0).any()


def test_noise_within_its_own_spread_is_kept() -> None:
    """Plain noise above the floor loses only its rare extremes."""
    noise = 20 * np.random.default_rng(0).standard_normal(4000)
    assert hampel_outliers(noise, 2, 4, 5).mean() < 0.02


# --- times ----------------------------------------------------------------------------------------


def test_crossings_of_straight_lines_are_exact() -> None:
    """A line that crosses zero between two frames is timed exactly, with uneven times as well."""
    time_s = np.array([0.0, 0.1, 0.25, 0.3, 0.5, 0.6])
    rising = crossing_times(time_s, 4 * (time_s - 0.21), rising=True)
    falling = crossing_times(time_s, -4 * (time_s - 0.47), rising=False)
    np.testing.assert_allclose(rising, [0.21])
    np.testing.assert_allclose(falling, [0.47])
    assert len(crossing_times(time_s, 4 * (time_s - 0.21), rising=False)) == 0


def test_crossing_that_hits_a_sample_counts_once() -> None:
    """A sample of exactly zero ends the crossing before it and starts none."""
    time_s = np.arange(5.0)
    np.testing.assert_allclose(crossing_times(time_s, np.array([-1, 0, 1, 0, -1.0]), rising=True), [1])
    np.testing.assert_allclose(crossing_times(time_s, np.array([-1, 0, 1, 0, -1.0]), rising=False), [3])


def test_no_crossing_is_seen_across_missing_samples() -> None:
    """A change of sign beside a gap is not timed."""
    assert len(crossing_times(np.arange(4.0), np.array([-1, np.nan, 1, 2.0]), rising=True)) == 0


@pytest.mark.parametrize("top_s", [0.31, 0.333, 0.35, 0.3])
def test_peak_of_a_parabola_is_exact(top_s: float) -> None:
    """The top between frames is found exactly, whatever the phase of the frames."""
    time_s = np.arange(20) / 30
    values = 5 - 40 * (time_s - top_s) ** 2
    assert peak_time(time_s, values, int(values.argmax())) == pytest.approx(top_s, abs=1e-12)


def test_peak_at_an_end_or_beside_a_gap_stays_on_its_frame() -> None:
    """Where no parabola can be laid, the frame's own time is given."""
    time_s = np.arange(4.0)
    assert peak_time(time_s, np.array([3, 2, 1, 0.0]), 0) == 0
    assert peak_time(time_s, np.array([0, 1, 2, 3.0]), 3) == 3
    assert peak_time(time_s, np.array([np.nan, 2, 1, 0]), 1) == 1
    assert peak_time(time_s, np.ones(4), 2) == 2


# --- resampling -----------------------------------------------------------------------------------


def test_uniform_time_keeps_span_and_rate() -> None:
    """Jittered times become even ones from the first to the last at the usual rate."""
    rng = np.random.default_rng(1)
    jittered = np.arange(301) / 60 + rng.uniform(-0.004, 0.004, 301)
    even = uniform_time(jittered)
    assert even[0] == jittered[0]
    assert even[-1] == pytest.approx(jittered[-1], abs=0.03)
    np.testing.assert_allclose(np.diff(even), np.median(np.diff(jittered)))


def test_variable_frame_rate_is_undone() -> None:
    """Samples at uneven times give the same curve as even ones: time comes from the timestamps."""
    rng = np.random.default_rng(2)
    time_s = np.cumsum(rng.choice([1 / 60, 1 / 40, 1 / 30], 300))
    wave = np.sin(2 * np.pi * 1.4 * time_s)
    even = uniform_time(time_s)
    even = even[even <= time_s[-1]]
    np.testing.assert_allclose(resample(time_s, wave, even), np.sin(2 * np.pi * 1.4 * even), atol=0.01)


def test_resampling_keeps_known_points_and_gaps() -> None:
    """At its own times a path comes back unchanged, and a gap is not bridged."""
    time_s = np.arange(40) / 30
    values = np.cos(time_s)
    values[10:20] = np.nan
    np.testing.assert_allclose(resample(time_s, values, time_s), values)
    fine = np.arange(0, 39, 0.25) / 30
    found = resample(time_s, values, fine)
    assert np.isnan(found[(fine > time_s[9] + 0.02) & (fine < time_s[20] - 0.02)]).all()
    assert np.isfinite(found[fine < time_s[9]]).all()


def test_resampling_does_not_reach_beyond_the_path() -> None:
    """Times outside the path, and paths of one sample, are unknown."""
    time_s = np.arange(5.0)
    assert np.isnan(resample(time_s, np.arange(5.0), np.array([-1.0, 5.0]))).all()
    assert np.isnan(resample(time_s, np.array([np.nan, 1, np.nan, np.nan, np.nan]), time_s)).all()


def test_sampling_is_linear_and_unknown_outside_and_beside_gaps() -> None:
    """Values between samples lie on a line; outside and next to NaN there is none."""
    values = np.array([0.0, 10.0, np.nan, 30.0])
    np.testing.assert_allclose(
        sample(np.arange(4.0), values, np.array([-0.1, 0.25, 1.5, 3.0])), [np.nan, 2.5, np.nan, 30]
    )


def test_derivative_of_uneven_times() -> None:
    """A parabola at uneven times has the slope of a parabola."""
    time_s = np.cumsum([0.0, 0.1, 0.15, 0.1, 0.2, 0.1])
    np.testing.assert_allclose(derivative(time_s**2, time_s)[1:-1], 2 * time_s[1:-1])


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        ([], []),
        ([False, False], []),
        ([True], [(0, 1)]),
        ([True, False, True, True], [(0, 1), (2, 4)]),
        ([False, True, True, False], [(1, 3)]),
    ],
)
def test_runs(mask: list[bool], expected: list[tuple[int, int]]) -> None:
    """Stretches of True are (start, stop) with stop exclusive, also at both ends."""
    assert runs(np.array(mask, dtype=bool)) == expected
