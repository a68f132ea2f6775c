"""What keeps other sites, other machines and the files themselves from reaching in.

The server has no passwords: it listens on this machine only. That leaves pages of other sites that the same
browser shows. They are kept out by the name they ask for (`Host`, which a rebound name gets wrong) and by where
they say they come from (`Origin`, `Sec-Fetch-Site`).

Served to other machines it asks for a token, given once in an address and then kept as a cookie. A cookie belongs
to one name, so a rebound name does not have it.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from midstance.web.problems import problem

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""For results, such as the report: they bring their own styles and pictures, and no script may run in them."""

HEADERS = {
    "content-security-policy": _PAGE_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "same-origin",  # `no-referrer` would make the browser hide the Origin of our own requests
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
_SAFE_METHODS = frozenset({"GET", "HEAD"})
COOKIE = "midstance_token"
_ANOTHER_NAME = "This server answers only to its own name: open the address that it printed."
_ANOTHER_SITE = "This came from another site and was refused."
_NO_TOKEN = "This server asks for its token: open the whole address that it printed when it was started."  # noqa: S105 - a message


class Guard:
    """ASGI middleware: refuses what does not come from our own pages and sets the security headers.

    Parameters
    ----------
    app : ASGI application
    allowed_hosts : collection of str
        Names without port, IPv6 in brackets, that need no token.
    token : str
        What any other name needs; empty = they are refused.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: Collection[str], token: str = "") -> None:
        self._app = app
        self._allowed_hosts = frozenset(allowed_hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope, Headers(scope=scope))
        await (refusal or self._app)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        host = hosts[0].lower() if len(hosts) == 1 else ""
        if self._token:
            refusal = self._without_token(scope, headers)
            if refusal is not None:
                return refusal
        elif _without_port(host) not in self._allowed_hosts:
            return _refused(scope, "forbidden", _ANOTHER_NAME, 403)
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{host}":
            return _refused(scope, "forbidden", _ANOTHER_SITE, 403)
        foreign = headers.get("sec-fetch-site") not in (None, "same-origin", "none")
        if foreign and scope["method"] not in _SAFE_METHODS:
            return _refused(scope, "forbidden", _ANOTHER_SITE, 403)
        return None

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        """Return None when the token is there; when it came in the address, put it into a cookie."""
        if self._is_token(_cookie(headers)):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if scope["method"] == "GET" and self._is_token(dict(query).get("token", "")):
            rest = urlencode([(k, v) for k, v in query if k != "token"])
            path = "/" + scope["path"].lstrip("/")
            answer = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
            answer.set_cookie(COOKIE, self._token, httponly=True, samesite="strict", path="/")
            return answer
        return _refused(scope, "token", _NO_TOKEN, 401)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "replace"), self._token.encode())


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return found[COOKIE].value if COOKIE in found else ""


def _refused(scope: Scope, code: str, message: str, status: int) -> Response:
    if scope["path"].startswith("/api/"):
        return problem(code, message, status)
    return PlainTextResponse(message, status_code=status)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return with_headers
