"""Standard errors by measure, instant and situation. Not measured yet."""

from __future__ import annotations

ERRORS: dict[tuple[str, str, str], tuple[float, float]] = {}
