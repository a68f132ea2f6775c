"""MOT: angles over time as text, the form that OpenSim takes as motion.

OpenSim's `Storage` stops at the first number that is none, so that the file has none: an angle that is missing for much
of the clip is left out, and a row in which another is missing as well. The header says both.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from midstance.formats.points import Array
from midstance.science.catalogue import MEASURE
from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES
from midstance.science.records import ViewAnalysis

MOST_MISSING = 0.2
"""Share of the clip of which an angle may be missing."""


def write_mot(view: ViewAnalysis, path: Path) -> None:
    """Write the angles of a view, in degrees, with the signs of midstance.

    A column is named by measure and side, as `knee_flexion_r`. The names are those of midstance and not of a
    model's coordinates.

    Raises
    ------
    InputError
        If no angle is there.
    """
    found = {
        f"{name}_{side[0]}": values
        for side in SIDES
        for name in (m for m, s in view.angles.values if s == side)
        if MEASURE[name].unit == "deg" and len(values := view.angles.values[name, side])
    }
    kept = {name: values for name, values in found.items() if np.isnan(values).mean() <= MOST_MISSING}
    if not kept:
        raise InputError(f"{view.name}: expected angles, given a view without any: leave mot out")
    table = np.column_stack([view.angles.time_s, *kept.values()])
    whole = table[np.isfinite(table).all(axis=1)]
    _write(path, list(kept), whole, _told(view, found, kept, len(table) - len(whole)))


def _told(view: ViewAnalysis, found: Mapping[str, Array], kept: Mapping[str, Array], rows_left_out: int) -> list[str]:
    """Return what stands in the header; an equals sign would make a key of it."""
    missing = sorted(set(found) - set(kept))
    told = [
        f"midstance, {view.name} view, runner faces {view.scene.facing}; time in seconds, angles in degrees",
        *(f"{name}: positive is {MEASURE[name].positive}" for name in dict.fromkeys(c[:-2] for c in kept)),
        f"rows left out because an angle was not seen: {rows_left_out}",
    ]
    return [*told, f"columns left out because the angle was not seen: {', '.join(missing)}"] if missing else told


def _write(path: Path, names: list[str], table: Array, told: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        header = [path.stem, "version=1", f"nRows={len(table)}", f"nColumns={len(names) + 1}", "inDegrees=yes"]
        file.writelines(f"{line}\n" for line in (*header, "", *told, "", "endheader"))
        file.write("\t".join(["time", *names]) + "\n")
        file.writelines("\t".join(f"{v:.6f}" for v in row) + "\n" for row in table)
