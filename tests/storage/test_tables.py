"""The CSV tables: columns, empty cells, rounding, and every value of the analysis in its row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance.science.errors import OutputError
from midstance.science.records import Analysis
from midstance.storage.tables import write_curves, write_measures, write_strides
from tests.support.example import example_analysis

Rows = list[dict[str, str]]
Writer = Callable[[Analysis, Path], None]


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Return an analysis with gaps of every kind."""
    return example_analysis()


def rows_of(write: Writer, analysis: Analysis, folder: Path) -> Rows:
    """Write a table and read it back."""
    write(analysis, folder / "table.csv")
    with (folder / "table.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("write", "columns"),
    [
        (
            write_strides,
            "view,side,stride,initial_contact_s,midstance_s,toe_off_s,next_contact_s,near,valid,reason,edited",
        ),
        (write_measures, "view,side,stride,measure,instant,value,unit,quality,reason,standard_error"),
        (write_curves, "view,side,stride,measure,percent,value"),
    ],
)
def test_columns_are_those_that_programs_rely_on(
    analysis: Analysis, tmp_path: Path, write: Writer, columns: str
) -> None:
    """The columns of the contract come first, in its order; lines end plainly."""
    write(analysis, tmp_path / "table.csv")
    content = (tmp_path / "table.csv").read_bytes()
    assert content.splitlines()[0].decode() == columns
    assert b"\r" not in content
    assert b"nan" not in content


def test_each_stride_has_its_row(analysis: Analysis, tmp_path: Path) -> None:
    """Times to 0.1 ms, booleans as true and false, the reason of what is not valid."""
    rows = rows_of(write_strides, analysis, tmp_path)
    strides = [(v.name, s) for v in analysis.views for s in v.strides]
    for row, (view, stride) in zip(rows, strides, strict=True):
        assert (row["view"], row["side"], row["stride"]) == (view, stride.side, str(stride.number))
        for name in ("initial_contact_s", "midstance_s", "toe_off_s"):
            assert float(row[name]) == pytest.approx(getattr(stride, name), abs=5.1e-5)
        assert (row["near"], row["valid"]) == (str(stride.near).lower(), str(stride.valid).lower())
        assert row["reason"] == stride.reason
    assert {row["valid"] for row in rows} == {row["near"] for row in rows} == {"true", "false"}


def test_stride_that_the_clip_cuts_off_has_an_empty_cell(analysis: Analysis, tmp_path: Path) -> None:
    """A next contact that was not seen is empty, and all others are not."""
    rows = rows_of(write_strides, analysis, tmp_path)
    missing = [np.isnan(s.next_contact_s) for v in analysis.views for s in v.strides]
    assert [row["next_contact_s"] == "" for row in rows] == missing
    assert any(missing)


def test_each_measure_has_its_row(analysis: Analysis, tmp_path: Path) -> None:
    """Values to 0.001 degree or 0.1 ms, empty where nothing can be measured, with the reason."""
    rows = rows_of(write_measures, analysis, tmp_path)
    values = [m for v in analysis.views for m in v.values]
    tolerance = {"s": 5.1e-5, "m": 5.1e-5}
    for row, value in zip(rows, values, strict=True):
        if np.isnan(value.value):
            assert row["value"] == ""
            assert row["reason"]
        else:
            assert float(row["value"]) == pytest.approx(value.value, abs=tolerance.get(value.unit, 5.1e-4))
        texts = [value.view, value.side, value.measure, value.instant, value.unit, value.quality, value.reason]
        names = ["view", "side", "measure", "instant", "unit", "quality", "reason"]
        assert [row[name] for name in names] == texts
        assert row["stride"] == str(value.stride)
    assert {row["quality"] for row in rows} == {"ok", "low", "unmeasurable"}


def test_each_curve_runs_from_0_to_100_percent(analysis: Analysis, tmp_path: Path) -> None:
    """101 rows a curve, in order, with its values."""
    rows = rows_of(write_curves, analysis, tmp_path)
    curves = [c for v in analysis.views for c in v.curves]
    assert len(rows) == 101 * len(curves)
    for i, curve in enumerate(curves):
        mine = rows[101 * i : 101 * (i + 1)]
        assert [int(row["percent"]) for row in mine] == list(range(101))
        assert {(row["view"], row["side"], row["stride"], row["measure"]) for row in mine} == {
            (curve.view, curve.side, str(curve.stride), curve.measure)
        }
        np.testing.assert_allclose([float(row["value"]) for row in mine], curve.values, rtol=0, atol=5.1e-4)


def test_gaps_and_infinities_in_a_curve_are_empty(analysis: Analysis, tmp_path: Path) -> None:
    """What was not seen has no value; nothing is written as nan, inf or -0."""
    view = analysis.views[0]
    values = np.zeros(101)
    values[:3] = np.nan, np.inf, -1e-9
    broken = replace(analysis, views=(replace(view, curves=(replace(view.curves[0], values=values),)),))
    cells = [row["value"] for row in rows_of(write_curves, broken, tmp_path)]
    assert cells[:2] == ["", ""]
    assert set(cells[2:]) == {"0.0"}


def test_words_with_commas_quotes_and_accents_survive(analysis: Analysis, tmp_path: Path) -> None:
    """A reason may hold any text; the end of a line is a blank, as spreadsheets would begin another cell there."""
    reason = 'too short, "cut" off\nby 20 % — 3°'
    view = analysis.views[0]
    odd = replace(analysis, views=(replace(view, strides=(replace(view.strides[0], reason=reason),)),))
    assert rows_of(write_strides, odd, tmp_path)[0]["reason"] == reason.replace("\n", " ")


def test_analysis_without_strides_has_headers_only(analysis: Analysis, tmp_path: Path) -> None:
    """Tables without rows can be read by what reads tables."""
    for write in (write_strides, write_measures, write_curves):
        assert rows_of(write, replace(analysis, views=()), tmp_path) == []


def test_table_that_cannot_be_written_is_an_error_of_ours(analysis: Analysis, tmp_path: Path) -> None:
    """A folder in place of the file is one line."""
    with pytest.raises(OutputError, match="expected the name of a file"):
        write_strides(analysis, tmp_path)


def test_standard_error_is_written_where_it_is_known(analysis: Analysis, tmp_path: Path) -> None:
    """A known error stands rounded in the last column; an unknown one leaves it empty."""
    side = analysis.view("side")
    values = (replace(side.values[0], standard_error=1.23456), *side.values[1:])
    rows = rows_of(write_measures, replace(analysis, views=(replace(side, values=values),)), tmp_path)
    assert [row["standard_error"] for row in rows[:2]] == ["1.235", ""]
