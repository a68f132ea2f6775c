"""Write learnt offsets as a module of the science."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from benchmarks.landmarks.learn import Key
from midstance.science.signals import Array

HEAD = '''\
"""Where the pose model's landmarks lie against joint centres, in leg lengths.

Written by `python -m benchmarks.landmarks`; do not edit. Learnt with the model `{model}` on {runners} rendered runners
(`tools/runners`, group `learn`). By situation and joint: forward (from the side) or outward (from front and rear),
then up, at 0, 5 .. 100 % of the stride.
"""

from __future__ import annotations

OFFSETS_LEGS: dict[tuple[str, str], tuple[tuple[float, ...], tuple[float, ...]]] = {{
'''


def write_offsets(offsets: Mapping[Key, Array], path: Path, model: str, runners: int) -> None:
    """Write the tables, rounded to a thousandth of the leg (under a millimetre)."""
    lines = [HEAD.format(model=model, runners=runners)]
    for (where, joint), table in offsets.items():
        lines.append(f'    ("{where}", "{joint}"): (\n')
        lines += [f"        ({', '.join(_text(v) for v in axis)}),\n" for axis in table]
        lines.append("    ),\n")
    path.write_text("".join(lines) + "}  # fmt: skip\n", encoding="utf-8")


def _text(value: float) -> str:
    return f"{value + 0.0:.3f}".replace("-0.000", "0.000")
