"""What could not be measured, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

from midstance.report.words import instant_words, title_of, typeset, view_words
from midstance.science.catalogue import MEASURES
from midstance.science.landmarks import SIDES
from midstance.science.norms import why_no_band
from midstance.science.records import Analysis, Instant, SummaryRow


@dataclass(frozen=True)
class Missing:
    """One measure that has no number, or not on every side."""

    title: str
    where: str
    reason: str


def not_measurable(analysis: Analysis) -> tuple[Missing, ...]:
    """Return what the views should show and do not, and what no view was filmed for."""
    return (*_unmeasurable(analysis), *_not_filmed(analysis))


def _unmeasurable(analysis: Analysis) -> list[Missing]:
    found: dict[tuple[str, str, str], list[SummaryRow]] = {}
    for row in analysis.summary:
        if row.quality == "unmeasurable" or not math.isfinite(row.median):
            found.setdefault((row.measure, row.view, row.reason), []).append(row)
    return [
        Missing(
            title_of(measure) + _at(analysis, measure, view, rows),
            f"{view_words(view)}, {_sides({r.side for r in rows})}",
            typeset(reason) or "no valid stride shows it",
        )
        for (measure, view, reason), rows in found.items()
    ]


def _at(analysis: Analysis, measure: str, view: str, rows: list[SummaryRow]) -> str:
    """Name the instants, unless the measure is missing at all of them."""
    every = {r.instant for r in analysis.summary if (r.measure, r.view) == (measure, view)}
    missing = {r.instant for r in rows}
    names = [instant_words(i) for i in get_args(Instant) if i in missing]
    return "" if missing == every else f" at {', '.join(names)}"


def _sides(sides: set[str]) -> str:
    return " and ".join(side for side in SIDES if side in sides)


def _not_filmed(analysis: Analysis) -> list[Missing]:
    filmed = {view.scene.view for view in analysis.views}
    return [
        Missing(m.title, "no clip", f"it needs a {' or '.join(m.views)} view")
        for m in MEASURES
        if not filmed & set(m.views)
    ]


def without_norm(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return the curves that have no normal band: (titles, reason), those with the same reason together."""
    drawn = {curve.measure for view in analysis.views for curve in view.curves}
    found: dict[str, list[str]] = {}
    for measure in MEASURES:
        if measure.name in drawn and (why := why_no_band(measure.name)):
            found.setdefault(why, []).append(measure.title)
    return tuple((", ".join(titles), why) for why, titles in found.items())
