"""The review: players and plots in step, edits by hand, pelvis markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from midstance.video.reader import open_clip
from midstance.video.writer import open_writer
from tests.support.browser import WAIT_MS, chromium, complaints_of, eventually
from tests.web.desk import READY, SHOWN, cursor, ink, middle_of_ink, number_in, time_s
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, ViewportSize

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_browser")]

LAPTOP: ViewportSize = {"width": 1280, "height": 900}
WORK_MS = 120_000
FRAME_S = 1 / 30


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """A page in headless Chromium."""
    with chromium() as browser:
        page = browser.new_page(viewport=LAPTOP, locale="en-GB")
        page.set_default_timeout(WAIT_MS)
        yield page


@pytest.fixture
def page(tab: Page, served: Server, seen: dict[str, Seen]) -> Iterator[Page]:
    """The review of a new session with a side and a front clip; it must not complain."""
    complaints = complaints_of(tab)
    session = plant_session(served.data, seen, runner="R-03")
    tab.goto(f"{served.address}/sessions/{session}")
    tab.locator(READY).wait_for()
    yield tab
    assert complaints == []
    tab.goto("about:blank")


def test_frames_are_stepped_and_the_plots_follow(page: Page) -> None:
    """Arrow keys go frame by frame through both clips, shift ten; time, value and the plots' cursor follow."""
    start_s = time_s(page)
    stood = cursor(page, "knee_flexion")
    value = page.locator(".chart[data-measure=knee_flexion] .value.right").inner_text()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert time_s(page) == pytest.approx(start_s + 5 * FRAME_S, abs=1e-3)
    eventually(page, lambda: all(t >= 0 for t in page.evaluate(SHOWN)))
    assert page.evaluate(SHOWN)[0] == pytest.approx(time_s(page) + FRAME_S / 2, abs=5e-3)
    assert cursor(page, "knee_flexion") > stood
    assert page.locator(".chart[data-measure=knee_flexion] .value.right").inner_text() != value
    page.keyboard.press("Shift+ArrowLeft")
    assert time_s(page) == pytest.approx(max(start_s - 5 * FRAME_S, 0), abs=1e-3)


def test_layers_are_drawn_over_the_clip_one_by_one(page: Page) -> None:
    """Each layer adds to what is drawn; without layers the clip is bare."""
    boxes = page.locator("#layers input:visible")
    for box in boxes.all():
        box.uncheck()
    assert ink(page, "side") == 0
    drawn = 0.0
    for name in ("Skeleton", "Angles", "Paths", "Ground"):
        page.get_by_role("checkbox", name=name, exact=True).check()
        now = ink(page, "side")
        assert now > drawn, name
        drawn = now


def test_a_face_is_hidden_on_the_screen_too(page: Page, served: Server) -> None:
    """A patch goes with the head, also while points are placed; the choice is kept, and exports begin with it."""
    side = served.get(f"{page.locator('#desk').get_attribute('data-base')}/review")["views"][0]
    for box in page.locator("#layers input:visible").all():
        box.uncheck()
    page.get_by_label("Blur face").check()
    page.get_by_label("Time in the clip").press("Home")
    for _ in range(3):
        assert _off_the_head(page, side) < 0.02
        page.keyboard.press("Shift+ArrowRight")
        eventually(page, lambda: all(t >= 0 for t in page.evaluate(SHOWN)))
    page.get_by_text("Pelvis markers", exact=True).click()
    page.get_by_role("button", name="Place on this frame").click()
    assert _off_the_head(page, side) < 0.02
    page.get_by_role("button", name="Cancel", exact=True).first.click()

    page.reload()
    page.locator(READY).wait_for()
    assert page.get_by_label("Blur face").is_checked()
    page.get_by_role("button", name="Export").click()
    assert page.get_by_label("Blur the face").is_checked()
    page.get_by_role("button", name="Close the export").click()
    page.get_by_label("Blur face").uncheck()


def _off_the_head(page: Page, view: dict[str, Any]) -> float:
    """Return how far the middle of what is drawn lies from the head in the side view, in shares of the picture."""
    frame = min(range(len(view["frame_time_s"])), key=lambda i: abs(view["frame_time_s"][i] - time_s(page)))
    x, y, _ = view["heads"][frame]
    drawn = middle_of_ink(page, "side")
    return float(max(abs(drawn[0] - x / view["width_px"]), abs(drawn[1] - y / view["height_px"])))


