"""The queue: processes that work on sessions, their state in the database."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from midstance.batch.cluster import Cluster
from midstance.web.about import about_words
from midstance.web.database import Database
from midstance.web.feed import Feed
from midstance.web.folders import Folders, new_id
from midstance.web.library import facts_of, spec_of, state_key
from midstance.web.refusals import CRASHED
from midstance.web.states import UNFINISHED, Kind, State
from midstance.web.tables import JobRow, SessionRow

_LOG = logging.getLogger(__name__)
WORK = (sys.executable, "-m", "midstance.web.worker")
GRACE_S = 8.0
"""Time that a process has to tidy up after it was interrupted, before its whole group is killed."""
MOST_ATTEMPTS = 3
"""A job that took the server down with it this often is not tried again."""
REFUSED = 3


class JobRunner(Protocol):
    """Does jobs, one after the other or some at once."""

    def start(self) -> None:
        """Begin to work; what is unfinished comes first."""

    def stop(self) -> None:
        """Stop working. What is unfinished is taken up at the next start."""

    def submit(self, db: Session, session: SessionRow, kind: Kind, options: Mapping[str, Any] | None = None) -> JobRow:
        """Put a job at the end of the queue, as a part of a transaction; `wake` is called when that has ended."""

    def wake(self) -> None:
        """Look into the queue."""

    def cancel(self, session_id: str) -> None:
        """End or forget the work on a session; returns when nothing writes to its folder any more."""

    def progress(self, job_id: str) -> Mapping[str, Any] | None:
        """Return how far a job is; None when it is not at work."""


@dataclass
class _Work:
    """A job under way."""

    job: str
    session: str
    kind: str
    process: subprocess.Popen[str] | None = None
    progress: Mapping[str, Any] | None = None
    failure: dict[str, Any] | None = field(default=None)
    cancelled: bool = False


class ProcessJobs:
    """The `JobRunner` that starts processes.

    A process ends when its standard input does: that is how it is interrupted, and why a server that is killed
    leaves none behind.

    Parameters
    ----------
    database : Database
    folders : Folders
    feed : Feed
        Told of every change.
    parallel : int
        Jobs at once; one more may run when it is an export.
    command : sequence of str
        How to start a job; the path of its file is added.
    cluster : Cluster, optional
        Where landmarks are estimated instead of in the process.
    """

    def __init__(
        self,
        database: Database,
        folders: Folders,
        feed: Feed,
        parallel: int = 2,
        command: Sequence[str] = WORK,
        *,
        cluster: Cluster | None = None,
    ) -> None:
        self._database = database
        self._folders = folders
        self._feed = feed
        self._command = tuple(command)
        self._cluster = cluster
        self._changed = threading.Condition()
        self._at_work: dict[str, _Work] = {}
        self._stopping = False
        kinds: list[tuple[str, ...]] = [("analyse", "track", "export")] * parallel + [("export", "track")]
        self._workers = [
            threading.Thread(target=self._serve, args=(k,), name=f"midstance-job-{i}", daemon=True)
            for i, k in enumerate(kinds)
        ]

    def start(self) -> None:
        """Begin to work; what a killed server left unfinished is put into the queue again, where it stood."""
        with self._database.begin() as db:
            for job in db.scalars(select(JobRow).where(JobRow.state == State.RUNNING)):
                again = job.attempts < MOST_ATTEMPTS
                job.failure = None if again else CRASHED.to_json()
                _set_state(job, State.QUEUED if again else State.FAILED)
                self._paper_of(job).unlink(missing_ok=True)
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stop working. What is unfinished is taken up at the next start."""
        with self._changed:
            self._stopping = True
            for work in self._at_work.values():
                _interrupt(work)
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()

    def submit(self, db: Session, session: SessionRow, kind: Kind, options: Mapping[str, Any] | None = None) -> JobRow:
        """Put a job at the end of the queue, as a part of a transaction; `wake` is called when that has ended."""
        for old in [j for j in session.jobs if j.kind == kind and j.state not in UNFINISHED]:
            self._paper_of(old).with_suffix(".log").unlink(missing_ok=True)
            session.jobs.remove(old)  # one of a kind is enough to know how it ended
        job = JobRow(id=new_id(), kind=kind, state=State.QUEUED, options=dict(options or {}), attempts=0)
        session.jobs.append(job)
        _set_state(job, State.QUEUED)
        db.flush()
        return job

    def wake(self) -> None:
        """Look into the queue."""
        with self._changed:
            self._changed.notify_all()

    def cancel(self, session_id: str) -> None:
        """End or forget the work on a session; returns when nothing writes to its folder any more."""
        with self._changed:
            with self._database.begin() as db:
                for job in _waiting(db, session_id):
                    _set_state(job, State.CANCELLED)
            for work in self._of(session_id):
                work.cancelled = True
                _interrupt(work)
            self._changed.wait_for(lambda: not self._of(session_id))
        self._feed.tell(session_id, "session")

    def progress(self, job_id: str) -> Mapping[str, Any] | None:
        """Return how far a job is; None when it is not at work."""
        work = self._at_work.get(job_id)
        return work.progress if work else None

    def _of(self, session_id: str) -> list[_Work]:
        return [work for work in self._at_work.values() if work.session == session_id]

    def _serve(self, kinds: Sequence[str]) -> None:
        while claimed := self._next(kinds):
            work, paper = claimed
            try:
                exit_code = self._run(work, paper)
            except OSError as error:  # no memory for a process, or no room on the disk
                _LOG.warning("a job could not be started: %s", error.strerror)
                exit_code = 1
            self._finish(work, exit_code)

    def _next(self, kinds: Sequence[str]) -> tuple[_Work, Path] | None:
        """Wait for a job and claim it; None when it is time to stop."""
        with self._changed:
            while not self._stopping:
                claimed = self._claim(kinds)
                if claimed:
                    return claimed
                self._changed.wait()
            return None

    def _claim(self, kinds: Sequence[str]) -> tuple[_Work, Path] | None:
        """Take the oldest job of a session that no other is at work on."""
        with self._database.begin() as db:
            waiting = select(JobRow).where(JobRow.state == State.QUEUED, JobRow.kind.in_(kinds))
            busy = {work.session for work in self._at_work.values()}
            job = next((j for j in db.scalars(waiting.order_by(JobRow.created)) if j.session_id not in busy), None)
            if job is None:
                return None
            job.attempts += 1
            job.made_from = state_key(job.session, self._folders)
            _set_state(job, State.RUNNING)
            work = _Work(job.id, job.session_id, job.kind)
            paper = self._write_paper(job)
        self._at_work[work.job] = work
        self._feed.tell(work.session, "session")
        return work, paper

    def _write_paper(self, job: JobRow) -> Path:
        """Write what a process is told."""
        session, paper = job.session, self._paper_of(job)
        paper.parent.mkdir(parents=True, exist_ok=True)
        content = {
            "kind": job.kind,
            "spec": spec_of(session, self._folders).to_json(),
            "frames": {clip.id: facts_of(clip).get("frames", 1) for clip in session.clips if clip.kind == "video"},
            "out": str(self._folders.exports(session.id)),
            "options": job.options,
            "cluster": asdict(self._cluster) if self._cluster else None,
            "about": about_words(session, name_runner=job.options.get("name_runner", True)),
        }
        paper.write_text(json.dumps(content), encoding="utf-8")
        return paper

    def _paper_of(self, job: JobRow) -> Path:
        return self._folders.jobs(job.session_id) / f"{job.id}.json"

    def _run(self, work: _Work, paper: Path) -> int:
        with self._running(work, paper) as process:
            for line in process.stdout or ():
                self._hear(work, line)
            return process.wait()

    @contextmanager
    def _running(self, work: _Work, paper: Path) -> Iterator[subprocess.Popen[str]]:
        with (
            paper.with_suffix(".log").open("w", encoding="utf-8") as log,
            subprocess.Popen(  # noqa: S603 - our own program; its argument is a path made here
                [*self._command, str(paper)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # Ctrl-C in the terminal is for the server, which then interrupts its jobs
            ) as process,
        ):
            with self._changed:
                work.process = process
                if work.cancelled or self._stopping:
                    _interrupt(work)
            yield process

    def _hear(self, work: _Work, line: str) -> None:
        """Take in a line of a process; what is none of ours is left."""
        try:
            message = json.loads(line)
        except ValueError:
            return
        if isinstance(message, dict) and "progress" in message:
            work.progress = message["progress"]
            self._feed.tell(work.session, "progress")
        elif isinstance(message, dict):
            work.failure = message.get("failure")

    def _finish(self, work: _Work, exit_code: int) -> None:
        with self._changed:
            self._at_work.pop(work.job, None)
            try:
                with self._database.begin() as db:
                    job = db.get(JobRow, work.job)
                    if job is not None:
                        self._settle(job, work, exit_code)
            except (
                OSError,
                SQLAlchemyError,
            ):  # a full disk must not end the queue; the job is tried again at the next start
                _LOG.exception("the end of a job could not be written")
            self._changed.notify_all()
        self._feed.tell(work.session, "session")

    def _settle(self, job: JobRow, work: _Work, exit_code: int) -> None:
        """Write how a job ended."""
        paper = self._paper_of(job)
        if exit_code == 0:
            _set_state(job, State.DONE)
            paper.with_suffix(".log").unlink(missing_ok=True)
        elif work.cancelled:
            _set_state(job, State.CANCELLED)
        elif self._stopping:
            job.attempts -= 1  # it is none of its own fault
            _set_state(job, State.QUEUED)
        else:
            job.failure = work.failure if exit_code == REFUSED and work.failure else CRASHED.to_json()
            _set_state(job, State.FAILED)
        paper.unlink(missing_ok=True)


def _waiting(db: Session, session_id: str) -> list[JobRow]:
    found = select(JobRow).where(JobRow.session_id == session_id, JobRow.state == State.QUEUED)
    return list(db.scalars(found))


def _set_state(job: JobRow, state: State) -> None:
    """Set the state of a job, and of what hangs on it: its session, or the markers of a clip."""
    job.state = state
    if job.kind == "analyse":
        job.session.state = state
    if job.kind == "track":
        clip = next((c for c in job.session.clips if c.id == job.options.get("clip")), None)
        if clip is not None and clip.markers:
            told = {State.DONE: "tracked", State.FAILED: "failed", State.CANCELLED: "failed"}.get(state, "tracking")
            message = (job.failure or {}).get("message", "")
            clip.markers = dict(clip.markers) | {"state": told, "message": message}


def _interrupt(work: _Work) -> None:
    """Ask a process to tidy up and end; kill it with all its children when it does not."""
    process = work.process
    if process is None or process.poll() is not None:
        return
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    killer = threading.Timer(GRACE_S, _kill, args=(process,))
    killer.daemon = True
    killer.start()


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
