from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from midstance.storage.landmarks_csv import write_landmarks
from midstance.web.jobs import WORK
from midstance.web.reporter import Reporter
from midstance.web.states import State
from tests.support.runner import Camera, Gait, film
from tests.web.planted import Seen, plant_session
from tests.web.server import Server, until

pytestmark = pytest.mark.xdist_group("web_jobs")


def test_progress_gives_rate_and_time_left() -> None:
    """Frames a second and the time left are told once they are known, for the stage and for the whole job."""
    time_s, out = [0.0], io.StringIO()
    reporter = Reporter(out, lambda: time_s[0])
    reporter.plan((100.0, 100.0))
    reporter.stage("Finding the runner: side")
    time_s[0] = 10.0
    reporter.step("pose", 50, 100)
    told = [json.loads(line)["progress"] for line in out.getvalue().splitlines()]
    assert told[0]["rate"] is None
    assert told[-1] == {
        "step": "Finding the runner: side",
        "number": 1,
        "of": 2,
        "done": 50,
        "total": 100,
        "rate": 5.0,
        "left_s": 10.0,
        "overall": 0.25,
        "overall_left_s": 30.0,
    }


def _started_together(server: Server, content: bytes, count: int) -> list[str]:
    """Upload a clip to each of some sessions, and only then start them: what takes time is done before."""
    sessions = [server.new_session(runner=f"R-{i}") for i in range(count)]
    for session in sessions:
        assert server.upload(session, "side", content)["state"] == "ready"
    for session in sessions:
        assert server.send("POST", f"{session}/start").status == 202
    return sessions


@pytest.mark.slow
def test_two_jobs_at_once(server: Server, long_landmarks: bytes) -> None:
    """Two sessions are analysed at the same time, a third waits, and all end well."""
    _started_together(server, long_landmarks, 3)
    states: set[tuple[str, ...]] = set()

    def all_done() -> bool:
        states.add(tuple(session["state"] for session in server.get("/api/sessions")["sessions"]))  # all at one moment
        return ("done",) * 3 in states

    until(all_done)
    assert any(found.count("running") == 2 for found in states), states
    assert all(found.count("running") <= 2 for found in states)


@pytest.mark.slow
def test_a_killed_server_takes_its_work_up_again(server: Server, landmarks: bytes, long_landmarks: bytes) -> None:
    """Killed with jobs under way, others waiting and an upload half done, a restarted server loses none of them."""
    draft = server.new_session(runner="Uploading")
    clip = server.new_clip(draft, "side", len(landmarks))
    server.put_piece(clip["id"], 0, landmarks[:1000])
    sessions = _started_together(server, long_landmarks, 3)
    server.wait_for(sessions[0], "running")
    server.kill()
    server.start()
    for session in sessions:
        assert server.wait_for(session, "done", "failed")["state"] == "done"
    assert server.get(f"/api/clips/{clip['id']}")["offset"] == 1000
    answer = server.put_piece(clip["id"], 1000, landmarks[1000:])
    assert answer.json["clip"]["state"] == "ready"
    assert not list(server.data.rglob("jobs/*"))


def test_a_job_that_ends_badly_again_and_again_is_given_up(tmp_path: Path, seen: dict[str, Seen]) -> None:
    """A job that was under way at three crashes is not tried a fourth time, and says so; starting anew tidies up."""
    from midstance.web.database import close_database
    from midstance.web.settings import WebSettings
    from midstance.web.start import open_site
    from midstance.web.tables import JobRow, SessionRow

    data = tmp_path / "data"
    session_id = plant_session(data, {"side": seen["side"]}, state=State.DRAFT)
    site = open_site(WebSettings(data))
    with site.database.begin() as db:
        session = db.get_one(SessionRow, session_id)
        job = site.jobs.submit(db, session, "analyse")
        job.state, job.attempts, session.state = State.RUNNING, 3, State.RUNNING
        job_id = job.id
    jobs = site.folders.jobs(session_id)
    jobs.mkdir(parents=True, exist_ok=True)
    for kind in ("json", "log"):
        (jobs / f"{job_id}.{kind}").touch()
    site.jobs.start()
    site.jobs.stop()
    assert [path.suffix for path in jobs.iterdir()] == [".log"]
    with site.database() as db:
        assert (db.get_one(SessionRow, session_id).state, db.get_one(JobRow, job_id).state) == ("failed", "failed")
        assert (db.get_one(JobRow, job_id).failure or {})["code"] == "crashed"
    with site.database.begin() as db:
        site.jobs.submit(db, db.get_one(SessionRow, session_id), "analyse")
    assert list(jobs.iterdir()) == []
    close_database(site.database)


