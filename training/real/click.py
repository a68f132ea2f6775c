"""Points clicked on sheets in a window, for who has a display."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from training.real.labels import POINTS
from training.real.place import TYPED_COLUMNS, Sheet, read_index
from training.real.sheets import PANEL_PX

KEYS = "click: seen   right click: guessed   space: leave out   q: stop"
LEFT_BUTTON, RIGHT_BUTTON = 1, 3

Row = tuple[int, str, float, float, str, str]


class Clicks:
    """What is clicked on one sheet, point after point.

    Parameters
    ----------
    made : Sheet
    tell : callable
        Shows the user a line.
    """

    def __init__(self, made: Sheet, tell: Callable[[str], None]) -> None:
        self._made, self._tell = made, tell
        self._left = list(POINTS)
        self.rows: list[Row] = []
        self.stopped = False
        self._ask()

    @property
    def done(self) -> bool:
        """Whether every point was placed or left out, or the user wants no more."""
        return self.stopped or not self._left

    def click(self, x: float, y: float, button: int) -> None:
        """Take a click at a place of the sheet, in pixels of the sheet."""
        if self.done or button not in (LEFT_BUTTON, RIGHT_BUTTON):
            return
        panel = int(y // PANEL_PX) * 2 + int(x // PANEL_PX)
        if panel < 0 or panel >= len(self._made.windows):
            return
        window = self._made.windows[panel]
        places = (
            start + shown + place % PANEL_PX / window.scale
            for start, shown, place in zip((window.x_px, window.y_px), window.shown_px, (x, y), strict=True)
        )
        across, down = (round(place, 1) for place in places)
        seen = "yes" if button == LEFT_BUTTON else "guessed"
        self.rows.append((self._made.number, self._left.pop(0), across, down, seen, ""))
        self._ask()

    def press(self, key: str | None) -> None:
        """Take a key."""
        if key == "q":
            self.stopped = True
        elif key == " " and self._left:
            self._left.pop(0)
            self._ask()

    def _ask(self) -> None:
        self._tell(f"{self._left[0]}?   {KEYS}" if self._left else "done: close the window")


def click_sheets(sheets: Path, typed: Path) -> int:
    """Show every sheet of a folder and write what is clicked; return how many points there are."""
    rows: list[Row] = []
    for made in read_index(sheets):
        clicks = _show(made, sheets)
        rows += clicks.rows
        if clicks.stopped:
            break
    with typed.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(TYPED_COLUMNS)
        writer.writerows(rows)
    return len(rows)


def _show(made: Sheet, sheets: Path) -> Clicks:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(12, 12))
    axes.imshow(pyplot.imread(sheets / f"{made.number:03d}.png"))
    axes.axis("off")

    def tell(line: str) -> None:
        axes.set_title(line)

    clicks = Clicks(made, tell)

    def after() -> None:
        figure.canvas.draw_idle()
        if clicks.done:
            pyplot.close(figure)

    def on_click(event: Any) -> None:
        if event.inaxes is axes:
            clicks.click(event.xdata, event.ydata, int(event.button))
            after()

    def on_key(event: Any) -> None:
        clicks.press(event.key)
        after()

    figure.canvas.mpl_connect("button_press_event", on_click)
    figure.canvas.mpl_connect("key_press_event", on_key)
    pyplot.show()
    return clicks
