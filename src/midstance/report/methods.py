"""The sections at the end: settings, versions, strides and sources."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import product
from typing import get_args

from midstance.report.findings import Card
from midstance.report.words import DASH, instant_words, title_of, typeset, view_words
from midstance.science.catalogue import MEASURE
from midstance.science.landmarks import SIDES
from midstance.science.norms import SPEED_MPS, norm_band, point_norm
from midstance.science.records import Analysis, Instant, Stride, ViewAnalysis
from midstance.science.speed import is_another_speed, runner_speed_mps

CURVE_CITATION = (
    "Fukuchi RK, Fukuchi CA, Duarte M 2017, A public dataset of running biomechanics, PeerJ 5:e3298 (RBDS), and the "
    "data of the repository regifukuchi/BMC-RIC-running-biomechanics, CC BY 4.0. Changes made: the median over each "
    "runner's strides, then mean and SD over the runners."
)
"""Attribution of the normal bands, as their licence asks for it."""

STRENGTH_WORDS = {
    "computed": "computed from open data",
    "full text": "full text read",
    "abstract": "abstract read",
    "second-hand": "second-hand",
}


@dataclass(frozen=True)
class StrideTable:
    """The strides of one side of one view, as text."""

    title: str
    side: str
    rows: tuple[tuple[str, str, str, str, str, str], ...]
    """Number, initial contact, midstance, toe-off, next contact, validity."""


def stride_tables(analysis: Analysis) -> tuple[StrideTable, ...]:
    """Return a table for each side of each view."""
    return tuple(_stride_table(view, side) for view in analysis.views for side in SIDES)


def _stride_table(view: ViewAnalysis, side: str) -> StrideTable:
    rows = tuple(_stride_row(s) for s in view.strides if s.side == side)
    return StrideTable(view_words(view.name), side, rows)


def _stride_row(stride: Stride) -> tuple[str, str, str, str, str, str]:
    times = (stride.initial_contact_s, stride.midstance_s, stride.toe_off_s, stride.next_contact_s)
    first, second, third, fourth = (f"{t:.3f}" if math.isfinite(t) else DASH for t in times)
    validity = "yes" if stride.valid else f"no: {stride.reason}"
    by_hand = f"; {stride.edited}" if stride.edited else ""
    return str(stride.number), first, second, third, fourth, validity + by_hand


def settings_rows(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return every parameter with its value, those of parts as `part.name`."""
    return tuple(_flat("", asdict(analysis.settings)))


def _flat(prefix: str, tree: dict[str, object]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, dict):
            rows += _flat(f"{prefix}{name}.", value)
        else:
            rows.append((f"{prefix}{name}", _plain(value)))
    return rows


def _plain(value: object) -> str:
    if value is None:
        return "not given"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def norm_sources(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return where the usual ranges come from: (source with its strength, what was taken from it)."""
    measured = {(row.measure, row.instant) for row in analysis.summary if math.isfinite(row.median)}
    found: dict[str, list[str]] = {}
    for measure, instant in product(MEASURE, get_args(Instant)):
        norm = point_norm(measure, instant)
        if norm is not None and (measure, instant) in measured:
            what = f"{title_of(measure)}, {instant_words(instant)}: {norm.text}"
            found.setdefault(f"{norm.source} ({STRENGTH_WORDS[norm.strength]})", []).append(what)
    return tuple((source, "; ".join(what)) for source, what in found.items())


def band_remarks(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Return the drawn normal bands, each with how its definition differs."""
    drawn = {curve.measure for view in analysis.views for curve in view.curves}
    return tuple((title_of(m), band.remark) for m in MEASURE if m in drawn and (band := norm_band(m)) is not None)


def speed_remark(analysis: Analysis) -> str:
    """Say how the runner's speed compares with that of the normal bands."""
    speed = runner_speed_mps(analysis.views, analysis.settings)
    bands = f"The bands are of runners at {SPEED_MPS:g} m/s"
    if not math.isfinite(speed):
        return f"{bands}; the speed of this run is not known. Angles change with speed."
    if is_another_speed(speed, SPEED_MPS):
        return f"{bands}; this run was at {speed:.1f} m/s: they are for another speed. Angles change with speed."
    return f"{bands}; this run was at {speed:.1f} m/s, near it."


def finding_sources(cards: tuple[Card, ...]) -> tuple[str, ...]:
    """Return the sources of all findings, each once."""
    return tuple(dict.fromkeys(typeset(source) for card in cards for source in card.sources))
