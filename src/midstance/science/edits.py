"""What a person put right by hand, as values: events, strides, sides and the level of the picture.

Edits are plain records. They are applied to landmarks from scratch each time (`editing`), so an undo is the older
value. A stance is named by a time within it, which holds when its contact is moved or other stances come and go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from math import atan2, degrees, isfinite
from typing import Any, Literal, TypeVar, get_args

from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES, Side
from midstance.science.one_line import one_line
from midstance.science.plain import finite

Event = Literal["initial_contact", "toe_off"]
EVENTS: tuple[Event, ...] = get_args(Event)
SAME_STANCE_S = 0.15
"""Times of one foot nearer than this name the same stance: its strides take at least 0.46 s."""
MOST_LEVEL_DEG = 30.0
"""A picture further off level is turned on its side, not tilted."""

_Item = TypeVar("_Item")
_Named = TypeVar("_Named", bound="NamedStance")


@dataclass(frozen=True)
class NamedStance:
    """One stance of one foot."""

    side: Side
    at_s: float
    """A time in the stance, such as its midstance."""

    def __post_init__(self) -> None:
        _check_time(self.at_s)

    def is_same(self, other: NamedStance) -> bool:
        """Return whether both name the same stance."""
        return self.side == other.side and abs(self.at_s - other.at_s) < SAME_STANCE_S


@dataclass(frozen=True)
class MovedEvent(NamedStance):
    """An initial contact or a toe-off at another time."""

    event: Event
    to_s: float

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_time(self.to_s)


@dataclass(frozen=True)
class AddedStance:
    """A stance that was not found."""

    side: Side
    initial_contact_s: float
    toe_off_s: float

    def __post_init__(self) -> None:
        _check_time(self.initial_contact_s)
        _check_time(self.toe_off_s)
        if not self.initial_contact_s < self.toe_off_s:
            raise InputError(
                f"added stance: expected its contact before its toe-off, given {self.initial_contact_s:.3f} and "
                f"{self.toe_off_s:.3f} s: exchange them"
            )


@dataclass(frozen=True)
class SwappedSpan:
    """A time over which the labels of the left and the right leg are exchanged; None = from the start, to the end."""

    start_s: float | None = None
    stop_s: float | None = None

    def __post_init__(self) -> None:
        for time_s in (self.start_s, self.stop_s):
            _check_time(0.0 if time_s is None else time_s)
        if self.start_s is not None and self.stop_s is not None and not self.start_s < self.stop_s:
            raise InputError(
                f"swapped sides: expected a start before the end, given {self.start_s:.3f} and {self.stop_s:.3f} s: "
                "exchange them"
            )

    @property
    def whole(self) -> bool:
        """Whether it is the whole clip."""
        return self.start_s is None and self.stop_s is None


@dataclass(frozen=True)
class ViewEdits:
    """All that was put right in one clip. Every method returns a new record."""

    moved: tuple[MovedEvent, ...] = ()
    removed: tuple[NamedStance, ...] = ()
    added: tuple[AddedStance, ...] = ()
    excluded: tuple[NamedStance, ...] = ()
    """Strides that are not to be used, by the stance that they begin with."""
    swapped: tuple[SwappedSpan, ...] = ()
    level_deg: float | None = None
    """Slope in the picture of a line that is level in reality, positive = its right side is low; None = the picture
    is taken as it is."""

    def __post_init__(self) -> None:
        if self.level_deg is not None and not abs(self.level_deg) <= MOST_LEVEL_DEG:
            raise InputError(
                f"level line: expected a slope of at most {MOST_LEVEL_DEG:.0f} deg, given {self.level_deg:.1f}: "
                "draw it along something level, such as the belt's edge or a window sill"
            )

    def __bool__(self) -> bool:
        return self != NO_VIEW_EDITS

    def move(self, side: Side, at_s: float, event: Event, to_s: float) -> ViewEdits:
        """Move an event of the stance at `at_s`; an earlier move of the same event is replaced."""
        new = MovedEvent(side, at_s, event, to_s)
        kept = tuple(m for m in self.moved if m.event != event or not m.is_same(new))
        return replace(self, moved=(*kept, new))

    def exclude(self, side: Side, at_s: float) -> ViewEdits:
        """Leave out the stride that begins with the stance at `at_s`."""
        return replace(self, excluded=(*self.include(side, at_s).excluded, NamedStance(side, at_s)))

    def include(self, side: Side, at_s: float) -> ViewEdits:
        """Take back an exclusion."""
        return replace(self, excluded=_without(self.excluded, NamedStance(side, at_s)))

    def remove(self, side: Side, at_s: float) -> ViewEdits:
        """Remove a stance that is none; one that was added by hand is simply taken away again."""
        named = NamedStance(side, at_s)
        others = tuple(a for a in self.added if a.side != side or not a.initial_contact_s <= at_s <= a.toe_off_s)
        if len(others) < len(self.added):
            return replace(self, added=others, moved=_without(self.moved, named))
        return replace(self, removed=(*_without(self.removed, named), named))

    def add(self, side: Side, initial_contact_s: float, toe_off_s: float) -> ViewEdits:
        """Add a stance that was not found."""
        return replace(self, added=(*self.added, AddedStance(side, initial_contact_s, toe_off_s)))

    def swap(self, start_s: float | None = None, stop_s: float | None = None) -> ViewEdits:
        """Exchange left and right over a time, or over the whole clip; the same span again takes it back."""
        span = SwappedSpan(start_s, stop_s)
        if span in self.swapped:
            return replace(self, swapped=tuple(s for s in self.swapped if s != span))
        return replace(self, swapped=(*self.swapped, span))

    def level(self, level_deg: float | None) -> ViewEdits:
        """Set, or take back, the slope of a line that is level in reality."""
        return replace(self, level_deg=level_deg)

    @property
    def told(self) -> str:
        """Return what was edited in words, such as `2 contacts moved, 1 stride excluded`; empty without edits."""
        counts = (
            (sum(m.event == "initial_contact" for m in self.moved), "contact", "moved"),
            (sum(m.event == "toe_off" for m in self.moved), "toe-off", "moved"),
            (len(self.added), "stance", "added"),
            (len(self.removed), "stance", "removed"),
            (len(self.excluded), "stride", "excluded"),
        )
        parts = [f"{n} {what}{'s' if n > 1 else ''} {done}" for n, what, done in counts if n]
        parts += [_span_words(span) for span in self.swapped]
        parts += [] if self.level_deg is None else [f"level set to {self.level_deg:.1f} deg"]
        return ", ".join(parts)


NO_VIEW_EDITS = ViewEdits()


@dataclass(frozen=True)
class Edits:
    """The edits of all views, by the name of the view in the analysis."""

    views: Mapping[str, ViewEdits] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.views.values())

    def of(self, view: str) -> ViewEdits:
        """Return the edits of one view; empty ones when it has none."""
        return self.views.get(view, NO_VIEW_EDITS)

    def with_view(self, view: str, edits: ViewEdits) -> Edits:
        """Return the same with one view's edits replaced."""
        return Edits({**self.views, view: edits})

    def to_plain(self) -> dict[str, Any]:
        """Return the edits as JSON knows them; `from_plain` is the way back."""
        return {"views": {name: _view_to_plain(edits) for name, edits in self.views.items() if edits}}

    @classmethod
    def from_plain(cls, value: object) -> Edits:
        """Return the edits that `to_plain` wrote.

        Raises
        ------
        InputError
            If something is missing, unknown or has a value that makes no sense.
        """
        views = _table(_table(value, "edits", ("views",)).get("views", {}), "edits, views")
        return cls({name: _view_from_plain(edits, f"edits, {one_line(str(name))}") for name, edits in views.items()})


