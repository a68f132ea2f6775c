from __future__ import annotations

import numpy as np
import pytest

from midstance.science.records import MeasureValue, Quality
from midstance.science.summary import summarise
from tests.science.helpers import STEADY, run_of

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses


def value(number: float, quality: Quality = "ok", reason: str = "", **changes: str) -> MeasureValue:
    """Return one number of a knee."""
    fields: dict[str, object] = {"view": "side", "side": "left", "stride": 1, "measure": "knee_flexion",
                                 "instant": "midstance", "unit": "deg"}  # fmt: skip
    return MeasureValue(value=number, quality=quality, reason=reason, **(fields | changes))  # type: ignore[arg-type]  # fields by name


def test_median_sample_sd_and_count() -> None:
    """One wild stride moves the median little; the SD is that of a sample."""
    (row,) = summarise([value(x) for x in (40.0, 41.0, 42.0, 90.0)])
    assert row.median == 41.5
    assert row.sd == pytest.approx(np.std([40, 41, 42, 90], ddof=1))
    assert row.n == 4


def test_unmeasurable_strides_are_left_out_of_the_numbers() -> None:
    """A hidden landmark in one stride lowers the count, not the grade of the others."""
    (row,) = summarise([value(np.nan, "unmeasurable", "hidden"), value(40.0), value(42.0)])
    assert (row.median, row.n, row.quality, row.reason) == (41, 2, "ok", "")


def test_one_stride_has_no_spread() -> None:
    """The SD of one value is unknown, without a warning."""
    (row,) = summarise([value(40.0)])
    assert (row.median, row.n) == (40, 1)
    assert np.isnan(row.sd)


def test_nothing_measured_keeps_its_reason() -> None:
    """A measure that no stride has is summarised as unmeasurable with the reason."""
    (row,) = summarise([value(np.nan, "unmeasurable", "no ASIS")] * 3)
    assert np.isnan(row.median)
    assert (row.n, row.quality, row.reason) == (0, "unmeasurable", "no ASIS")


def test_most_strides_give_the_grade() -> None:
    """The grade that most strides have is told, whichever comes first."""
    (row,) = summarise([value(1.0), value(2.0, "low", "far leg"), value(3.0, "low", "far leg")])
    assert (row.quality, row.reason) == ("low", "far leg")


def test_one_row_for_each_key_in_the_order_given() -> None:
    """View, side, measure, instant and unit each make a row of their own."""
    rows = summarise(
        [
            value(1),
            value(2, side="right"),
            value(3, view="front"),
            value(4, instant="toe_off"),
            value(5, unit="px"),
            value(6),
        ]
    )
    assert [r.median for r in rows] == [3.5, 2, 3, 4, 5]
    assert summarise([]) == ()


def test_summary_of_an_analysis() -> None:
    """Every number of the view has its row, with as many strides as are valid."""
    _, view = run_of(STEADY)
    rows = summarise(view.values)
    assert {(r.measure, r.instant, r.side) for r in rows} == {(v.measure, v.instant, v.side) for v in view.values}
    knee = next(r for r in rows if (r.measure, r.instant, r.side) == ("knee_flexion", "midstance", "right"))
    assert knee.n == len(view.valid_strides("right"))
    assert (knee.quality, knee.unit) == ("ok", "deg")
