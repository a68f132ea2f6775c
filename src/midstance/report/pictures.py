"""Plots, drawings, stills and clips of a report, ready for HTML or paper."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from midstance.report.words import group_of, title_of, view_words
from midstance.science.catalogue import MEASURE, MEASURES
from midstance.science.landmarks import Side
from midstance.science.records import Analysis

MAX_VIDEO_BYTES = 20_000_000
"""A larger overlay is linked, not embedded."""


@dataclass(frozen=True)
class Pictures:
    """What was drawn for a report; every part may be empty."""

    plots: Mapping[str, bytes] = field(default_factory=dict)
    """Measure to SVG or PNG; paper takes PNG."""
    chain: Mapping[tuple[str, Side], bytes] = field(default_factory=dict)
    """Name of the view and leg to a PNG or JPEG of the chain on the runner's own midstance."""
    overlays: Mapping[str, Path] = field(default_factory=dict)
    """Name of the view to the annotated clip, which lies beside the report."""
    stills: Mapping[str, bytes] = field(default_factory=dict)
    """Name of the view to a PNG or JPEG of one frame of the overlay."""


@dataclass(frozen=True)
class Overlay:
    """The annotated clip of a view: embedded, linked, or only a still."""

    title: str
    link: str
    """File name beside the report, quoted for a link; empty without a clip."""
    clip: Path | None
    """To be embedded; None when it is too large or missing."""
    still: bytes
    """Empty when missing."""


@dataclass(frozen=True)
class Picture:
    """A plot or a drawing with its description for who cannot see it."""

    title: str
    alt: str
    content: bytes


def data_uri(content: bytes) -> str:
    """Return bytes as a data URI, their type told from their first bytes."""
    return f"data:{_mime(content)};base64,{base64.b64encode(content).decode('ascii')}"


def _mime(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return "image/png"
    if content.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    return "image/svg+xml"


def overlays_of(analysis: Analysis, pictures: Pictures) -> tuple[Overlay, ...]:
    """Return the overlays of the views that have a clip or a still, in the order of the views."""
    names = [v.name for v in analysis.views if v.name in pictures.overlays or v.name in pictures.stills]
    return tuple(_overlay(name, pictures.overlays.get(name), pictures.stills.get(name, b"")) for name in names)


def _overlay(name: str, path: Path | None, still: bytes) -> Overlay:
    small = path is not None and path.stat().st_size <= MAX_VIDEO_BYTES
    link = quote(path.name) if path is not None else ""
    return Overlay(view_words(name), link, path if small else None, still)


def drawings(pictures: Pictures) -> tuple[Picture, ...]:
    """Return the drawings of the chain."""
    return tuple(_drawing(view, side, content) for (view, side), content in pictures.chain.items())


def _drawing(view: str, side: Side, content: bytes) -> Picture:
    title = f"{view_words(view)}, {side} leg"
    return Picture(title, f"{title} at midstance with the chain drawn in. The numbers are in the table.", content)


def plot_groups(plots: Mapping[str, bytes]) -> tuple[tuple[str, tuple[Picture, ...]], ...]:
    """Return the plots by what shows them, in the order of the catalogue."""
    order = [m.name for m in MEASURES]
    names = sorted(plots, key=lambda n: order.index(n) if n in order else len(order))
    groups: dict[str, list[Picture]] = {}
    for name in names:
        groups.setdefault(group_of(name), []).append(_plot(name, plots[name]))
    return tuple((title, tuple(found)) for title, found in groups.items())


def _plot(name: str, content: bytes) -> Picture:
    scalar = name in MEASURE and MEASURE[name].kind == "scalar"
    shows = "one dot per stride with median and SD" if scalar else "every stride with mean and SD over the stride"
    alt = f"{title_of(name)}, left and right: {shows}. The numbers are in the summary table."
    return Picture(title_of(name), alt, content)
