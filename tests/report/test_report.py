from __future__ import annotations

import base64
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from midstance.report import Pictures, content_of, render_html
from midstance.report.findings import DISCLAIMER
from midstance.report.pictures import MAX_VIDEO_BYTES
from midstance.report.words import number
from midstance.science.records import Analysis
from tests.report.factories import founding
from tests.support.example import example_analysis

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
PNG = b"\x89PNG\r\n\x1a\n not really"
JPEG = b"\xff\xd8\xff not really"
MP4 = b"\0\0\0\x18ftypisom not really"


def render(
    analysis: Analysis,
    *,
    plots: Mapping[str, bytes] | None = None,
    overlays: Mapping[str, Path] | None = None,
    stills: Mapping[str, bytes] | None = None,
) -> str:
    """Render with nothing embedded unless given."""
    pictures = Pictures(plots=plots or {}, overlays=overlays or {}, stills=stills or {})
    return render_html(content_of(analysis), analysis, pictures)


class Page(HTMLParser):
    """Tags with their attributes, and the visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._skip = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._skip = tag in {"style", "title"}
        if tag in {"td", "th", "dd"}:
            self.text += " "

    def handle_data(self, data: str) -> None:
        """Note text, but not the style sheet."""
        if not self._skip:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all tags of a name."""
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def words(self) -> str:
        """The text with single blanks."""
        return " ".join(self.text.split())


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Two views with low, unmeasurable and invalid parts."""
    return example_analysis()


@pytest.fixture(scope="module")
def page(analysis: Analysis) -> Page:
    """The report of the example with a plot."""
    return Page(render(analysis, plots={"knee_flexion": SVG}))


def test_every_summary_number_is_there(analysis: Analysis, page: Page) -> None:
    """Each median with its SD and count stands in the report, rounded by its unit."""
    missing = [
        row
        for row in analysis.summary
        if row.n
        and f"{number(row.median, row.unit)} SD {number(row.sd, row.unit)}, n {row.n}" not in page.words
        and f"{number(row.sd, row.unit)} {row.n}" not in page.words
    ]
    assert not missing


def test_overview_comes_first_and_sections_follow(page: Page) -> None:
    """The first section begins with the quality of the capture, which bounds everything after it."""
    ids = [attrs["id"] for attrs in page.all("section")]
    assert ids == ["overview", "findings", "quality", "summary", "plots", "missing", "strides", "methods", "sources"]
    words = page.words
    assert words.index("Capture quality poor") < words.index("Dorsiflexion-driven compensation")


def test_notes_carry_their_level_worst_first(page: Page) -> None:
    """A poor note stands before a caution and that before what is good."""
    words = page.words[page.words.index("Capture quality in full") :]
    assert words.index("Left leg half hidden") < words.index("60 fps: contact") < words.index("found in every frame")
    assert "poor Left leg half hidden" in words


def test_first_page_tells_what_is_poor_and_names_the_rest(page: Page) -> None:
    """What is poor is told in full at the top, cautions by name."""
    overview = page.words[: page.words.index("Capture quality in full")]
    assert "poor Left leg half hidden: film the left side too; caution with frame rate." in overview


def test_hostile_names_are_escaped(analysis: Analysis) -> None:
    """A file name, a reason and a finding that hold markup stay text."""
    evil = "<script>alert(1)</script>.mp4"
    side = analysis.view("side")
    views = (replace(side, clip=replace(side.clip, file=evil)), analysis.view("front"))
    rows = tuple(replace(row, reason=evil) if row.quality != "ok" else row for row in analysis.summary)
    finding = replace(founding("left"), id="x", title=evil, statement=evil, alternatives=(evil,), reasons=(evil,))
    html = render(replace(analysis, views=views, summary=rows, findings=(finding,), software={evil: evil}))
    assert "<script" not in html
    assert evil in Page(html).text


def test_nothing_is_loaded_from_elsewhere(analysis: Analysis, tmp_path: Path) -> None:
    """No script, and every source is inside the file; links go to sections or to the clip beside it."""
    clip = tmp_path / "overlay_side.mp4"
    clip.write_bytes(MP4)
    page = Page(render(analysis, plots={"cadence": PNG}, overlays={"side": clip}, stills={"side": JPEG}))
    loads = [attrs[key] for _, attrs in page.tags for key in ("src", "poster", "data", "srcset") if key in attrs]
    assert len(loads) == 3
    assert all(load.startswith("data:") for load in loads)
    assert {a["href"] for a in page.all("a") if not a["href"].startswith("#")} == {"overlay_side.mp4"}
    assert not page.all("script")
    assert not page.all("link")
    assert not re.search(r"@import|url\(", render(analysis))


def test_plots_are_embedded_with_alternative_text(analysis: Analysis) -> None:
    """SVG and PNG are told apart, their bytes kept, and described for who cannot see them."""
    page = Page(render(analysis, plots={"cadence": PNG, "knee_flexion": SVG}))
    knee, cadence = page.all("img")
    assert knee["src"] == "data:image/svg+xml;base64," + base64.b64encode(SVG).decode()
    assert cadence["src"].startswith("data:image/png;base64,")
    assert knee["alt"].startswith("Knee flexion, left and right: every stride")
    assert cadence["alt"].startswith("Cadence, left and right: one dot per stride")


def test_small_overlay_is_embedded_with_a_poster(analysis: Analysis, tmp_path: Path) -> None:
    """The clip plays inside the file; its still is shown until it does."""
    clip = tmp_path / "overlay_front.mp4"
    clip.write_bytes(MP4)
    page = Page(render(analysis, overlays={"front": clip}, stills={"front": JPEG}))
    (video,) = page.all("video")
    assert video["src"].startswith("data:video/mp4;base64,")
    assert "controls" in video
    assert video["poster"].startswith("data:image/jpeg;base64,")
    assert video["aria-label"]


def test_large_overlay_is_linked(analysis: Analysis, tmp_path: Path) -> None:
    """A clip over the limit is not embedded: its still is shown, with a link to the file."""
    clip = tmp_path / "overlay_side.mp4"
    with clip.open("wb") as file:
        file.truncate(MAX_VIDEO_BYTES + 1)
    page = Page(render(analysis, overlays={"side": clip}, stills={"side": JPEG}))
    assert not page.all("video")
    (still,) = page.all("img")
    assert "class" not in still
    assert "overlay_side.mp4" in {a["href"] for a in page.all("a")}


def test_without_overlays_there_is_no_empty_section(page: Page) -> None:
    """Landmarks without a clip give no overlay, and no link to one."""
    assert "Overlay" not in page.words


def test_not_measurable_gives_reasons(page: Page) -> None:
    """What could not be measured is listed with view, sides and reason."""
    assert "Pelvic tilt Side view, left and right the pose model has no landmark on the front" in page.words
    assert "Pelvic drop Front view, left and right hip landmarks" in page.words


def test_view_that_was_not_filmed_is_named(analysis: Analysis) -> None:
    """Without a frontal clip, its measures are listed with the view they need."""
    side_only = replace(
        analysis, views=(analysis.view("side"),), summary=tuple(r for r in analysis.summary if r.view == "side")
    )
    assert "Step width no clip it needs a front or rear view" in Page(render(side_only)).words


def test_single_instant_that_is_missing_is_named(analysis: Analysis) -> None:
    """A measure that lacks one instant is listed for that instant only."""
    rows = tuple(
        replace(row, median=float("nan"), n=0, quality="unmeasurable", reason="too slow a camera")
        if (row.measure, row.instant, row.side) == ("foot_pitch", "toe_off", "right")
        else row
        for row in analysis.summary
    )
    words = Page(render(replace(analysis, summary=rows))).words
    assert "Foot pitch at toe-off Side view, right too slow a camera" in words


def test_invalid_strides_are_listed_with_their_reason(page: Page) -> None:
    """The table of strides says which do not count and why."""
    assert "no: stride time 38 % off the median" in page.words
    assert "– no: the clip ends before the next contact" in page.words


def test_settings_and_versions_are_there(page: Page) -> None:
    """Methods name every parameter and what computed the numbers."""
    assert "cleaning.body_cutoff_hz 8.0" in page.words
    assert "lunge_left_deg not given" in page.words
    assert "mediapipe 1.2.2" in page.words


def test_sources_carry_the_attribution(page: Page) -> None:
    """The licence of the normal bands asks for author, licence and changes; strength of each source is said."""
    assert "PeerJ 5:e3298" in page.words
    assert "CC BY 4.0. Changes made" in page.words
    assert "Malisoux 2023 (second-hand)" in page.words


def test_findings_show_evidence_and_what_to_confirm(page: Page) -> None:
    """A finding carries its level in words, numbers with units, alternatives and what to confirm."""
    words = page.words
    assert "Dorsiflexion-driven compensation, right □□□ Pattern not seen" in words
    assert "S1: Peak ankle dorsiflexion is low Ankle dorsiflexion, stance peak no 19.6 ± 1.5° 17.0° −2.6° 5 %" in words
    assert "Other explanations: stiff knee; shoe drop." in words
    assert "To confirm: knee-bent weight-bearing lunge test by a qualified clinician." in words


def test_no_findings_is_said(analysis: Analysis) -> None:
    """An analysis without findings does not look like a clean bill."""
    assert "No findings were assessed" in Page(render(replace(analysis, findings=()))).words


def test_wording_never_goes_too_far(analysis: Analysis) -> None:
    """The disclaimer stands at top and bottom; outside it nothing is diagnosed, predicted or detected."""
    words = Page(render(analysis, plots={"knee_flexion": SVG})).words
    assert words.count(DISCLAIMER) == 2
    rest = words.replace(DISCLAIMER, "").lower()
    for forbidden in ("diagnos", "injury", "detects restriction", "abnormal", "patholog"):
        assert forbidden not in rest


def test_page_is_accessible(page: Page) -> None:
    """Language, heading cells with their scope, alternative texts, and sections that links reach."""
    assert page.all("html") == [{"lang": "en-GB"}]
    assert all("scope" in th for th in page.all("th"))
    assert all(img["alt"] for img in page.all("img"))
    targets = {a["href"].removeprefix("#") for a in page.all("a") if a["href"].startswith("#")}
    assert targets <= {attrs["id"] for _, attrs in page.tags if "id" in attrs}


def test_analysis_without_any_number_still_renders(analysis: Analysis) -> None:
    """An analysis forced through without a valid stride says that nothing could be measured."""
    views = tuple(replace(v, strides=(), values=(), curves=(), notes=()) for v in analysis.views)
    words = Page(render(replace(analysis, views=views, summary=(), findings=(), software={}))).words
    assert "Nothing could be measured." in words
    assert "none found" in words


def test_package_loads_without_its_engines() -> None:
    """`midstance --help` does not pay for jinja2, reportlab or matplotlib."""
    code = (
        "import sys, midstance.report as r; "
        "assert not {'jinja2', 'reportlab', 'matplotlib'} & set(sys.modules); r.render_html; r.render_pdf"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
