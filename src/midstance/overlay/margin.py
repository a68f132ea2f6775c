"""The margins: for each leg its stride and contact, and the angles as numbers with a line to each arc."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midstance.overlay import pen
from midstance.overlay.arcs import arc_of
from midstance.overlay.events import draw_plate
from midstance.overlay.layout import Layout, Rect
from midstance.overlay.moment import Annotator, Moment, Moments
from midstance.overlay.pen import Points
from midstance.overlay.phases import LegPhase
from midstance.overlay.readings import Reading
from midstance.overlay.style import DIM_INK, FAINT_INK, GRID, INK, PANEL, SIDE_COLOUR
from midstance.overlay.text import SEMIBOLD, Image, draw_text
from midstance.science.landmarks import SIDES, Side, other_side
from midstance.science.records import Scene

_PAD = 0.7
_STATUS_HEIGHT = 5.6
_ROW_HEIGHT = 5.0
_VALUE_AT = 2.4
"""Middle of the number within its row."""
_LEADER = 0.06
_SAMPLES = 60


def margin_annotator(moments: Moments) -> Annotator:
    """Return what writes the margins of a clip: stride and contact of both legs, then the angles.

    Parameters
    ----------
    moments : Moments
        Of the clip. The place of each angle is found once, so that it never moves.
    """
    tops = status_tops(moments.view.scene, moments.layout)
    rows = reading_rects(moments)

    def draw_margins(image: Image, moment: Moment) -> None:
        for side, top in tops.items():
            _draw_status(image, moment, moment.phases[side], top)
        for reading, row in zip(moment.readings, rows, strict=True):
            _draw_reading(image, moment.layout, reading, row)
            _draw_leader(image, moment, reading, row)

    return draw_margins


def status_tops(scene: Scene, layout: Layout) -> dict[Side, int]:
    """Return the upper edge of each leg's status: side by side in two margins, one below the other in one."""
    first: Side = scene.near_side or "left"
    places = {first: 0, other_side(first): 1 if scene.view == "side" else 0}
    return {s: round(layout.picture.y + i * _STATUS_HEIGHT * layout.unit_px) for s, i in places.items()}


def reading_rects(moments: Moments) -> tuple[Rect, ...]:
    """Return the rows of the readings: as near as can be to the height at which each arc mostly lies."""
    layout = moments.layout
    height = round(_ROW_HEIGHT * layout.unit_px)
    wanted = _usual_heights(moments) - _VALUE_AT * layout.unit_px
    tops = np.zeros(len(wanted), dtype=int)
    status = status_tops(moments.view.scene, layout)
    first = max(status.values()) + round(_STATUS_HEIGHT * layout.unit_px)
    for side in SIDES:
        mine = [i for i, trace in enumerate(moments.traces) if trace.side == side]
        tops[mine] = stacked(wanted[mine], height, first, layout.picture.bottom)
    margins = [layout.margins[trace.side] for trace in moments.traces]
    return tuple(Rect(m.x, int(top), m.width, height) for m, top in zip(margins, tops, strict=True))


def stacked(wanted: Points, height: int, first: int, last: int) -> NDArray[np.int_]:
    """Return the upper edges of rows that keep their order and do not overlap, near to where they are wanted.

    Parameters
    ----------
    wanted : (n,) array
        Upper edges as wanted; NaN = anywhere.
    height : int
        Of a row.
    first, last : int
        Upper edge of the room for all rows, and its lower edge, which wins where the room is too small.
    """
    tops = []
    lowest = first
    for want in wanted:
        tops.append(max(lowest, lowest if np.isnan(want) else round(float(want))))
        lowest = tops[-1] + height
    highest = last
    for index in reversed(range(len(tops))):
        tops[index] = min(tops[index], highest - height)
        highest = tops[index]
    return np.array(tops, dtype=int)


