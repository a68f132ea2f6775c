from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from midstance.video.writer import open_writer
from tests.support.browser import chromium

from .clips import numbered_images, read_number, varying_times

if TYPE_CHECKING:
    from playwright.sync_api import Page

COUNT = 60
LOAD = """async source => {
    const video = document.createElement("video");
    document.body.append(video);
    window.video = video;
    await new Promise((resolve, reject) => {
        video.onloadeddata = resolve;
        video.onerror = () => reject(new Error(video.error.message));
        video.src = source;
    });
    return [video.duration, video.videoWidth, video.videoHeight];
}"""
SEEK = """async time => {
    const video = window.video;
    await new Promise(resolve => { video.onseeked = resolve; video.currentTime = time; });
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0);
    return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data);
}"""


@pytest.fixture
def page() -> Iterator[Page]:
    """Give an empty page in headless Chromium."""
    with chromium() as browser:
        yield browser.new_page()


@pytest.mark.slow
def test_written_clip_plays_in_a_browser(tmp_path: Path, page: Page) -> None:
    """Chromium knows the duration and the size, and shows the right picture wherever it is sent."""
    times_s = varying_times(COUNT)
    path = tmp_path / "clip.mp4"
    with open_writer(path, width_px=160, height_px=96) as video:
        for image, time_s in zip(numbered_images(COUNT, 160, 96), times_s, strict=True):
            video.write(image, time_s)
    source = "data:video/mp4;base64," + base64.b64encode(path.read_bytes()).decode()
    duration_s, width_px, height_px = page.evaluate(LOAD, source)
    assert duration_s == pytest.approx(times_s[-1] + times_s[-1] - times_s[-2], abs=0.001)
    assert (width_px, height_px) == (160, 96)
    for index in (0, 41, 7, 58, 30, 0):
        data = page.evaluate(SEEK, (times_s[index] + times_s[index + 1]) / 2)
        shown = np.array(data, np.uint8).reshape(96, 160, 4)
        assert read_number(shown[..., 2::-1]) == index
