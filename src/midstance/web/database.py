"""The database file: opened, checked, kept safe."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from midstance.science.errors import InputError
from midstance.web.tables import SCHEMA_VERSION, Base

Database = sessionmaker[Session]
"""`with database.begin() as db:` is one transaction."""

_OURS = "a database of midstance"
_AWAY = "move it away, or give another folder with --data"
_END_IT = "end the program that uses it, make room on the disk, or give another folder with --data"
_PRAGMAS = (
    "foreign_keys = ON",
    "journal_mode = WAL",  # readers and the writer do not wait for each other, and a power cut loses nothing
    "synchronous = FULL",
    "busy_timeout = 10000",
    "secure_delete = ON",  # names of deleted runners are overwritten, not only unlinked
)


def open_database(path: Path) -> Database:
    """Open the database, making it when it is absent.

    Parameters
    ----------
    path : Path
        Of the file; its folder must exist.

    Raises
    ------
    InputError
        If the file is no database, is one of another program or in use by one, or was written by another version of
        midstance.
    """
    _check(path)
    engine = create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True)  # names stay out of logs
    event.listen(engine, "connect", _prepare)
    try:
        _bring_up_to_date(engine)
    except OperationalError as error:
        engine.dispose()
        raise InputError(f"{path}: expected {_OURS} that can be written ({error.orig}): {_END_IT}") from error
    return sessionmaker(engine, expire_on_commit=False)


def _check(path: Path) -> None:
    """Refuse a file that is not ours to change, before anything of it is changed."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            columns = _columns(connection)
    except sqlite3.DatabaseError as error:
        raise InputError(f"{path}: expected {_OURS}, given a file that is none ({error}): {_AWAY}") from error
    if version > SCHEMA_VERSION:
        raise InputError(
            f"{path}: expected a database of version {SCHEMA_VERSION} or older, given version {version}: "
            "install the newer midstance that wrote it, or give another folder with --data"
        )
    if not version and columns.keys() - Base.metadata.tables.keys():
        raise InputError(f"{path}: expected {_OURS}, given one of another program: {_AWAY}")
    lacking = [f"{table}.{column}" for table, column in _wanted() if version and column not in columns.get(table, ())]
    if lacking:
        raise InputError(f"{path}: expected {_OURS} as this version makes it, given one without {lacking[0]}: {_AWAY}")


def _columns(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Return the columns of every table of a file."""
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    found: dict[str, set[str]] = {}
    for (table,) in tables:
        rows = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        found[table] = {name for (name,) in rows}
    return found


def _wanted() -> Iterator[tuple[str, str]]:
    for table in Base.metadata.sorted_tables:
        yield from ((table.name, column.name) for column in table.columns)


def _prepare(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _bring_up_to_date(engine: Engine) -> None:
    """Make the tables of a new database. Older versions are to be migrated here."""
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        connection.execute(text(f"PRAGMA user_version = {SCHEMA_VERSION}"))


def close_database(database: Database) -> None:
    """Close every connection; the write-ahead log goes into the file."""
    database.kw["bind"].dispose()


def forget_traces(database: Database) -> None:
    """Bring what was deleted out of the write-ahead log too."""
    with database() as db:
        db.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
