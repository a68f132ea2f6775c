"""Properties of the landmarks reader: junk never crashes it, and what is written is read back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from midstance.science.errors import LandmarksFileError
from midstance.science.landmarks import LANDMARK_NAMES, LandmarkSeries
from midstance.storage.landmarks_csv import COLUMNS, read_landmarks, write_landmarks

HEADER = ",".join(COLUMNS)
ODD = ["", " ", "nan", "inf", "-1", "1e308", "5e-324", "-0", "0x1", "1_0", "٣", '"', '""', "\0", "\ufeff", "9" * 30]
numbers = st.one_of(st.integers(-3, 6).map(str), st.floats(width=32).map(str), st.sampled_from(ODD))
names = st.one_of(st.sampled_from(["nose", "left_knee", " nose"]), st.sampled_from(ODD))
near_rows = st.tuples(numbers, numbers, names, numbers, numbers, numbers).map(",".join)
bad_rows = st.text(max_size=40)


def read_bytes(content: bytes, capture_fps: float | None = None) -> LandmarkSeries:
    """Read a file of this content."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runner.csv"
        path.write_bytes(content)
        return read_landmarks(path, capture_fps=capture_fps)


def read_or_refuse(content: bytes, capture_fps: float | None = None) -> None:
    """Read; a refusal must be ours and one line, and what is read must keep the record's promises."""
    try:
        series = read_bytes(content, capture_fps)
    except LandmarksFileError as error:
        lines = str(error).splitlines()
    else:
        check_promises(series)
        lines = ["read"]
    assert len(lines) == 1


def check_promises(series: LandmarkSeries) -> None:
    """Check what the record says of itself."""
    assert len(series) > 0
    assert np.isfinite(series.time_s).all()
    assert not np.isinf(series.xy_px).any()
    unseen = np.isnan(series.xy_px[..., 0])
    assert (unseen == np.isnan(series.xy_px[..., 1])).all()
    assert np.isnan(series.visibility[unseen]).all()


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused_politely(content: bytes) -> None:
    """Any bytes at all end in a series or a LandmarksFileError."""
    read_or_refuse(content)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_after_a_good_start_are_refused_politely(content: bytes) -> None:
    """A file that turns to junk after its header ends in a series or a LandmarksFileError."""
    read_or_refuse(f"{HEADER}\n0,0.0,nose,1,2,0.5\n".encode() + content)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.one_of(near_rows, bad_rows), max_size=6), st.sampled_from([None, 1.0, 240.0, 100_000.0]))
def test_nearly_right_rows_are_read_or_refused(rows: list[str], capture_fps: float | None) -> None:
    """Rows that are almost in the format end in a sound series or a LandmarksFileError."""
    content = "\n".join([HEADER, *rows]).encode("utf-8", "surrogatepass")
    read_or_refuse(content, capture_fps)


@st.composite
def readable_rows(draw: st.DrawFn) -> list[str]:
    """Draw rows that are right but for their times and frame numbers."""
    frames = draw(st.lists(st.integers(0, 3000), min_size=1, max_size=8))
    time_s = st.floats(-1e9, 4e9, allow_nan=False) | st.integers(0, 9).map(float)
    return [f"{frame},{draw(time_s)!r},nose,1,2,0.5" for frame in frames]


@settings(deadline=None, max_examples=300)
@given(readable_rows(), st.sampled_from([None, 1.0, 240.0, 100_000.0]))
def test_any_times_are_read_or_refused(rows: list[str], capture_fps: float | None) -> None:
    """Times and frame numbers of any kind and order end in a sound series or a LandmarksFileError."""
    read_or_refuse("\n".join([HEADER, *rows]).encode(), capture_fps)


@st.composite
def landmark_series(draw: st.DrawFn) -> LandmarkSeries:
    """Draw landmarks with gaps, at steps from a microsecond to a second."""
    n = draw(st.integers(1, 12))
    shape = (n, len(LANDMARK_NAMES))
    steps = draw(arrays(np.float64, n, elements=st.floats(1e-5, 1.0)))
    xy_px = draw(arrays(np.float64, (*shape, 2), elements=st.floats(-5000, 5000), fill=st.just(7.0)))
    seen = draw(arrays(np.bool_, shape, elements=st.booleans(), fill=st.booleans()))
    seen[draw(arrays(np.bool_, n, elements=st.booleans()))] = False
    first = draw(st.integers(0, 10_000))
    return LandmarkSeries(
        time_s=draw(st.floats(-10, 10_000)) + np.cumsum(steps),
        xy_px=np.where(seen[..., None], xy_px, np.nan),
        visibility=np.where(seen, draw(st.floats(0, 1)), np.nan),
        frame=np.arange(first, first + n),
    )


@settings(deadline=None)
@given(landmark_series())
def test_what_is_written_is_read_back(series: LandmarkSeries) -> None:
    """Positions to 0.01 px, times to a microsecond, every frame, also those in which nothing is seen."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "runner.csv"
        write_landmarks(series, path)
        got = read_landmarks(path)
    np.testing.assert_array_equal(got.frame, series.frame)
    np.testing.assert_allclose(got.time_s, series.time_s, rtol=0, atol=1e-6)
    np.testing.assert_allclose(got.xy_px, series.xy_px, rtol=0, atol=0.01)
    np.testing.assert_allclose(got.visibility, series.visibility, rtol=0, atol=1e-4)
