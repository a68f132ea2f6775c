"""`python -m benchmarks.speed.numbers VIEW FILE ...`: every number of an analysis, and no plot, report or file."""

from __future__ import annotations

import sys
from typing import Any

import midstance


def main() -> None:
    """Analyse landmarks or clips, each told with its view."""
    given: dict[str, Any] = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    midstance.analyze(**given)


if __name__ == "__main__":
    main()
