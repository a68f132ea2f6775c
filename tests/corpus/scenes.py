"""What a user may film: nobody, somebody half the time, two at once, a camera that moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.corpus.coded import shown
from tests.corpus.entries import Entry
from tests.corpus.pictures import (
    SIZE_PX,
    all_scaled,
    beside,
    empty_room,
    running,
    seen_through,
    turned,
)

WIDTH_PX, HEIGHT_PX = SIZE_PX


def black(folder: Path) -> Path:
    """Return a clip of a covered lens."""
    return shown([np.zeros((HEIGHT_PX, WIDTH_PX, 3), np.uint8)] * 60)(folder)


def noise(folder: Path) -> Path:
    """Return a clip of noise."""
    random = np.random.default_rng(1)
    return shown([random.integers(0, 255, (HEIGHT_PX, WIDTH_PX, 3), np.uint8) for _ in range(60)])(folder)


def frozen(folder: Path) -> Path:
    """Return a clip whose picture stands still."""
    return shown([running()[0]] * 90)(folder)


def freezing(folder: Path) -> Path:
    """Return a clip whose picture stands still for the last second and a half of six."""
    images = running(6.0)
    return shown([*images[:135], *[images[135]] * 45])(folder)


def leaving(folder: Path) -> Path:
    """Return a clip whose runner is out of the picture from second 3 to second 4.5 of 7.5."""
    images = running(7.5)
    there = [*images[:90], *(empty_room(i) for i in images[90:135]), *images[135:]]
    return shown(there)(folder)


def drifting(folder: Path) -> Path:
    """Return a clip whose runner goes out at the right and comes back."""
    half = [0] * 90 + [12 * i for i in range(30)]
    return shown(seen_through(running(8.0), half + half[::-1]))(folder)


def two(folder: Path) -> Path:
    """Return a clip of two runners side by side, one after the other in the stride."""
    images = running(6.0)
    return shown(beside(images[:-7], running(6.0, runner="restricted")[7:]))(folder)


def legs_cut_off(folder: Path) -> Path:
    """Return a clip that ends above the knees."""
    return shown([np.ascontiguousarray(image[:380]) for image in running()])(folder)


def panning(folder: Path) -> Path:
    """Return a clip of a camera that swings from side to side."""
    images = running(6.0)
    return shown(seen_through(images, [round(80 * np.sin(i / 15)) for i in range(len(images))]))(folder)


def shaking(folder: Path) -> Path:
    """Return a clip of a camera that is held in an unsteady hand."""
    images, random = running(6.0), np.random.default_rng(2)
    moved = [
        np.roll(i, (int(y), int(x)), (0, 1)) for i, (x, y) in zip(images, random.normal(0, 6, (180, 2)), strict=True)
    ]
    return shown(moved)(folder)


def cuts(folder: Path) -> Path:
    """Return a clip that jumps from one camera to another and back."""
    return shown([*running(6.0)[:60], *running(6.0, "front")[60:120], *running(6.0)[120:]])(folder)


def two_takes(folder: Path) -> Path:
    """Return a clip of two takes of the same camera, one after the other."""
    return shown([*running(6.0)[:80], *running(6.0)[95:175]])(folder)


ENTRIES = (
    Entry("black", "60 pictures", black, 3, "expected a runner"),
    Entry("noise", "60 pictures", noise, 3, "expected a runner"),
    Entry("frozen picture", "one picture for 3 s", frozen, 3),
    Entry("freezing picture", "the last quarter stands still", freezing, 0, "pictures are repeated"),
    Entry("upside down", "no display matrix", lambda f: shown(turned(running(), 2))(f), 3),
    Entry("lying on the side", "no display matrix", lambda f: shown(turned(running(), 1))(f), 3),
    Entry("runner leaves", "gone for 1.5 s of 7.5 s", leaving, 0, "clear the view of the legs"),
    Entry("runner drifts out", "to the right and back", drifting, 0, "clear the view of the legs"),
    Entry("two runners", "side by side", two, 0, "2 people in the picture"),
    Entry("legs out of the picture", "cut above the knees", legs_cut_off, 3, "legs"),
    Entry("camera swings", "80 px to either side", panning, 0, "wanders through the picture"),
    Entry("camera shakes", "6 px at random", shaking),
    Entry("hard cuts", "side, front, side: hips stay in place", cuts, 0, "the picture jumps"),
    Entry("two takes", "half a second missing", two_takes),
    Entry("no runner's place", "an empty room", lambda f: shown([empty_room(i) for i in running()[:60]])(f), 3),
    Entry("front given as side", "", lambda f: shown(running(4.0, "front"))(f), 3),
    Entry("side given as front", "", lambda f: shown(running())(f), 3, view="--front"),
    Entry("front", "", lambda f: shown(running(6.0, "front"))(f), view="--front"),
    Entry(
        "slow motion",
        "four times slower",
        lambda f: shown(running(4.0, every=1), 15.0)(f),
        3,
        "slow motion",
        careful=True,
    ),
    Entry(
        "slow motion, rate given",
        "four times slower",
        lambda f: shown(running(4.0, every=1), 15.0)(f),
        options=("--capture-fps", "60"),
    ),
    Entry("fast motion", "twice as fast", lambda f: shown(running(6.0), 60.0)(f), 3, "too fast"),
    Entry("small and wide", "160 x 90 runner in 640 x 360", lambda f: shown(all_scaled(running(), (180, 320)))(f)),
)
