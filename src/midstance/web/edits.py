"""The steps that a user takes on the review page, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from midstance.science.edits import EVENTS, NO_EDITS, Edits, Event, ViewEdits, level_from_line
from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES, Side
from midstance.science.plain import finite

Step = Mapping[str, Any]
MOST_STEPS = 2000
_EVENT_WORDS = {"initial_contact": "Initial contact", "toe_off": "Toe-off"}


def edits_of(steps: Sequence[Step], views: Sequence[str]) -> Edits:
    """Return what a list of steps comes to, one after the other.

    Parameters
    ----------
    steps : sequence of mapping
        As the page sends them: `kind`, `view` and what the kind needs.
    views : sequence of str
        Names of the views of the analysis.

    Raises
    ------
    InputError
        If a step is none that is known, or lacks something.
    """
    if len(steps) > MOST_STEPS:
        raise InputError(f"edits: expected at most {MOST_STEPS}, given {len(steps)}: set the list anew")
    edits = NO_EDITS
    for step in steps:
        name = _one_of(step, "view", views)
        edits = edits.with_view(name, _taken(edits.of(name), step))
    return edits


def words_of(step: Step) -> str:
    """Return a step as a sentence."""
    kind, view = step["kind"], str(step["view"]).replace("_", " ")
    if kind == "move_event":
        event, at_s = _EVENT_WORDS[step["event"]], _at_s(step)
        return f"{event} of the {step['side']} foot near {at_s:.2f} s moved to {step['to_s']:.3f} s ({view} view)"
    if kind in _STANCE_WORDS:
        return f"{_STANCE_WORDS[kind].format(side=step['side'])} at {_at_s(step):.2f} s ({view} view)"
    if kind == "swap_sides":
        return f"Left and right exchanged {_span(step)} ({view} view)"
    return f"Level line drawn ({view} view)" if step.get("points_px") else f"Level line taken back ({view} view)"


_STANCE_WORDS = {
    "exclude_stride": "Stride of the {side} foot left out",
    "include_stride": "Stride of the {side} foot taken in again",
    "remove_stance": "Stance of the {side} foot removed",
    "add_stance": "Stance of the {side} foot added",
}


def _taken(edits: ViewEdits, step: Step) -> ViewEdits:
    kind = step.get("kind")
    if not isinstance(kind, str) or kind not in _STEPS:
        raise InputError(f"edit: expected a kind of {', '.join(_STEPS)}, given {kind!r:.40}: correct it")
    return _STEPS[kind](edits, step)


def _move(edits: ViewEdits, step: Step) -> ViewEdits:
    event = cast("Event", _one_of(step, "event", EVENTS))
    return edits.move(_side(step), _at_s(step), event, _time(step, "to_s"))


def _exclude(edits: ViewEdits, step: Step) -> ViewEdits:
    return edits.exclude(_side(step), _at_s(step))


def _include(edits: ViewEdits, step: Step) -> ViewEdits:
    return edits.include(_side(step), _at_s(step))


def _remove(edits: ViewEdits, step: Step) -> ViewEdits:
    return edits.remove(_side(step), _at_s(step))


def _add(edits: ViewEdits, step: Step) -> ViewEdits:
    return edits.add(_side(step), _time(step, "initial_contact_s"), _time(step, "toe_off_s"))


def _swap(edits: ViewEdits, step: Step) -> ViewEdits:
    start_s, stop_s = (None if step.get(key) is None else _time(step, key) for key in ("from_s", "to_s"))
    return edits.swap(start_s, stop_s)


def _level(edits: ViewEdits, step: Step) -> ViewEdits:
    points = step.get("points_px")
    if points is None:
        return edits.level(None)
    start, end = point_pair(points)
    return edits.level(level_from_line(start, end))


_STEPS: dict[str, Callable[[ViewEdits, Step], ViewEdits]] = {
    "move_event": _move,
    "exclude_stride": _exclude,
    "include_stride": _include,
    "remove_stance": _remove,
    "add_stance": _add,
    "swap_sides": _swap,
    "tilt_line": _level,
}


def point_pair(points: object) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return two points of the picture.

    Raises
    ------
    InputError
        If they are not two pairs of numbers.
    """
    if isinstance(points, list) and len(points) == 2 and all(_is_point(p) for p in points):
        (x1, y1), (x2, y2) = points
        return (float(x1), float(y1)), (float(x2), float(y2))
    raise InputError(f"points_px: expected two points [x, y], given {points!r:.60}: correct it")


def _is_point(point: object) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(finite(n) is not None for n in point)


def _side(step: Step) -> Side:
    return cast("Side", _one_of(step, "side", SIDES))


def _at_s(step: Step) -> float:
    """Return the time that names a stance: one within it, or that of its event."""
    return _time(step, next((k for k in ("at_s", "initial_contact_s", "from_s") if step.get(k) is not None), "at_s"))


def _time(step: Step, key: str) -> float:
    time_s = finite(step.get(key))
    if time_s is None:
        raise InputError(f"edit, {key}: expected a time in seconds, given {step.get(key)!r:.40}: correct it")
    return time_s


def _one_of(step: Step, key: str, allowed: Sequence[str]) -> str:
    value = step.get(key)
    if isinstance(value, str) and value in allowed:
        return value
    raise InputError(f"edit, {key}: expected {' or '.join(allowed)}, given {value!r:.40}: correct it")


def _span(step: Step) -> str:
    start_s, stop_s = step.get("from_s"), step.get("to_s")
    if start_s is None and stop_s is None:
        return "over the whole clip"
    start = "the start" if start_s is None else f"{start_s:.2f} s"
    return f"from {start} to {'the end' if stop_s is None else f'{stop_s:.2f} s'}"