NO_EDITS = Edits()


def level_from_line(start_px: tuple[float, float], end_px: tuple[float, float]) -> float:
    """Return the slope of a line drawn in the picture, for `ViewEdits.level`.

    Parameters
    ----------
    start_px, end_px : (x, y)
        Its ends in either order, y down.

    Returns
    -------
    float
        Degrees; positive = its right side is low.

    Raises
    ------
    InputError
        If the ends lie less than ten pixels apart.
    """
    dx, dy = end_px[0] - start_px[0], end_px[1] - start_px[1]
    if not dx * dx + dy * dy >= 100.0:
        raise InputError("level line: expected ends at least 10 px apart, given nearer ones: draw a longer line")
    return degrees(atan2(dy, dx) if dx >= 0 else atan2(-dy, -dx))


def _without(stances: tuple[_Named, ...], gone: NamedStance) -> tuple[_Named, ...]:
    return tuple(s for s in stances if not s.is_same(gone))


def _span_words(span: SwappedSpan) -> str:
    if span.whole:
        return "left and right exchanged"
    start = "the start" if span.start_s is None else f"{span.start_s:.2f}"
    stop = "the end" if span.stop_s is None else f"{span.stop_s:.2f} s"
    return f"left and right exchanged from {start} to {stop}"


# --- to and from plain data -----------------------------------------------------------------------


