"""RELIABILITY.md: a table for each section."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.markdown import table
from benchmarks.reliability.sections import Section

INTRODUCTION = """\
Written by `python -m benchmarks.reliability`; do not edit. Each section says what was tried and how often, and counts
what went wrong. `--corpus`, `--kills N` and `--minutes N` run the sections again; those left out stay as they were,
each with the date of its run."""


def render_page(sections: Sequence[Section]) -> str:
    """Return the page as Markdown."""
    return "\n\n".join(["# Reliability", INTRODUCTION, *map(_section, sections)]) + "\n"


def _section(section: Section) -> str:
    parts = [f"## {section.title}", table(section.heads, section.rows), *section.notes, f"Run on {section.date}."]
    return "\n\n".join(parts)
