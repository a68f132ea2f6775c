"""Two saved analyses side by side."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

from midstance.science.errors import InputError
from midstance.science.landmarks import SIDES
from midstance.science.plain import finite
from midstance.science.records import Instant, Quality, SummaryRow

if TYPE_CHECKING:
    from midstance.report import SavedRun
    from midstance.report.comparison import SavedClip

KINDS = (".html", ".pdf")


def compare(before: Path | str, after: Path | str, out: Path | str) -> Path:
    """Write a comparison of two saved analyses of one runner.

    Parameters
    ----------
    before, after : Path or str
        Folders that `save` wrote.
    out : Path or str
        The file to write; its name ends in `.html` or `.pdf`. An older one is replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If a folder holds no analysis that can be read, or the name ends otherwise.
    OutputError
        If the file cannot be written.
    """
    from midstance.report import comparison_of, render_comparison_html, render_comparison_pdf
    from midstance.storage.text import whole_file

    out = Path(out)
    if out.suffix.lower() not in KINDS:
        raise InputError(f"{out}: expected a name that ends in .html or .pdf, given another: rename it")
    comparison = comparison_of(read_run(Path(before)), read_run(Path(after)))
    if out.suffix.lower() == ".pdf":
        content = render_comparison_pdf(comparison, datetime.now().astimezone())
    else:
        content = render_comparison_html(comparison).encode("utf-8", "replace")
    with whole_file(out) as part:
        part.write_bytes(content)
    return out


def read_run(folder: Path) -> SavedRun:
    """Return the analysis that a folder holds.

    Raises
    ------
    InputError
        If it holds none, or one that lacks what a comparison needs.
    """
    from midstance.storage.output import holds_analysis

    if not holds_analysis(folder):
        raise InputError(
            f"{folder}: expected a folder with an analysis.json by midstance, given one without: "
            "name the folder that was given to --out of analyze"
        )
    content = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    try:
        return _run(content)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{folder}: expected a complete analysis.json, given one that lacks or breaks {error}: "
            "analyse the clips again"
        ) from error


def _run(content: Mapping[str, Any]) -> SavedRun:
    from midstance.report import SavedRun

    return SavedRun(
        clips={str(view): _clip(facts) for view, facts in content["capture"].items()},
        summary=tuple(_row(row) for row in content["summary"]),
        speed_mps=_speed(content),
        version=str(content["software"].get("midstance", "unknown")),
    )


def _clip(facts: Mapping[str, Any]) -> SavedClip:
    from midstance.report.comparison import SavedClip

    return SavedClip(str(facts["file"]), _float(facts["fps"]), str(facts["model"] or "none"), str(facts["surface"]))


def _row(row: Mapping[str, Any]) -> SummaryRow:
    return SummaryRow(
        view=_text(row, "view"),
        side="left" if _text(row, "side", SIDES) == "left" else "right",
        measure=_text(row, "measure"),
        instant=cast("Instant", _text(row, "instant", get_args(Instant))),
        unit=_text(row, "unit"),
        median=_float(row["median"]),
        sd=_float(row["sd"]),
        n=int(finite(row["n"]) or 0),
        quality=cast("Quality", _text(row, "quality", get_args(Quality))),
        reason=_text(row, "reason"),
        standard_error=_float(row.get("standard_error")),  # older analyses have none
    )


def _speed(content: Mapping[str, Any]) -> float:
    """Return the speed that was given, or else that of the first side view with a scale; NaN without either."""
    given = _float(content["settings"].get("speed_mps"))
    if math.isfinite(given):
        return given
    found = (abs(_float(c.get("speed_px_s"))) * _float(c.get("metres_per_px")) for c in content["capture"].values())
    return next((speed for speed in found if math.isfinite(speed)), math.nan)


def _float(value: object) -> float:
    """Return a number of the file; its null is NaN."""
    number = finite(value)
    return math.nan if number is None else number


def _text(row: Mapping[str, Any], key: str, allowed: Sequence[str] = ()) -> str:
    value = row[key]
    if not isinstance(value, str) or (allowed and value not in allowed):
        raise ValueError(f"{key}, which is {value!r:.40}")
    return value
