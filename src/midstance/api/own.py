"""Finds measures and rules that other installed packages add, by their entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from midstance.science.catalogue import MEASURE
from midstance.science.findings import FOUNDING_ID
from midstance.science.findings.others import TOPICS
from midstance.science.findings.topic import Topic
from midstance.science.own import NOTHING_OWN, Own, OwnMeasure, Plugin, said

MEASURES, RULES = "midstance.measures", "midstance.rules"
"""Groups of entry points: each leads to an `OwnMeasure`, or to a `Topic`."""

_Item = TypeVar("_Item", OwnMeasure, Topic)


def collect_own() -> Own:
    """Return what installed packages add, in the order of packages and names.

    What cannot be loaded, is something else, or has a name that is taken is left out and told in `Own.broken`.
    """
    found = {group: _in_order(group) for group in (MEASURES, RULES)}
    if not any(found.values()):
        return NOTHING_OWN
    told: list[str] = []
    measures = [m for e in found[MEASURES] if (m := _loaded(e, OwnMeasure, told)) is not None]
    topics = [t for e in found[RULES] if (t := _loaded(e, Topic, told)) is not None]
    rules_there = {FOUNDING_ID, *(topic.id for topic in TOPICS)}
    return Own(
        _once([(m.item.name, m) for m in measures], set(MEASURE), told),
        _once([(t.item.id, t) for t in topics], rules_there, told),
        tuple(told),
        {_package(e): e.dist.version for group in found.values() for e in group if e.dist},
    )


def _in_order(group: str) -> list[EntryPoint]:
    return sorted(entry_points(group=group), key=lambda e: (_package(e), e.name))


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value


def _loaded(entry: EntryPoint, kind: type[_Item], told: list[str]) -> Plugin[_Item] | None:
    package = _package(entry)
    try:
        item = entry.load()
    except Exception as error:  # noqa: BLE001 - other people's code may raise anything
        told.append(
            f"{entry.name} of {package} was left out, it cannot be loaded: {said(error)}; mend or uninstall {package}"
        )
        return None
    if isinstance(item, kind):
        return Plugin(item, package)
    told.append(
        f"{entry.name} of {package} was left out: expected {kind.__name__}, given {type(item).__name__}; "
        f"mend or uninstall {package}"
    )
    return None


def _once(named: list[tuple[str, Plugin[_Item]]], taken: set[str], told: list[str]) -> tuple[Plugin[_Item], ...]:
    """Return the first plug-in of each name; the others, and those of a name that midstance has, are told."""
    kept: list[Plugin[_Item]] = []
    for name, plugin in named:
        if name in taken:
            told.append(f"{name} of {plugin.package} was left out, there is one of that name already: rename it")
        else:
            taken.add(name)
            kept.append(plugin)
    return tuple(kept)
