from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.overlay.layout import Layout, Rect, arrange
from midstance.overlay.margin import reading_rects, stacked, status_tops
from midstance.overlay.moment import Moments
from tests.support.example import example_analysis

SIDE = example_analysis().view("side")
FRONT = example_analysis().view("front")
VIEWS = {"side": SIDE, "front": FRONT}
sizes = st.tuples(st.integers(120, 4096), st.integers(120, 4096)).filter(lambda s: 0.4 < s[0] / s[1] < 2.5)


def _overlap(a: Rect, b: Rect) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


@given(size=sizes, strip=st.booleans(), name=st.sampled_from(["side", "front"]))
def test_parts_of_canvas_are_even_and_apart(size: tuple[int, int], strip: bool, name: str) -> None:  # noqa: FBT001 - drawn
    """Whatever the clip's size, the canvas has even sides and no part of it hides another."""
    layout = arrange(VIEWS[name].scene, size, strip=strip)
    assert layout.width_px % 2 == layout.height_px % 2 == 0
    parts = [layout.header, layout.picture, layout.lane, *set(layout.margins.values())]
    parts += [layout.strip] if layout.strip else []
    assert not any(_overlap(a, b) for i, a in enumerate(parts) for b in parts[i + 1 :])
    assert all(p.x >= 0 and p.right <= layout.width_px and p.bottom <= layout.height_px for p in parts)


@given(size=sizes, name=st.sampled_from(["side", "front"]))
def test_rows_of_margin_are_apart_and_inside(size: tuple[int, int], name: str) -> None:
    """Whatever the clip's size, the numbers stand below the legs' status, apart, and in their margin."""
    view = VIEWS[name]  # not drawn itself, since it would be written out with every example
    layout = arrange(view.scene, size)
    rows = reading_rects(Moments(view, layout))
    assert not any(_overlap(a, b) for i, a in enumerate(rows) for b in rows[i + 1 :])
    assert all(row.y > max(status_tops(view.scene, layout).values()) for row in rows)
    assert all(row.bottom <= layout.picture.bottom for row in rows)


@pytest.mark.parametrize(
    ("clip", "shown"),
    [
        ((352, 480), (704, 960)),
        ((480, 352), (960, 704)),
        ((720, 1280), (720, 1280)),
        ((1080, 1920), (1080, 1920)),
        ((2160, 3840), (1080, 1920)),
    ],
)
def test_small_pictures_grow_and_huge_ones_shrink(clip: tuple[int, int], shown: tuple[int, int]) -> None:
    """A tiny clip is enlarged by a whole factor so that text is legible; 4K is cut to what tablets decode."""
    assert arrange(SIDE.scene, clip).picture[2:] == shown


@pytest.mark.parametrize("factor", [1.5, 2.0])
def test_text_and_lines_grow_with_the_picture(factor: float) -> None:
    """Text and lines keep their size relative to the picture."""
    scene = replace(SIDE.scene, leg_length_px=float("nan"))
    small, large = arrange(scene, (540, 960)), arrange(scene, (round(540 * factor), round(960 * factor)))
    assert large.text_px() == pytest.approx(factor * small.text_px(), abs=1)
    assert large.line_px(0.22) == pytest.approx(factor * small.line_px(0.22), abs=1)


def test_lines_are_thinner_on_a_small_runner() -> None:
    """On a runner who is small in the picture the lines are thinner, the text is not."""
    near = arrange(replace(SIDE.scene, leg_length_px=400.0), (720, 1280))
    far = arrange(replace(SIDE.scene, leg_length_px=150.0), (720, 1280))
    assert far.line_px(0.22) < near.line_px(0.22)
    assert far.text_px() == near.text_px()


def test_margins_stand_where_the_leg_is() -> None:
    """The margin of a side view lies ahead of the runner; from the front the left leg's is on the right."""
    ahead = arrange(SIDE.scene, (540, 960))
    assert ahead.margins["left"] == ahead.margins["right"]
    assert ahead.margins["left"].x == ahead.picture.right
    assert _left_of_picture(arrange(replace(SIDE.scene, facing="left"), (540, 960)), "left")
    front, rear = arrange(FRONT.scene, (540, 960)), arrange(replace(FRONT.scene, view="rear"), (540, 960))
    assert _left_of_picture(front, "right")
    assert not _left_of_picture(front, "left")
    assert _left_of_picture(rear, "left")


def _left_of_picture(layout: Layout, side: str) -> bool:
    return {str(s): m.right <= layout.picture.x for s, m in layout.margins.items()}[side]


@given(wanted=st.lists(st.one_of(st.floats(-500, 2000), st.just(float("nan"))), max_size=6))
def test_rows_are_stacked_in_order_within_their_room(wanted: list[float]) -> None:
    """Rows keep their order, never overlap and stay in their room when there is enough of it."""
    tops = stacked(np.array(wanted), 100, 200, 1000)
    assert all(b - a >= 100 for a, b in pairwise(tops))
    assert all(200 <= top <= 900 for top in tops)
