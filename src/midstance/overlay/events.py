"""Event marks: where a foot touched down, stood at midstance or left the ground, for a moment after it did."""

from __future__ import annotations

import numpy as np

from midstance.overlay import pen
from midstance.overlay.layout import Layout, Rect
from midstance.overlay.moment import Moment, interpolated, on_canvas
from midstance.overlay.pen import Points
from midstance.overlay.phases import Event
from midstance.overlay.style import HALO, SIDE_COLOUR, SIDE_LETTER, Colour
from midstance.overlay.text import SEMIBOLD, Image, draw_text, text_width
from midstance.science.landmarks import LANDMARK_INDEX, SIDES

_MARK = 0.45
_DROP = 1.4
"""How far the mark lies below the foot."""
_TAG_HEIGHT = 1.3
_SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "initial_contact": ((-1, -0.8), (1, -0.8), (0, 0.8)),
    "midstance": ((0, -1), (1, 0), (0, 1), (-1, 0)),
    "toe_off": ((0, -0.8), (1, 0.8), (-1, 0.8)),
}
"""Corners about the middle: a triangle down, a diamond, a triangle up."""
_PART_OF_FOOT = {"initial_contact": "heel", "midstance": "ankle", "toe_off": "foot_index"}
"""Below which landmark the mark lies."""


def draw_events(image: Image, moment: Moment) -> None:
    """Mark the latest event of each leg below the foot, where it happened, with its name."""
    for side in SIDES:
        event = moment.phases[side].event
        if event is not None:
            _draw_event(image, moment, event)


def mark_place(moment: Moment, event: Event) -> Points:
    """Return the middle of an event's mark on the canvas: it stays where the foot was at the event.

    NaN when the foot was not seen or out of the picture.
    """
    points = on_canvas(interpolated(moment.view.centres, event.time_s), moment.layout)
    foot = [points[LANDMARK_INDEX[f"{event.side}_{joint}"]] for joint in ("ankle", "heel", "foot_index")]
    across = points[LANDMARK_INDEX[f"{event.side}_{_PART_OF_FOOT[event.name]}"], 0]
    sole = float(np.max([p[1] for p in foot]))
    edge = moment.layout.picture.bottom
    below = min(sole + _DROP * moment.layout.pen_px, edge - _MARK * moment.layout.pen_px)
    return np.array([across, below if sole <= edge else np.nan])


def draw_mark(image: Image, layout: Layout, name: str, place: Points, colour: Colour, radius_px: float) -> None:
    """Draw the mark of an event: a triangle down, a diamond or a triangle up."""
    corners = place + radius_px * np.array(_SHAPES[name])
    pen.shape(image, corners, colour, halo_px=layout.halo_px)


def tag_rect(moment: Moment, event: Event, place: Points) -> Rect:
    """Return where the name of an event stands: below its mark, no lower than the lane below the picture.

    From the front the feet are close together: there the names go outwards from them.
    """
    layout = moment.layout
    width = text_width(_tag(event), layout.text_px(), SEMIBOLD) + round(0.8 * layout.unit_px)
    height = round(_TAG_HEIGHT * layout.unit_px)
    x = place[0] - width / 2 + _outwards(moment, event) * (width / 2 + 0.8 * layout.unit_px)
    left = min(max(x, layout.picture.x), layout.picture.right - width)
    top = min(place[1] + 0.75 * layout.unit_px, layout.lane.bottom - height - 0.1 * layout.unit_px)
    return Rect(round(left), round(top), width, height)


def _outwards(moment: Moment, event: Event) -> int:
    """Return the direction on the picture away from the other leg; 0 in a side view."""
    if moment.view.scene.view == "side":
        return 0
    return 1 if moment.layout.margins[event.side].x > moment.layout.picture.x else -1


def _draw_event(image: Image, moment: Moment, event: Event) -> None:
    place = mark_place(moment, event)
    if not moment.layout.picture.holds(place):
        return
    colour = SIDE_COLOUR[event.side]
    draw_mark(image, moment.layout, event.name, place, colour, _MARK * moment.layout.pen_px)
    draw_plate(image, moment.layout, tag_rect(moment, event, place), _tag(event), colour)


def draw_plate(image: Image, layout: Layout, rect: Rect, text: str, colour: Colour) -> None:
    """Write dark text on a filled plate."""
    pen.rectangle(image, *rect, colour)
    middle = (rect.x + rect.width / 2, rect.y + rect.height / 2)
    draw_text(image, text, middle, layout.text_px(), HALO, weight=SEMIBOLD, align="centre")


def _tag(event: Event) -> str:
    return f"{SIDE_LETTER[event.side]} {event.title}"
