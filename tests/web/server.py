"""A real server process, and a plain client for it."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.support.cli import command

START_WITHIN_S = 60
WORK_WITHIN_S = 120


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, as JSON without NaN."""
        return json.loads(self.body, parse_constant=_no_constant)


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    number: int
    name: str
    data: dict[str, Any]


@dataclass
class Server:
    """`midstance serve` on a free port."""

    data: Path
    options: tuple[str, ...] = ()
    look: bool = False
    """Whether clips are looked at; stick figures are nobody to a pose model."""
    address: str = ""
    token: str = ""
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.search(r"(http://[\d.]+:\d+)/(?:\?token=(\S+))?", line)
        assert found, f"the server did not say where it is: {line!r}"
        self.address, self.token = found[1], found[2] or ""
        until(lambda: self._answers(), START_WITHIN_S)

    @property
    def command(self) -> list[str]:
        """How it is started."""
        look = "--look" if self.look else "--no-look"
        return command("serve", "--port", "0", "--data", self.data, look, *self.options)

    @property
    def pid(self) -> int:
        """Id of the process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> str:
        """End it as a power cut would; return what it had to complain of."""
        assert self._process is not None
        self._process.kill()
        return self._process.communicate()[0]

    def wait(self) -> None:
        """Wait for one that was told to end."""
        assert self._process is not None
        self._process.communicate(timeout=60)

    def stop(self) -> None:
        """End it as Ctrl-C does; it must have had nothing to complain of."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGINT)
        said, _ = self._process.communicate(timeout=30)
        assert self._process.returncode == 0
        assert not said or self.token, said

    def ask(self, path: str, *, method: str = "GET", body: bytes | str = b"", **headers: str) -> Answer:
        """Send a request as it stands: no path is tidied, no redirect followed. `_` in header names is `-`."""
        with self._connected() as connection:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Send JSON as the page's modules do."""
        if body is None:
            return self.ask(path, method=method)
        return self.ask(path, method=method, body=json.dumps(body), content_type="application/json")

    def send_with(self, headers: Mapping[str, str], method: str, path: str, body: Any) -> Answer:
        """Send JSON with further headers, such as a cookie."""
        return self.ask(path, method=method, body=json.dumps(body), content_type="application/json", **headers)

    def get(self, path: str) -> Any:
        """Return the JSON at an address that must be there."""
        answer = self.ask(path)
        assert answer.status == http.HTTPStatus.OK, answer
        return answer.json

    def new_session(self, **body: Any) -> str:
        """Make a session; return the address of its API."""
        answer = self.send("POST", "/api/sessions", body)
        assert answer.status == http.HTTPStatus.CREATED, answer
        return f"/api/sessions/{answer.json['id']}"

    def new_clip(self, session: str, slot: str, size_bytes: int, name: str = "run.mov") -> dict[str, Any]:
        """Announce a clip."""
        answer = self.send("POST", f"{session}/clips", {"slot": slot, "name": name, "size_bytes": size_bytes})
        assert answer.status in (http.HTTPStatus.CREATED, http.HTTPStatus.OK), answer
        found: dict[str, Any] = answer.json
        return found

    def put_piece(self, clip: str, offset: int, piece: bytes) -> Answer:
        """Send a piece of a clip."""
        path = f"/api/clips/{clip}/content?offset={offset}"
        return self.ask(path, method="PUT", body=piece, content_type="application/octet-stream")

    def upload(self, session: str, slot: str, content: bytes, name: str = "run.mov") -> dict[str, Any]:
        """Upload a clip in pieces; return what was found in it."""
        clip, half = self.new_clip(session, slot, len(content), name), len(content) // 2
        if half:
            assert self.put_piece(clip["id"], 0, content[:half]).json == {"offset": half}
        answer = self.put_piece(clip["id"], half, content[half:])
        assert answer.status == http.HTTPStatus.OK, answer
        found: dict[str, Any] = answer.json["clip"]
        return found

    def started(self, content: bytes, slot: str = "side", **body: Any) -> str:
        """Upload one clip and start its analysis; return the address of the session's API."""
        session = self.new_session(**body)
        assert self.upload(session, slot, content)["state"] == "ready"
        assert self.send("POST", f"{session}/start").status == http.HTTPStatus.ACCEPTED
        return session

    def wait_for(self, session: str, *states: str) -> dict[str, Any]:
        """Wait until a session is in one of some states; return it."""
        until(lambda: self.get(session)["state"] in states, WORK_WITHIN_S)
        found: dict[str, Any] = self.get(session)
        return found

    def wait_for_job(self, session: str, kind: str) -> dict[str, Any]:
        """Wait until a job of a kind has ended; return it."""

        def ended() -> bool:
            job = self.get(session)["job"]
            return bool(job["kind"] == kind and job["state"] not in ("queued", "running"))

        until(ended, WORK_WITHIN_S)
        found: dict[str, Any] = self.get(session)["job"]
        return found

    def events(self, path: str = "/api/events", last: int | None = None) -> Iterator[Event]:
        """Yield events as a browser gets them, until the server ends the stream."""
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        with self._connected() as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            assert answer.headers["content-type"].startswith("text/event-stream")
            fields: dict[str, str] = {}
            for raw in answer:
                line = raw.decode().rstrip("\n")
                name, _, value = line.partition(": ")
                fields[name] = value
                if not line and "data" in fields:
                    yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                if not line:
                    fields = {}

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)
        try:
            yield connection
        finally:
            connection.close()

    def _answers(self) -> bool:
        try:
            return self.ask("/static/icon.svg").status in (200, 401)
        except ConnectionError:
            return False


def until(condition: Callable[[], bool], limit_s: float = WORK_WITHIN_S) -> None:
    """Wait for something to become true."""
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it took too long"
        time.sleep(0.05)


def _no_constant(name: str) -> None:
    raise AssertionError(f"JSON has no {name}")
