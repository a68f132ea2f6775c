"""The report on paper: A4, page numbers, the disclaimer at the foot of each page."""

from __future__ import annotations

from midstance.report.paper.document import render_comparison_pdf, render_pdf

__all__ = ["render_comparison_pdf", "render_pdf"]
