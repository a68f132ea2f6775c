"""Put the report together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from midstance.report import capture, embed, findings, methods, missing, summary
from midstance.report.words import view_words
from midstance.science.records import Analysis

if TYPE_CHECKING:
    from jinja2 import Environment

DISCLAIMER = (
    "Educational screening aid; not a medical device; does not diagnose, treat or predict injury."  # fixed wording
)


def render_report(
    analysis: Analysis,
    *,
    plots_svg_or_png: Mapping[str, bytes],
    overlays: Mapping[str, Path],
    stills: Mapping[str, bytes],
) -> str:
    """Render an analysis as one self-contained HTML file.

    Parameters
    ----------
    analysis : Analysis
        As `midstance.analyze` returns it.
    plots_svg_or_png : mapping of measure name to file content
        SVG prints sharper, PNG is smaller for clips with many strides.
    overlays : mapping of view name to the overlay clip
        Embedded up to `embed.MAX_VIDEO_BYTES`. The report always links to the file by its name, as lying beside
        the report.
    stills : mapping of view name to a PNG or JPEG
        A frame of the overlay: poster of an embedded clip, its stand-in in print and when it is too large.

    Returns
    -------
    str
        HTML without scripts and without anything loaded from elsewhere. All text from files is escaped.
    """
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            **_context(analysis),
            overlays=embed.overlays_of(analysis, overlays, stills),
            plot_groups=embed.plot_groups(plots_svg_or_png),
        )
    )


def _context(analysis: Analysis) -> dict[str, object]:
    clips, found = capture.clip_cards(analysis), findings.cards(analysis)
    return {
        "clips": clips,
        "overall": capture.overall(clips),
        "findings": found,
        "groups": summary.groups(analysis),
        "other_rows": summary.other_rows(analysis),
        "missing": missing.not_measurable(analysis),
        "without_norm": missing.without_norm(analysis),
        "stride_tables": methods.stride_tables(analysis),
        "settings": methods.settings_rows(analysis),
        "software": tuple(analysis.software.items()),
        "band_remarks": methods.band_remarks(analysis),
        "norm_sources": methods.norm_sources(analysis),
        "curve_citation": methods.CURVE_CITATION,
        "finding_sources": methods.finding_sources(found),
        "swapped": tuple((view_words(v.name), f"{100 * v.swapped_share:.1f} %") for v in analysis.views),
        "disclaimer": DISCLAIMER,
    }


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("midstance.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