def test_work_ends_with_its_server(tmp_path: Path) -> None:
    """A process whose standard input ends stops by itself, without a complaint."""
    job = tmp_path / "jobs" / "job.json"
    job.parent.mkdir()
    arguments = [*WORK, str(job)]
    os.mkfifo(job)  # nobody writes to it: the process waits
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as work:
        with pytest.raises(subprocess.TimeoutExpired):
            work.wait(3)
        _, complaints = work.communicate(timeout=30)
    assert work.returncode == 130
    assert b"Traceback" not in complaints


@pytest.mark.slow
def test_a_process_that_does_not_listen_is_killed_with_its_children(tmp_path: Path, seen: dict[str, Seen]) -> None:
    """Cancelling ends a process that ignores interruptions, and what it has started."""
    from midstance.web import jobs
    from midstance.web.database import close_database
    from midstance.web.settings import WebSettings
    from midstance.web.start import open_site
    from midstance.web.tables import SessionRow

    data, pids = tmp_path / "data", tmp_path / "pids"
    stubborn = tmp_path / "stubborn.sh"
    stubborn.write_text(f'trap "" INT\nsleep 300 &\necho $! $$ > {pids}\nwait\n')
    session_id = plant_session(data, {"side": seen["side"]}, state=State.DRAFT)
    site = open_site(WebSettings(data))
    runner = jobs.ProcessJobs(site.database, site.folders, site.feed, command=("sh", str(stubborn)))
    with site.database.begin() as db:
        runner.submit(db, db.get_one(SessionRow, session_id), "analyse")
    runner.start()
    until(lambda: pids.is_file() and len(pids.read_text().split()) == 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "GRACE_S", 0.2)
        runner.cancel(session_id)
    for pid in map(int, pids.read_text().split()):
        until(lambda pid=pid: not _is_alive(pid), 10)  # type: ignore[misc]  # mypy sees no default
    runner.stop()
    with site.database() as db:
        assert db.get_one(SessionRow, session_id).state == "cancelled"
    close_database(site.database)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.slow
def test_cancelled_work_can_start_again(server: Server, long_landmarks: bytes) -> None:
    """A running and a waiting job are cancelled; the first starts again and ends well."""
    sessions = _started_together(server, long_landmarks, 3)
    server.wait_for(sessions[0], "running")
    for session in (sessions[0], sessions[2]):
        assert server.send("POST", f"{session}/cancel").json["state"] == "cancelled"
    server.send("POST", f"{sessions[0]}/start")
    assert server.wait_for(sessions[0], "done", "failed")["state"] == "done"


@pytest.mark.slow
def test_a_running_session_is_deleted_with_its_job(server: Server, long_landmarks: bytes) -> None:
    """Deleting does not wait for the job to end by itself, and nothing of the session is left."""
    session = server.started(long_landmarks, runner="Gone soon")
    server.wait_for(session, "running")
    began_s = time.monotonic()
    assert server.send("DELETE", session).status == 204
    assert time.monotonic() - began_s < 15
    assert not [path for path in server.data.rglob("*") if path.is_file() and "midstance.db" not in path.name]
    assert b"Gone soon" not in b"".join(path.read_bytes() for path in server.data.glob("midstance.db*"))


@pytest.mark.slow
def test_what_cannot_be_analysed_says_why_and_what_to_do(server: Server, landmarks: bytes) -> None:
    """A failed session names the clip, the reason and what to film instead, and shows no path."""
    lines = landmarks.splitlines(keepends=True)
    rows = [line for line in lines[1:] if float(line.split(b",")[1]) < 2.2]
    session = server.started(b"".join([lines[0], *rows]))
    failed = server.wait_for(session, "done", "failed")
    assert failed["state"] == "failed"
    failure = failed["failure"]
    assert failure["code"] == "too_few_strides"
    assert failure["clip"] == failed["clips"][0]["id"]
    assert failure["do"]
    assert str(server.data) not in json.dumps(failed)


