"""What a server tells whom, and what it writes down: SECURITY.md, "Leaks"."""

from __future__ import annotations

import re
import secrets
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers

from midstance.web.database import close_database, open_database
from midstance.web.security import COOKIE, Guard
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("security")

LISTS = ("/", "/new", "/compare", "/api/sessions", "/api/events", "/api/compare?before=1&after=2", "/static/base.css")
NAME = "Wilhelmina Secret"


def test_every_answer_carries_the_guarding_headers(served: Server) -> None:
    """Pages, data, files, refusals and what is not there: none may be framed, sniffed, cached or run scripts."""
    session = served.new_session()
    for path, headers in (
        ("/", {}),
        (session, {}),
        ("/static/icon.svg", {}),
        ("/vendor/plotly.min.js", {}),
        ("/nothing", {}),
        ("/api/nothing", {}),
        ("/", {"host": "evil.example"}),
        (session, {"origin": "http://evil.example"}),
    ):
        check_headers(served.ask(path, **headers).headers)


def check_headers(headers: object) -> None:
    """Check the headers of an answer."""
    found = dict(headers)  # type: ignore[call-overload]  # a mapping of names in lower case
    policy = found["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert found["x-frame-options"] == "DENY"
    assert found["x-content-type-options"] == "nosniff"
    assert found["cross-origin-resource-policy"] == "same-origin"
    assert found["cross-origin-opener-policy"] == "same-origin"
    assert found["referrer-policy"] == "same-origin"
    assert "no-store" in found["cache-control"] or "private" in found["cache-control"]
    assert "server" not in found
    assert not [name for name in found if name.startswith("access-control-")]


def test_files_that_users_made_run_no_scripts(served: Server, seen: Seen) -> None:
    """A plot and a table come with a policy that lets nothing run, whatever is in them."""
    session = f"/api/sessions/{plant_session(served.data, {'side': seen})}"
    for path in (f"{session}/plots/knee_flexion.svg", f"{session}/tables/measures.csv"):
        policy = served.ask(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
        assert "script-src" not in policy


def test_a_fault_of_ours_is_told_without_what_it_was_about(tmp_path: Path) -> None:
    """When the database breaks, the answer has its headers and a line; neither it nor the log has a name or a value."""
    server = Server(tmp_path / "data")
    server.start()
    with closing(sqlite3.connect(server.data / "midstance.db")) as database:
        # So that the statement that fails is the one that carries the name.
        database.execute("CREATE TRIGGER broken BEFORE INSERT ON runner BEGIN SELECT RAISE(FAIL, 'out of order'); END")
    answer = server.send("POST", "/api/sessions", {"runner": NAME})
    server.ask("/static/icon.svg")  # until then the log is written
    log = server.kill()
    assert answer.status == 500
    check_headers(answer.headers)
    assert answer.json["error"]["code"] == "failed"
    assert "out of order" in log, "who makes it must be able to mend it"
    assert NAME not in log
    assert NAME.encode() not in answer.body


def test_what_nobody_foresaw_is_told_with_the_guarding_headers(tmp_path: Path) -> None:
    """A value of the database that no version of ours wrote: the answer has its headers and tells no name."""
    server = Server(tmp_path / "data")
    server.start()
    session = server.new_session(runner=NAME)
    with closing(sqlite3.connect(server.data / "midstance.db")) as database, database:
        database.execute("UPDATE session SET created = x'00'")
    answer = server.ask(session)
    server.kill()
    assert answer.status == 500
    check_headers(answer.headers)
    assert answer.json["error"]["code"] == "failed"
    assert NAME.encode() not in answer.body


def test_a_statement_that_fails_is_told_without_its_values(tmp_path: Path) -> None:
    """What SQLAlchemy says of a failed statement, and so any traceback that is logged, has no name in it."""
    database = open_database(tmp_path / "midstance.db")
    with pytest.raises(OperationalError) as told, database.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": NAME})
    close_database(database)
    assert "INSERT INTO nowhere" in str(told.value)
    assert NAME not in str(told.value)


def test_nothing_is_told_without_the_token(tmp_path: Path) -> None:
    """On a machine that others use as well, a token keeps them out of every list and page, by every name."""
    server = Server(tmp_path / "data", ("--token", secrets.token_urlsafe(18)))
    server.start()
    try:
        own = {"cookie": f"{COOKIE}={server.token}"}
        session = server.send_with(own, "POST", "/api/sessions", {"runner": NAME}).json["id"]
        for path in (*LISTS, f"/api/sessions/{session}", f"/sessions/{session}"):
            for host in ({}, {"host": "localhost"}, {"host": "evil.example"}):
                answer = server.ask(path, **host)
                assert answer.status == 401
                assert NAME.encode() not in answer.body
        assert NAME.encode() in server.ask("/api/sessions", **own).body
    finally:
        server.stop()


def test_other_accounts_of_the_machine_read_no_file(tmp_path: Path, landmarks: bytes) -> None:
    """In a data folder that is open to everybody, no file or folder that the server makes is."""
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    server = Server(data)
    server.start()
    session = server.started(landmarks, runner=NAME)
    server.wait_for(session, "done")
    server.stop()
    made = list(data.rglob("*"))
    assert [path for path in made if path.name == "original"]
    assert not [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_no_list_of_a_folder_is_served(served: Server) -> None:
    """An address that ends at a folder of files tells nothing of what is in it."""
    for path in ("/static/", "/static", "/vendor/", "/api/sessions/"):
        assert served.ask(path).status in (404, 307, 405)
    assert all(re.fullmatch(r"[0-9a-f]{32}", s["id"]) for s in served.get("/api/sessions")["sessions"])


def test_the_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cookie and address are compared as secrets are: how long it takes tells nothing of how much was right."""
    compared: list[tuple[bytes, bytes]] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return a == b

    monkeypatch.setattr(secrets, "compare_digest", compare)
    guard = Guard(lambda *_: None, (), "t" * 24)  # type: ignore[arg-type]  # it is not called
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"token=guess"}
    headers = [(b"host", b"x"), (b"cookie", f"{COOKIE}=other".encode())]
    assert guard._refusal({**scope, "headers": headers}, Headers(raw=headers)) is not None
    assert compared == [(b"other", b"t" * 24), (b"guess", b"t" * 24)]


def test_no_secret_is_written_to_a_log(tmp_path: Path) -> None:
    """After its first lines a server says nothing: no token, name, path or address, whatever is asked of it."""
    server = Server(tmp_path / "data", ("--token", "new"))
    server.start()
    own = {"cookie": f"{COOKIE}={server.token}"}
    session = server.send_with(own, "POST", "/api/sessions", {"runner": NAME}).json["id"]
    for path in (f"/?token={server.token}", "/?token=guess", f"/api/sessions/{session}", "/api/nothing", "/%00"):
        server.ask(path)
        server.ask(path, **own)
    server.ask("/api/sessions", method="POST", body="{", content_type="application/json", **own)
    server.ask(f"/api/sessions/{session}/start", method="POST", **own)
    log = server.kill()
    left = "\n".join(p.read_text(errors="replace") for p in server.data.rglob("*.log"))
    for secret in (server.token, NAME, session, str(server.data)):
        assert secret not in log
        assert secret not in left
