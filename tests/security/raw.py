"""HTTP as it should not be: bytes sent as they stand."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.web.server import Server

ANSWERS_WITHIN_S = 20.0


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """Yield a connection to a server."""
    place = urlsplit(server.address)
    with socket.create_connection((str(place.hostname), place.port), timeout=ANSWERS_WITHIN_S) as connection:
        yield connection


def said(server: Server, request: bytes) -> bytes:
    """Send bytes; return all that comes back before the server hangs up."""
    with connected(server) as connection:
        connection.sendall(request)
        return until_closed(connection)


def until_closed(connection: socket.socket) -> bytes:
    """Return what comes in until the other side hangs up, which it may do before it has read all that was sent."""
    found = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            found += piece
    return found


def head(server: Server, method: str, path: str, *lines: str, keep: bool = False) -> bytes:
    """Return the head of a request; unless the connection is to be kept, the server hangs up after its answer."""
    host, wish = urlsplit(server.address).netloc, "keep-alive" if keep else "close"
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", f"Connection: {wish}", *lines, "", ""]).encode()
