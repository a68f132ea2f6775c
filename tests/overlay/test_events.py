from __future__ import annotations

import numpy as np
import pytest

from midstance.overlay import still
from midstance.overlay.events import mark_place, tag_rect
from midstance.overlay.layout import arrange
from midstance.overlay.moment import Moment, Moments
from midstance.overlay.phases import EVENT_TITLES
from midstance.overlay.style import SIDE_COLOUR
from midstance.science.records import ViewAnalysis
from tests.overlay.conftest import plain, resized, without

SIZE = (540, 960)
EVENTS = tuple(EVENT_TITLES)


def _moment(view: ViewAnalysis, name: str, after_s: float) -> Moment:
    stride = next(s for s in view.strides if s.side == "right" and s.number == 4)
    time_s = float(getattr(stride, f"{name}_s"))
    return Moments(view, arrange(view.scene, SIZE)).at(time_s + after_s)


@pytest.mark.parametrize("name", EVENTS)
def test_mark_lies_below_the_foot_in_its_colour(side_view: ViewAnalysis, name: str) -> None:
    """Each event shows a mark of the side's colour just below the foot that made it."""
    moment = _moment(side_view, name, 0.02)
    event = moment.phases["right"].event
    assert event is not None
    assert event.name == name
    x, y = mark_place(moment, event)
    canvas = still(plain(side_view), side_view, moment.time_s)
    assert tuple(int(c) for c in canvas[round(y), round(x)]) == SIDE_COLOUR["right"]
    sole = max(moment.point(f"right_{j}")[1] for j in ("ankle", "heel", "foot_index"))
    assert sole < y < sole + 0.1 * side_view.scene.leg_length_px * moment.layout.picture_scale + 40


def test_mark_stays_where_the_event_was(side_view: ViewAnalysis) -> None:
    """While the foot moves on, the mark does not: it shows the place of the event, without flicker."""
    early, late = (_moment(side_view, "toe_off", after_s) for after_s in (0.01, 0.12))
    event = early.phases["right"].event
    assert event is not None
    assert event == late.phases["right"].event
    assert mark_place(early, event) == pytest.approx(mark_place(late, event))
    assert np.hypot(*(early.point("right_ankle") - late.point("right_ankle"))) > 10


@pytest.mark.parametrize("name", EVENTS)
def test_name_covers_no_joint(side_view: ViewAnalysis, front_view: ViewAnalysis, name: str) -> None:
    """The name of an event stands clear of every landmark of the leg that made it, for as long as it stays."""
    for view in (side_view, front_view):
        for after_s in (0.0, 0.07, 0.14):
            moment = _moment(view, name, after_s)
            event = moment.phases["right"].event
            if event is None or event.name != name:  # the next event has taken over
                continue
            rect = tag_rect(moment, event, mark_place(moment, event))
            points = [moment.point(f"right_{j}") for j in ("hip", "knee", "ankle", "heel", "foot_index")]
            assert not any(rect.holds(p) for p in points)


def test_names_of_both_feet_stand_apart_from_the_front(front_view: ViewAnalysis) -> None:
    """From the front, where the feet are close, the name of each foot goes outwards from it."""
    moment = _moment(front_view, "midstance", 0.01)
    event = moment.phases["right"].event
    assert event is not None
    place = mark_place(moment, event)
    assert tag_rect(moment, event, place).right < place[0]  # the right foot is on the picture's left


def test_name_at_the_edge_of_the_picture_stands_in_the_lane(side_view: ViewAnalysis) -> None:
    """When the feet touch the picture's lower edge the name moves into the lane below, not over the foot."""
    moment = _moment(side_view, "midstance", 0.01)
    event = moment.phases["right"].event
    assert event is not None
    layout = moment.layout
    rect = tag_rect(moment, event, np.array([300.0, layout.picture.bottom - 1.0]))
    assert rect.y >= layout.picture.bottom - 1
    assert rect.bottom <= layout.lane.bottom


def test_hidden_foot_has_no_mark(side_view: ViewAnalysis) -> None:
    """An event of a foot that is not seen is not marked anywhere on the picture."""
    view = without(side_view, "right_heel")
    moment = _moment(view, "initial_contact", 0.01)
    event = moment.phases["right"].event
    assert event is not None
    assert not moment.layout.picture.holds(mark_place(moment, event))


def test_foot_below_the_picture_has_no_mark(side_view: ViewAnalysis) -> None:
    """A foot that has left the picture is not marked at its edge."""
    view = resized(side_view, 1.5)
    moment = Moments(view, arrange(view.scene, SIZE)).at(_moment(side_view, "initial_contact", 0.01).time_s)
    event = moment.phases["right"].event
    assert event is not None
    assert not moment.layout.picture.holds(mark_place(moment, event))
