from __future__ import annotations

import http.client
import re
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from midstance.cli.serve import serve
from midstance.science.errors import InputError
from midstance.web.database import close_database, open_database
from tests.support.cli import command, midstance
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_serving")

NOBODY = "0" * 32


@pytest.fixture(scope="module")
def session(served: Server, seen: dict[str, Seen]) -> str:
    """Return the address of the API of a finished session."""
    return f"/api/sessions/{plant_session(served.data, seen, runner='<script>alert(1)</script>')}"


def test_other_names_are_refused(served: Server) -> None:
    """A name that was rebound to this machine reaches nothing."""
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "127.0.0.1@evil.example"):
        assert served.ask("/", host=host).status == 403
        assert served.ask("/api/sessions", host=host).json["error"]["code"] == "forbidden"
    port = served.address.rpartition(":")[2]
    assert served.ask("/", host=f"localhost:{port}").status == 200


def test_other_sites_are_refused(served: Server, session: str) -> None:
    """Forms and scripts of other sites change nothing and read nothing, not even from another port here."""
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ):
        for method, path in (("DELETE", session), ("POST", f"{session}/start"), ("POST", "/api/sessions")):
            assert served.ask(path, method=method, **headers).status == 403
    assert served.ask(session, origin="http://evil.example").status == 403
    own = served.ask(session, method="PATCH", body="{}", content_type="application/json", origin=served.address)
    assert own.status == 200


