from __future__ import annotations

from dataclasses import replace

import pytest

from midstance.report.summary import Row, choose, groups, other_rows
from midstance.report.words import number, quantity, typeset, view_words, with_sd
from midstance.science.records import Analysis, SummaryRow
from tests.support.example import example_analysis

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (23.449, "deg", "23.4"),
        (-8.06, "deg", "−8.1"),
        (-0.04, "deg", "0.0"),
        (0.2514, "s", "0.251"),
        (-0.0149, "m", "−0.015"),
        (171.36, "steps/min", "171.4"),
        (35.84, "%", "35.8"),
        (120.4, "px", "120"),
        (NAN, "deg", "–"),
        (float("inf"), "s", "–"),
    ],
)
def test_numbers_are_rounded_by_their_unit(value: float, unit: str, text: str) -> None:
    """One decimal for degrees, milliseconds, millimetres; a true minus sign, no minus before zero."""
    assert number(value, unit) == text


def test_sd_is_left_out_when_unknown() -> None:
    """A single stride has no SD."""
    assert with_sd(1.0, NAN, "deg") == "1.0"
    assert with_sd(1.0, 0.25, "deg") == "1.0 ± 0.2"
    assert with_sd(NAN, 0.25, "deg") == "–"


def test_standard_error_stands_with_the_value_and_sd_beside_it() -> None:
    """A known standard error follows the median; the SD is told apart from it."""
    left = only_row(replace(knee("left", 38.0), standard_error=1.5), knee("right", 40.5)).left
    right = only_row(knee("left", 38.0), knee("right", 40.5)).right
    assert left is not None
    assert right is not None
    assert (left.text, left.sd, right.text) == ("38.0 ± 1.5", "1.0", "40.5")


def test_degrees_in_sentences_get_their_sign() -> None:
    """Plain text says `deg`; the report prints the sign, but only after a number."""
    assert typeset("17 deg or less, in deg.") == "17° or less, in deg"


def test_units_are_set_as_printed() -> None:
    """Degrees stand close to the number, other units after a blank; a dash has none."""
    assert quantity("1.0", "deg") == "1.0°"
    assert quantity("1.0", "steps/min") == "1.0 steps/min"
    assert quantity("–", "s") == "–"


def test_views_in_words() -> None:
    """Two side clips are told apart."""
    assert view_words("side") == "Side view"
    assert view_words("side_left") == "Side view (left)"


def knee(side: str, median: float, quality: str = "ok", reason: str = "", view: str = "side") -> SummaryRow:
    """Return the summary of one knee at midstance."""
    return SummaryRow(view, side, "knee_flexion", "midstance", "deg", median, 1.0, 12, quality, reason)  # type: ignore[arg-type]  # literals as plain text


def only_row(*rows: SummaryRow) -> Row:
    """Return the one row of the table of these."""
    ((group),) = groups(replace(example_analysis(), summary=rows))
    (measure,) = group.measures
    (row,) = measure.rows
    return row


def test_difference_is_left_minus_right() -> None:
    """Signs can be read from the table alone."""
    row = only_row(knee("left", 38.0), knee("right", 40.5))
    assert (row.difference, row.uncertain, row.low) == ("−2.5", False, ())


def test_difference_on_a_low_side_is_uncertain() -> None:
    """A far leg is no basis for a difference; the reason is numbered."""
    analysis = replace(example_analysis(), summary=(knee("left", 38.0, "low", "far leg"), knee("right", 40.5)))
    (group,) = groups(analysis)
    row = group.measures[0].rows[0]
    assert row.uncertain
    assert row.low == (("left", "1"),)
    assert group.reasons == ((1, "far leg"),)


def test_reason_that_both_sides_share_is_said_once() -> None:
    """Two low sides with one reason give one mark."""
    assert only_row(knee("left", 1, "low", "blur"), knee("right", 2, "low", "blur")).low == (("both", "1"),)
    assert only_row(knee("left", 1, "low")).low == (("left", ""),)


def test_joined_reasons_are_numbered_one_by_one() -> None:
    """A reason that several values share has one number, alone or with others."""
    row = only_row(knee("left", 1, "low", "blur"), knee("right", 2, "low", "far leg; blur"))
    assert row.low == (("left", "1"), ("right", "1, 2"))


def test_one_side_alone_has_no_difference() -> None:
    """Nothing stands where a side is missing."""
    row = only_row(knee("right", 40.5))
    assert row.left is None
    assert row.difference == "–"


def test_lengths_in_different_units_are_not_subtracted() -> None:
    """One view with a scale and one without cannot be compared."""
    row = only_row(knee("left", 38.0), replace(knee("right", 40.5), unit="px"))
    assert row.difference == "–"


def test_each_leg_comes_from_the_clip_in_which_it_is_near() -> None:
    """With a clip from each side, the low far legs give way to the near ones."""
    example = example_analysis()
    views = tuple(replace(example.view("side"), name=name) for name in ("side_left", "side_right"))
    rows = (
        knee("left", 38.0, view="side_left"),
        knee("right", 35.0, "low", "far leg", view="side_left"),
        knee("left", 36.0, "low", "far leg", view="side_right"),
        knee("right", 40.5, view="side_right"),
    )
    analysis = replace(example, views=views, summary=rows)
    assert {key: row.view for key, row in choose(analysis).items()} == {
        ("knee_flexion", "midstance", "left"): "side_left",
        ("knee_flexion", "midstance", "right"): "side_right",
    }
    assert {(row["value"], row["sd"]) for row in other_rows(analysis)} == {("35.0°", "1.0"), ("36.0°", "1.0")}


def test_norm_is_dropped_when_the_unit_is_not_its_own() -> None:
    """A step width in pixels has no usual range in metres beside it."""
    row = SummaryRow("front", "left", "step_width_m", "midstance", "m", 0.09, 0.01, 12, "ok", "")
    assert only_row(row).norm is not None
    assert only_row(replace(row, unit="px")).norm is None


def test_every_measured_row_is_shown_once() -> None:
    """The summary table and the table of other views hold each number once."""
    analysis: Analysis = example_analysis()
    cells = [
        cell
        for group in groups(analysis)
        for measure in group.measures
        for row in measure.rows
        for cell in (row.left, row.right)
        if cell is not None
    ]
    measured = [row for row in analysis.summary if row.n]
    assert len(cells) + len(other_rows(analysis)) == len(measured)
