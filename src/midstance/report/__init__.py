"""The report: one self-contained HTML file, readable on a tablet and printable on A4 and Letter.

`render_report` returns it as text. jinja2 is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.report.render import render_report

__all__ = ["render_report"]


def __getattr__(name: str) -> object:
    if name == "render_report":
        from midstance.report.render import render_report

        return render_report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