def test_forms_cannot_pass_for_json(served: Server) -> None:
    """A body that any site may send without asking is not taken."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert served.ask("/api/sessions", method="POST", body="{}", content_type=kind).status == 415
    for body in ("[]", "{", '{"name": NaN}', "[" * 100_000):
        assert served.ask("/api/sessions", method="POST", body=body, content_type="application/json").status == 415


def test_pages_load_nothing_from_elsewhere(served: Server, session: str) -> None:
    """No page names another address; scripts and styles come from files only; documentation pages are off."""
    shown = session.removeprefix("/api")
    for path in ("/", "/new", shown, "/compare", f"/sessions/{NOBODY}", "/nothing"):
        answer = served.ask(path)
        html = answer.body.decode()
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", html)
        assert not re.search(r"<script(?![^>]* src=)|<style| on\w+=| style=", html)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert served.ask(path).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/api/sessions/..",
        "/api/sessions/%2e%2e",
        "/api/sessions/../midstance.db",
        "/api/sessions/..%2f..%2fmidstance.db",
        "/api/clips/..%2f..%2f..%2fmidstance.db/video",
        "/api/clips/%2e%2e/thumbnail.jpg",
        "{session}/exports/files/../../midstance.db",
        "{session}/exports/files/..%2f..%2f..%2fmidstance.db",
        "{session}/exports/files//etc/passwd",
        "{session}/exports/files/%2fetc%2fpasswd",
        "{session}/exports/files/",
        "{session}/exports/files/secret",
        "{session}/tables/..%2fmidstance.db",
        "{session}/tables/landmarks_..csv",
        "{session}/plots/..%2f..%2fknee_flexion.png",
        "{session}/plots/knee_flexion.exe",
        "{session}/views/..%2fside/landmarks",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/vendor/../app.py",
    ],
)
def test_no_path_reaches_the_file_system(served: Server, session: str, path: str) -> None:
    """Only names that the server made lead to files; links do not."""
    exports = served.data / session.removeprefix("/api/") / "exports"
    exports.mkdir(exist_ok=True)
    if not (exports / "secret").is_symlink():
        (exports / "secret").symlink_to(served.data / "midstance.db")
    answer = served.ask(path.format(session=session))
    assert answer.status == 404
    assert b"SQLite" not in answer.body


def test_errors_are_json_and_say_what_to_do(served: Server, session: str) -> None:
    """What is not there, not allowed or not understood has a code and one line."""
    for method, path, status, code in (
        ("GET", f"/api/sessions/{NOBODY}", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("POST", "/api/events", 405, "bad_request"),
        ("PUT", f"/api/clips/{NOBODY}/content", 422, "bad_request"),
        ("GET", "/api/compare?before=1", 422, "bad_request"),
        ("POST", f"{session}/edits/undo", 409, "wrong_state"),
        ("GET", f"{session}/views/rear/landmarks", 404, "not_found"),
    ):
        answer = served.ask(path, method=method)
        assert (answer.status, answer.json["error"]["code"]) == (status, code), path
        assert len(answer.json["error"]["message"].splitlines()) == 1


def test_pages_say_whether_something_is_gone_or_went_wrong(served: Server) -> None:
    """Only a page that is not here says so; any other that fails does not frighten its reader with a lost session."""
    gone, failed = served.ask("/sessions/none"), served.ask("/", method="POST")
    assert (gone.status, b"This is not here" in gone.body) == (404, True)
    assert (failed.status, b"This did not work" in failed.body) == (405, True)


def test_parts_of_a_clip_are_sent(served: Server, session: str) -> None:
    """A player may ask for any range, and for one that is not there."""
    clip = f"/api/clips/{served.get(session)['clips'][0]['id']}/video"
    whole = served.ask(clip)
    size = len(whole.body)
    assert (whole.status, whole.headers["accept-ranges"], whole.headers["content-type"]) == (200, "bytes", "video/mp4")
    middle = served.ask(clip, range="bytes=1000-1999")
    assert (middle.status, middle.headers["content-range"]) == (206, f"bytes 1000-1999/{size}")
    assert middle.body == whole.body[1000:2000]
    assert served.ask(clip, range=f"bytes={size + 5}-").status == 416


def test_delete_removes_every_file_and_name(served: Server, seen: dict[str, Seen]) -> None:
    """Nothing of a deleted session is left in the data folder, the database included; the others stay."""
    gone = plant_session(served.data, {"side": seen["side"]}, runner="Wilhelmina Goes")
    stays = plant_session(served.data, {"side": seen["side"]}, runner="Stays")
    served.send("PATCH", f"/api/sessions/{gone}", {"details": {"note": "knee of Wilhelmina"}})
    assert served.send("DELETE", f"/api/sessions/{gone}").status == 204
    assert not [path for path in served.data.rglob("*") if gone in path.as_posix()]
    assert not list((served.data / "deleted").iterdir())
    assert b"Wilhelmina" not in b"".join(path.read_bytes() for path in served.data.glob("midstance.db*"))
    assert served.ask(f"/api/sessions/{gone}").status == 404
    assert served.ask(f"/api/sessions/{stays}").status == 200


def test_a_half_deleted_session_is_gone_after_a_restart(server: Server, seen: dict[str, Seen]) -> None:
    """A server that was killed while it deleted finishes that when it starts again."""
    half = plant_session(server.data, {"side": seen["side"]})
    whole = plant_session(server.data, {"side": seen["side"]})
    server.kill()
    (server.data / "sessions" / half).rename(server.data / "deleted" / half)
    server.start()
    assert [found["id"] for found in server.get("/api/sessions")["sessions"]] == [whole]
    assert not list((server.data / "deleted").iterdir())


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for other machines."""
    server = Server(tmp_path_factory.mktemp("guarded") / "data", ("--host", "127.0.0.2", "--token", "new"))
    server.start()
    yield server
    server.stop()


def test_another_machine_needs_the_token(guarded: Server) -> None:
    """Without the token nothing is told; the printed address gives a cookie that is worth it, on this name only."""
    for headers in ({}, {"cookie": "midstance_token=guess"}, {"cookie": "midstance_token="}):
        assert guarded.ask("/", **headers).status == 401
        assert guarded.ask("/api/sessions", **headers).json["error"]["code"] == "token"
    assert guarded.ask("/?token=wrong").status == 401
    assert guarded.ask(f"/api/sessions?token={guarded.token}", method="POST").status == 401
    answer = guarded.ask(f"/new?token={guarded.token}&session=x")
    assert (answer.status, answer.headers["location"]) == (303, "/new?session=x")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    own = {"cookie": cookie.partition(";")[0]}
    assert guarded.ask("/", **own).status == 200
    assert guarded.ask("/", **own, origin="http://evil.example").status == 403
    outside = guarded.ask(f"//evil.example/?token={guarded.token}")
    assert not outside.headers.get("location", "/").startswith("//")


