"""Where the parts of a figure stand, in inches: computed, since a layout engine costs as much as the drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 7.2
"""Width of the text on a page of A4 or Letter."""
LEFT_IN, RIGHT_IN, GAP_IN = 0.80, 0.10, 0.46
SUPTITLE_IN = 0.26
TICKS_IN = 0.42
REMARK_LINE_IN = 0.12
LEGEND_IN = 0.24
NOTE_IN = 0.14


@dataclass(frozen=True)
class Layout:
    """Sizes of a figure of some rows of two panels."""

    rows: int
    heading_in: float
    """Above each panel: its title and the labels of the events."""
    panel_in: float
    """Height of a panel."""
    remark_lines: int
    """Below each panel."""
    notes: int
    """Lines below the legend."""

    @property
    def below_in(self) -> float:
        """Height of ticks, label and remarks below a panel."""
        return TICKS_IN + REMARK_LINE_IN * self.remark_lines

    @property
    def foot_in(self) -> float:
        """Height of legend and notes."""
        return LEGEND_IN + NOTE_IN * self.notes

    @property
    def height_in(self) -> float:
        """Height of the figure."""
        row_in = self.heading_in + self.panel_in + self.below_in
        return SUPTITLE_IN + self.rows * row_in + self.foot_in

    def panels(self, figure: Figure) -> list[Axes]:
        """Add the panels to a figure, row by row, all on one scale."""
        width_in = (WIDTH_IN - LEFT_IN - RIGHT_IN - GAP_IN) / 2
        row_in = self.heading_in + self.panel_in + self.below_in
        axes: list[Axes] = []
        for row in range(self.rows):
            bottom_in = self.height_in - SUPTITLE_IN - row * row_in - self.heading_in - self.panel_in
            for left_in in (LEFT_IN, LEFT_IN + width_in + GAP_IN):
                box = (
                    left_in / WIDTH_IN,
                    bottom_in / self.height_in,
                    width_in / WIDTH_IN,
                    self.panel_in / self.height_in,
                )
                first = axes[0] if axes else None
                axes.append(figure.add_axes(box, sharex=first, sharey=first))
        return axes

    def from_bottom(self, inches: float) -> float:
        """Return a height above the figure's lower edge as a share of its height."""
        return inches / self.height_in
