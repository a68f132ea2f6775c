"""Turns off the whole way: clips replaced, refused, moved and dropped, uploads that break, work that is cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from midstance.web.states import State
from tests.support.browser import WAIT_MS, chromium, complaints_of, eventually
from tests.web.desk import READY, middle_of_ink, time_s
from tests.web.planted import Seen, plant_refusal, plant_session
from tests.web.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_browser")]

TABLET: ViewportSize = {"width": 820, "height": 1180}
WORK_MS = 120_000

DROPPED = """names => {
    const dropped = new DataTransfer();
    for (const name of names) dropped.items.add(new File(["x"], name));
    return dropped;
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page in headless Chromium."""
    with chromium() as browser:
        page = browser.new_page(viewport=TABLET, locale="en-GB")
        page.set_default_timeout(WAIT_MS)
        yield page


def test_landmarks_are_reviewed_without_a_clip(served: Server, page: Page, tmp_path: Path, landmarks: bytes) -> None:
    """A landmarks file takes the place of a clip: its overlay is drawn and stepped through, and no page complains."""
    clip = tmp_path / "run.csv"
    clip.write_bytes(landmarks)
    complaints = complaints_of(page)
    page.goto(f"{served.address}/new")
    _choose(page, "side", clip)
    page.get_by_role("button", name="Analyse").click()
    page.locator(READY).wait_for(timeout=WORK_MS)
    assert page.locator(".chart").count() >= 5
    began_s, drawn = time_s(page), middle_of_ink(page, "side")
    page.keyboard.press("Shift+ArrowRight")
    assert time_s(page) > began_s
    assert middle_of_ink(page, "side") != drawn
    assert not page.get_by_label("Blur face").is_visible()
    page.get_by_text("Pelvis markers", exact=True).click()
    assert page.get_by_role("button", name="Place on this frame").is_disabled()
    assert complaints == []


def test_a_clip_is_shown_at_once_and_can_be_replaced(served: Server, page: Page, seen: dict[str, Seen]) -> None:
    """A chosen clip shows its picture, length and rate; a reload keeps it; it can be removed."""
    page.goto(f"{served.address}/new")
    slot = _choose(page, "side", seen["side"].clip)
    slot.get_by_text("frames/s, 270 × 480").wait_for()
    eventually(page, lambda: bool(slot.locator("img").evaluate("image => image.naturalWidth > 20")))
    page.reload()
    slot.get_by_text("frames/s, 270 × 480").wait_for()
    assert page.get_by_role("button", name="Analyse").is_enabled()
    slot.get_by_role("button", name="Remove").click()
    page.get_by_text("Choose at least one clip.").wait_for()
    assert page.get_by_role("button", name="Analyse").is_disabled()


def test_a_refused_clip_says_what_to_film(served: Server, page: Page, tmp_path: Path) -> None:
    """What is not a clip is refused in words, with a drawing of how to place the phone, and cannot be started."""
    clip = tmp_path / "notes.mp4"
    clip.write_bytes(b"no clip at all")
    page.goto(f"{served.address}/new")
    slot = _choose(page, "side", clip)
    refusal = slot.locator(".refusal")
    refusal.get_by_role("heading").wait_for()
    assert refusal.get_by_role("listitem").count() >= 1
    assert page.get_by_role("button", name="Analyse").is_disabled()


def test_a_clip_of_another_view_is_moved(served: Server, page: Page, seen: dict[str, Seen]) -> None:
    """A clip that was refused for its view is moved by a press of a button, back by the choice of what it shows."""
    session = plant_session(served.data, {"side": seen["side"]}, state=State.DRAFT)
    plant_refusal(served.data, session, "other_view", {"slots": ["front", "rear"]})
    page.goto(f"{served.address}/new?session={session}")
    start = page.get_by_role("button", name="Analyse")
    page.get_by_text("A clip was refused.").wait_for()
    assert start.is_disabled()
    page.get_by_role("button", name="Move it to front").click()
    page.locator("[data-slot=front][data-state=ready]").wait_for()
    assert page.locator("[data-slot=side] [data-file]").inner_text() == ""
    assert start.is_enabled()
    page.get_by_label("Front: what the clip shows").select_option("other_side")
    page.locator("[data-slot=other_side][data-state=ready]").wait_for()
    assert [clip["slot"] for clip in served.get(f"/api/sessions/{session}")["clips"]] == ["other_side"]


def test_a_refused_clip_may_be_used_all_the_same(served: Server, page: Page, seen: dict[str, Seen]) -> None:
    """Who knows better than a few pictures may use the clip; what was said of it stays beside it."""
    session = plant_session(served.data, {"side": seen["side"]}, state=State.DRAFT)
    plant_refusal(served.data, session, "nobody", {})
    page.goto(f"{served.address}/new?session={session}")
    page.get_by_role("button", name="Use it all the same").click()
    page.get_by_text("Taken all the same: Nobody is seen in this clip").wait_for()
    assert page.get_by_role("button", name="Analyse").is_enabled()


def test_clips_of_an_analysed_session_can_be_changed(served: Server, page: Page, seen: dict[str, Seen]) -> None:
    """From the details of a session its clips are reached, with a way back; another rate asks for a new analysis."""
    session = plant_session(served.data, {"side": seen["side"]})
    page.goto(f"{served.address}/sessions/{session}")
    page.locator(READY).wait_for()
    page.get_by_role("button", name="Details").click()
    page.get_by_role("link", name="Clips and their frame rates").click()
    page.get_by_role("link", name="Back to the results").wait_for()
    assert served.get(f"/api/sessions/{session}")["state"] == "done"
    rate = page.locator("[data-slot=side]").get_by_label("Filmed at")
    rate.fill("31")
    rate.press("Tab")
    eventually(page, lambda: served.get(f"/api/sessions/{session}")["state"] == "draft")
    page.get_by_role("button", name="Analyse").click()
    page.locator(READY).wait_for(timeout=WORK_MS)
    assert served.get(f"/api/sessions/{session}/review")["views"][0]["fps"] == 31.0


def test_a_broken_upload_goes_on(served: Server, page: Page, seen: dict[str, Seen]) -> None:
    """An upload that the page lost is continued from where it stopped when the same file is chosen again."""
    content = seen["side"].clip.read_bytes()
    session = served.new_session()
    clip = served.new_clip(session, "side", len(content), seen["side"].clip.name)
    served.put_piece(clip["id"], 0, content[: len(content) // 2])
    page.goto(f"{served.address}/new?session={session.rpartition('/')[2]}")
    slot = page.locator("[data-slot=side]")
    slot.get_by_text("Stopped at 50 %").wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    _choose(page, "side", seen["side"].clip)
    slot.get_by_text("frames/s, 270 × 480").wait_for()
    assert any(url.endswith(f"offset={len(content) // 2}") for url in asked)
    assert not any(url.endswith("offset=0") for url in asked)


def test_a_clip_can_be_dropped(served: Server, page: Page) -> None:
    """A file dropped on a view is taken for it; two at once are refused in words."""
    page.goto(f"{served.address}/new")
    page.dispatch_event(
        "[data-slot=front]", "drop", {"dataTransfer": page.evaluate_handle(DROPPED, ["b.mp4", "c.mp4"])}
    )
    assert page.get_by_role("alert").first.inner_text() == "Front: one clip fits here, 2 were given. Drop one."
    page.dispatch_event("[data-slot=front]", "drop", {"dataTransfer": page.evaluate_handle(DROPPED, ["a.mp4"])})
    page.locator("[data-slot=front] [data-file]", has_text="a.mp4").wait_for()


def test_progress_is_told_and_work_can_be_cancelled(server: Server, page: Page, seen: dict[str, Seen]) -> None:
    """The page of a running session has a cancel button; a cancelled one offers to analyse the kept clips."""
    content = seen["side"].clip.read_bytes()
    session = server.started(content).rpartition("/")[2]  # the pose model starts, and is stopped at once
    page.goto(f"{server.address}/sessions/{session}")
    page.get_by_role("progressbar", name="The whole analysis").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("heading", name="Cancelled").wait_for(timeout=WORK_MS)
    assert page.get_by_role("button", name="Analyse them").is_visible()


def _choose(page: Page, slot: str, clip: Path):  # type: ignore[no-untyped-def]  # playwright is optional
    part = page.locator(f"[data-slot={slot}]")
    part.locator("input[type=file]").set_input_files(clip)
    part.locator("[data-file]", has_text=clip.name).wait_for()
    return part
