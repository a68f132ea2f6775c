"""The report as one self-contained HTML file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from midstance.report.content import Content
from midstance.report.pictures import Pictures, data_uri, drawings, overlays_of, plot_groups
from midstance.report.words import joined

if TYPE_CHECKING:
    from jinja2 import Environment

    from midstance.report.comparison import Comparison
    from midstance.science.records import Analysis


def render_html(content: Content, analysis: Analysis, pictures: Pictures) -> str:
    """Render a report.

    Parameters
    ----------
    content : Content
        What it says; see `content_of`.
    analysis : Analysis
        For the order of the views.
    pictures : Pictures
        SVG plots print sharper, PNG is smaller for clips with many strides. Overlays are embedded up to
        `pictures.MAX_VIDEO_BYTES`; their still stands for them in print and when they are too large.

    Returns
    -------
    str
        HTML without scripts and without anything loaded from elsewhere. All text from files is escaped.
    """
    return _rendered(
        "report.html.j2",
        r=content,
        drawings=drawings(pictures),
        overlays=overlays_of(analysis, pictures),
        plot_groups=plot_groups(pictures.plots),
    )


def render_comparison_html(comparison: Comparison) -> str:
    """Render a comparison of two analyses, under the same rules."""
    return _rendered("comparison.html.j2", r=comparison)


def _rendered(template: str, **context: object) -> str:
    return _environment().get_template(template).render(context)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("midstance.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data_uri": _data_uri, "joined": joined}
    return environment


def _data_uri(content: bytes | Path) -> str:
    return data_uri(content.read_bytes() if isinstance(content, Path) else content)
