"""Pictures and clips as data URIs, so that the report is one file."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from midstance.report.words import group_of, title_of, view_words
from midstance.science.catalogue import MEASURE, MEASURES
from midstance.science.records import Analysis

MAX_VIDEO_BYTES = 20_000_000
"""A larger overlay is linked, not embedded."""


@dataclass(frozen=True)
class Overlay:
    """The annotated clip of a view: embedded, linked, or only a still."""

    title: str
    link: str
    """File name beside the report, quoted for a link; empty without a clip."""
    video: str
    """Data URI; empty when the clip is too large or missing."""
    still: str
    """Data URI; empty when missing."""


@dataclass(frozen=True)
class Plot:
    """The plot of a measure."""

    title: str
    alt: str
    data: str


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


def overlays_of(analysis: Analysis, overlays: Mapping[str, Path], stills: Mapping[str, bytes]) -> tuple[Overlay, ...]:
    """Return the overlays of the views that have a clip or a still, in the order of the views."""
    names = [v.name for v in analysis.views if v.name in overlays or v.name in stills]
    return tuple(_overlay(name, overlays.get(name), stills.get(name)) for name in names)


def _overlay(name: str, path: Path | None, still: bytes | None) -> Overlay:
    small = path is not None and path.stat().st_size <= MAX_VIDEO_BYTES
    return Overlay(
        title=view_words(name),
        link=quote(path.name) if path is not None else "",
        video=data_uri(path.read_bytes()) if path is not None and small else "",
        still=data_uri(still) if still else "",
    )


def plot_groups(plots: Mapping[str, bytes]) -> tuple[tuple[str, tuple[Plot, ...]], ...]:
    """Return the plots by what shows them, in the order of the catalogue."""
    order = [m.name for m in MEASURES]
    names = sorted(plots, key=lambda n: order.index(n) if n in order else len(order))
    groups: dict[str, list[Plot]] = {}
    for name in names:
        groups.setdefault(group_of(name), []).append(_plot(name, plots[name]))
    return tuple((title, tuple(found)) for title, found in groups.items())


def _plot(name: str, content: bytes) -> Plot:
    scalar = name in MEASURE and MEASURE[name].kind == "scalar"
    shows = "one dot per stride with median and SD" if scalar else "every stride with mean and SD over the stride"
    alt = f"{title_of(name)}, left and right: {shows}. The numbers are in the summary table."
    return Plot(title_of(name), alt, data_uri(content))
