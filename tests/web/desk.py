"""What the review page shows at a moment, read from its elements and canvases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

READY = "[data-ready=true]"

SHOWN = "[...document.querySelectorAll('video')].map(v => v.seeking ? -1 : v.currentTime)"
"""Times of the videos in their files; -1 while one is on its way."""
_INK = """name => {
    const canvas = document.querySelector(`[data-view=${name}] .picture > canvas`);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let [drawn, x, y] = [0, 0, 0];
    for (let i = 0; i < width * height; i += 1) {
        if (!data[4 * i + 3]) continue;
        drawn += 1;
        x += i % width;
        y += Math.floor(i / width);
    }
    return { share: drawn / (width * height), middle: [x / drawn / width, y / drawn / height] };
}"""
_CURSOR = """measure => {
    const canvas = document.querySelector(`.chart[data-measure=${measure}] canvas`);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data, width, height } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const columns = Array.from({ length: width }, (_, x) => {
        let drawn = 0;
        for (let y = 0; y < height; y += 1) drawn += data[4 * (y * width + x) + 3] > 0;
        return drawn;
    });
    return columns.indexOf(Math.max(...columns));
}"""


def ink(page: Page, view: str) -> float:
    """Return the share of the overlay of a view that is drawn on."""
    return float(page.evaluate(_INK, view)["share"])


def middle_of_ink(page: Page, view: str) -> tuple[float, float]:
    """Return the middle of what is drawn over a view, in shares of its picture."""
    x, y = page.evaluate(_INK, view)["middle"]
    return float(x), float(y)


def cursor(page: Page, measure: str) -> int:
    """Return where the cursor of a chart stands: the column of its canvas that is drawn on most."""
    return int(page.evaluate(_CURSOR, measure))


def time_s(page: Page) -> float:
    """Return the time that the review says it shows."""
    return float(page.locator("#now").inner_text().split(" s ")[0])


def number_in(text: str) -> float:
    """Return the first number of a text, without its sign."""
    found = re.search(r"[\d.]+", text)
    assert found, text
    return float(found[0])
