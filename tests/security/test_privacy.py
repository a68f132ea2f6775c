"""Nothing goes out, and nothing that was deleted stays: SECURITY.md, "Privacy"."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from midstance.models import find_model
from tests.support.batches import write_run
from tests.support.cli import command
from tests.web.planted import Seen, plant_session
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("security")

INTERNET = re.compile(r"\bsocket\(AF_INET6?,.*\) = \d")
OUTWARD = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(.*AF_INET")
STRACE = ("strace", "-f", "-qq", "-e", "trace=socket,connect,sendto,sendmsg,sendmmsg", "-o")
ALONE = ("unshare", "--map-root-user", "--net")


def works(*words: str) -> bool:
    """Return whether this machine lets us do this."""
    if shutil.which(words[0]) is None:
        return False
    return subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0


@dataclass
class TracedServer(Server):
    """A server of which every internet socket is written down."""

    @property
    def command(self) -> list[str]:
        """How it is started."""
        return [*STRACE, str(self.data.parent / "trace"), *super().command]


@pytest.fixture(scope="module")
def traced() -> None:
    """Skip where processes cannot be traced."""
    if not works(*STRACE, os.devnull):
        pytest.skip("needs strace")


def ran(*words: str | Path) -> int:
    """Run a command to its end; return its status."""
    done = subprocess.run([str(word) for word in words], capture_output=True, timeout=280, check=False)
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode


def outward(trace: Path) -> list[str]:
    """Return the calls of a trace that asked for the internet and got it, and those that sent anything there."""
    return [
        line for line in trace.read_text(errors="replace").splitlines() if INTERNET.search(line) or OUTWARD.search(line)
    ]


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.usefixtures("traced")
def test_analyze_and_batch_open_no_internet_socket(tmp_path: Path, seen: Seen) -> None:
    """From landmarks, from a clip with the pose model, and as a batch: no process asks for a socket that goes out."""
    runs = tmp_path / "runs"
    runs.mkdir()
    csv = write_run(runs / "anna_side.csv")
    if model := _model():
        words = command("analyze", "--side", seen.clip, "--model", model, "--out", tmp_path / "clip")
        assert ran(*STRACE, tmp_path / "model", *words) == 3, "a stick figure is nobody"
        assert outward(tmp_path / "model") == []
    words = command("analyze", "--side", csv, "--no-overlay", "--out", tmp_path / "one")
    assert ran(*STRACE, tmp_path / "analyze", *words) == 0
    words = command("batch", runs, "--no-overlay", "--jobs", "2", "--out", tmp_path / "all")
    assert ran(*STRACE, tmp_path / "batch", *words) == 0
    assert outward(tmp_path / "analyze") + outward(tmp_path / "batch") == []


def _model() -> Path | None:
    """Return a pose model that is here, the lightest first."""
    return next((path for name in ("lite", "full", "heavy") if (path := find_model(name))), None)


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.usefixtures("traced")
def test_serve_opens_one_socket_and_that_one_listens_here(tmp_path: Path, seen: Seen, landmarks: bytes) -> None:
    """A clip that is looked at, analyses and an export: only the server's own socket is of the internet's kind."""
    server = TracedServer(tmp_path / "data", look=True)
    server.start()
    server.upload(server.new_session(), "side", seen.clip.read_bytes())
    session = server.started(landmarks)
    server.wait_for(session, "done")
    server.send("POST", f"{session}/exports", {"overlay": False, "plots": ["knee_flexion"]})
    assert server.wait_for_job(session, "export")["state"] == "done"
    server.ask(f"{session}/plots/knee_flexion.png")
    subprocess.run(["pkill", "-INT", "-P", str(server.pid)], check=True)  # strace lets its child end first
    server.wait()
    found = outward(tmp_path / "trace")
    assert len(found) == 1, found
    assert "socket(AF_INET, SOCK_STREAM" in found[0]


@pytest.mark.slow
@pytest.mark.long
def test_all_of_it_works_without_any_network(tmp_path: Path) -> None:
    """In a namespace that has not even a loopback, analyses and batches give their results."""
    if not works(*ALONE):
        pytest.skip("needs network namespaces")
    runs = tmp_path / "runs"
    runs.mkdir()
    csv = write_run(runs / "anna_side.csv")
    assert ran(*ALONE, *command("analyze", "--side", csv, "--no-overlay", "--out", tmp_path / "one")) == 0
    assert ran(*ALONE, *command("batch", runs, "--no-overlay", "--jobs", "1", "--out", tmp_path / "all")) == 0
    assert (tmp_path / "one" / "report.html").is_file()
    assert (tmp_path / "all" / "index.html").is_file()


def test_the_process_of_a_job_is_sealed(served: Server, landmarks: bytes) -> None:
    """Whoever decodes clips and runs the model for the web app gets no internet socket from the kernel."""
    own = _filters("self")
    if own is None:
        pytest.skip("the kernel does not tell of its filters")
    session = served.started(landmarks)
    found = []
    while served.get(session)["state"] in ("queued", "running"):
        found += [filters for pid in _children(served.pid) if (filters := _filters(pid)) is not None]
    assert max(found) > own


@pytest.mark.parametrize("name", ["analyze", "batch"])
def test_a_command_seals_itself(name: str, tmp_path: Path) -> None:
    """From when the model is there, the kernel gives the command and its workers no internet socket."""
    own, runs = _filters("self"), tmp_path / "runs"
    if own is None:
        pytest.skip("the kernel does not tell of its filters")
    runs.mkdir()
    csv = write_run(runs / "anna_side.csv")
    given = {"analyze": ("--side", csv), "batch": (runs, "--jobs", "1")}[name]
    with subprocess.Popen(command(name, *given, "--no-overlay", "--out", tmp_path / "out")) as process:
        found = [own]
        while process.poll() is None:
            found.append(_filters(str(process.pid)) or 0)
            time.sleep(0.02)
    assert process.returncode == 0
    assert max(found) > own


def _children(pid: int) -> list[str]:
    return [child for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def _filters(pid: str) -> int | None:
    """Return how many seccomp filters hold a process."""
    try:
        found = re.search(r"Seccomp_filters:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return None
    return int(found[1]) if found else None


@dataclass(frozen=True)
class Planted:
    """A session whose every file has something to be known by."""

    session: str
    clip: str
    marks: Sequence[bytes]


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose temporary files lie beside its data."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    return Server(tmp_path / "data")


def marked(server: Server, seen: Seen) -> Planted:
    """Plant a session with a clip that has a mark in it, in its name and in what was made of it."""
    mark = secrets.token_hex(20).encode()
    clip = server.data.parent / f"{mark.decode()[:16]}.mp4"
    clip.write_bytes(seen.clip.read_bytes() + (8 + len(mark)).to_bytes(4, "big") + b"free" + mark)
    name, runner = f"film-{secrets.token_hex(8)}.mp4", f"Runner {secrets.token_hex(8)}"
    session = plant_session(server.data, {"side": Seen(clip, seen.found)}, runner=runner)
    clip.unlink()
    address = f"/api/sessions/{session}"
    server.upload(address, "front", seen.clip.read_bytes() + (8 + len(mark)).to_bytes(4, "big") + b"free" + mark, name)
    shown = server.get(address)["clips"]
    found = next(c["id"] for c in shown if c["slot"] == "side")
    folder = server.data / "sessions" / session / "clips" / found
    rows = (folder / "landmarks.csv").read_bytes().splitlines()
    marks = [mark, name.encode(), runner.encode(), session.encode(), found.encode(), rows[200], rows[-1]]
    marks += [picture.read_bytes()[300:360] for picture in folder.parent.glob("*/thumbnail.jpg")]
    return Planted(session, next(c["id"] for c in shown if c["slot"] == "front"), marks)


def left(server: Server, marks: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """Return the files below the server's folders, temporary ones too, in which or in whose names a mark is."""
    files = [path for path in server.data.parent.rglob("*") if path.is_file()]
    names = [(path, path.as_posix().encode()) for path in server.data.parent.rglob("*")]
    held = [(path, path.read_bytes()) for path in files]
    return [(path.name, mark) for path, content in (*names, *held) for mark in marks if mark in content]


