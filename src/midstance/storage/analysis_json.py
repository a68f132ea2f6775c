"""Write an analysis as strict JSON that the tables can be drawn from again without computing anything."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from midstance.science.chain import chain_of
from midstance.science.records import Analysis, ViewAnalysis
from midstance.storage._files import atomic_text
from midstance.storage._rows import Row, measure_rows, stride_rows, summary_rows

SCHEMA = "midstance.analysis/1"

_DIGITS = 6
_ALL_DIGITS = 17
"""Enough to tell any two floats apart."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def analysis_to_dict(analysis: Analysis) -> dict[str, Json]:
    """Return an analysis as plain data.

    Returns
    -------
    dict
        ``schema``; ``software``; ``capture`` and ``quality`` keyed by the name of the view; ``strides``,
        ``measures`` and ``summary`` as lists of rows (the first two with the columns of their CSV files);
        ``findings``; ``chain``, from foot to pelvis; ``standing``, the zeros of the ankles; ``settings``.
        Missing numbers are None. Rows are rounded by unit, other numbers to six significant digits, settings not at
        all. The order of keys is always the same.
    """
    parts = _parts(analysis).items()
    return {key: [dict(row) for row in part] if isinstance(part, Iterator) else part for key, part in parts}


def _parts(analysis: Analysis) -> dict[str, Json | Iterator[Row]]:
    """Return the parts of the file; rows come one by one, as a long clip has some hundred thousand."""
    return {
        "schema": SCHEMA,
        "software": plain(analysis.software),
        "capture": {view.name: _capture(view) for view in analysis.views},
        "quality": {view.name: _quality(view) for view in analysis.views},
        "strides": stride_rows(analysis),
        "measures": measure_rows(analysis),
        "summary": summary_rows(analysis),
        "findings": plain(analysis.findings),
        "chain": plain(chain_of(analysis.views, analysis.summary)),
        "standing": [plain(neutral) for neutral in analysis.views[0].standing.values()],
        "edits": plain(analysis.edits.to_plain()),
        "pelvis_markers": {v.name: plain(v.pelvis.placement.to_plain()) for v in analysis.views if v.pelvis},
        "settings": plain(analysis.settings, digits=_ALL_DIGITS),
    }


def write_analysis(analysis: Analysis, path: Path | str) -> None:
    """Write `analysis_to_dict` as UTF-8 JSON without NaN or Infinity.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with atomic_text(Path(path)) as file:
        for i, (key, part) in enumerate(_parts(analysis).items()):
            file.write(f"{',' if i else '{'}\n {_text(key, 1)}: ")
            file.writelines(_rows_text(part) if isinstance(part, Iterator) else (_text(part, 1),))
        file.write("\n}\n")


def _rows_text(rows: Iterator[Row]) -> Iterator[str]:
    """Yield a list of rows, in its place in the file, piece by piece."""
    before = "["
    for row in rows:
        yield f"{before}\n  {_text(row, 2)}"
        before = ","
    yield "[]" if before == "[" else "\n ]"


def _text(value: object, depth: int) -> str:
    """Return JSON as it stands so deep in the file; a line break in it is always one between its parts."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False).replace("\n", "\n" + " " * depth)


def plain(value: object, digits: int = _DIGITS) -> Json:
    """Return records, arrays and numbers as JSON knows them: floats to some significant digits, NaN as None.

    Raises
    ------
    TypeError
        If a value has no counterpart in JSON.
    """
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") + 0.0 if math.isfinite(value) else None  # no -0.0
    return _plain_container(value, digits)


def _plain_container(value: object, digits: int) -> Json:
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name), digits) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item, digits) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, digits) for item in value]
    raise TypeError(f"expected what JSON can hold, given {type(value).__name__}")


def _capture(view: ViewAnalysis) -> Json:
    """Return what was filmed and how the runner stands to the camera."""
    clip, scene = view.clip, view.scene
    known = clip.width_px is not None and clip.height_px is not None
    facts = {
        "file": clip.file,
        "frames": clip.frames,
        "fps": clip.fps,
        "duration_s": clip.duration_s,
        "resolution": [clip.width_px, clip.height_px] if known else None,
        "rotation": clip.rotation_deg,
        "mirrored": clip.mirrored,
        "capture_fps": clip.capture_fps,
        "model": clip.model,
        "people_seen": clip.people_seen,
        "runner_share": clip.runner_share,
        "lacks": clip.lacks,
        "swapped_share": view.swapped_share,
    }
    return plain(facts | {f.name: getattr(scene, f.name) for f in dataclasses.fields(scene)})


def _quality(view: ViewAnalysis) -> Json:
    return [{"check": n.check, "level": n.level, "message": n.message} for n in view.notes]
