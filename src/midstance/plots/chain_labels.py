"""What stands beside the joints of the chain, and where."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from midstance.science.catalogue import MEASURE
from midstance.science.landmarks import Side
from midstance.science.records import ChainLink, ViewAnalysis

NOT_MEASURABLE = "not measurable"
WIDTH = 19
"""Characters in a line of a label."""
_DECIMALS = {"m": 3, "s": 3, "px": 0}


class Extent(Protocol):
    """What labels must stay within."""

    @property
    def top(self) -> float:
        """Upper edge; y grows downwards."""

    @property
    def bottom(self) -> float:
        """Lower edge."""


@dataclass(frozen=True)
class Label:
    """The text beside one joint."""

    region: str
    heading: str
    lines: tuple[str, ...]
    measured: bool
    """Whether anything at this joint was."""


def labels_of(view: ViewAnalysis, side: Side, links: Sequence[ChainLink]) -> tuple[Label, ...]:
    """Return a label for each joint that a view shows of a leg, several measures of a joint in one."""
    mine = [link for link in links if link.side == side and _shows(view, link)]
    regions = dict.fromkeys(link.region for link in mine)
    return tuple(_label(region, [link for link in mine if link.region == region]) for region in regions)


def _shows(view: ViewAnalysis, link: ChainLink) -> bool:
    """Return whether a link is of this view, or was not measured and belongs to this kind of view."""
    if link.view:
        return link.view == view.name
    return link.measure in MEASURE and view.scene.view in MEASURE[link.measure].views


def _label(region: str, links: list[ChainLink]) -> Label:
    lines = [line for link in links for line in (*textwrap.wrap(_title(link.measure), WIDTH), _value(link))]
    return Label(region, region.capitalize(), tuple(lines), any(math.isfinite(link.value) for link in links))


def _title(measure: str) -> str:
    """Return a measure's title without what stands in brackets: the table has it."""
    title = MEASURE[measure].title if measure in MEASURE else measure.replace("_", " ")
    return title.partition(" (")[0]


def _value(link: ChainLink) -> str:
    if not math.isfinite(link.value):
        return NOT_MEASURABLE
    error = f" ± {_number(link.standard_error, link.unit)}" if math.isfinite(link.standard_error) else ""
    unit = "°" if link.unit == "deg" else f" {link.unit}"
    return f"{_number(link.value, link.unit)}{error}{unit}"


def _number(value: float, unit: str) -> str:
    text = f"{value:.{_DECIMALS.get(unit, 1)}f}"
    return text.replace("-", "−") if any(c in "123456789" for c in text) else text.removeprefix("-")


def spread(wanted: Sequence[float], heights: Sequence[float], room: Extent) -> list[float]:
    """Move labels apart so that none overlaps the next, as little as a single pass down and up needs.

    Parameters
    ----------
    wanted : sequence of float
        Where each would stand, in rising order.
    heights : sequence of float
        What each takes, centred on its place.
    room : Extent

    Returns
    -------
    list of float
        Their places. When all together do not fit, the last ones hang out below.
    """
    placed: list[float] = []
    end = room.top
    for y, height in zip(wanted, heights, strict=True):
        placed.append(max(y, end + height / 2))
        end = placed[-1] + height / 2
    floor = max(room.bottom, room.top + sum(heights))
    for i in reversed(range(len(placed))):
        placed[i] = min(placed[i], floor - heights[i] / 2)
        floor = placed[i] - heights[i] / 2
    return placed