def _usual_heights(moments: Moments) -> Points:
    """Return the median height at which the line of each reading ends; NaN when it is never seen."""
    times = moments.view.landmarks.time_s
    sampled = times[:: max(1, len(times) // _SAMPLES)]
    heights = np.full((len(sampled), len(moments.traces)), np.nan)
    for row, time_s in zip(heights, sampled, strict=True):
        moment = moments.at(float(time_s))
        row[:] = [leader_end(moment, reading)[1] for reading in moment.readings]
    columns = [column[np.isfinite(column)] for column in heights.T]
    return np.array([np.median(c) if len(c) else np.nan for c in columns])


def _draw_status(image: Image, moment: Moment, phase: LegPhase, top: int) -> None:
    layout, unit = moment.layout, moment.layout.unit_px
    margin, colour = layout.margins[phase.side], SIDE_COLOUR[phase.side]
    left = margin.x + _PAD * unit
    width = margin.width - 2 * _PAD * unit
    far = moment.view.scene.near_side not in (None, phase.side)
    title = f"{phase.side.capitalize()}{' · far leg' if far else ''}"
    draw_text(image, title, (left, top + 0.9 * unit), layout.text_px(1.1), colour, weight=SEMIBOLD)
    draw_text(image, stride_text(phase), (left, top + 2.1 * unit), layout.text_px(0.8), FAINT_INK)
    _draw_progress(image, Rect(round(left), round(top + 2.8 * unit), round(width), layout.rule_px(0.28)), phase)
    plate = Rect(round(left), round(top + 3.5 * unit), round(width), round(1.35 * unit))
    _draw_contact(image, layout, plate, phase)


def stride_text(phase: LegPhase) -> str:
    """Return the stride under way in words; empty when there is none."""
    if phase.stride is None:
        return ""
    name = f"Stride {phase.stride.number}"
    if not phase.stride.valid:
        return f"{name} · not counted"
    return f"{name} · {int(phase.percent)} %"


def _draw_progress(image: Image, rect: Rect, phase: LegPhase) -> None:
    """Draw how much of the stride is over; the stance is the brighter part of the bar."""
    pen.rectangle(image, *rect, PANEL)
    if phase.stride is None or not np.isfinite(phase.percent):
        return
    stance = phase.stride.toe_off_percent / 100 * rect.width
    pen.rectangle(image, rect.x, rect.y, stance, rect.height, GRID)
    now = phase.percent / 100 * rect.width
    pen.rectangle(image, rect.x, rect.y, now, rect.height, SIDE_COLOUR[phase.side])


def _draw_contact(image: Image, layout: Layout, rect: Rect, phase: LegPhase) -> None:
    """Say whether the foot is on the ground."""
    if phase.on_ground:
        draw_plate(image, layout, rect, "On ground", SIDE_COLOUR[phase.side])
    elif phase.on_ground is False:
        pen.rectangle(image, *rect, PANEL)
        middle = (rect.x + rect.width / 2, rect.y + rect.height / 2)
        draw_text(image, "Swing", middle, layout.text_px(), FAINT_INK, align="centre")


def _draw_reading(image: Image, layout: Layout, reading: Reading, row: Rect) -> None:
    unit = layout.unit_px
    left, right = row.x + _PAD * unit, row.right - _PAD * unit
    pen.rectangle(image, left, row.y, right - left, layout.rule_px(0.05), GRID)
    shade = INK if reading.text else DIM_INK
    draw_text(image, reading.trace.title, (left, row.y + 0.9 * unit), layout.text_px(0.85), shade)
    draw_text(image, reading.text, (left, row.y + _VALUE_AT * unit), layout.text_px(1.9), INK, weight=SEMIBOLD)
    if reading.held_text:
        held = f"midstance {reading.held_text}"
        draw_text(image, held, (left, row.y + 4.0 * unit), layout.text_px(0.85), FAINT_INK)


def _draw_leader(image: Image, moment: Moment, reading: Reading, row: Rect) -> None:
    end = leader_end(moment, reading)
    layout = moment.layout
    if not reading.text or not layout.picture.holds(end):
        return
    right_of_picture = row.x >= layout.picture.right
    y = row.y + _VALUE_AT * layout.unit_px
    edge = row.x if right_of_picture else row.right
    back = edge + (0.4 if right_of_picture else -3.6) * layout.unit_px
    pen.path(image, np.array([[back, y], [edge, y], end]), INK, layout.line_px(_LEADER), halo_px=1)
    pen.disc(image, end, 0.14 * layout.pen_px, INK, halo_px=layout.halo_px)


def leader_end(moment: Moment, reading: Reading) -> Points:
    """Return the point in the picture that a reading is about; NaN when it is not seen."""
    if reading.trace.measure == "foot_progression":
        return moment.point(f"{reading.trace.side}_foot_index")
    arc = arc_of(moment, reading)
    return np.full(2, np.nan) if arc is None else arc.middle
