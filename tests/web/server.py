"""A real server process, and a plain client for it."""

from __future__ import annotations

import http.client
import json
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
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


@dataclass
class Server:
    """`midstance serve` on a free port."""

    data: Path
    address: str = ""
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(
            command("serve", "--port", "0", "--data", self.data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        found = re.search(r"http://[\d.]+:\d+", line)
        assert found, f"the server did not say where it is: {line!r}"
        self.address = found[0]
        _until(lambda: self._answers(), START_WITHIN_S)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def stop(self) -> None:
        """End it as Ctrl-C does; it must have had nothing to complain of."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGINT)
        said, _ = self._process.communicate(timeout=30)
        assert (self._process.returncode, said) == (0, "")

    def ask(self, path: str, *, method: str = "GET", body: bytes | str = b"", **headers: str) -> Answer:
        """Send a request as it stands: no path is tidied, no redirect followed. `_` in header names is `-`."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def upload(self, fields: Mapping[str, str] | None = None, **files: tuple[str, bytes]) -> Answer:
        """Post the upload form as the page's module does."""
        content_type, body = multipart(fields or {}, files)
        return self.ask("/sessions", method="POST", body=body, content_type=content_type, accept="application/json")

    def state(self, session: str) -> dict[str, Any]:
        """Return what the page polls."""
        content = json.loads(self.ask(f"{session}/state").body)
        assert isinstance(content, dict)
        return content

    def wait_for(self, session: str, *states: str) -> str:
        """Wait until a session is in one of some states; return which."""
        _until(lambda: self.state(session)["state"] in states, WORK_WITHIN_S)
        return str(self.state(session)["state"])

    def _answers(self) -> bool:
        try:
            return self.ask("/").status == http.HTTPStatus.OK
        except ConnectionError:
            return False


def multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    """Return the content type and the body of a form."""
    boundary = secrets.token_hex(12)
    head = f"--{boundary}\r\ncontent-disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{text}\r\n'.encode() for name, text in fields.items()]
    parts += [
        f'{head}"{name}"; filename="{given}"\r\n\r\n'.encode() + content + b"\r\n"
        for name, (given, content) in files.items()
    ]
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def _until(condition: Any, limit_s: float) -> None:
    end_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end_s, "it took too long"
        time.sleep(0.1)
