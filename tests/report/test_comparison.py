"""Two analyses side by side: what exceeds the detectable difference, and what is claimed of it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from midstance.report import SavedRun, comparison_of, render_comparison_html, render_comparison_pdf
from midstance.report.comparison import SavedClip
from midstance.science.records import SummaryRow
from tests.report.factories import DISCLAIMER, NAN
from tests.report.test_report import Page

CLIP = SavedClip("run.mp4", 60.0, "heavy", "treadmill")


def row(measure: str, median: float, error: float, side: str = "left", unit: str = "deg") -> SummaryRow:
    """Return one summary at midstance."""
    return SummaryRow("side", side, measure, "midstance", unit, median, 1.0, 10, "ok", "", error)  # type: ignore[arg-type]  # literals as plain text


def run(*rows: SummaryRow, clip: SavedClip = CLIP, speed_mps: float = 2.8, version: str = "0.1.0") -> SavedRun:
    """Return a saved run with one side view."""
    return SavedRun({"side": clip}, rows, speed_mps, version)


BEFORE = run(row("knee_flexion", 40.0, 1.0), row("trunk_lean", 9.0, 1.0), row("hip_flexion", 30.0, NAN))
AFTER = run(row("knee_flexion", 42.8, 1.0), row("trunk_lean", 11.7, 1.0), row("hip_flexion", 50.0, 1.0))


def test_exactly_the_changes_beyond_the_detectable_difference_are_named() -> None:
    """1.96 sqrt(1 + 1) is 2.77: 2.8 exceeds it, 2.7 does not, and 20 without a known error is not judged."""
    found = comparison_of(BEFORE, AFTER)
    verdicts = {c.measure: (c.difference, c.detectable, c.verdict) for c in found.changes}
    assert verdicts == {
        "Knee flexion": ("+2.8°", "2.8°", "exceeds"),
        "Trunk lean": ("+2.7°", "2.8°", "within"),
        "Hip flexion": ("+20.0°", "not known", "unknown"),
    }
    assert found.exceeds.endswith("explains: Knee flexion at midstance, left (40.0 ± 1.0° to 42.8 ± 1.0°).")
    assert "trunk lean" in found.within
    assert "hip flexion" in found.unknown
    assert "knee flexion" not in found.within + found.unknown


def test_a_measure_without_a_name_is_compared_too() -> None:
    """A saved analysis may have been changed by hand."""
    nameless = run(row("", 40.0, 1.0))
    assert comparison_of(nameless, nameless).within


def test_a_fall_counts_as_a_rise() -> None:
    """The sign of a change does not matter for whether it can be told from error."""
    (change,) = comparison_of(run(row("knee_flexion", 42.8, 1.0)), run(row("knee_flexion", 40.0, 1.0))).changes
    assert (change.difference, change.verdict) == ("−2.8°", "exceeds")


def test_without_any_error_nothing_is_claimed() -> None:
    """Analyses without standard errors are shown and not judged."""
    found = comparison_of(run(row("knee_flexion", 40.0, NAN)), run(row("knee_flexion", 60.0, NAN)))
    assert found.exceeds == "No change could be judged."
    assert not found.within


def test_no_change_is_said_plainly() -> None:
    """The same run twice changes nothing and warns of nothing."""
    found = comparison_of(run(row("knee_flexion", 40.0, 1.0)), run(row("knee_flexion", 40.0, 1.0)))
    assert found.exceeds == "No change exceeds the error of measuring."
    assert found.warnings == ()


def test_measure_of_one_run_only_is_shown_without_a_difference() -> None:
    """What one run lacks has a dash and enters no sentence."""
    found = comparison_of(run(row("knee_flexion", 40.0, 1.0)), run())
    (change,) = found.changes
    assert (change.before, change.after, change.difference, change.detectable) == ("40.0 ± 1.0°", "–", "–", "–")
    assert not found.unknown


def test_units_that_differ_are_not_subtracted() -> None:
    """A step width in pixels and one in metres have no difference."""
    found = comparison_of(run(row("step_width_m", 0.1, 0.01, unit="m")), run(row("step_width_m", 44.0, 1.0, unit="px")))
    assert found.changes[0].difference == "–"


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (run(clip=replace(CLIP, model="lite")), "the pose model differs: heavy before, lite after"),
        (run(clip=replace(CLIP, fps=30.0)), "the frame rate differs: 60 fps before, 30 fps after"),
        (run(clip=replace(CLIP, surface="overground")), "the surface differs"),
        (run(speed_mps=3.4), "The running speed differs: 2.80 m/s before, 3.40 m/s after"),
        (run(speed_mps=NAN), "The running speed of at least one run is not known"),
        (run(version="0.2.0"), "The version of midstance differs"),
        (SavedRun({"front": CLIP}, (), 2.8, "0.1.0"), "The views differ: side view before, front view after"),
    ],
)
def test_what_else_differs_is_said(after: SavedRun, words: str) -> None:
    """A difference in filming can look like one of movement."""
    (warning,) = comparison_of(run(), after).warnings
    assert words in warning


def test_ntsc_rate_is_the_same_rate() -> None:
    """59.94 and 60 frames a second need no warning."""
    assert not comparison_of(run(), run(clip=replace(CLIP, fps=59.94))).warnings


def test_the_weight_of_our_networks_is_no_other_model() -> None:
    """It differs between any two clips; whether they had a say is told, in words."""
    own = replace(CLIP, model="heavy+own96")
    assert not comparison_of(run(clip=own), run(clip=replace(CLIP, model="heavy+own97"))).warnings
    (warning,) = comparison_of(run(), run(clip=own)).warnings
    assert "heavy before, heavy, knees and feet 96 % by our own networks after" in warning


def test_html_and_pdf_say_the_same() -> None:
    """Sentences, numbers, clips and disclaimer are in both; names stay text; nothing is loaded."""
    evil = replace(AFTER, clips={"side": replace(CLIP, file="<script>.mp4")})
    found = comparison_of(BEFORE, evil)
    html = render_comparison_html(found)
    texts = [Page(html).words, _text(render_comparison_pdf(found))]
    for text in texts:
        for part in (found.exceeds, found.unknown, DISCLAIMER, "<script>.mp4", "+20.0°", "more than the error"):
            assert part in text
    assert "<script" not in html
    assert "://" not in html


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)
