"""The report on paper: content, pages, metadata."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from pypdf import PdfReader

from midstance.plots import plot_measure
from midstance.report import Pictures, content_of, render_pdf
from midstance.report.findings import DISCLAIMER
from midstance.report.words import title_of
from midstance.science.records import Analysis, Stride
from tests.report.factories import NAN, founding, links, overstride
from tests.support.example import example_analysis

CREATED = datetime(2026, 11, 22, 8, 30, 5, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """The example with findings as the science gives them."""
    return replace(example_analysis(), findings=(founding("left"), founding("right", "consistent"), overstride()))


@pytest.fixture(scope="module")
def pictures(analysis: Analysis) -> Pictures:
    """One plot, and its picture in place of the drawings."""
    buffer = BytesIO()
    plot_measure(analysis, "knee_flexion").savefig(buffer, format="png", dpi=60)
    png = buffer.getvalue()
    return Pictures({"knee_flexion": png}, {("side", "right"): png, ("front", "left"): png, ("front", "right"): png})


@pytest.fixture(scope="module")
def pdf(analysis: Analysis, pictures: Pictures) -> bytes:
    """The report."""
    return render_pdf(content_of(analysis, links(), CREATED), pictures)


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> PdfReader:
    """The report opened."""
    return PdfReader(BytesIO(pdf))


def words(reader: PdfReader, *, page: int | None = None) -> str:
    """Return the text of a page or of all, with single blanks."""
    pages = reader.pages if page is None else [reader.pages[page]]
    return " ".join(" ".join(p.extract_text().split()) for p in pages)


def test_first_page_holds_what_matters(reader: PdfReader) -> None:
    """Quality, level of both sides in words, reasoning, the chain and what to confirm are on page one."""
    first = words(reader, page=0)
    for part in (
        "Capture quality [poor]",
        "Left [□□□ Pattern not seen]",
        "Right [■■□ Consistent with it]",
        "17° or less (15.2 ± 2.1°; 90 % of 10 strides)",
        "Ankle dorsiflexion, stance peak",
        "15.2 ± 2.1°",
        "below usual",
        "19.9 to 25.5°",
        "not measurable",
        "To confirm: knee-bent lunge test by a qualified clinician.",
        "Other explanations: stiff knee in stance; the camera.",
        "Front view, left leg",
        "Analysed on 22 November 2026",
    ):
        assert part in first
    assert "Probability" not in first


def test_what_was_said_of_the_run_is_on_the_first_page(analysis: Analysis, pictures: Pictures) -> None:
    """Titles and words of the caller stand at the top; signs that mean something in markup are printed as they are."""
    said = (("Runner", "R-07"), ("Shoes", "flat & <new>"))
    told = PdfReader(BytesIO(render_pdf(content_of(analysis, links(), CREATED, said), pictures)))
    assert "Runner R-07; Shoes flat & <new>" in words(told, page=0)


def test_pages_are_a4_with_number_and_disclaimer(reader: PdfReader) -> None:
    """Every page has its number of all, the clip and the disclaimer at its foot."""
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        assert [round(float(x)) for x in page.mediabox[2:]] == [595, 842]
        text = " ".join(page.extract_text().split())
        assert f"{number} / {total}" in text
        assert DISCLAIMER in text
        assert "example_side.mp4" in text


def test_every_measure_and_its_number_is_there(analysis: Analysis, reader: PdfReader) -> None:
    """Each measure of the summary is named, and so is what could not be measured."""
    text = words(reader).replace(" ", "")
    for measure in {row.measure for row in analysis.summary}:
        assert title_of(measure).replace(" ", "") in text
    assert "Pelvictilt" in text[text.index("Notmeasurable") :]


def test_the_rest_follows(reader: PdfReader) -> None:
    """Evidence, strides, methods with versions, errors and the attribution of the bands."""
    text = words(reader)
    for part in (
        "+1.8° 82 %",
        "no: stride time 38 % off the median",
        "mediapipe 1.2.2",
        "Ankle dorsiflexion, stance peak (published)",
        "CC BY 4.0. Changes made",
        "Lima 2018 (abstract read)",
        "The bands are of runners at 2.5 m/s",
    ):
        assert part in text


def test_metadata_names_clip_and_time_but_nobody(reader: PdfReader) -> None:
    """Title with the clips; no author, no path; the time is that of the analysis."""
    found = reader.metadata
    assert found is not None
    assert found.title == "Running gait report: example_side.mp4, example_front.mp4"
    assert not found.author
    assert found.creation_date == CREATED
    assert (found.creator, found.subject) == ("midstance", DISCLAIMER)


def test_same_content_gives_the_same_bytes(analysis: Analysis, pictures: Pictures, pdf: bytes) -> None:
    """Nothing but the given time changes the file."""
    assert render_pdf(content_of(analysis, links(), CREATED), pictures) == pdf
    later = content_of(analysis, links(), CREATED + timedelta(days=1))
    assert render_pdf(later, pictures) != pdf


def test_hostile_text_stays_text(analysis: Analysis) -> None:
    """Markup, control characters and halves of damaged names are printed, not obeyed."""
    evil = "<b>x</i>&\x00\udce9.mp4"
    side = analysis.view("side")
    views = (replace(side, clip=replace(side.clip, file=evil)), analysis.view("front"))
    text = words(PdfReader(BytesIO(render_pdf(content_of(replace(analysis, views=views)), Pictures()))))
    assert "<b>x</i>&" in text


def test_long_texts_still_fit_the_first_page(analysis: Analysis, pictures: Pictures) -> None:
    """A long statement shrinks the page; it never pushes the chain to the next one."""
    long = replace(founding("left", "likely"), statement="It may be consistent with it. " * 60)
    content = content_of(replace(analysis, findings=(long, long)), links(), CREATED)
    first = words(PdfReader(BytesIO(render_pdf(content, pictures))), page=0)
    assert "Front view, right leg" in first
    assert "To confirm:" in first


def test_many_strides_run_over_pages(analysis: Analysis) -> None:
    """A clip of minutes has more strides than a page has lines."""
    strides = tuple(
        Stride("left", n, n, n + 0.1, n + 0.2, n + 0.7, near=True, valid=True, reason="") for n in range(300)
    )
    views = tuple(replace(v, strides=strides) for v in analysis.views)
    reader = PdfReader(BytesIO(render_pdf(content_of(replace(analysis, views=views)), Pictures())))
    assert "299.700" in words(reader)


def test_without_numbers_findings_or_date_it_still_renders(analysis: Analysis) -> None:
    """An analysis forced through says that nothing could be measured."""
    views = tuple(replace(v, strides=(), values=(), curves=(), notes=()) for v in analysis.views)
    empty = replace(analysis, views=views, summary=(), findings=(), software={})
    text = words(PdfReader(BytesIO(render_pdf(content_of(empty), Pictures()))))
    assert "Nothing could be measured." in text
    assert "was not assessed" in text
    assert "none found" in text


def test_missing_standard_errors_work(analysis: Analysis, pictures: Pictures) -> None:
    """Without errors the values stand alone."""
    text = words(PdfReader(BytesIO(render_pdf(content_of(analysis, links(error=NAN)), pictures))), page=0)
    assert "15.2° below usual" in text


def test_signs_come_out_right(reader: PdfReader) -> None:
    """Degree, minus, plus-minus and dashes are glyphs of the embedded font, not boxes."""
    text = words(reader)
    assert all(sign in text for sign in "°−±–")
    fonts = {str(f.get_object()["/BaseFont"]) for f in reader.pages[0]["/Resources"]["/Font"].values()}  # type: ignore[index]  # of any page
    assert all("DejaVu" in name for name in fonts - {"/Helvetica"})
