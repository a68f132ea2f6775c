"""A user's whole way in one go, on sample clips: real server, pose model, browser, jobs and files."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from math import atan, degrees
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.video.reader import open_clip
from midstance.video.writer import open_writer
from midstance.web.analysing import StoredClip, load_landmarks
from tests.support.browser import WAIT_MS, chromium, complaints_of, eventually
from tests.web.desk import READY, SHOWN, cursor, number_in, time_s
from tests.web.planted import Seen, plant_session
from tests.web.server import WORK_WITHIN_S, Server

if TYPE_CHECKING:
    from playwright.sync_api import Download, Locator, Page

Image = NDArray[np.uint8]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_clips")]

MODEL_MS = 420_000
WORK_MS = 1000 * WORK_WITHIN_S
FRAMES = 96
FRAME_S = 1 / 30
SHIRT_ROWS = slice(420, 760)
TAPE_PX = (30, -30)
"""From the middle of the shirt."""
TAPE_SLOPE = 0.2
CONTACT_TIME = "[data-measure=contact_time]"
PLOTS = {"PNG": "plot.png", "SVG": "plot.svg", "PDF": "plot.pdf"}
TABLES = ("strides.csv", "measures.csv", "curves.csv", "analysis.json")


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a laptop in headless Chromium."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.set_default_timeout(WAIT_MS)
        yield page


@pytest.mark.usefixtures("heavy_model")
def test_a_user_goes_the_whole_way(server: Server, page: Page, project_root: Path, tmp_path: Path) -> None:
    """From the first upload to the last file deleted; nothing is asked of another machine, and no page complains."""
    samples = project_root / "sample_videos"
    clips = {view: tmp_path / f"{view}.mp4" for view in ("side", "front")}
    for view, clip in clips.items():
        _cut(samples / f"typical_{view}.mp4", clip, _with_tape if view == "side" else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    complaints = complaints_of(page)
    page.goto(server.address)
    _upload(page, clips)
    _watch(page)
    _step_frames(page)
    contact_s = _move_a_contact(page)
    tilt_deg = _place_markers(page, clips["side"])
    _export(page, tmp_path)
    _reload(page, contact_s, tilt_deg)
    _come_again(page, server, clips["side"])
    _compare(page)
    for left in (1, 0):
        _delete(page, server, left)
    assert all(url.startswith((f"{server.address}/", "data:", "blob:")) for url in asked)
    assert complaints == []


def _cut(clip: Path, out: Path, change: Callable[[Image], Image] | None) -> None:
    """Write the start of a sample with every second frame: enough strides, few frames for the pose model."""
    with open_clip(clip) as reader:
        info = reader.info
        with open_writer(out, width_px=info.width_px, height_px=info.height_px, crf=12.0) as writer:
            for frame in reader.frames(0, 2 * FRAMES):
                if frame.index % 2 == 0:
                    writer.write(change(frame.image_bgr) if change else frame.image_bgr, frame.time_s)


def _with_tape(image: Image) -> Image:
    """Return a picture of the runner in red with two marks near the hem of the shirt, as a clinician sticks them on."""
    import cv2

    blue, green, red = (image[SHIRT_ROWS, :, i].astype(int) for i in range(3))
    rows, columns = np.nonzero((red > 1.6 * green) & (red > 1.6 * blue) & (red > 100))
    x, y = np.median(columns), SHIRT_ROWS.start + np.percentile(rows, 99) - 25
    taped = image.copy()
    for off in TAPE_PX:
        for radius, grey in ((11, 20), (7, 245), (3, 20)):
            cv2.circle(taped, (round(x + off), round(y - TAPE_SLOPE * off)), radius, (grey, grey, grey), -1)
    return taped


def _tape_in(image: Image) -> list[tuple[float, float]]:
    """Return where both marks are, found by what they look like."""
    import cv2

    mark = np.full((27, 27), 90, np.uint8)
    for radius, grey in ((11, 20), (7, 245), (3, 20)):
        cv2.circle(mark, (13, 13), radius, grey, -1)
    likeness = cv2.matchTemplate(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), mark, cv2.TM_CCOEFF_NORMED)
    found = []
    for _ in TAPE_PX:
        y, x = np.unravel_index(likeness.argmax(), likeness.shape)
        likeness[y - 20 : y + 21, x - 20 : x + 21] = -1.0
        found.append((float(x) + 13, float(y) + 13))
    return sorted(found, reverse=True)  # the runner faces right: the one in front first


def _upload(page: Page, clips: dict[str, Path]) -> None:
    """Give clips and what is known of the runner; a height out of range is refused in words."""
    page.get_by_role("link", name="New session").last.click()
    for view, clip in clips.items():
        page.locator(f"[data-slot={view}] input[type=file]").set_input_files(clip)
        page.locator(f"[data-slot={view}][data-state=ready]").wait_for()
    page.get_by_label("Runner’s code").fill("R-07")
    page.get_by_label("Name of this session").fill("before")
    height = page.get_by_role("spinbutton", name="Height")
    height.fill("17")
    page.get_by_role("button", name="Analyse").click()
    assert page.get_by_role("alert").first.inner_text() == "Height: expected 80 to 260. Correct it or leave it empty."
    height.fill("176")
    page.get_by_role("button", name="Analyse").click()
    page.get_by_role("progressbar", name="The whole analysis").wait_for()


def _watch(page: Page) -> None:
    """Follow the work until the review opens by itself."""
    bar = page.get_by_role("progressbar", name="The whole analysis")
    shares = {0.0}

    def moved() -> bool:
        if bar.count():
            shares.add(float(bar.evaluate("bar => bar.value")))
        return len(shares) > 3

    eventually(page, moved, MODEL_MS / 1e3)
    page.locator(READY).wait_for(timeout=MODEL_MS)
    assert page.get_by_role("heading", level=1).inner_text() == "R-07, before"


def _step_frames(page: Page) -> None:
    """Frames go by in both clips, and the plot's cursor goes with them."""
    page.locator("#players video").nth(1).wait_for()
    begin_s, stood, shown = time_s(page), cursor(page, "knee_flexion"), page.evaluate(SHOWN)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert time_s(page) == pytest.approx(begin_s + 5 * FRAME_S, abs=2e-3)
    assert cursor(page, "knee_flexion") > stood
    eventually(page, lambda: all(now > was for now, was in zip(page.evaluate(SHOWN), shown, strict=True)))


