"""The report: a self-contained HTML file for the screen and a PDF for paper, from one content.

`content_of` says what is in it, `render_html` and `render_pdf` set it; the same for a comparison of two
analyses. jinja2 and reportlab are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.report.comparison import SavedRun, comparison_of
    from midstance.report.content import content_of
    from midstance.report.html import render_comparison_html, render_html
    from midstance.report.paper import render_comparison_pdf, render_pdf
    from midstance.report.pictures import Pictures

__all__ = [
    "Pictures",
    "SavedRun",
    "comparison_of",
    "content_of",
    "render_comparison_html",
    "render_comparison_pdf",
    "render_html",
    "render_pdf",
]

_HOME = {
    "Pictures": "pictures",
    "SavedRun": "comparison",
    "comparison_of": "comparison",
    "content_of": "content",
    "render_comparison_html": "html",
    "render_comparison_pdf": "paper",
    "render_html": "html",
    "render_pdf": "paper",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"midstance.report.{_HOME[name]}"), name)
