"""What a report says, once for HTML and for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from midstance.report import capture, chain, errors, findings, methods, missing, summary
from midstance.report.findings import DISCLAIMER
from midstance.report.words import joined, view_words
from midstance.science.records import Analysis, ChainLink

TITLE = "Running gait report"
CONFIRM_FIRST = 5
"""How much of what is to be confirmed stands on the first page."""
METHOD = (
    "Landmarks of the body were estimated in each frame, cleaned and put on uniform time. A stride runs from one "
    "initial contact to the next of the same foot. Midstance is the greatest knee flexion in stance; in a frontal "
    "view alone, the lowest pelvis in stance. Angles are those seen in the plane of the picture, against its own "
    "vertical. Curves are stretched to 0 to 100 % of the stride."
)
ERRORS = (
    "The standard error says how far a value lies from the truth in about two of three runners. It comes from "
    "comparing the method with known truth; that of a median also holds what is left of the strides' own scatter. "
    "Where none is given, none is known. Those marked “published” are smallest detectable differences of the field "
    "over 1.96 √2, or the scatter of the strides alone."
)
USUAL = (
    "“Usual” describes runners who were measured, mean ± SD or a range; it is no target. Where each figure comes "
    "from stands under Sources."
)


@dataclass(frozen=True)
class Content:
    """Everything in a report but its pictures, as text and numbers to be printed."""

    title: str
    files: str
    """Names of the clips, joined by commas."""
    analysed: str
    """Day of the analysis in words; empty when it is not known."""
    created: datetime | None
    about: tuple[tuple[str, str], ...]
    """What the user said of runner and run: titles and words."""
    disclaimer: str
    clips: tuple[capture.ClipCard, ...]
    overall: str
    founding: tuple[findings.Card, ...]
    """The founding finding of each side."""
    others: tuple[findings.Card, ...]
    """All other findings."""
    alternatives: str
    """To the founding finding, as a sentence."""
    confirm: str
    """The first things to confirm, as a sentence; all of them stand with the findings."""
    chain: chain.ChainTable
    groups: tuple[summary.Group, ...]
    other_rows: tuple[dict[str, str], ...]
    missing: tuple[missing.Missing, ...]
    stride_tables: tuple[methods.StrideTable, ...]
    method: str
    errors_mean: str
    errors: tuple[errors.ErrorRow, ...]
    usual: str
    speed: str
    band_remarks: tuple[tuple[str, str], ...]
    without_norm: tuple[tuple[str, str], ...]
    swapped: str
    software: str
    settings: tuple[tuple[str, str], ...]
    curve_citation: str
    norm_sources: tuple[tuple[str, str], ...]
    finding_sources: tuple[str, ...]


def content_of(
    analysis: Analysis,
    links: Sequence[ChainLink] = (),
    created: datetime | None = None,
    about: Sequence[tuple[str, str]] = (),
) -> Content:
    """Return what a report says.

    Parameters
    ----------
    analysis : Analysis
        As `midstance.analyze` returns it.
    links : sequence of ChainLink
        The chain, from the foot up.
    created : datetime, optional
        When the analysis was run.
    about : sequence of (title, words)
        What the user said of runner and run; what titles `Runner` and the others are is the caller's choice.
    """
    clips, found = capture.clip_cards(analysis), findings.cards(analysis.findings)
    founding = tuple(card for card in found if card.id == findings.FOUNDING)
    return Content(
        title=TITLE,
        files=", ".join(dict.fromkeys(clip.file for clip in clips)),
        analysed=day(created),
        created=created,
        about=tuple(about),
        disclaimer=DISCLAIMER,
        clips=clips,
        overall=capture.overall(clips),
        founding=founding,
        others=tuple(card for card in found if card.id != findings.FOUNDING),
        alternatives=joined(findings.once([card.alternatives for card in founding])),
        confirm=joined(findings.once([card.confirm[:CONFIRM_FIRST] for card in founding])[:CONFIRM_FIRST]),
        chain=chain.chain_table(links),
        groups=summary.groups(analysis),
        other_rows=summary.other_rows(analysis),
        missing=missing.not_measurable(analysis),
        stride_tables=methods.stride_tables(analysis),
        method=METHOD,
        errors_mean=ERRORS,
        errors=errors.error_rows(analysis, links),
        usual=USUAL,
        speed=methods.speed_remark(analysis),
        band_remarks=methods.band_remarks(analysis),
        without_norm=missing.without_norm(analysis),
        swapped="; ".join(f"{view_words(v.name)} {100 * v.swapped_share:.1f} %" for v in analysis.views),
        software=", ".join(f"{name} {version}" for name, version in analysis.software.items()) or "not recorded",
        settings=methods.settings_rows(analysis),
        curve_citation=methods.CURVE_CITATION,
        norm_sources=methods.norm_sources(analysis),
        finding_sources=methods.finding_sources(found),
    )


def day(created: datetime | None) -> str:
    """Return the day of a time in words; empty for None."""
    return f"{created.day} {_MONTHS[created.month - 1]} {created.year}" if created else ""


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""Not from the locale, which would change the report from machine to machine."""