def _move_a_contact(page: Page) -> float:
    """A toe-off two frames later makes the contact that much longer; return how long it is then."""
    page.get_by_text("Correct", exact=True).click()
    page.get_by_role("tab", name="Strides").click()
    assert page.locator("table.strides[data-view=front]").get_by_role("button", name="Go to").count() >= 4
    first = _contact_time(page)
    was = first.inner_text()
    page.get_by_role("slider", name="Right stride 1: toe-off").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    first.and_(page.locator(".changed")).wait_for()
    assert number_in(first.inner_text()) - number_in(was) == pytest.approx(2 * FRAME_S, abs=0.025)
    page.get_by_text("Edited by hand", exact=True).wait_for()
    return number_in(first.inner_text())


def _contact_time(page: Page) -> Locator:
    row = page.locator("table.strides[data-view=side] tr")
    return row.filter(has=page.get_by_label("Go to right stride 1", exact=True)).locator(CONTACT_TIME)


def _place_markers(page: Page, clip: Path) -> float:
    """Markers put on their tape are followed through the clip, and make the tilt of it a number; return that."""
    frame = int(page.locator("#now").inner_text().split("frame ")[1].split(" ")[0]) - 1
    with open_clip(clip) as reader:
        image = next(reader.frames(frame, frame + 1)).image_bgr
    page.get_by_text("Pelvis markers", exact=True).click()
    page.get_by_role("button", name="Place on this frame").click()
    for name, place in zip(("ASIS", "PSIS"), _tape_in(image), strict=True):
        _drag(page, name, (place[0] / image.shape[1], place[1] / image.shape[0]))
    page.get_by_role("button", name="Use these points").click()
    page.get_by_text("Followed through the clip").wait_for(timeout=WORK_MS)
    page.get_by_role("tab", name="Numbers").click()
    tilt_deg = number_in(_pelvic_tilt(page).inner_text())
    assert tilt_deg == pytest.approx(degrees(atan(TAPE_SLOPE)), abs=1.0)
    return tilt_deg


def _drag(page: Page, name: str, place: tuple[float, float]) -> None:
    """Drag a point to a place in the picture, in shares of it."""
    point = page.get_by_role("button", name=re.compile(f"^{name}"))
    box = page.locator("[data-view=side] .picture").bounding_box()
    assert box
    point.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"], steps=3)
    page.mouse.up()


def _pelvic_tilt(page: Page) -> Locator:
    return page.locator("#panel_numbers [data-measure=pelvic_tilt][data-instant=midstance][data-side=right]")


def _export(page: Page, folder: Path) -> None:
    """Every format is made, downloaded and opened: at once, one by one, and all as a zip."""
    page.get_by_role("button", name="Export").click()
    _take_at_once(page)
    page.get_by_label("Blur the face").check()
    page.get_by_role("button", name="Make them").click()
    page.get_by_role("link", name="Everything as a zip").wait_for(timeout=WORK_MS)
    names = page.locator("#export_list a").all_inner_texts()
    for name in ("report.html", "report.pdf", "overlay_front.mp4"):
        _open(name, _downloaded(page, name).path())
    with zipfile.ZipFile(_downloaded(page, "Everything as a zip").path()) as archive:
        archive.extractall(folder / "zip")
    files = [path for path in (folder / "zip").rglob("*") if path.is_file()]
    assert sorted(path.name for path in files) == sorted(names)
    assert {path.suffix for path in files} == OPENED.keys()
    for path in files:
        _open(path.name, path)
    _look_at_report(page, folder / "zip" / "report.html")
    page.get_by_role("button", name="Close the export").click()


