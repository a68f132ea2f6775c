"""`python -m benchmarks.speed.numbers VIEW FILE ...`: every number of an analysis, and no plot, report or file."""

from __future__ import annotations

import sys

import midstance


def main() -> None:
    """Analyse landmarks or clips, each told with its view."""
    views, paths = sys.argv[1::2], sys.argv[2::2]
    midstance.analyze(**dict(zip(views, paths, strict=True)))


if __name__ == "__main__":
    main()