def test_slow_motion_plays_and_a_stride_is_repeated(page: Page) -> None:
    """Playing at a tenth moves both clips slowly; a looped stride never leaves itself."""
    page.locator("#speed").select_option("1")
    page.get_by_label("Loop a stride").check()
    page.get_by_role("tab", name="Strides").click()
    _row(page, 2).get_by_role("button", name="Go to right stride 2").click()
    begin_s = time_s(page)
    page.get_by_role("button", name="Play", exact=True).click()
    video = page.locator("video").first
    eventually(page, lambda: bool(video.evaluate("video => video.playbackRate === 1 && !video.paused")))
    times = []
    for _ in range(25):
        page.wait_for_timeout(80)
        times.append(time_s(page))
    page.get_by_role("button", name="Pause").click()
    assert max(times) - min(times) > 0.3
    assert min(times) > begin_s - 0.1
    assert max(times) < begin_s + 1.0
    assert sum(b < a for a, b in pairwise(times)) >= 2  # it began again
    page.get_by_label("Loop a stride").uncheck()
    page.locator("#speed").select_option("0.1")
    page.get_by_role("button", name="Play", exact=True).click()
    before_s = time_s(page)
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="Pause").click()
    assert 0.02 < time_s(page) - before_s < 0.4


def test_evidence_leads_to_its_frames(page: Page) -> None:
    """A finding's evidence and a joint of the chain have buttons that go to a frame that shows them."""
    page.get_by_role("tab", name="Chain").click()
    before_s = time_s(page)
    button = page.locator("#panel_chain .show").first
    told = re.search(r"at ([\d.]+) s", button.get_attribute("aria-label") or "")
    assert told
    button.click()
    assert time_s(page) == pytest.approx(float(told[1]), abs=FRAME_S / 2 + 1e-3)
    assert time_s(page) != before_s


def test_what_findings_are_is_said_once(page: Page) -> None:
    """The findings stand under one line that says what they are not; no card says it again."""
    page.get_by_role("tab", name="Findings").click()
    panel = page.locator("#panel_findings")
    assert panel.locator(".finding").count() > 1
    assert panel.inner_text().count("not a medical device") == 1


def test_a_click_on_a_curve_goes_to_its_stride(page: Page) -> None:
    """Clicking a plotted curve shows the moment of the stride that was clicked."""
    before_s = time_s(page)
    plot = page.locator(".chart[data-measure=knee_flexion] .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    for share in (0.35, 0.45, 0.55, 0.65):
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + share * box["height"])
        page.wait_for_timeout(150)
        page.mouse.down()
        page.mouse.up()
        if time_s(page) != before_s:
            break
    assert "%" in page.locator("#now").inner_text()
    assert time_s(page) != before_s


def test_a_contact_is_moved_and_the_value_changes(page: Page) -> None:
    """A toe-off moved by keyboard changes the contact time; undo restores it, redo and a reload keep it."""
    page.get_by_text("Correct", exact=True).click()
    page.get_by_role("tab", name="Strides").click()
    value = page.locator(
        "table.strides[data-view=side] tr", has=page.get_by_label("Go to right stride 1", exact=True)
    ).first
    cell = value.locator("[data-measure=contact_time]")
    first = cell.inner_text()
    handle = page.get_by_role("slider", name="Right stride 1: toe-off")
    handle.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    cell.and_(page.locator(".changed")).wait_for()
    second = cell.inner_text()
    assert number_in(second) - number_in(first) == pytest.approx(2 * FRAME_S, abs=0.025)
    page.get_by_text("Edited by hand", exact=True).wait_for()
    assert "values of single strides" in page.locator("#changes").inner_text()
    assert page.locator("#edits li").count() == 1

    page.get_by_role("button", name="Undo").click()
    eventually(page, lambda: page.locator("#edits li").count() == 0)
    assert number_in(cell.inner_text()) == number_in(first)
    page.get_by_role("button", name="Redo").click()
    page.locator("#edits li").wait_for()
    page.reload()
    page.locator(READY).wait_for()
    assert number_in(cell.inner_text()) == number_in(second)
    assert page.get_by_text("Edited by hand", exact=True).is_visible()


def test_a_contact_is_dragged(page: Page) -> None:
    """A contact dragged in the timeline is moved to a frame, and the clip shows that frame meanwhile."""
    page.get_by_text("Correct", exact=True).click()
    handle = page.get_by_role("slider", name="Right stride 2: initial contact")
    handle.scroll_into_view_if_needed()
    was_s = float(handle.get_attribute("aria-valuenow") or "nan")
    box = handle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y, steps=4)
    shown_s = time_s(page)
    page.mouse.up()
    page.locator("#edits li").wait_for()
    now_s = float(
        page.get_by_role("slider", name="Right stride 2: initial contact").get_attribute("aria-valuenow") or 0
    )
    assert now_s > was_s
    assert now_s == pytest.approx(shown_s, abs=1e-3)


