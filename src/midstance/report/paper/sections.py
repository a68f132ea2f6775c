"""The pages after the first: findings, quality, summary, plots, strides, methods, sources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from midstance.report.capture import ClipCard
from midstance.report.content import Content
from midstance.report.findings import Card
from midstance.report.methods import StrideTable
from midstance.report.paper import look
from midstance.report.paper.pieces import badge, bullets, labelled, marked, para, picture, safe, table
from midstance.report.pictures import Picture
from midstance.report.summary import Cell, Group, MeasureTable, Row
from midstance.report.words import DASH, joined

PLOT_HIGHEST = 82 * mm


def heading(text: str, room: float = 35 * mm) -> list[Flowable]:
    """Return a heading that does not end a page."""
    return [CondPageBreak(room), para(text, look.SECTION)]


def findings(content: Content) -> Iterator[Flowable]:
    """Yield the founding finding with its evidence, then the others as a table."""
    yield from heading("Findings")
    if not (content.founding or content.others):
        yield para("No findings were assessed in this analysis.")
        return
    yield para(
        "A finding describes a movement pattern seen in the clips. A qualified clinician confirms or refutes it. "
        "“Probability” is the chance that the true value meets the threshold, given scatter and measurement error.",
        look.FINE,
    )
    for card in content.founding:
        yield from _founding(card)
    if content.others:
        yield CondPageBreak(40 * mm)
        yield para("Other findings", look.PART)
        yield _others_found(content.others)


def _founding(card: Card) -> Iterator[Flowable]:
    yield CondPageBreak(40 * mm)
    yield marked(f"{safe(card.heading)} {badge(card.level_words, card.boxes)}", look.PART)
    yield para(card.statement)
    if card.evidence:
        yield _evidence(card)
        yield Spacer(1, 3)
    for label, text in (("Not judged:", card.not_judged), ("To confirm, in full:", joined(card.confirm))):
        if text:
            yield labelled(label, text, look.FINE)


def _evidence(card: Card) -> Flowable:
    head = ("Rule", "Met", "Value", "Threshold", "Margin", "Probability", "Strides", "Source")
    rows = [
        (
            marked(f"{safe(e.rule)}: {safe(e.title)} <font color='#555555'>{safe(e.measure)}</font>", look.SMALL),
            f"{e.met} ({e.reason})" if e.reason else e.met,
            e.value,
            e.threshold,
            e.margin,
            e.probability,
            e.strides,
            e.source,
        )
        for e in card.evidence
    ]
    return table(head, rows, (0.26, 0.13, 0.09, 0.095, 0.075, 0.1, 0.09, 0.16), right=(2, 3, 4, 5, 6), small=True)


def _others_found(cards: tuple[Card, ...]) -> Flowable:
    head = ("Finding", "Level", "What was seen", "Numbers", "To confirm")
    rows = [
        (
            card.heading,
            card.level_words,
            f"{card.statement} {card.further_reasons}".strip(),
            [para(e.numbers, look.SMALL) for e in card.evidence],
            joined(card.confirm),
        )
        for card in cards
    ]
    return table(head, rows, (0.16, 0.1, 0.34, 0.22, 0.18), small=True)


def quality(content: Content) -> Iterator[Flowable]:
    """Yield facts and notes of each clip."""
    yield from heading("Capture quality in full")
    for clip in content.clips:
        yield from _clip(clip)


def _clip(clip: ClipCard) -> Iterator[Flowable]:
    yield CondPageBreak(25 * mm)
    yield marked(f"{safe(clip.title)} {badge(clip.level)} {safe(clip.file)}", look.PART)
    yield table((), clip.facts, (0.15, 0.85))
    yield Spacer(1, 3)
    for note in clip.problems:
        yield marked(f"{badge(note.level)} {safe(note.message)}")
    if clip.good:
        yield marked(f"{badge('good')} {safe('; '.join(clip.good))}.", look.FINE)


def summary(content: Content) -> Iterator[Flowable]:
    """Yield the summary tables."""
    yield from heading("Summary")
    yield para(
        "Median over the valid strides ± its standard error where one is known; in brackets SD over the strides and "
        "their number n. The difference is left minus right. Left and right differ in most runners: a difference "
        "alone means little; one in brackets rests on a value of low quality. Values of low quality are marked ≈.",
        look.FINE,
    )
    if not content.groups:
        yield para("Nothing could be measured.")
    for group in content.groups:
        yield CondPageBreak(40 * mm)
        yield para(group.title, look.PART)
        yield _group(group)
        if group.reasons:
            reasons = "; ".join(f"<super>{n}</super> {safe(text)}" for n, text in group.reasons)
            yield marked(f"Low quality: {reasons}.", look.FINE)
    if content.norm_sources:
        yield para(content.usual, look.FINE)


def _group(group: Group) -> Flowable:
    rows: list[list[Flowable | str]] = []
    more: list[Any] = []
    for measure in group.measures:
        first = len(rows) + 1
        if not measure.single:
            more.append(("SPAN", (0, first), (-1, first)))
            rows.append([marked(_title(measure), look.CELL), "", "", "", "", ""])
        rows += [_row(measure, row) for row in measure.rows]
        more.append(("NOSPLIT", (0, first), (-1, len(rows))))
    head = ("Measure and instant", "Left", "Right", "Difference", "Usual", "Quality")
    return table(head, rows, (0.23, 0.215, 0.215, 0.1, 0.13, 0.11), right=(1, 2, 3), more=more)


def _title(measure: MeasureTable) -> str:
    unit = measure.unit + (f", + {measure.positive}" if measure.positive else "")
    return f"<b>{safe(measure.title)}</b> <font color='#555555'>{safe(unit)}</font>"


def _row(measure: MeasureTable, row: Row) -> list[Flowable | str]:
    instant = safe(row.instant)
    where = f", {instant}" if instant != "whole stride" else ""
    name = _title(measure) + where if measure.single else instant
    bracketed = row.uncertain and row.difference != DASH
    difference = f"({row.difference})" if bracketed else row.difference
    usual = row.norm.text if row.norm else ""
    return [marked(name, look.CELL), _value(row.left), _value(row.right), difference, usual, _quality(row)]


def _value(cell: Cell | None) -> str:
    if cell is None:
        return DASH
    sd = f"SD {cell.sd}, " if cell.sd else ""
    return f"{'≈ ' if cell.low else ''}{cell.text} ({sd}n {cell.n})"


def _quality(row: Row) -> Flowable | str:
    if not row.low:
        return "ok"
    told = (f"{safe(who)}<super>{marks}</super>" for who, marks in row.low)
    return marked(f"low: {', '.join(told)}", look.CELL)


def plots(groups: tuple[tuple[str, tuple[Picture, ...]], ...]) -> Iterator[Flowable]:
    """Yield the plots, as many to a page as fit."""
    for i, (title, members) in enumerate(groups):
        for j, plot in enumerate(members):
            top = heading("Plots") if i == j == 0 else []
            part = [para(title, look.PART)] if j == 0 else []
            yield KeepTogether([*top[1:], *part, picture(plot.content, look.WIDTH, PLOT_HIGHEST), Spacer(1, 4)])


def missing(content: Content) -> Iterator[Flowable]:
    """Yield what could not be measured, and why."""
    yield from heading("Not measurable")
    if not content.missing:
        yield para("Everything that these views can show was measured.")
        return
    rows = [(m.title, m.where, m.reason) for m in content.missing]
    yield table(("Measure", "Where", "Why"), rows, (0.27, 0.23, 0.5))


def strides(content: Content) -> Iterator[Flowable]:
    """Yield the strides of each view, left and right beside each other, then the values of other views."""
    yield from heading("Strides")
    yield para("Times in seconds of the clip. Only valid strides enter the numbers.", look.FINE)
    for title, tables in groupby(content.stride_tables, key=lambda t: t.title):
        yield CondPageBreak(25 * mm)
        yield from _strides(title, list(tables))
    if content.other_rows:
        yield from _others(content)


def _strides(title: str, tables: list[StrideTable]) -> Iterator[Flowable]:
    yield para(f"{title}: {' | '.join(t.side for t in tables)}", look.PART)
    blank = ("",) * 6
    rows = [
        tuple(cell for row in pair for cell in row) for pair in zip_longest(*(t.rows for t in tables), fillvalue=blank)
    ]
    if not rows:
        yield para("none found")
        return
    head = ("No.", "Contact", "Midstance", "Toe-off", "Next", "Valid") * len(tables)
    widths = (0.04, 0.09, 0.1, 0.09, 0.08, 0.1) * len(tables)
    numbers = [6 * t + i for t in range(len(tables)) for i in range(5)]
    yield table(head, rows, widths, right=numbers, small=True)


def _others(content: Content) -> Iterator[Flowable]:
    yield CondPageBreak(30 * mm)
    yield para("Values from the other views", look.PART)
    yield para("The summary takes each side from the view that shows it best. These are the rest.", look.FINE)
    keys = ("measure", "instant", "view", "side", "value", "sd", "n", "quality")
    head = ("Measure", "Instant", "View", "Side", "Median ± standard error", "SD", "n", "Quality")
    rows = [tuple(row[key] for key in keys) for row in content.other_rows]
    yield table(head, rows, (0.2, 0.1, 0.1, 0.06, 0.15, 0.06, 0.04, 0.29), right=(4, 5, 6), small=True)


def methods(content: Content) -> Iterator[Flowable]:
    """Yield methods, error figures, bands, versions and settings."""
    yield from heading("Methods")
    yield para(content.method)
    yield from _errors(content)
    yield para("Normal bands", look.PART)
    yield para(content.speed)
    absent = (f"No usual range known over the stride for {titles}: {why}" for titles, why in content.without_norm)
    yield from bullets([*(f"{title}: {remark}" for title, remark in content.band_remarks), *absent])
    yield para("Left and right exchanged", look.PART)
    yield para(f"Share of frames in which the legs were exchanged, put right before measuring: {content.swapped}.")
    yield para("Software", look.PART)
    yield para(f"{content.software}.")
    yield para("Settings", look.PART)
    yield para("; ".join(f"{name} {value}" for name, value in content.settings) + ".", look.FINE)


def _errors(content: Content) -> Iterator[Flowable]:
    yield para("Error figures", look.PART)
    yield para(content.errors_mean)
    if not content.errors:
        yield para("No standard error is known for the measures of this analysis.")
        return
    head = ("Standard errors used", "View", "One stride", "Median, left", "Median, right")
    rows = [(row.title, row.view, row.stride, row.left, row.right) for row in content.errors]
    yield table(head, rows, (0.4, 0.15, 0.15, 0.15, 0.15), right=(2, 3, 4), small=True)


def sources(content: Content) -> Iterator[Flowable]:
    """Yield where everything comes from."""
    yield from heading("Sources")
    yield from bullets(
        [
            f"Normal bands: {content.curve_citation}",
            *(f"{source}: {what}." for source, what in content.norm_sources),
            *(f"Usual range in the chain: {source}." for source in content.chain.sources),
            *(f"Findings: {source}" for source in content.finding_sources),
        ]
    )
