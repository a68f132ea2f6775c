from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from midstance.plots import plot_measure
from midstance.report import render_report
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
    html = render_report(
        analysis,
        plots_svg_or_png={"knee_flexion": png.read_bytes()},
        overlays={"side": clip},
        stills={"side": png.read_bytes()},
    )
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


def test_on_paper_a_still_stands_for_the_clip(page: Page) -> None:
    """Print shows the picture in place of the player, and no navigation."""
    page.set_viewport_size({"width": 1000, "height": 900})
    shown = {name: page.locator(name) for name in ("video", "img.print-only", "nav")}
    assert [shown[name].is_visible() for name in shown] == [True, False, True]
    page.emulate_media(media="print")
    assert [shown[name].is_visible() for name in shown] == [False, True, False]
    page.emulate_media(media="screen")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(page: Page, paper: str) -> None:
    """Both paper sizes give a PDF of several pages."""
    pdf = page.pdf(format=paper)
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") >= 4