def test_two_servers_do_not_share_a_folder(served: Server) -> None:
    """The second one ends with one line, before it could restart the jobs of the first."""
    ended = midstance("serve", "--port", "0", "--data", served.data)
    assert ended.code == 2
    assert "one in use" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_what_cannot_serve_is_said_in_one_line(served: Server, tmp_path: Path) -> None:
    """A port in use, another host without a token and a weak token are refused."""
    port = served.address.rpartition(":")[2]
    for options in (
        ("--port", port),
        ("--host", "0.0.0.0", "--port", "0"),  # noqa: S104 - it must be refused
        ("--port", "0", "--token", "short"),
    ):
        ended = midstance("serve", *options, "--data", tmp_path)
        assert ended.code == 2
        assert len(ended.err.splitlines()) == 1


def test_databases_of_others_are_left_alone(tmp_path: Path) -> None:
    """A database that is newer, older, of another program or none is refused in one line and not changed."""
    path = tmp_path / "midstance.db"
    told = {
        "none": "given a file that is none",
        "newer": "given version 999",
        "older": "given one without clip.slot",
        "foreign": "given one of another program",
    }
    for kind, words in told.items():
        path.unlink(missing_ok=True)
        _make(path, kind)
        before = path.read_bytes()
        ended = midstance("serve", "--port", "0", "--data", tmp_path)
        assert ended.code == 2
        assert len(ended.err.splitlines()) == 1
        assert "expected a database" in ended.err
        assert words in ended.err
        assert "give another folder with --data" in ended.err
        assert path.read_bytes() == before


def _make(path: Path, kind: str) -> None:
    """Write a file that no server of this version may use."""
    if kind == "none":
        path.write_bytes(b"no database" * 100)
        return
    if kind == "older":  # as one that was made before clips had places
        close_database(open_database(path))
    statement = {
        "newer": "PRAGMA user_version = 999",
        "older": "ALTER TABLE clip RENAME COLUMN slot TO place",
        "foreign": "CREATE TABLE bookmarks (url TEXT)",
    }[kind]
    with sqlite3.connect(path) as database:
        database.execute(statement)
        database.execute("PRAGMA journal_mode = DELETE")
    database.close()


def test_without_its_packages_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the extra gets one line, not an import error."""
    monkeypatch.setattr("midstance.cli.serve.NEEDED", ("no_such_package",))
    with pytest.raises(InputError, match=r"no_such_package is not installed: run `pip install 'midstance\[web\]'`"):
        serve.main(["--port", "0"], standalone_mode=False)


def test_interrupted_twice_it_ends_quietly(tmp_path: Path) -> None:
    """Ctrl-C pressed again and again gives no traceback, and the status of a command that did its work."""
    arguments = command("serve", "--port", "0", "--data", tmp_path)
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "http://127.0.0.1" in server.stdout.readline()
        time.sleep(0.5)
        for _ in range(3):
            server.send_signal(signal.SIGINT)
            time.sleep(0.01)
        _, complaints = server.communicate(timeout=30)
    assert (server.returncode, complaints) == (0, "")


@pytest.mark.slow
def test_ended_while_it_draws_it_says_nothing(server: Server, seen: dict[str, Seen]) -> None:
    """Ctrl-C with plots being drawn and streams open ends within seconds, without a traceback."""
    session = f"/api/sessions/{plant_session(server.data, {'side': seen['side']})}"
    stream = server.events()
    next(stream)
    drawing = [
        threading.Thread(target=_ask_quietly, args=(server, f"{session}/plots/{measure}.png"))
        for measure in list(server.get(f"{session}/review")["measures"])[:12]
    ]
    for thread in drawing:
        thread.start()
    time.sleep(0.3)
    began_s = time.monotonic()
    server.stop()
    assert time.monotonic() - began_s < 20
    for thread in drawing:
        thread.join()
    server.start()  # for the end of the test


def _ask_quietly(server: Server, path: str) -> None:
    with suppress(OSError, http.client.HTTPException):
        server.ask(path)
