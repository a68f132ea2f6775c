"""Requests that lie of their size, come in slowly or blow up: SECURITY.md, "Sizes"."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack

import pytest

from midstance.science.errors import ClipError
from midstance.video import probe
from tests.security.raw import connected, head, said, until_closed
from tests.web.planted import Seen
from tests.web.server import Server, until

pytestmark = pytest.mark.xdist_group("security")


def content_of(server: Server, session: str, size_bytes: int = 100) -> str:
    """Announce a clip; return the address of its content."""
    return f"/api/clips/{server.new_clip(session, 'side', size_bytes)['id']}/content?offset=0"


def received(server: Server, address: str) -> int:
    """Return how much of a clip is there."""
    return int(server.get(address.partition("/content")[0])["offset"])


def chunks(*parts: bytes) -> bytes:
    """Return a body in chunks, without its end."""
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)


def test_two_lengths_are_one_too_many(served: Server) -> None:
    """Lengths that differ, are negative or no numbers are refused, and nothing of the body is taken for a request."""
    session = served.new_session()
    for lines in (
        ("Content-Length: 5", "Content-Length: 6"),
        ("Content-Length: -1",),
        ("Content-Length: 5, 6",),
        ("Content-Length: 0x5",),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    ):
        smuggled = head(served, "DELETE", session)
        answer = said(served, head(served, "PATCH", session, *lines, keep=True) + b"{}   " + smuggled)
        assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501")), answer
        assert answer.count(b"HTTP/1.1") == 1
    assert served.ask(session).status == 200


def test_a_length_beside_chunks_smuggles_nothing(served: Server) -> None:
    """Of a length and chunks in one request the chunks hold; what the length would have hidden is not obeyed twice."""
    session = served.new_session()
    lines = ("Content-Length: 3", "Transfer-Encoding: chunked", "Content-Type: application/json")
    answer = said(served, head(served, "PATCH", session, *lines) + chunks(b'{"name": "one"}') + b"0\r\n\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert served.get(session)["name"] in ("", "one")


def test_a_length_over_the_limit_is_refused_before_the_body(served: Server) -> None:
    """Who announces too much is told so at once, although no byte of it was sent."""
    address = content_of(served, served.new_session())
    with connected(served) as connection:
        connection.sendall(head(served, "PUT", address, "Content-Length: 101"))
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert received(served, address) == 0


def test_chunks_beyond_the_announced_end_are_cut_off(served: Server) -> None:
    """A body without a length is counted while it comes in; one byte too many and none of the piece stays."""
    address = content_of(served, served.new_session())
    lines = ("Transfer-Encoding: chunked",)
    answer = said(served, head(served, "PUT", address, *lines) + chunks(b"x" * 60, b"x" * 41) + b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert received(served, address) == 0


def test_chunks_of_json_are_counted(served: Server) -> None:
    """A body without a length that is no clip is cut off at its limit too."""
    lines = ("Transfer-Encoding: chunked", "Content-Type: application/json")
    answer = said(served, head(served, "POST", "/api/sessions", *lines) + chunks(*[b" " * 60_000] * 6))
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_length_that_promises_more_leaves_what_came(served: Server) -> None:
    """A client that leaves early loses nothing: the next piece goes on where this one ended."""
    address = content_of(served, served.new_session())
    with connected(served) as connection:
        connection.sendall(head(served, "PUT", address, "Content-Length: 100") + b"x" * 40)
        time.sleep(1.0)  # what reaches the server together with the end of the connection is gone with it
    until(lambda: received(served, address) == 40)
    again = address.replace("offset=0", "offset=40")
    until(lambda: served.ask(again, method="PUT", body=b"x" * 60).status == 200)


def test_who_sends_no_request_is_hung_up_on(strict: Server) -> None:
    """A connection on which nothing comes, or half of a head, or a head byte by byte, is closed by the server."""
    for start in (b"", b"GET / HTTP/1.1\r\nHost: ", head(strict, "GET", "/static/icon.svg", keep=True) + b"GET / HTT"):
        with connected(strict) as connection:
            connection.sendall(start)
            until_closed(connection)


def test_who_sends_no_body_is_told_and_hung_up_on(strict: Server) -> None:
    """A body that stops, and one that comes a byte now and then for ever, end with 408; the clip can go on after it."""
    address = content_of(strict, strict.new_session())
    with connected(strict) as connection:
        connection.sendall(head(strict, "PUT", address, "Content-Length: 100") + b"x" * 10)
        answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 408")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_slow"
    offset = received(strict, address)
    assert offset == 10
    again = address.replace("offset=0", f"offset={offset}")
    with connected(strict) as connection:
        connection.sendall(head(strict, "PUT", again, "Content-Length: 90"))
        assert _trickle(connection).startswith(b"HTTP/1.1 408")


def _trickle(connection: socket.socket) -> bytes:
    """Send a byte now and then, always before the server gives up for want of one; return its answer."""
    connection.settimeout(0.4)
    for _ in range(50):
        try:
            connection.sendall(b"x")
            return connection.recv(65536)
        except TimeoutError:
            continue
    raise AssertionError("the server waits for ever")


def test_many_open_connections_do_not_lock_others_out(strict: Server) -> None:
    """Connections without a request are dropped, so that after them everybody is served again."""
    with ExitStack() as stack:
        held = [stack.enter_context(connected(strict)) for _ in range(40)]
        for connection in held:
            until_closed(connection)
        assert strict.ask("/static/icon.svg").status == 200


def test_more_connections_than_can_be_served_are_turned_away(strict: Server) -> None:
    """Beyond a number of connections at once the answer is 503 at once."""
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(connected(strict))
        assert strict.ask("/static/icon.svg").status == 503


def test_a_clip_of_too_many_pixels_is_refused(strict: Server, seen: Seen) -> None:
    """The size of a picture times their number counts, not the size of the file; no thumbnail is made of it."""
    clip = strict.upload(strict.new_session(), "side", seen.clip.read_bytes())
    assert (clip["state"], clip["refusal"]["code"]) == ("refused", "too_long")
    assert "pixels in all" in clip["refusal"]["message"]
    assert strict.ask(f"/api/clips/{clip['id']}/thumbnail.jpg").status == 404


def test_more_frames_than_can_be_meant_are_not_listed(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that states very many frames is refused while they are counted, before their times fill the memory."""
    monkeypatch.setattr(probe, "MOST_FRAMES", 50)
    with pytest.raises(ClipError, match="expected at most 50 frames, given more"):
        probe.probe_clip(seen.clip)


def test_few_rows_cannot_stand_for_many_frames(served: Server) -> None:
    """Two rows with frame numbers far apart would make a table of gigabytes; they are refused."""
    rows = b"frame,time_s,landmark,x_px,y_px,visibility\n0,0,nose,1,1,1\n900000,15000,nose,1,1,1\n"
    clip = served.upload(served.new_session(), "side", rows)
    assert clip["refusal"]["code"] == "landmarks_file"
    assert "expected at most 150000 frames" in clip["refusal"]["message"]
