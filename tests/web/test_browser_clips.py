"""Long clips, as users have them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
import pytest

from midstance.video.reader import open_clip
from midstance.video.writer import open_writer
from tests.support.browser import WAIT_MS, chromium
from tests.web.server import WORK_WITHIN_S, Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web_clips")]

LONG_S = 180
PROMPT_S = 1.0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page.set_default_timeout(WAIT_MS)
    yield page
    page.close()


@pytest.fixture(scope="module")
def long_clip(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three minutes in 1080 x 1920: a second of a sample, encoded once and repeated."""
    import cv2

    folder = tmp_path_factory.mktemp("long")
    with (
        open_clip(project_root / "sample_videos" / "typical_side.mp4") as reader,
        open_writer(folder / "second.mp4", width_px=1080, height_px=1920, crf=8.0, preset="ultrafast") as writer,
    ):
        for frame in reader.frames(0, 60):
            if frame.index % 2 == 0:
                writer.write(np.asarray(cv2.resize(frame.image_bgr, (1080, 1920)), np.uint8), frame.time_s)
    return _repeated(folder / "second.mp4", folder / "long.mp4", LONG_S)


def _repeated(second: Path, out: Path, times: int) -> Path:
    """Write the packets of a clip of one second again and again, without decoding them."""
    import av

    with av.open(str(second)) as source, av.open(str(out), "w") as target:
        track = source.streams.video[0]
        clock = track.time_base or Fraction(1)
        stream = target.add_stream_from_template(track)
        packets = [(bytes(p), p.pts, p.is_keyframe) for p in source.demux(track) if p.pts is not None]
        length = round(1 / clock)
        for turn in range(times):
            for content, pts, is_key in packets:
                packet = av.Packet(content)
                packet.stream, packet.time_base, packet.is_keyframe = stream, clock, is_key
                packet.pts = packet.dts = pts + turn * length
                target.mux(packet)
    return out


@pytest.mark.long
@pytest.mark.usefixtures("heavy_model")
def test_a_long_clip_leaves_the_page_free(server: Server, page: Page, long_clip: Path) -> None:
    """While three minutes of 1080p are uploaded and worked on, page and server answer at once; it can be cancelled."""
    assert long_clip.stat().st_size > 50e6
    page.goto(f"{server.address}/new")
    slot = page.locator("[data-slot=side]")
    slot.locator("input[type=file]").set_input_files(long_clip)
    bar = slot.locator("progress")
    shares: set[float] = set()
    waits = []
    end_s = time.monotonic() + WORK_WITHIN_S
    while slot.get_attribute("data-state") != "ready":
        assert time.monotonic() < end_s, "it took too long"
        waits += [_time_of(lambda: shares.add(float(bar.evaluate("bar => bar.value")))), _time_of(lambda: _ask(server))]
        page.wait_for_timeout(20)
    assert len({share for share in shares if 0 < share < 1}) >= 3
    assert f"{LONG_S // 60} min" in slot.inner_text() or f"{LONG_S}" in slot.inner_text()

    page.get_by_role("button", name="Analyse").click()
    page.get_by_role("progressbar", name="The whole analysis").wait_for()
    session = f"/api/sessions/{page.locator('#session').get_attribute('data-session')}"
    server.wait_for(session, "running")
    for _ in range(20):
        waits += [_time_of(lambda: page.evaluate("1")), _time_of(lambda: _ask(server))]
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("heading", name="Cancelled").wait_for()
    assert median(waits) < PROMPT_S / 4
    assert sum(wait > PROMPT_S for wait in waits) <= len(waits) / 20


def _time_of(work: Callable[[], object]) -> float:
    began_s = time.monotonic()
    work()
    return time.monotonic() - began_s


def _ask(server: Server) -> None:
    assert server.ask("/api/sessions").status == 200
