"""The page of the measures, in Markdown, from the catalogue, the usual ranges and the error figures of the package."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.definitions import DEFINITIONS, Definition
from midstance.report.methods import STRENGTH_WORDS
from midstance.report.words import GROUPS, group_of, instant_words, number, quantity, unit_words
from midstance.science.catalogue import MEASURES, Measure
from midstance.science.gradings import PELVIC_MEASURES
from midstance.science.norms import norm_band, point_norm, why_no_band
from midstance.science.pelvis_markers import STANDARD_ERRORS
from midstance.science.records import Instant
from midstance.science.uncertainty import StandardError, standard_error

SITUATIONS = {
    "near": "side, near leg",
    "far": "side, far leg",
    "front": "front, with a side clip",
    "front alone": "front alone",
    "rear": "rear, with a side clip",
    "rear alone": "rear alone",
}
"""As `uncertainty` names them, and in words."""
FPS = 60.0
"""Of the clips that the figures are given for."""
PLACEHOLDER = "<!-- measures -->"
"""What the page puts the measures in place of."""


def measures_page() -> str:
    """Return the part of the page that comes from the code."""
    parts = []
    for group in GROUPS:
        parts.append(f"## {group}\n")
        parts += [_section(m) for m in MEASURES if group_of(m.name) == group]
    return "\n".join(parts)


def _section(measure: Measure) -> str:
    known = DEFINITIONS[measure.name]
    blocks = [
        f"({measure.name.replace('_', '-')})=\n### {measure.title}",
        _figure(measure, known),
        known.what,
        _facts(measure, known),
        f"**Mind.** {known.mind}" if known.mind else "",
        _errors(measure),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _figure(measure: Measure, known: Definition) -> str:
    name = known.figure or measure.name
    width = 460 if name == "timing" else 250
    return f":::{{image}} drawings/measure-{name}.svg\n:alt: {measure.title}\n:width: {width}px\n:::"


def _facts(measure: Measure, known: Definition) -> str:
    sign = f"positive = {measure.positive}" if measure.positive else "no sign"
    rows = [
        f"- Name in the tables: `{measure.name}`; unit: {unit_words(measure.unit)}; {sign}",
        f"- Seen in: {', '.join(measure.views)}; given at: {', '.join(instant_words(i) for i in measure.instants)}",
        f"- Definition after: {known.source}",
        *(f"- {text}" for text in _usual(measure)),
    ]
    return "\n".join(rows)


def _usual(measure: Measure) -> Iterator[str]:
    for instant in measure.instants:
        norm = point_norm(measure.name, instant)
        if norm:
            yield (
                f"Usual at {instant_words(instant)}: {norm.text} — {norm.source} ({STRENGTH_WORDS[norm.strength]}). "
                "It describes runners; it is no target"
            )
    if measure.kind == "curve":
        yield "Normal band in plots: yes" if norm_band(measure.name) else f"No normal band: {why_no_band(measure.name)}"


def _errors(measure: Measure) -> str:
    if measure.name in PELVIC_MEASURES:
        error = STANDARD_ERRORS["spines" if measure.name == "pelvic_tilt" else "hips"]
        shared, own = (quantity(number(e, measure.unit), measure.unit) for e in (error.shared, error.own))
        return (
            f"Standard error with markers at midstance: {shared} from runner to runner, {own} from stride to stride "
            "(`benchmarks/MARKERS.md`). Where fingers find the bones is not in it."
        )
    rows = [_row(measure, instant, situation) for instant in measure.instants for situation in SITUATIONS]
    rows = [row for row in rows if row]
    if not rows:
        return "No standard error is known."
    return "\n".join(["| at | view | runner to runner | stride to stride |", "| --- | --- | --- | --- |", *rows])


def _row(measure: Measure, instant: Instant, situation: str) -> str:
    found = [_error(measure, instant, situation, standing=s) for s in (False, True)]
    if not found[0].shared > 0:
        return ""
    shared, own = (_with_unit(e, measure) for e in (found[0].shared, found[0].own))
    if found[1].shared < found[0].shared:
        shared += f"; {_with_unit(found[1].shared, measure)} with a standing trial"
    return f"| {instant_words(instant)} | {SITUATIONS[situation]} | {shared} | {own} |"


def _with_unit(value: float, measure: Measure) -> str:
    return quantity(number(value, measure.unit), measure.unit)


def _error(measure: Measure, instant: Instant, situation: str, *, standing: bool) -> StandardError:
    return standard_error(measure.name, instant, situation, FPS, standing=standing)
