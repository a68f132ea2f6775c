"""Measures of one's own: what is added from outside the package, applied to an analysed view.

Such code is handed in by the caller; where it is found is no matter here. What breaks in it costs its own numbers
alone: the analysis goes on and says so in the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite, nan
from typing import TYPE_CHECKING, Generic, TypeVar

from midstance.science.catalogue import ALL_VIEWS, MEASURE
from midstance.science.errors import InputError
from midstance.science.one_line import one_line
from midstance.science.records import Instant, MeasureValue, Quality, QualityNote, Stride, View, ViewAnalysis

if TYPE_CHECKING:
    from midstance.science.findings.topic import Topic  # it imports this module

CHECK = "own_code"
MOST_SAID = 200
"""Characters of what other people's errors say."""
UNKNOWN_ERROR = "a measure from outside midstance, whose error is not known"

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class OwnMeasure:
    """A measure of one value a stride.

    Attributes
    ----------
    name : str
        In tables, in lower case with underscores; not one of midstance's own.
    unit : str
        `deg`, `m`, `s`, `%` ...
    views : tuple of {'side', 'front', 'rear'}
        Where it can be measured.
    value : callable
        Given the analysed view and one of its valid strides, returns the number; NaN where it cannot be measured.
    instant : Instant
        What the value stands for; `stride` where it is none of the instants.
    standard_error : float
        Of one value against the truth, in the unit, where it was tested; without it values are of low quality.
    """

    name: str
    unit: str
    value: Callable[[ViewAnalysis, Stride], float]
    views: tuple[View, ...] = ALL_VIEWS
    instant: Instant = "stride"
    standard_error: float = nan

    def __post_init__(self) -> None:
        """Check the name.

        Raises
        ------
        InputError
            If it is no name for a column, or midstance has a measure of that name.
        """
        if not self.name.isidentifier() or self.name != self.name.lower():
            raise InputError(f"measure: expected a name of a-z, 0-9 and _, given {self.name!r:.40}: rename it")
        if self.name in MEASURE:
            raise InputError(f"measure: expected a new name, given {self.name!r} of midstance's own: rename it")


@dataclass(frozen=True)
class Plugin(Generic[T_co]):
    """Something from another package."""

    item: T_co
    package: str
    """Who brought it, for messages."""


@dataclass(frozen=True)
class Own:
    """All that was added from outside."""

    measures: tuple[Plugin[OwnMeasure], ...] = ()
    topics: tuple[Plugin[Topic], ...] = ()
    broken: tuple[str, ...] = ()
    """What could not be had, and what to do, each in a sentence."""
    packages: Mapping[str, str] = field(default_factory=dict)
    """Names and versions."""


NOTHING_OWN = Own()


def with_own_measures(view: ViewAnalysis, own: Own) -> ViewAnalysis:
    """Return a view with the values of measures from outside after its own; what broke is said in a note."""
    values, notes = list(view.values), list(view.notes)
    for plugin in own.measures:
        if view.scene.view in plugin.item.views:
            try:
                values += [_value(plugin.item, view, stride) for stride in view.strides if stride.valid]
            except Exception as error:  # noqa: BLE001 - other people's code may raise anything
                told = broken("measure", plugin.item.name, plugin.package, error)
                notes.append(QualityNote(view.name, CHECK, "caution", told))
    return replace(view, values=tuple(values), notes=tuple(notes))


def broken(kind: str, name: str, package: str, error: Exception) -> str:
    """Return the sentence on something from outside that raised an error."""
    return f"{kind} {name} of {package} was left out, it broke: {said(error)}; mend or uninstall {package}"


def said(error: Exception) -> str:
    """Return what an error says, in one line."""
    return one_line(f"{type(error).__name__}: {error}")[:MOST_SAID]


def with_broken(views: tuple[ViewAnalysis, ...], told: tuple[str, ...]) -> tuple[ViewAnalysis, ...]:
    """Return the views with sentences on what broke among the notes of the first."""
    if not told:
        return views
    first = views[0]
    notes = tuple(QualityNote(first.name, CHECK, "caution", words) for words in told)
    return (replace(first, notes=(*first.notes, *notes)), *views[1:])


def _value(measure: OwnMeasure, view: ViewAnalysis, stride: Stride) -> MeasureValue:
    value = float(measure.value(view, stride))
    quality, reason = _grade(measure, value)
    return MeasureValue(
        view=view.name,
        side=stride.side,
        stride=stride.number,
        measure=measure.name,
        instant=measure.instant,
        value=value if isfinite(value) else nan,
        unit=measure.unit,
        quality=quality,
        reason=reason,
        standard_error=measure.standard_error,
        shared_error=measure.standard_error,
    )


def _grade(measure: OwnMeasure, value: float) -> tuple[Quality, str]:
    if not isfinite(value):
        return "unmeasurable", "a landmark that it needs was hidden"
    return ("ok", "") if isfinite(measure.standard_error) else ("low", UNKNOWN_ERROR)