def test_a_deleted_session_leaves_no_byte(private: Server, seen: Seen) -> None:
    """Clip, name, runner, thumbnail, landmarks and their exports are in no file any more, the database's included."""
    private.start()
    planted = marked(private, seen)
    address = f"/api/sessions/{planted.session}"
    private.ask(f"{address}/tables/landmarks_side.csv")
    private.ask(f"{address}/tables/measures.csv")
    assert {mark for _, mark in left(private, planted.marks)} == set(planted.marks), "they can be found while they stay"
    assert private.send("DELETE", address).status == 204
    assert left(private, planted.marks) == []
    private.stop()
    assert left(private, planted.marks) == []


def test_a_deleted_or_replaced_clip_leaves_no_byte(private: Server, seen: Seen, landmarks: bytes) -> None:
    """The same for one clip of a session that stays, taken away or put in the place of another."""
    private.start()
    for replaced in (False, True):
        planted = marked(private, seen)
        address, names = f"/api/sessions/{planted.session}", [planted.marks[1], planted.clip.encode()]
        if replaced:
            private.upload(address, "front", landmarks)
        else:
            assert private.send("DELETE", f"/api/clips/{planted.clip}").status == 204
        assert left(private, names) == []
        private.send("DELETE", address)
        assert left(private, planted.marks) == []
    private.stop()


def test_a_runner_who_is_renamed_leaves_no_name(private: Server) -> None:
    """The name that was written first is in no file any more."""
    private.start()
    name = f"Runner {secrets.token_hex(8)}"
    session = private.new_session(runner=name, details={"note": f"knee of {name}"})
    assert left(private, [name.encode()])
    private.send("PATCH", session, {"runner": "R-7", "details": {"note": ""}})
    assert left(private, [name.encode()]) == []
    private.stop()
