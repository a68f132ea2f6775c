"""Where the pose model's landmarks lie against joint centres. Not learnt yet."""

from __future__ import annotations

OFFSETS_LEGS: dict[tuple[str, str], tuple[tuple[float, ...], tuple[float, ...]]] = {}
