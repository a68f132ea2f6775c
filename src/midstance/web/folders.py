"""Where the files lie. Every name in a path is chosen here; no word of a client is ever part of one.

::

    DATA/midstance.db                            what is known
    DATA/sessions/ID/clips/CLIP/original         as uploaded, byte for byte
    DATA/sessions/ID/clips/CLIP/thumbnail.jpg
    DATA/sessions/ID/clips/CLIP/landmarks.csv    estimated once; with clip.json, what the clip is
    DATA/sessions/ID/clips/CLIP/markers.json     pelvis markers followed through the clip
    DATA/sessions/ID/clips/CLIP/proxy.mp4        for browsers, when they cannot play the original
    DATA/sessions/ID/jobs/                       what a process is told, and what it complained of
    DATA/sessions/ID/exports/                    the latest export
    DATA/deleted/ID/                             on its way out
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from midstance.storage.listing import files_below

_ID = re.compile(r"[0-9a-f]{32}")


def new_id() -> str:
    """Return a name that nobody can guess."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class ClipFolder:
    """The files of one clip."""

    path: Path

    @property
    def original(self) -> Path:
        """As uploaded."""
        return self.path / "original"

    @property
    def thumbnail(self) -> Path:
        """A small JPEG."""
        return self.path / "thumbnail.jpg"

    @property
    def landmarks(self) -> Path:
        """The runner's landmarks, times as the file plays."""
        return self.path / "landmarks.csv"

    @property
    def facts(self) -> Path:
        """What the clip is, as JSON."""
        return self.path / "clip.json"

    @property
    def markers(self) -> Path:
        """Tracks of the pelvis markers."""
        return self.path / "markers.json"

    @property
    def proxy(self) -> Path:
        """H.264 for browsers."""
        return self.path / "proxy.mp4"

    @property
    def received_bytes(self) -> int:
        """How much of the original has come in."""
        return self.original.stat().st_size if self.original.is_file() else 0


class Folders:
    """The data folder.

    Parameters
    ----------
    data : Path
        Made when it is absent, for its owner only.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self._sessions = data / "sessions"
        self._deleted = data / "deleted"
        for folder in (data, self._sessions, self._deleted):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "midstance.db"

    def session(self, session_id: str) -> Path:
        """Return the folder of a session."""
        if not _ID.fullmatch(session_id):
            raise ValueError(f"expected an id of 32 hex digits, given {session_id!r}")
        return self._sessions / session_id

    def clip(self, session_id: str, clip_id: str) -> ClipFolder:
        """Return the files of a clip."""
        if not _ID.fullmatch(clip_id):
            raise ValueError(f"expected an id of 32 hex digits, given {clip_id!r}")
        return ClipFolder(self.session(session_id) / "clips" / clip_id)

    def jobs(self, session_id: str) -> Path:
        """Return where the jobs of a session leave their papers."""
        return self.session(session_id) / "jobs"

    def exports(self, session_id: str) -> Path:
        """Return the folder of the latest export; absent without one."""
        return self.session(session_id) / "exports"

    def remove(self, folder: Path) -> None:
        """Remove a folder and all in it; out of its place at once, so that half of it is never seen.

        Raises
        ------
        OSError
            If a file cannot be removed; `tidy` tries again at the next start.
        """
        gone = self._deleted / new_id()
        if folder.exists():
            folder.rename(gone)
            shutil.rmtree(gone)

    def tidy(self, known: Collection[str]) -> set[str]:
        """Remove what a killed server left half-deleted; return which of the known sessions have no folder.

        Folders that the database does not know are left alone unless they are empty: it may be a restored one.
        """
        for folder in self._deleted.iterdir():
            shutil.rmtree(folder, ignore_errors=True)
        found = {folder.name for folder in self._sessions.iterdir()}
        for name in found - set(known):
            with suppress(OSError):  # what cannot be listed may hold something
                if not files_below(self._sessions / name):
                    shutil.rmtree(self._sessions / name)
        return set(known) - found
