"""A damaged database: put aside, with all rows that can still be read saved into a new one.

Clips and landmarks lie beside it in folders of their own and are not touched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from midstance.web.database import close_database, open_database
from midstance.web.tables import Base

_MAGIC = b"SQLite format 3\0"
_BESIDE = ("-wal", "-shm")
"""Files that belong to a database and end like this."""

Row = tuple[Any, ...]


def mend_database(path: Path) -> str:
    """Replace a damaged database by a new one with what could be saved; the damaged one is kept beside it.

    A file that was never a database, or one of another program or version, is left for `open_database` to refuse.

    Parameters
    ----------
    path : Path
        Of the database.

    Returns
    -------
    str
        What the user is told; empty when nothing was done.

    Raises
    ------
    OSError
        If the damaged file cannot be moved.
    """
    if not path.is_file() or not _was_database(path) or not _is_damaged(path):
        return ""
    kept = _put_aside(path)
    close_database(open_database(path))
    saved = _save_rows(kept, path)
    return (
        f"the database was damaged: {saved} of its rows were saved into a new one, the damaged one is kept as "
        f"{kept.name}, and clips of missing sessions lie in the folder sessions: delete both when nothing is missing"
    )


def _was_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _is_damaged(path: Path) -> bool:
    try:
        with closing(_read_only(path)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except sqlite3.OperationalError:  # in use or not to be opened: that is another matter
        return False
    except sqlite3.DatabaseError:
        return True


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)


def _put_aside(path: Path) -> Path:
    """Rename a database and what belongs to it to a name that is free."""
    now = datetime.now().astimezone()
    kept = path.with_name(f"{path.stem}-damaged-{now:%Y-%m-%d-%H%M%S}{path.suffix}")
    while kept.exists():  # the clock may have been set back
        kept = kept.with_name(f"{kept.stem}-again{kept.suffix}")
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(kept.with_name(kept.name + ending))
    path.rename(kept)
    return kept


def _save_rows(damaged: Path, path: Path) -> int:
    """Copy rows that can be read, without those whose parent is lost; return how many there are then."""
    with closing(_read_only(damaged)) as old, closing(sqlite3.connect(path)) as new, new:
        tables = [table.name for table in Base.metadata.sorted_tables]
        for table in tables:
            _copy(old, new, table)
        while orphans := new.execute("PRAGMA foreign_key_check").fetchall():
            for table, row_id, *_ in orphans:
                new.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (row_id,))  # noqa: S608 - our own table
        return sum(int(new.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0]) for t in tables)  # noqa: S608 - as above


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    columns = [column.name for column in Base.metadata.tables[table].columns]
    listed = ", ".join(f'"{column}"' for column in columns)
    places = ", ".join("?" * len(columns))
    for row in _readable(old, table, listed):
        new.execute(f'INSERT OR IGNORE INTO "{table}" ({listed}) VALUES ({places})', row)  # noqa: S608 - as above


def _readable(connection: sqlite3.Connection, table: str, columns: str) -> Iterator[Row]:
    """Yield rows from the first one to where the table is broken, and from the last one back to there."""
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.DatabaseError):
            yield from connection.execute(f'SELECT {columns} FROM "{table}" ORDER BY rowid {order}')  # noqa: S608 - as above
