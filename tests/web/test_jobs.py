from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from midstance.web.jobs import ANALYSE
from midstance.web.progress import JobProgress, parse_line
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_jobs")


def test_progress_is_read_from_the_lines() -> None:
    """Steps give frames and time left; any other line is shown as it is."""
    step = parse_line("pose other_side.clip: 31 of 120 frames, 3.1 frames/s, 29 s left\n")
    assert step == JobProgress("Finding the runner: other side", 31, 120, 29.0)
    assert parse_line("overlay side: 0 of 9 frames, 0.0 frames/s, nan s left").left_s is None
    assert parse_line("building the model: 1 of 2") == JobProgress("building the model: 1 of 2")


@pytest.mark.slow
def test_a_killed_server_takes_its_work_up_again(server: Server, landmarks: bytes) -> None:
    """Killed in the middle of a job with another waiting, a restarted server finishes the one, then starts the other.

    The process of the killed server ends by itself, and what it was writing goes.
    """
    first, second = (location(server, landmarks) for _ in range(2))
    server.wait_for(first, "running")
    server.kill()
    server.start()
    assert server.wait_for(first, "done", "failed") == "done"
    server.wait_for(second, "running")
    analysis = json.loads(server.ask(f"{first}/files/analysis.json").body)
    assert analysis["capture"]["side"]["file"] == "side.csv"
    assert sorted(p.name for p in (server.data / first[1:]).iterdir()) == ["clips", "results", "session.json"]


@pytest.mark.slow
def test_work_ends_with_its_server(tmp_path: Path, landmarks: bytes) -> None:
    """A process whose standard input ends is interrupted and leaves nothing half-written."""
    clip = tmp_path / "run.csv"
    clip.write_bytes(landmarks)
    arguments = [*ANALYSE, "--side", str(clip), "--out", str(tmp_path / "out")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as work:
        with pytest.raises(subprocess.TimeoutExpired):
            work.wait(2)
        _, complaints = work.communicate(timeout=30)
    assert work.returncode == 130
    assert b"Traceback" not in complaints
    assert [p.name for p in tmp_path.iterdir()] == ["run.csv"]


@pytest.mark.slow
def test_cancelled_work_leaves_nothing_and_can_start_again(server: Server, landmarks: bytes) -> None:
    """A running and a waiting job are cancelled; deleting a running one removes it all; one starts again and fails."""
    running, waiting = (location(server, landmarks) for _ in range(2))
    server.wait_for(running, "running")
    for session in (waiting, running):
        assert server.ask(f"{session}/cancel", method="POST").status == 303
        assert server.state(session)["state"] == "cancelled"
        assert sorted(p.name for p in (server.data / session[1:]).iterdir()) == ["clips", "session.json"]
    server.ask(f"{waiting}/start", method="POST")
    server.wait_for(waiting, "running")
    assert server.ask(f"{waiting}/delete", method="POST").status == 303
    assert [p.name for p in (server.data / "sessions").iterdir()] == [running.rpartition("/")[2]]


@pytest.mark.slow
def test_what_cannot_be_analysed_says_why(server: Server, landmarks: bytes) -> None:
    """The page of a failed session gives the reason, with the user's name of the file and no path."""
    lines = landmarks.splitlines(keepends=True)
    session = location(server, b"".join(lines[:300]))
    assert server.wait_for(session, "done", "failed") == "failed"
    html = server.ask(session).body.decode()
    assert "run.csv" in html
    assert str(server.data) not in html
    assert "Try again" in html


def location(server: Server, landmarks: bytes) -> str:
    """Upload a side view; return the address of its session."""
    answer = server.upload(side=("run.csv", landmarks))
    assert answer.status == 201, answer.body
    return str(json.loads(answer.body)["location"])
