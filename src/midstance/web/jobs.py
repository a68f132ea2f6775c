"""The queue: one process of `midstance analyze` at a time, its state on disk."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from midstance.web.progress import STARTING, JobProgress, parse_line
from midstance.web.records import SLOTS, JobState, Session
from midstance.web.store import SessionStore

_LOG = logging.getLogger(__name__)
ANALYSE = (sys.executable, "-m", "midstance.web.worker", "analyze")
GRACE_S = 10.0
"""Time a process has to tidy up after it was interrupted, before it is killed."""


class JobRunner(Protocol):
    """Analyses sessions, one after the other."""

    def start(self) -> None:
        """Begin to work; sessions that are unfinished on disk come first."""

    def stop(self) -> None:
        """Stop working. What is unfinished stays so on disk."""

    def submit(self, session: Session) -> None:
        """Put a session at the end of the queue."""

    def cancel(self, session_id: str) -> None:
        """End or forget the work on a session; returns when nothing writes to its folder any more."""

    def progress(self, session_id: str) -> JobProgress | None:
        """Return how far the work on a session is; None when it is not being worked on."""


class ProcessJobs:
    """The `JobRunner` that starts processes.

    The process ends when its standard input does: that is how it is interrupted, and why a server that is killed
    leaves none behind.

    Parameters
    ----------
    store : SessionStore
    command : sequence of str
        How to start an analysis; clips and options are added.
    """

    def __init__(self, store: SessionStore, command: Sequence[str] = ANALYSE) -> None:
        self._store = store
        self._command = tuple(command)
        self._changed = threading.Condition()
        self._waiting: deque[str] = deque()
        self._current: str | None = None
        self._process: subprocess.Popen[str] | None = None
        self._progress = STARTING
        self._cancelled = self._stopping = False
        self._worker = threading.Thread(target=self._work, name="midstance-jobs", daemon=True)

    def start(self) -> None:
        """Begin to work; sessions that are unfinished on disk come first, the oldest before the others."""
        with self._changed:
            self._waiting.extend(s.id for s in reversed(self._store.all()) if s.state.unfinished)
        self._worker.start()

    def stop(self) -> None:
        """Stop working. What is unfinished stays so on disk."""
        with self._changed:
            self._stopping = True
            self._interrupt()
            self._changed.notify_all()
        self._worker.join()

    def submit(self, session: Session) -> None:
        """Put a session at the end of the queue."""
        with self._changed:
            if session.id in self._waiting or session.id == self._current:
                return
            self._store.save(replace(session, state=JobState.QUEUED, message=""))
            self._waiting.append(session.id)
            self._changed.notify_all()

    def cancel(self, session_id: str) -> None:
        """End or forget the work on a session; returns when nothing writes to its folder any more."""
        with self._changed:
            if session_id in self._waiting:
                self._waiting.remove(session_id)
                self._save_state(session_id, JobState.CANCELLED)
            if session_id == self._current:
                self._cancelled = True
                self._interrupt()
                self._changed.wait_for(lambda: self._current != session_id)

    def progress(self, session_id: str) -> JobProgress | None:
        """Return how far the work on a session is; None when it is not being worked on."""
        with self._changed:
            return self._progress if session_id == self._current else None

    def _work(self) -> None:
        while session := self._next():
            try:
                exit_code, last_line = self._run(session)
            except OSError as error:  # no memory for a process, or no room on the disk
                exit_code, last_line = 1, f"The analysis could not be started: {error.strerror}."
            self._finish(session, exit_code, last_line)

    def _next(self) -> Session | None:
        """Wait for a session and make it the current one; None when it is time to stop."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._waiting or self._stopping)
                if self._stopping:
                    return None
                session = self._store.get(self._waiting.popleft())
                if session is not None:
                    self._current, self._progress, self._cancelled = session.id, STARTING, False
                    return session

    def _run(self, session: Session) -> tuple[int, str]:
        """Analyse a session; return the exit code and the last line."""
        self._store.save(replace(session, state=JobState.RUNNING))
        with self._running(session) as process:
            last_line = self._follow(process)
            return process.wait(), last_line

    @contextmanager
    def _running(self, session: Session) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(  # noqa: S603 - our own program; numbers and names chosen here are its arguments
            [*self._command, *arguments(session, self._store)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl-C in the terminal is for the server, which then interrupts its job
        )
        with process:
            with self._changed:
                self._process = process
                if self._cancelled or self._stopping:
                    self._interrupt()
            yield process

    def _follow(self, process: subprocess.Popen[str]) -> str:
        """Read the lines of a process to its end; return the last."""
        last = ""
        for line in process.stderr or ():
            last = line.strip() or last
            with self._changed:
                self._progress = parse_line(last)
        return last

    def _finish(self, session: Session, exit_code: int, last_line: str) -> None:
        with self._changed:
            self._process = None
            try:
                if exit_code == 0:
                    self._save_state(session.id, JobState.DONE)
                elif self._cancelled:
                    self._save_state(session.id, JobState.CANCELLED)
                elif not self._stopping:
                    self._save_state(session.id, JobState.FAILED, self._readable(session, last_line))
            except OSError:  # a full disk must not end the queue; the session is tried again at the next start
                _LOG.exception("the state of a session could not be written")
            self._current = None
            self._changed.notify_all()

    def _save_state(self, session_id: str, state: JobState, message: str = "") -> None:
        session = self._store.get(session_id)
        if session is not None:
            self._store.save(replace(session, state=state, message=message))

    def _readable(self, session: Session, line: str) -> str:
        """Return a line with the names of the user's files in place of ours."""
        for clip in session.clips:
            path = str(self._store.clips(session) / clip.stored_name)
            line = line.replace(path, clip.given_name).replace(clip.stored_name, clip.given_name)
        return line.removeprefix("midstance: ")

    def _interrupt(self) -> None:
        """Ask the running process to tidy up and end; kill it when it does not."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        killer = threading.Timer(GRACE_S, process.kill)
        killer.daemon = True
        killer.start()


def arguments(session: Session, store: SessionStore) -> list[str]:
    """Return what follows `midstance analyze` for a session."""
    given: list[str] = []
    for clip in session.clips:
        given += [SLOTS[clip.slot], str(store.clips(session) / clip.stored_name)]
    facts = session.facts
    options = {"--height-m": facts.height_m, "--speed-mps": facts.speed_mps, "--capture-fps": facts.capture_fps}
    for option, value in options.items():
        if value is not None:
            given += [option, repr(value)]
    return [*given, "--out", str(store.results(session))]