def _view_to_plain(edits: ViewEdits) -> dict[str, Any]:
    lists = {name: [asdict(item) for item in getattr(edits, name)] for name in _ITEMS}
    return {name: items for name, items in lists.items() if items} | {"level_deg": edits.level_deg}


def _view_from_plain(value: object, where: str) -> ViewEdits:
    table = _table(value, where, (*_ITEMS, "level_deg"))
    level = table.get("level_deg")
    return ViewEdits(
        moved=_items(table, "moved", where, _moved),
        removed=_items(table, "removed", where, _named),
        added=_items(table, "added", where, _added),
        excluded=_items(table, "excluded", where, _named),
        swapped=_items(table, "swapped", where, _swapped),
        level_deg=None if level is None else _number(level, f"{where}, level_deg"),
    )


def _items(
    table: Mapping[str, Any], name: str, where: str, read: Callable[[Mapping[str, Any], str], _Item]
) -> tuple[_Item, ...]:
    given = table.get(name, [])
    if not isinstance(given, list | tuple):
        raise InputError(f"{where}, {name}: expected a list, given {given!r:.60}: correct it")
    keys = _ITEMS[name]
    told = f"{where}, {name}"
    return tuple(read(_table(item, told, keys), told) for item in given)


def _named(item: Mapping[str, Any], where: str) -> NamedStance:
    return NamedStance(_one_of(item.get("side"), SIDES, where), _number(item.get("at_s"), f"{where}, at_s"))


def _moved(item: Mapping[str, Any], where: str) -> MovedEvent:
    stance, event = _named(item, where), _one_of(item.get("event"), EVENTS, where)
    return MovedEvent(stance.side, stance.at_s, event, _number(item.get("to_s"), f"{where}, to_s"))


def _added(item: Mapping[str, Any], where: str) -> AddedStance:
    contact_s, toe_off_s = (_number(item.get(key), f"{where}, {key}") for key in ("initial_contact_s", "toe_off_s"))
    return AddedStance(_one_of(item.get("side"), SIDES, where), contact_s, toe_off_s)


def _swapped(item: Mapping[str, Any], where: str) -> SwappedSpan:
    ends = (item.get(key) for key in ("start_s", "stop_s"))
    start_s, stop_s = (None if end is None else _number(end, where) for end in ends)
    return SwappedSpan(start_s, stop_s)


_ITEMS: dict[str, tuple[str, ...]] = {
    "moved": ("side", "at_s", "event", "to_s"),
    "removed": ("side", "at_s"),
    "added": ("side", "initial_contact_s", "toe_off_s"),
    "excluded": ("side", "at_s"),
    "swapped": ("start_s", "stop_s"),
}
"""The lists of a view's edits and what their items hold."""


def _table(value: object, where: str, keys: tuple[str, ...] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(f"{where}: expected an object, given {value!r:.60}: correct it")
    unknown = [str(key) for key in value if keys is not None and key not in keys]
    if unknown:
        given = one_line(", ".join(unknown))
        raise InputError(f"{where}: expected only {', '.join(keys or ())}, given {given:.60}: leave that out")
    return value


def _number(value: object, where: str) -> float:
    number = finite(value)
    if number is None:
        raise InputError(f"{where}: expected a number, given {value!r:.60}: correct it")
    return number


def _one_of(value: object, allowed: tuple[_Item, ...], where: str) -> _Item:
    for choice in allowed:
        if value == choice:
            return choice
    raise InputError(f"{where}: expected {' or '.join(map(str, allowed))}, given {value!r:.60}: correct it")


def _check_time(time_s: float) -> None:
    if not isfinite(time_s):
        raise InputError(f"edits: expected times in seconds, given {time_s}: correct it")
