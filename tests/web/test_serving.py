from __future__ import annotations

import io
import re
import signal
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from midstance.cli.serve import serve
from midstance.science.errors import InputError
from tests.support.cli import command, midstance
from tests.web.conftest import plant
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_serving")


def test_other_names_are_refused(served: Server) -> None:
    """A name that was rebound to this machine reaches nothing."""
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", ""):
        assert served.ask("/", host=host).status == 403
    port = served.address.rpartition(":")[2]
    assert served.ask("/", host=f"localhost:{port}").status == 200


def test_other_sites_are_refused(served: Server) -> None:
    """Forms and scripts of other sites change nothing and read nothing, not even from another port here."""
    session = plant(served.data)
    for headers in (
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ):
        assert served.ask(f"{session}/delete", method="POST", **headers).status == 403
    assert served.ask(session, origin="http://evil.example").status == 403
    assert served.ask(session).status == 200


def test_pages_load_nothing_from_elsewhere(served: Server) -> None:
    """No page names another address; scripts and styles come from files only; documentation pages are off."""
    session = plant(served.data, runner="<script>alert(1)</script>")
    for path in ("/", session, "/sessions/" + "0" * 32, "/nothing"):
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
        "{session}/files/../session.json",
        "{session}/files/%2e%2e/session.json",
        "{session}/files/..%2fclips%2fside.clip",
        "{session}/files/plots/../../session.json",
        "{session}/files//etc/passwd",
        "{session}/files/%2fetc%2fpasswd",
        "{session}/files/plots",
        "{session}/files/",
        "{session}/files/secret",
        "/sessions/../sessions",
        "/sessions/..",
        "/sessions/%2e%2e/state",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
    ],
)
def test_no_path_leads_out_of_the_results(served: Server, path: str) -> None:
    """Only the names of result files lead to files; links do not."""
    session = plant(served.data)
    results = served.data / session[1:] / "results"
    (results / "secret").symlink_to(served.data / session[1:] / "session.json")
    assert served.ask(path.format(session=session)).status == 404


def test_parts_of_a_clip_are_sent(served: Server) -> None:
    """A player may ask for any range, and for one that is not there."""
    session = plant(served.data)
    clip = f"{session}/files/overlay_side.mp4"
    whole = served.ask(clip)
    size = len(whole.body)
    assert (whole.status, whole.headers["accept-ranges"], whole.headers["content-type"]) == (200, "bytes", "video/mp4")
    middle = served.ask(clip, range="bytes=1000-1999")
    assert (middle.status, middle.headers["content-range"]) == (206, f"bytes 1000-1999/{size}")
    assert middle.body == whole.body[1000:2000]
    assert served.ask(clip, range="bytes=-500").body == whole.body[-500:]
    assert served.ask(clip, range=f"bytes={size + 5}-").status == 416


def test_everything_comes_as_a_zip(served: Server) -> None:
    """The archive holds every result, whole."""
    session = plant(served.data)
    answer = served.ask(f"{session}/results.zip")
    results = served.data / session[1:] / "results"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {p.relative_to(results).as_posix(): p.read_bytes() for p in results.rglob("*") if p.is_file()}
    assert "attachment" in answer.headers["content-disposition"]


def test_results_run_no_scripts(served: Server) -> None:
    """The report and the plots may style themselves and nothing more."""
    session = plant(served.data)
    for name in ("report.html", "plots/cadence.svg"):
        policy = served.ask(f"{session}/files/{name}").headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script" not in policy
    download = served.ask(f"{session}/files/plots/cadence.svg?download=true")
    assert download.headers["content-disposition"] == 'attachment; filename="cadence.svg"'


def test_delete_removes_every_file(served: Server) -> None:
    """Nothing of a deleted session is left in the data folder, and the others stay."""
    session, other = plant(served.data, runner="Goes"), plant(served.data, runner="Stays")
    answer = served.ask(f"{session}/delete", method="POST")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert not [p for p in served.data.rglob("*") if session.rpartition("/")[2] in p.as_posix()]
    assert not list((served.data / "deleted").iterdir())
    assert served.ask(session).status == 404
    assert served.ask(other).status == 200


def test_a_file_that_is_no_clip_is_refused(served: Server) -> None:
    """What is no video, whatever it is called, is refused in words, and nothing of it is kept."""
    before = sorted(served.data.rglob("*"))
    answer = served.upload(side=("run.mp4", b"not a video" * 100))
    assert answer.status == 422
    assert b"Side: run.mp4: not a video that can be read" in answer.body
    assert str(served.data).encode() not in answer.body
    assert sorted(served.data.rglob("*")) == before


def test_without_scripts_the_form_says_what_is_wrong(served: Server) -> None:
    """A plain form post gets the page back with the message in it."""
    answer = served.ask("/sessions", method="POST", body=b"", content_type="text/plain")
    assert answer.status == 422
    assert b'role="alert" >expected an upload form' in answer.body


def test_too_large_an_upload_is_refused_at_once(served: Server) -> None:
    """An upload that announces more than the limit is not read."""
    answer = served.ask("/sessions", method="POST", content_length=str(10**12), accept="application/json")
    assert answer.status == 413
    assert b"30 seconds are enough" in answer.body


def test_two_servers_do_not_share_a_folder(served: Server) -> None:
    """The second one ends with one line, before it could restart the jobs of the first."""
    ended = midstance("serve", "--port", "0", "--data", served.data)
    assert ended.code == 2
    assert "one in use" in ended.err
    assert len(ended.err.splitlines()) == 1


def test_ports_and_hosts_that_cannot_serve(served: Server, tmp_path: Path) -> None:
    """A port in use and a host that others can reach are refused in one line."""
    port = served.address.rpartition(":")[2]
    for options in (("--port", port), ("--host", "0.0.0.0", "--port", "0")):  # noqa: S104 - it must be refused
        ended = midstance("serve", *options, "--data", tmp_path)
        assert ended.code == 2
        assert len(ended.err.splitlines()) == 1


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
