"""Tables and numbers for the pages that the benchmarks write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def number(value: float | None, places: int = 2) -> str:
    """Return a number as text, a dash where there is none; whole numbers without decimals."""
    if value is None or not np.isfinite(value):
        return "–"
    text = f"{value:.0f}" if value == round(value) else f"{value:.{places}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def facts(found: Iterable[tuple[str, str]]) -> str:
    """Return facts as a list, each with its name."""
    return "\n".join(f"- {name}: {value}" for name, value in found)


def verdict(*, fine: bool) -> str:
    """Say whether a bar is met."""
    return "met" if fine else "**missed**"
