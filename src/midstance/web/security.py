"""What keeps other sites, other machines and the files themselves from reaching in.

The server has no passwords: it listens on this machine only. That leaves pages of other sites that the same
browser shows. They are kept out by the name they ask for (`Host`, which a rebound name gets wrong) and by where
they say they come from (`Origin`, `Sec-Fetch-Site`).
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""For results, such as the report: they bring their own styles and pictures, and no script may run in them."""

_HEADERS = {
    "content-security-policy": _PAGE_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "same-origin",  # `no-referrer` would make the browser hide the Origin of our own forms
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
_SAFE_METHODS = frozenset({"GET", "HEAD"})


class LocalOnly:
    """ASGI middleware: refuses what does not come from our own pages and sets the security headers.

    Parameters
    ----------
    app : ASGI application
    allowed_hosts : collection of str
        Names without port; IPv6 in brackets.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str]) -> None:
        self._app = app
        self._allowed_hosts = frozenset(allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._problem(scope["method"], Headers(scope=scope))
        app = self._app if problem is None else PlainTextResponse(problem, status_code=403)
        await app(scope, receive, _with_headers(send))

    def _problem(self, method: str, headers: Headers) -> str | None:
        host = headers.get("host", "").lower()
        if _without_port(host) not in self._allowed_hosts:
            return "This server answers only to its own name: open the address that it printed."
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return "This came from another site and was refused."
        foreign = headers.get("sec-fetch-site") not in (None, "same-origin", "none")
        if foreign and method not in _SAFE_METHODS:
            return "This came from another site and was refused."
        return None


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return with_headers
