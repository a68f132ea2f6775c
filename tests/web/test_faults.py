"""A database that is locked or damaged, a clock that was set back, a disk that is full."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from midstance.web.database import close_database, open_database
from midstance.web.mending import mend_database
from midstance.web.states import State
from tests.support.cli import midstance
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_serving")

PAGE = 4096


@pytest.fixture
def data(tmp_path: Path, seen: dict[str, Seen]) -> Path:
    """A data folder with five sessions, its database in one file."""
    folder = tmp_path / "data"
    for number in range(5):
        plant_session(folder, {"side": seen["side"]}, runner=f"R-{number}")
    return folder


def wreck(path: Path, pages: range) -> bytes:
    """Overwrite pages of a file; return what it is then."""
    content = bytearray(path.read_bytes())
    for page in pages:
        content[page * PAGE : (page + 1) * PAGE] = os.urandom(PAGE)
    path.write_bytes(bytes(content))
    return bytes(content)


def test_a_damaged_database_is_kept_and_the_app_opens(data: Path) -> None:
    """The app opens, says on terminal and page what happened, and keeps the damaged file and every clip."""
    path = data / "midstance.db"
    damaged = wreck(path, range(3, path.stat().st_size // PAGE))
    clips = sorted(p.read_bytes() for p in data.glob("sessions/*/clips/*/original"))
    server = Server(data)
    server.start()
    assert "the database was damaged" in server.ask("/").body.decode()
    session = server.new_session(runner="After")
    assert server.get(session)["title"].startswith("After")
    server.kill()
    kept = list(data.glob("midstance-damaged-*.db"))
    assert [p.read_bytes() for p in kept] == [damaged]
    assert sorted(p.read_bytes() for p in data.glob("sessions/*/clips/*/original")) == clips


def test_what_can_be_read_of_a_damaged_database_is_saved(data: Path) -> None:
    """With one table broken the rows of the others are there again, and no row whose parent is lost."""
    path = data / "midstance.db"
    with closing(sqlite3.connect(path)) as connection:
        [(page,)] = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'clip'").fetchall()
        sessions = connection.execute("SELECT id FROM session ORDER BY id").fetchall()
    wreck(path, range(page - 1, page))
    told = mend_database(path)
    assert re.match(r"the database was damaged: \d+ of its rows were saved", told)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id FROM session ORDER BY id").fetchall() == sessions
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    close_database(open_database(path))
    assert mend_database(path) == ""


def test_two_damages_in_a_second_keep_two_copies(data: Path) -> None:
    """A copy never replaces an earlier one, also when the clock says the same."""
    path = data / "midstance.db"
    for _ in range(2):
        wreck(path, range(1, path.stat().st_size // PAGE))
        assert mend_database(path)
    assert len(list(data.glob("midstance-damaged-*.db"))) == 2


def test_a_locked_database_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that another program holds is an error of one line, and is left as it is."""
    monkeypatch.setattr("midstance.web.database._PRAGMAS", ("busy_timeout = 100",))
    path = data / "midstance.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Exception, match=r"expected a database of midstance.*locked"):
            open_database(path)
    close_database(open_database(path))


@pytest.mark.slow
@pytest.mark.long
def test_a_clock_that_was_set_back_holds_nothing_up(tmp_path: Path, seen: dict[str, Seen]) -> None:
    """Sessions from the future stay, and new work is done beside them."""
    data = tmp_path / "data"
    ahead = plant_session(data, {"side": seen["side"]}, runner="Tomorrow")
    fresh = plant_session(data, {"side": seen["side"]}, runner="Today", state=State.DRAFT)
    with closing(sqlite3.connect(data / "midstance.db")) as connection, connection:
        later = (datetime.now().astimezone() + timedelta(days=400)).isoformat()
        connection.execute("UPDATE session SET created = ? WHERE id = ?", (later, ahead))
    server = Server(data)
    server.start()
    assert server.send("POST", f"/api/sessions/{fresh}/start").status == 202
    assert server.wait_for(f"/api/sessions/{fresh}", "done", "failed")["state"] == "done"
    assert {s["id"] for s in server.get("/api/sessions")["sessions"]} == {ahead, fresh}
    server.stop()


def test_a_full_disk_loses_no_byte_that_was_taken(tmp_path: Path, landmarks: bytes) -> None:
    """An upload that fills the disk is refused in JSON; what was acknowledged stays, and with room again it goes on."""
    if shutil.which("unshare") is None or sys.platform != "linux":
        pytest.skip("needs a small disk")
    code = f"""
import shutil, sys
sys.path[:0] = {sys.path!r}
from pathlib import Path
from tests.web.server import Server
server = Server(Path("disk/data"))
server.start()
try:
    session = server.new_session()
    content = Path("content").read_bytes()
    clip = server.new_clip(session, "side", len(content))["id"]
    print(server.put_piece(clip, 0, content[:10_000]).status)
    Path("disk/fill").write_bytes(bytes(shutil.disk_usage("disk").free - 100_000))
    refused = server.put_piece(clip, 10_000, content[10_000:])
    print(refused.status, refused.json["error"]["code"])
    offset = server.get(f"/api/clips/{{clip}}")["offset"]
    print(offset >= 10_000)
    Path("disk/fill").unlink()
    print(server.put_piece(clip, offset, content[offset:]).json["clip"]["state"])
finally:
    server.kill()
"""
    (tmp_path / "content").write_bytes(landmarks)
    (tmp_path / "disk").mkdir()
    script = f'mount -t tmpfs -o size=5m tmpfs disk && exec {sys.executable} -c "$CODE"'
    arguments = ["unshare", "--mount", "--map-root-user", "sh", "-c", script]
    done = subprocess.run(
        arguments,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "CODE": code},
    )
    if "mount" in done.stderr and not done.stdout:
        pytest.skip("this system does not let the test mount a small disk")
    assert done.stdout.split() == ["200", "500", "failed", "True", "ready"], done.stderr


def test_a_read_only_data_folder_is_told(tmp_path: Path) -> None:
    """A data folder that cannot be made is an error of one line."""
    blocked = tmp_path / "file"
    blocked.write_text("mine")
    ended = midstance("serve", "--port", "0", "--data", blocked / "data")
    assert (ended.code, ended.err.count("\n")) == (2, 1), ended.err
