"""`index.html`: one self-contained page over all runs of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from midstance.batch import trend
from midstance.batch.summary import SHOWN, RunResult
from midstance.report.words import DASH, instant_words, number, title_of, unit_words
from midstance.science.catalogue import MEASURE
from midstance.science.findings import DISCLAIMER
from midstance.science.landmarks import SIDES, Side
from midstance.science.records import Instant
from midstance.storage.text import atomic_text

if TYPE_CHECKING:
    from jinja2 import Environment

LEVELS = {
    "none": "not seen",
    "possible": "possible",
    "consistent": "consistent",
    "likely": "likely",
    "not_assessed": "not assessed",
}
"""Levels of a finding as the page says them."""


def write_index(results: Sequence[RunResult], path: Path) -> None:
    """Write the page.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with atomic_text(path) as file:
        file.write(render_index(results))


def render_index(results: Sequence[RunResult]) -> str:
    """Return the page: a table of runs, the failures with their reasons, a trend for each runner.

    It has no scripts and loads nothing from elsewhere; all text from files is escaped.
    """
    shown = sorted(results, key=lambda r: (r.row.runner.casefold(), r.row.date))
    return (
        _environment()
        .get_template("index.html.j2")
        .render(
            columns=[_column(measure, instant) for measure, instant, _ in SHOWN],
            runs=[_line(r) for r in shown if not r.reason],
            failures=[r for r in shown if r.reason],
            trends=trend.trends(results),
            size=(trend.WIDTH, trend.HEIGHT, trend.LEFT, trend.WIDTH - trend.RIGHT, trend.HEIGHT - trend.BOTTOM),
            sides=SIDES,
            disclaimer=DISCLAIMER,
        )
    )


def _column(measure: str, instant: Instant) -> tuple[str, str]:
    where = unit_words(MEASURE[measure].unit)
    if instant != "stride":
        where = f"{instant_words(instant)}, {where}"
    return title_of(measure).partition(" (")[0], where


def _line(result: RunResult) -> dict[str, object]:
    """Return the cells of a run that can be looked at."""
    return {
        "runner": result.row.runner,
        "date": result.row.date,
        "report": quote(f"{result.folder}/report.html"),
        "levels": [
            (result.levels.get(side, ""), LEVELS.get(result.levels.get(side, ""), DASH), side) for side in SIDES
        ],
        "cells": [[_cell(result, measure, instant, side) for side in SIDES] for measure, instant, _ in SHOWN],
    }


def _cell(result: RunResult, measure: str, instant: Instant, side: Side) -> tuple[str, str, bool]:
    """Return median and SD as text, and whether they are of low quality."""
    found = result.numbers.get((measure, instant, side))
    if found is None:
        return DASH, "", False
    return number(found.median, found.unit), number(found.sd, found.unit), found.quality == "low"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("midstance.batch", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
