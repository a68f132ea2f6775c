"""Sessions on disk: one folder each, with a random name.

::

    DATA/sessions/ID/session.json    the record
    DATA/sessions/ID/clips/          what was uploaded
    DATA/sessions/ID/results/        what the analysis wrote
    DATA/incoming/ID/                an upload under way; becomes sessions/ID as a whole
    DATA/deleted/ID/                 on its way out
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from midstance.web.records import Session

_ID = re.compile(r"[0-9a-f]{32}")


class SessionStore:
    """The sessions of one data folder. Keeps nothing in memory: what is on disk is what there is.

    Parameters
    ----------
    data : Path
        The data folder; made when it is absent, for its owner only.
    """

    def __init__(self, data: Path) -> None:
        self._sessions = data / "sessions"
        self._incoming = data / "incoming"
        self._deleted = data / "deleted"
        for folder in (data, self._sessions, self._incoming, self._deleted):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def tidy(self) -> None:
        """Remove what a killed server left: broken uploads and half-deleted sessions."""
        for folder in (*self._incoming.iterdir(), *self._deleted.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Give a folder for an upload; it is removed at the end of the block unless `add` took it."""
        folder = self._incoming / secrets.token_hex(16)
        (folder / "clips").mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, incoming: Path, session: Session) -> None:
        """Make the folder of a complete upload a session."""
        _write(incoming, session)
        incoming.rename(self._sessions / session.id)

    def all(self) -> list[Session]:
        """Return every session, the newest first."""
        found = [self.get(folder.name) for folder in self._sessions.iterdir()]
        return sorted((s for s in found if s), key=lambda s: s.created, reverse=True)

    def get(self, session_id: str) -> Session | None:
        """Return a session; None when there is none with this id."""
        if not _ID.fullmatch(session_id):
            return None
        try:
            content = json.loads((self._sessions / session_id / "session.json").read_text(encoding="utf-8"))
            return Session.from_json(content)
        except (OSError, ValueError, KeyError, TypeError):  # gone, or not a record of ours
            return None

    def save(self, session: Session) -> None:
        """Write the record of a session that exists."""
        _write(self.folder(session), session)

    def folder(self, session: Session) -> Path:
        """Return the folder of a session."""
        return self._sessions / session.id

    def clips(self, session: Session) -> Path:
        """Return the folder of the uploaded clips."""
        return self.folder(session) / "clips"

    def results(self, session: Session) -> Path:
        """Return the folder of the results; absent until there are some."""
        return self.folder(session) / "results"

    def result_files(self, session: Session) -> dict[str, Path]:
        """Return every result by its name, such as `plots/cadence.png`. Only these names lead to files."""
        results = self.results(session)
        files = (p for p in sorted(results.rglob("*")) if p.is_file() and not p.is_symlink())
        return {p.relative_to(results).as_posix(): p for p in files}

    def delete(self, session: Session) -> None:
        """Remove a session and all its files.

        Raises
        ------
        OSError
            If a file cannot be removed. The session is gone from the list then, and `tidy` tries again.
        """
        gone = self._deleted / secrets.token_hex(16)
        self.folder(session).rename(gone)
        shutil.rmtree(gone)


def _write(folder: Path, session: Session) -> None:
    """Write the record whole or not at all."""
    fresh = folder / f".session-{secrets.token_hex(4)}.json"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(session.to_json(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / "session.json")
