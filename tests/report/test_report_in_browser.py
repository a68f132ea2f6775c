from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from pypdf import PdfReader

from midstance.plots import plot_measure
from midstance.report import Pictures, content_of, render_html
from midstance.science.landmarks import Side
from tests.report.factories import founding, links
from tests.support.browser import chromium
from tests.support.example import example_analysis

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter(e => !e.closest(".scroll")
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the example with a plot, a still and a clip."""
    folder = tmp_path_factory.mktemp("report")
    analysis = example_analysis()
    png = folder / "knee.png"
    plot_measure(analysis, "knee_flexion").savefig(png, dpi=60)
    clip = folder / "overlay_side.mp4"
    clip.write_bytes(b"\0\0\0\x18ftypisom")
    picture = png.read_bytes()
    drawn: dict[tuple[str, Side], bytes] = {
        ("side", "right"): picture,
        ("front", "left"): picture,
        ("front", "right"): picture,
    }
    pictures = Pictures({"knee_flexion": picture}, drawn, {"side": clip}, {"side": picture})
    analysis = replace(analysis, findings=(founding("left"), founding("right", "possible")))
    html = render_html(content_of(analysis, links()), analysis, pictures)
    path = folder / "report.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(report: Path) -> Iterator[Page]:
    """The report open in headless Chromium without JavaScript, with the addresses that it asked for."""
    with chromium() as browser:
        page = browser.new_page(java_script_enabled=False)
        page.goto(report.as_uri())
        yield page


def test_nothing_is_asked_for_but_the_file(page: Page, report: Path) -> None:
    """Loading the report opens one file and no connection."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]


@pytest.mark.parametrize("width", [390, 820, 1366])
def test_it_fits_phone_tablet_and_laptop(page: Page, width: int) -> None:
    """Nothing sticks out to the side; wide tables scroll by themselves."""
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate(OVERFLOWING) == []


def test_nothing_dark_goes_to_paper(page: Page) -> None:
    """Print leaves out the overlay, which is dark, and the navigation."""
    page.set_viewport_size({"width": 1000, "height": 900})
    shown = {name: page.locator(name) for name in ("#overlays", "nav")}
    assert [shown[name].is_visible() for name in shown] == [True, True]
    page.emulate_media(media="print")
    assert [shown[name].is_visible() for name in shown] == [False, False]
    page.emulate_media(media="null")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_first_printed_page_holds_level_chain_and_what_to_confirm(page: Page, paper: str) -> None:
    """On either paper the first page has the finding of both sides, every joint and what to confirm."""
    pages = PdfReader(BytesIO(page.pdf(format=paper))).pages
    assert len(pages) >= 4
    first = " ".join(normalize("NFKC", pages[0].extract_text()).split())
    for words in ("Pattern not seen", "Possible", "Foot", "Ankle", "Knee", "Hip", "Pelvis", "To confirm:"):
        assert words in first
    assert "To confirm, in full" not in first
