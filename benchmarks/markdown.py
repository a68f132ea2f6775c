"""Tables and numbers for the pages that the benchmarks write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def number(value: float | None, places: int = 2) -> str:
    """Return a number as text: minus sign, no trailing zeros' worth of false precision, a dash for NaN."""
    if value is None or not np.isfinite(value):
        return "–"
    if value == round(value) and abs(value) < 100:
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.{places}f}".replace("-", "−")
