"""Write learnt offsets as a module of the science."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.landmarks.learn import Key
from midstance.science.signals import Array

PER_LINE = 11
HEAD = '''\
"""Where the pose model's landmarks lie against joint centres, in leg lengths.

Written by `python -m benchmarks.landmarks`; do not edit. Learnt with the model `{model}` on {runners} rendered runners
(`tools/runners`, group `learn`). By situation and joint: forward (from the side) or outward (from front and rear),
then up, at 0, 5 .. 100 % of the stride; heel and toe from the side by the pitch of their line, at -70, -65 .. 30 deg.
"""

from __future__ import annotations

OFFSETS_LEGS: dict[tuple[str, str], tuple[tuple[float, ...], tuple[float, ...]]] = {{
'''


def write_offsets(offsets: Mapping[Key, Array], path: Path, model: str, runners: int) -> None:
    """Write the tables, rounded to a thousandth of the leg (under a millimetre)."""
    lines = [HEAD.format(model=model, runners=runners)]
    for (where, joint), table in offsets.items():
        lines.append(f'    ("{where}", "{joint}"): (\n')
        lines += [text for axis in table for text in ("        ", *axis_lines(axis, "        "))]
        lines.append("    ),\n")
    path.write_text("".join(lines) + "}  # fmt: skip\n", encoding="utf-8")


def axis_lines(values: Array, indent: str) -> list[str]:
    """Return one axis of a table as a tuple, in lines that are not too long."""
    words = [f"{_text(v)}," for v in values]
    rows = [" ".join(words[i : i + PER_LINE]) for i in range(0, len(words), PER_LINE)]
    return ["(\n", *(f"{indent}    {row}\n" for row in rows), f"{indent}),\n"]


def _text(value: float) -> str:
    return f"{value + 0.0:.3f}".replace("-0.000", "0.000")
