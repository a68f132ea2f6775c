"""Tables of an analysis for pandas, and as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from midstance.formats._extra import needed
from midstance.science.catalogue import MEASURE
from midstance.science.errors import InputError
from midstance.science.records import Analysis

if TYPE_CHECKING:
    import pandas

Table = Literal["measures", "summary", "strides", "curves"]
TABLES: tuple[Table, ...] = get_args(Table)
SCHEMA = "midstance.tables/1"
Rows = Sequence[dict[str, Any]]


def frame_of(analysis: Analysis, table: Table = "measures") -> pandas.DataFrame:
    """Return a table as a DataFrame, numbers not rounded, missing ones NaN.

    Parameters
    ----------
    analysis : Analysis
    table : {'measures', 'summary', 'strides', 'curves'}
        The columns of the CSV file of that name and more; `attrs` has units and signs.

    Raises
    ------
    InputError
        If pandas is missing or the table is not known.
    """
    if table not in TABLES:
        raise InputError(f"table: expected one of {', '.join(TABLES)}, given {table}: choose one")
    library = needed("pandas")
    frame: pandas.DataFrame = library.DataFrame(_ROWS[table](analysis))
    for name in {"view", "side", "measure", "instant", "unit", "quality"} & set(frame.columns):
        frame[name] = frame[name].astype("category")
    frame.attrs = _attributes(analysis, table)
    return frame


def write_parquet(analysis: Analysis, table: Table, path: Path) -> None:
    """Write a table as Parquet; units and signs are in its metadata.

    Raises
    ------
    InputError
        If pandas or pyarrow is missing.
    """
    needed("pandas", "pyarrow")
    frame_of(analysis, table).to_parquet(path, engine="pyarrow", index=False)


def _measures(analysis: Analysis) -> Rows:
    return [asdict(value) for view in analysis.views for value in view.values]


def _summary(analysis: Analysis) -> Rows:
    return [asdict(row) for row in analysis.summary]


def _strides(analysis: Analysis) -> Rows:
    rows = ({"view": view.name, **asdict(stride)} for view in analysis.views for stride in view.strides)
    return [{("stride" if name == "number" else name): v for name, v in row.items()} for row in rows]


def _curves(analysis: Analysis) -> Rows:
    return [
        {"view": c.view, "side": c.side, "stride": c.stride, "measure": c.measure, "percent": percent, "value": value}
        for view in analysis.views
        for c in view.curves
        for percent, value in enumerate(c.values.tolist())
    ]


_ROWS: dict[Table, Callable[[Analysis], Rows]] = {
    "measures": _measures,
    "summary": _summary,
    "strides": _strides,
    "curves": _curves,
}


def _attributes(analysis: Analysis, table: Table) -> dict[str, Any]:
    """Return what a reader of the table must know, as JSON knows it."""
    names = dict.fromkeys(value.measure for view in analysis.views for value in view.values)
    known = [MEASURE[name] for name in names if name in MEASURE]
    return {
        "schema": SCHEMA,
        "table": table,
        "software": dict(analysis.software),
        "units": {m.name: m.unit for m in known},
        "positive": {m.name: m.positive for m in known if m.positive},
    }
