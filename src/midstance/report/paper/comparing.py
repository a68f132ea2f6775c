"""A comparison on paper."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import Flowable

from midstance.report.comparison import Comparison
from midstance.report.paper import look, sections
from midstance.report.paper.pieces import bullets, labelled, marked, para, safe, table


def comparison_pages(comparison: Comparison) -> Iterator[Flowable]:
    """Yield the parts in their order."""
    yield para(comparison.title, look.TITLE)
    for label, clips in comparison.runs:
        yield labelled(f"{label}:", clips)
    yield para(comparison.disclaimer, look.STRONG)
    yield from sections.heading("What changed")
    yield para(comparison.exceeds, look.STRONG)
    yield from (para(text) for text in (comparison.within, comparison.unknown) if text)
    if comparison.warnings:
        yield para("What else differs between the two", look.PART)
        yield from bullets(comparison.warnings)
    yield para(comparison.method, look.FINE)
    yield from sections.heading("All measures")
    yield para("The difference is after minus before; ≈ marks a value of low quality.", look.FINE)
    yield _table(comparison)


def _table(comparison: Comparison) -> Flowable:
    head = ("Measure", "Instant", "Side", "Before", "After", "Difference", "Detectable", "Verdict")
    rows = [
        (
            c.measure,
            c.instant,
            c.side,
            c.before,
            c.after,
            marked(f"<b>{safe(c.difference)}</b>", look.CELL_RIGHT) if c.verdict == "exceeds" else c.difference,
            c.detectable,
            c.verdict_words + (" ≈" if c.low else ""),
        )
        for c in comparison.changes
    ]
    return table(head, rows, (0.22, 0.12, 0.06, 0.13, 0.13, 0.1, 0.1, 0.16), right=(3, 4, 5, 6))