def test_a_stride_is_left_out_and_counted_again(page: Page) -> None:
    """A stride left out no longer counts; the same button takes it back."""
    page.get_by_role("tab", name="Strides").click()
    row = page.locator(
        "table.strides[data-view=side] tr", has=page.get_by_label("Go to right stride 2", exact=True)
    ).first
    row.get_by_role("button", name="Leave out").click()
    row.get_by_text("excluded by hand").wait_for()
    row.get_by_role("button", name="Count it").click()
    row.locator("[data-measure=contact_time]").wait_for()


def test_sides_are_swapped_and_the_tilt_line_is_set(page: Page) -> None:
    """Swapped sides exchange the values of the legs; a sloping line is told as tilt; all edits go at once."""
    page.get_by_text("Correct", exact=True).click()
    page.get_by_role("tab", name="Numbers").click()
    median = "#panel_numbers table >> nth=0 >> [data-measure=knee_flexion][data-instant=midstance][data-side={}]"
    before = [_median(page.locator(median.format(side))) for side in ("left", "right")]
    page.get_by_role("button", name="Swap left and right").click()
    page.locator("#edits li").wait_for()
    after = [_median(page.locator(median.format(side))) for side in ("right", "left")]
    assert after == pytest.approx(before, abs=1.5)

    page.get_by_role("button", name="Set the tilt line").click()
    point = page.get_by_role("button", name=re.compile("^right end"))
    point.focus()
    page.keyboard.press("Shift+ArrowDown")
    assert "Slope" in page.locator("#placing_words").inner_text()
    page.get_by_role("button", name="Use these points").click()
    eventually(page, lambda: page.locator("#edits li").count() == 2)
    page.get_by_role("button", name="Drop all edits").click()
    eventually(page, lambda: page.locator("#edits li").count() == 0)


def test_pelvis_markers_are_placed_and_followed(page: Page) -> None:
    """Markers placed on a frame are followed through the clip; the page says how well, and they can be removed."""
    page.get_by_text("Pelvis markers", exact=True).click()
    page.get_by_role("button", name="Place on this frame").click()
    point = page.get_by_role("button", name=re.compile("^ASIS"))
    before = point.get_attribute("aria-label")
    page.keyboard.press("ArrowLeft")
    assert point.get_attribute("aria-label") != before
    page.get_by_role("button", name="Use these points").click()
    page.get_by_text("Followed through the clip").wait_for(timeout=WORK_MS)
    page.get_by_role("button", name="Remove the markers").click()
    eventually(page, lambda: page.locator("#markers_state").inner_text() == "")


def test_details_are_changed_later(page: Page) -> None:
    """A height given after the analysis is kept; one out of range is refused in words; a note stands on the page."""
    page.get_by_role("button", name="Details").click()
    height = page.get_by_role("spinbutton", name="Height")
    height.fill("17")
    page.get_by_role("button", name="Save").click()
    assert page.locator("#details_problem").inner_text().startswith("Height: expected 80 to 260")
    height.fill("181")
    page.get_by_label("Note", exact=True).fill("Left knee,\nsince May")
    page.get_by_role("button", name="Save").click()
    page.locator("#details").wait_for(state="hidden")
    assert page.get_by_text("Left knee, since May").is_visible()
    page.reload()
    assert page.locator("#height_cm").input_value() == "181"
    assert page.locator("#note").input_value() == page.locator("#note_shown").inner_text() == "Left knee,\nsince May"


def test_a_clip_that_ends_early_comes_to_rest(tab: Page, served: Server, seen: dict[str, Seen], tmp_path: Path) -> None:
    """A moment after the last picture of a clip is sought once, not again and again."""
    short = tmp_path / "short.mp4"
    with open_clip(seen["side"].clip) as reader, open_writer(short, width_px=270, height_px=480) as writer:
        for frame in reader.frames(0, 100):
            writer.write(frame.image_bgr, frame.time_s)
    session = plant_session(served.data, {"side": Seen(short, seen["side"].found)})
    tab.goto(f"{served.address}/sessions/{session}")
    tab.locator(READY).wait_for()
    tab.locator("video").evaluate("video => { let n = 0; video.onseeked = () => { video.dataset.seeks = ++n; }; }")
    tab.get_by_label("Time in the clip").press("End")
    eventually(tab, lambda: tab.locator("video").get_attribute("data-seeks") is not None)
    tab.wait_for_timeout(1000)
    assert int(tab.locator("video").get_attribute("data-seeks") or 0) <= 3
    tab.get_by_label("Time in the clip").press("Home")
    eventually(tab, lambda: tab.evaluate(SHOWN)[0] == pytest.approx(FRAME_S / 2, abs=5e-3))
    tab.goto("about:blank")


def _row(page: Page, stride: int) -> Locator:
    """Return a right stride's row in the table of the side view."""
    rows = page.locator("table.strides[data-view=side] tr")
    return rows.filter(has=page.get_by_label(f"Go to right stride {stride}", exact=True))


def _median(cell: Locator) -> float:
    return number_in(cell.inner_text().replace("≈", ""))
