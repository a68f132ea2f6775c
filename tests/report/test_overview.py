"""The first page: level in words, reasoning with numbers, the chain side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from midstance.report import Pictures, content_of, render_html
from midstance.report.chain import chain_table
from midstance.report.findings import DISCLAIMER, LEVEL_WORDS, cards
from midstance.science.edits import ViewEdits
from midstance.science.records import Analysis, Level
from tests.report.factories import NAN, founding, link, links, overstride
from tests.report.test_report import Page
from tests.support.example import example_analysis

JPEG = b"\xff\xd8\xff not really"


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """The example with findings as the science gives them."""
    found = (founding("left"), founding("right", "possible"), overstride())
    return replace(example_analysis(), findings=found)


@pytest.fixture(scope="module")
def page(analysis: Analysis) -> Page:
    """Its report with a chain and a drawing."""
    content = content_of(analysis, links(), datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
    return Page(render_html(content, analysis, Pictures(chain={("front", "left"): JPEG})))


@pytest.mark.parametrize("level", ["none", "possible", "consistent", "likely", "not_assessed"])
def test_level_is_a_word_and_not_only_a_colour(level: Level) -> None:
    """Each level has its own words; the boxes fill as it rises, and an unassessed one has none."""
    (card,) = cards([founding("left", level)])
    assert card.level_words == LEVEL_WORDS[level]
    filled = {"none": 0, "possible": 1, "consistent": 2, "likely": 3}
    assert card.boxes.count("■") == filled.get(level, 0)
    assert len(card.boxes) == (0 if level == "not_assessed" else 3)


def test_reasoning_is_told_with_numbers_for_each_side(page: Page) -> None:
    """What was seen, what was not, why the level, and which rules were not judged."""
    overview = page.words[: page.words.index("A finding describes")]
    asks = "asks whether peak dorsiflexion is 17° or less"
    assert f"Seen:S1: S1 {asks} (15.2 ± 2.1°; 90 % of 10 strides)" in overview
    assert f"Not seen: C2: C2 {asks} (20.0 ± 2.1°; 0 % of 10 strides)." in overview
    assert "Level: S1: 1.8° beyond the threshold, within the detectable difference." in overview
    assert overview.count("Not judged: C4; why stands under Findings.") == 2


def test_each_rule_that_was_judged_has_its_row(page: Page) -> None:
    """Value with its error, threshold, margin, probability, strides and source; the rest says why not."""
    words = page.words
    assert "yes 15.2 ± 2.1° 17.0° +1.8° 82 % 90 % of 10 46 runners [computed]" in words
    assert "no 20.0 ± 2.1° 17.0° −3.0° 82 % 0 % of 10" in words
    assert "Not judged: C4 C4 asks whether peak dorsiflexion is 17° or less: C4 needs the near leg." in words


def test_other_findings_stand_in_a_table(page: Page) -> None:
    """A finding beside the founding one is a row with its statement and numbers."""
    assert "Overstride, both sides Pattern not seen Within the threshold." in page.words


def test_statement_does_not_repeat_the_disclaimer(page: Page) -> None:
    """It stands at top and foot, not in every statement."""
    assert page.words.count(DISCLAIMER) == 2


def test_chain_stands_side_by_side(page: Page) -> None:
    """Each joint from the foot up with both values, their errors, their place and the usual range."""
    words = page.words
    assert "Ankle Ankle dorsiflexion, stance peak + toes up 15.2 ± 2.1° below usual 15.2 ± 2.1° below usual" in words
    assert "19.9 to 25.5°" in words
    assert "not measurable [1] not measurable [1]" in words
    assert "[1] hip landmarks do not follow the pelvis." in words
    found = [words.index(f" {joint} ", words.index("Joint Measure")) for joint in ("Foot", "Ankle", "Knee", "Pelvis")]
    assert found == sorted(found)


def test_drawing_is_embedded_and_described(page: Page) -> None:
    """Who cannot see the drawing is told what it shows."""
    (drawing,) = page.all("img")
    assert drawing["src"].startswith("data:image/jpeg;base64,")
    assert drawing["alt"].startswith("Front view, left leg at midstance")


def test_day_of_the_analysis_is_told(page: Page) -> None:
    """The day in words, on every machine the same."""
    assert "Analysed on 22 November 2026" in page.words


def test_missing_standard_errors_leave_the_value_alone(analysis: Analysis) -> None:
    """Where no error is known, no plus-minus is printed and the bar has no whisker."""
    table = chain_table(links(error=NAN))
    ankle = table.rows[1]
    assert ankle.left is not None
    assert ankle.left.text == "15.2°"
    assert ankle.bar is not None
    assert all(mark.low == mark.at == mark.high for mark in ankle.bar.marks)
    html = render_html(content_of(analysis, links(error=NAN)), analysis, Pictures())
    assert "No standard error is known" in Page(html).words


def test_bar_keeps_values_and_range_to_scale() -> None:
    """A value below the usual range lies left of it, with its whisker around it, all within the bar."""
    row = chain_table([link("ankle", "left", "ankle_dorsiflexion", "stance_peak", 15.2)]).rows[0]
    assert row.bar is not None
    (mark,) = row.bar.marks
    assert row.bar.usual is not None
    low, high = row.bar.usual
    assert 0 < mark.low < mark.at < mark.high < low < high < 1
    assert (mark.high - mark.low) / (high - low) == pytest.approx(4.2 / 5.6, rel=0.01)


def test_joint_without_a_number_has_no_bar() -> None:
    """Nothing is drawn for what was not measured."""
    row = chain_table([link("pelvis", "left", "pelvic_drop", "stance_peak", NAN)]).rows[0]
    assert row.bar is None
    assert row.right is None


def test_error_figures_are_listed(analysis: Analysis) -> None:
    """Methods name the standard error of each value that has one, and where the chain took a published one."""
    rows = tuple(
        replace(row, standard_error=1.37) if (row.measure, row.instant) == ("knee_flexion", "midstance") else row
        for row in analysis.summary
    )
    words = Page(render_html(content_of(replace(analysis, summary=rows), links()), analysis, Pictures())).words
    assert "Knee flexion, midstance Side view – 1.4° 1.4°" in words
    assert "Ankle dorsiflexion, stance peak (published) Side view – 2.1° 2.1°" in words
    assert "Knee flexion, midstance (published)" not in words


def test_what_was_put_right_by_hand_is_told(analysis: Analysis) -> None:
    """A reader sees at the top that somebody moved landmarks or events."""
    side = analysis.view("side")
    edited = replace(side, edits=ViewEdits(level_deg=2.0))
    words = Page(render_html(content_of(replace(analysis, views=(edited,))), analysis, Pictures())).words
    assert words.index("put right by hand: level set to 2.0°") < words.index("A finding describes")


def test_wording_stays_within_what_can_be_said(page: Page) -> None:
    """Outside of the disclaimer nothing is diagnosed or predicted."""
    assert not re.search(r"diagnos|injury|detects|patholog|abnormal", page.words.replace(DISCLAIMER, ""), re.IGNORECASE)
