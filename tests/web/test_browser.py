from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import chromium
from tests.web.conftest import plant
from tests.web.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_browser")]

TABLET: ViewportSize = {"width": 820, "height": 1180}
SEEK = """video => new Promise(done => {
    video.onseeked = () => done(video.currentTime);
    const seek = () => { video.currentTime = 3; };
    if (video.readyState > 0) seek(); else video.onloadedmetadata = seek;
})"""

DROPPED = """names => {
    const dropped = new DataTransfer();
    for (const name of names) dropped.items.add(new File(["x"], name));
    return dropped;
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page in headless Chromium."""
    with chromium() as browser:
        yield browser.new_page(viewport=TABLET)


def test_from_upload_to_results_and_away(server: Server, page: Page, tmp_path: Path, landmarks: bytes) -> None:
    """A user uploads, follows the work, sees plots and report, downloads, and deletes; all stays on the machine."""
    clip = tmp_path / "run.csv"
    clip.write_bytes(landmarks)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(server.address)

    page.get_by_label("Height").fill("176")
    page.get_by_role("button", name="Analyse").click()
    page.get_by_text("Clips: expected at least one").wait_for()
    page.get_by_label("Side", exact=True).set_input_files(clip)
    page.get_by_label("Runner").fill("R-07")
    page.get_by_role("button", name="Analyse").click()
    page.get_by_role("button", name="Cancel").wait_for()
    page.get_by_role("link", name="Open the report").wait_for(timeout=120_000)

    plots = page.locator(".plots img")
    assert plots.count() >= 5
    plots.first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.plots img').naturalWidth > 100")
    with page.expect_download() as strides:
        page.get_by_role("link", name="strides.csv").click()
    assert strides.value.path().read_text().startswith("view,side,stride")
    page.get_by_role("link", name="Open the report").click()
    assert "R-07" not in page.content()  # the report may be passed on: it names the clip only
    assert page.get_by_role("heading", name="Running gait report").is_visible()
    page.go_back()

    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("None yet").wait_for()
    assert not list((server.data / "sessions").iterdir())
    assert all(url.startswith((f"{server.address}/", "data:")) for url in asked)
    assert [c for c in complaints if "422" not in c] == []  # the one refused upload above


def test_a_clip_can_be_dropped(served: Server, page: Page) -> None:
    """A file dropped on a view is chosen for it; two at once are refused in words."""
    page.goto(served.address)
    for names in (["a.mp4"], ["b.mp4", "c.mp4"]):
        dropped = page.evaluate_handle(DROPPED, names)
        page.dispatch_event("[data-slot=front]", "drop", {"dataTransfer": dropped})
    assert page.evaluate("[...document.getElementById('front').files].map(f => f.name)") == ["a.mp4"]
    assert page.get_by_role("alert").inner_text() == "Front: drop one file, not 2."


def test_upload_works_without_scripts(server: Server, page: Page, tmp_path: Path, landmarks: bytes) -> None:
    """A browser that runs no scripts uploads with the plain form, sees the state, and deletes."""
    clip = tmp_path / "run.csv"
    clip.write_bytes(landmarks)
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_page(java_script_enabled=False)
    plain.goto(server.address)
    plain.get_by_label("Rear").set_input_files(clip)
    plain.get_by_role("button", name="Analyse").click()
    assert plain.get_by_role("heading", name="Being analysed").or_(plain.get_by_role("heading", name="Waiting")).count()
    plain.get_by_role("button", name="Delete").click()
    plain.get_by_text("None yet").wait_for()
    plain.close()


def test_an_overlay_can_be_wound(served: Server, page: Page) -> None:
    """The player shows the clip and goes to any time in it."""
    page.goto(served.address + plant(served.data))
    assert page.locator("video").evaluate(SEEK) == pytest.approx(3)
    assert page.locator("video").evaluate("video => video.videoWidth") == 320


def test_pages_fit_a_tablet(served: Server, page: Page) -> None:
    """Nothing is wider than the screen, even with a long name."""
    session = plant(served.data, runner="Long" * 20)
    for path in ("/", session):
        for width in (390, 820):
            page.set_viewport_size({"width": width, "height": 1000})
            page.goto(served.address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 820, "height": 1180})