def _take_at_once(page: Page) -> None:
    """Plot and tables come without a job; their names say who it is only if that is wanted."""
    for name, kind in PLOTS.items():
        _open(kind, _downloaded(page, name).path())
    for name in TABLES:
        _open(name, _downloaded(page, name).path())
    assert _downloaded(page, "strides.csv").suggested_filename.startswith("R-07-before-20")
    page.get_by_label("Say who it is").uncheck()
    for name in ("strides.csv", "PDF"):
        assert _downloaded(page, name).suggested_filename.startswith("midstance-")
    page.get_by_label("Say who it is").check()


def _downloaded(page: Page, name: str) -> Download:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return download.value


def _open(name: str, path: Path) -> None:
    OPENED[Path(name).suffix](path.read_bytes())


def _opens_png(content: bytes) -> None:
    import cv2

    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    assert min(image.shape[:2]) > 200
    assert image.std() > 5


def _opens_svg(content: bytes) -> None:
    root = ElementTree.fromstring(content)  # noqa: S314 - made by the server under test
    assert root.tag.endswith("}svg")
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 10


def _opens_pdf(content: bytes) -> None:
    from pypdf import PdfReader

    assert PdfReader(io.BytesIO(content)).pages[0].extract_text().strip()


def _opens_csv(content: bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert len(rows) >= 4
    assert None not in rows[-1].values()


def _opens_json(content: bytes) -> None:
    assert json.loads(content)


def _opens_mp4(content: bytes) -> None:
    import av

    with av.open(io.BytesIO(content), "r") as overlay:
        assert overlay.streams.video[0].codec_context.pix_fmt == "yuv420p"
        assert len(list(overlay.decode(video=0))) == FRAMES


def _opens_html(content: bytes) -> None:
    assert content.startswith(b"<!DOCTYPE html>")
    assert content.rstrip().endswith(b"</html>")


OPENED: dict[str, Callable[[bytes], None]] = {
    ".png": _opens_png,
    ".svg": _opens_svg,
    ".pdf": _opens_pdf,
    ".csv": _opens_csv,
    ".json": _opens_json,
    ".mp4": _opens_mp4,
    ".html": _opens_html,
}
"""By the end of a file's name: raises unless the file is whole."""


def _look_at_report(page: Page, report: Path) -> None:
    """The report opens from the disk: it says who it is and what was edited, and its pictures are there."""
    browser = page.context.browser
    assert browser
    page = browser.new_page()
    complaints, asked = complaints_of(page), set[str]()
    page.on("request", lambda request: asked.add(request.url.partition(":")[0]))
    page.goto(report.as_uri())
    told = page.locator("body").inner_text()
    assert "R-07" in told
    assert "1 toe-off moved" in told
    assert page.locator("img").evaluate_all("images => images.every(image => image.complete && image.naturalWidth > 0)")
    assert asked <= {"file", "data"}
    assert complaints == []
    page.close()


def _reload(page: Page, contact_s: float, tilt_deg: float) -> None:
    """What was corrected and placed is there when the session is opened again."""
    page.reload()
    page.locator(READY).wait_for()
    page.get_by_text("Edited by hand", exact=True).wait_for()
    assert number_in(_pelvic_tilt(page).inner_text()) == tilt_deg
    page.get_by_role("tab", name="Strides").click()
    assert number_in(_contact_time(page).inner_text()) == contact_s


def _come_again(page: Page, server: Server, clip: Path) -> None:
    """Put a later session of the same runner there, with the same clip and its landmarks: no model need run again."""
    session = page.locator("#desk").get_attribute("data-session")
    side = server.get(f"/api/sessions/{session}/review")["views"][0]["clip"]
    folder = server.data / "sessions" / str(session) / "clips" / side
    found, _ = load_landmarks(StoredClip(side, "side", "video", str(folder)))
    plant_session(server.data, {"side": Seen(clip, found)}, runner="R-07", name="after")


def _compare(page: Page) -> None:
    """Both sessions are found by the runner's code; their clips go in step, and their differences are told."""
    page.get_by_role("link", name="Sessions").click()
    page.get_by_label("Find a runner").fill("r-07")
    rows = page.locator("[data-session]:visible")
    assert rows.count() == 2
    for row in rows.all():
        row.get_by_label("Compare").check()
    page.get_by_role("button", name="Compare them").click()
    page.locator(READY).wait_for()
    assert page.locator("#before option:checked").inner_text().startswith("R-07, before")
    page.get_by_label("Only what is beyond").uncheck()
    assert page.locator("#differences tbody tr").count() > 5
    for button, least_s in (("Frame after", 0.0), ("Stride after", 0.5)):
        page.get_by_role("button", name=button).click()
        eventually(page, partial(_are_together, page, least_s))


def _are_together(page: Page, after_s: float) -> bool:
    before, after = page.evaluate(SHOWN)
    return bool(before > after_s and abs(before - after) < 0.02)


def _delete(page: Page, server: Server, left: int) -> None:
    """A session goes with every file, once its owner has said so twice."""
    page.get_by_role("link", name="Sessions").click()
    page.locator("[data-session] .card").first.click()
    page.locator(READY).wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.get_by_role("heading", name="Sessions" if left else "Film a runner").first.wait_for()
    assert len(list((server.data / "sessions").iterdir())) == left