@pytest.mark.slow
def test_slow_motion_is_found_and_put_right_without_new_landmarks(server: Server, tmp_path: Path) -> None:
    """A clip that plays four times slower is refused with the likely rate; with that rate it is analysed."""
    filmed = film(Gait(duration_s=4.0), Camera(fps=120.0)).landmarks
    path = tmp_path / "slow.csv"
    write_landmarks(replace(filmed, time_s=4 * filmed.time_s), path)
    session = server.started(path.read_bytes())
    failed = server.wait_for(session, "done", "failed")
    assert failed["failure"]["code"] == "slow_motion"
    assert failed["failure"]["proposal"]["capture_fps"] == 120.0
    assert server.send("PATCH", f"/api/clips/{failed['clips'][0]['id']}", {"capture_fps": 120}).status == 200
    server.send("POST", f"{session}/start")
    assert server.wait_for(session, "done", "failed")["state"] == "done"
    view = server.get(f"{session}/review")["views"][0]
    assert (view["fps"], view["file_fps"]) == (120.0, pytest.approx(30.0))
    assert view["frame_time_s"][-1] == pytest.approx(4.0)


@pytest.mark.slow
def test_another_view_is_found_and_put_right_without_new_landmarks(server: Server, landmarks: bytes) -> None:
    """A side clip given as front is refused with the places that it fits; moved there it is analysed."""
    session = server.started(landmarks, "front")
    failed = server.wait_for(session, "done", "failed")
    assert failed["failure"]["code"] == "wrong_view"
    assert failed["failure"]["proposal"] == {"slots": ["side", "other_side"]}
    assert "--" not in failed["failure"]["message"]
    page = server.ask(failed["address"]).body.decode()
    assert "It shows the side: analyse again" in page
    assert "It shows the other side: analyse again" in page
    assert server.send("PATCH", f"/api/clips/{failed['clips'][0]['id']}", {"slot": "side"}).status == 200
    server.send("POST", f"{session}/start")
    assert server.wait_for(session, "done", "failed")["state"] == "done"


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_unfinished(server: Server, long_landmarks: bytes) -> None:
    """A server that is ended in the middle of a job goes on with it when it starts again."""
    session = server.started(long_landmarks)
    server.wait_for(session, "running")
    server.stop()
    server.start()
    assert server.wait_for(session, "done", "failed")["state"] == "done"
    os.kill(server.pid, signal.SIGCONT)  # it is there


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.usefixtures("heavy_model")
def test_a_clip_goes_the_whole_way(server: Server, shared: Path, tmp_path: Path) -> None:
    """A real clip in HEVC is uploaded, the runner is found, and a browser gets a copy that it can play."""
    from midstance.video.reader import open_clip
    from tests.video.clips import write_clip

    with open_clip(shared / "data" / "clips" / "treadmill_side_30fps.mp4") as clip:
        frames = list(clip.frames(0, 150))
    path = write_clip(tmp_path / "run.mov", [f.image_bgr for f in frames], [f.time_s for f in frames], codec="libx265")
    session = server.new_session()
    assert server.upload(session, "side", path.read_bytes())["facts"]["codec"] == "hevc"
    assert server.send("POST", f"{session}/start").status == 202
    until(lambda: server.get(session)["state"] in ("done", "failed"), 400)
    assert server.get(session)["state"] == "done", server.get(session)["failure"]
    view = server.get(f"{session}/review")["views"][0]
    assert len(view["media_time_s"]) == 150
    played = tmp_path / "played.mp4"
    played.write_bytes(server.ask(view["video"]).body)
    with open_clip(played) as copy:
        assert (copy.info.codec, copy.info.frames) == ("h264", 150)
        assert [f.time_s for f in copy] == pytest.approx(view["media_time_s"], abs=1e-3)
    server.send("POST", f"{session}/start")
    began_s = time.monotonic()
    assert server.wait_for(session, "done", "failed")["state"] == "done"
    assert time.monotonic() - began_s < 30  # the pose model was not asked again
