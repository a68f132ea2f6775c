"""What a finished analysis says on the terminal: a few lines, the rest is in the report."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

from midstance.cli.colours import level_words
from midstance.science.catalogue import MEASURE
from midstance.science.findings import DISCLAIMER, FOUNDING_ID, headline
from midstance.science.landmarks import SIDES
from midstance.science.records import Analysis, Instant, SummaryRow, ViewAnalysis

SHOWN: tuple[tuple[str, Instant], ...] = (
    ("cadence", "stride"),
    ("contact_time", "stride"),
    ("tibial_inclination", "midstance"),
    ("ankle_dorsiflexion", "stance_peak"),
    ("knee_flexion", "midstance"),
    ("foot_progression", "midstance"),
    ("knee_valgus", "midstance"),
    ("pelvic_drop", "stance_peak"),
    ("pelvic_tilt", "midstance"),
)
"""Measure and instant of each line."""
SCHEMA = "midstance.summary/1"
FINDING = ("id", "side", "level", "title", "statement")
"""What is told of a finding; `analysis.json` has its evidence."""
DECIMALS = {"deg": 1, "s": 3, "steps/min": 1}
KEY = "Median over the strides ± standard error, as in the report; ~ = quality low, the report says why."


def summary_lines(analysis: Analysis) -> Iterator[str]:
    """Yield the lines: capture of each view with its main numbers, left and right, then the founding finding."""
    for view in analysis.views:
        yield _capture(view)
        yield from (f"  {level_words(n.level)}: {n.message}" for n in view.notes if n.level != "good")
        yield from _numbers(analysis, view)
    if analysis.views:
        yield KEY
    yield from _findings(analysis)


def summary_json(analysis: Analysis, out: Path) -> str:
    """Return what matters of an analysis as JSON: captures, numbers over strides, findings, and where the rest is."""
    from midstance.storage.analysis_json import analysis_to_dict

    content = analysis_to_dict(analysis)
    told = {
        "schema": SCHEMA,
        "out": str(out),
        "report": str(out / "report.html"),
        "analysis": str(out / "analysis.json"),
        "capture": content["capture"],
        "strides": {v.name: {side: len(v.valid_strides(side)) for side in SIDES} for v in analysis.views},
        "quality": content["quality"],
        "summary": content["summary"],
        "findings": [{k: getattr(f, k) for k in FINDING} for f in analysis.findings],
        "disclaimer": DISCLAIMER,
    }
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)


def _findings(analysis: Analysis) -> Iterator[str]:
    """Yield one line for each side, after the name of the finding, and what such a line is worth."""
    founding = [f for f in analysis.findings if f.id == FOUNDING_ID]
    if founding:
        yield f"{founding[0].title}:"
        yield from (f"  {headline(f)}" for f in founding)
        yield f"  {DISCLAIMER}"


def _capture(view: ViewAnalysis) -> str:
    scene = view.scene
    near = f", near side {scene.near_side}" if scene.near_side else ""
    counts = ", ".join(f"{len(view.valid_strides(s))} {s}" for s in SIDES)
    return f"{view.name}: {view.clip.file}, facing {scene.facing}{near}, {scene.surface}; strides: {counts}"


def _numbers(analysis: Analysis, view: ViewAnalysis) -> Iterator[str]:
    rows = {(r.measure, r.instant, r.side): r for r in analysis.summary if r.view == view.name}
    for measure, instant in SHOWN:
        left, right = (rows.get((measure, instant, side)) for side in SIDES)
        if left or right:
            where = "" if instant == "stride" else f" at {instant.replace('_', ' ')}"
            title = MEASURE[measure].title + where
            yield f"  {title:50} {_cell('left', left)}   {_cell('right', right)}".rstrip()


def _cell(side: str, row: SummaryRow | None) -> str:
    if row is None:
        return ""
    if row.quality == "unmeasurable":
        return f"{side:5} not measurable"
    digits = DECIMALS.get(row.unit, 2)
    mark = "~" if row.quality == "low" else " "
    error = f" ± {row.standard_error:.{digits}f}" if math.isfinite(row.standard_error) else ""
    return f"{side:5}{mark}{row.median:.{digits}f}{error} {row.unit}"
