"""How long a client may take to say what it wants: a byte now and then must not hold a connection for ever."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from midstance.web.problems import TooSlowError


class Patience:
    """ASGI middleware: ends requests whose body does not come in.

    Parameters
    ----------
    app : ASGI application
    idle_s : float
        Longest time between two parts of a body.
    whole_s : float
        Longest time for all of a body.
    """

    def __init__(self, app: ASGIApp, idle_s: float, whole_s: float) -> None:
        self._app = app
        self._idle_s = idle_s
        self._whole_s = whole_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with a body that ends."""
        body = _Body(receive, self._idle_s, self._whole_s)
        await self._app(scope, body.receive if scope["type"] == "http" else receive, send)


class _Body:
    """The parts of one body. What comes after it, which is the end of the connection, may take its time."""

    def __init__(self, receive: Receive, idle_s: float, whole_s: float) -> None:
        self._receive = receive
        self._idle_s = idle_s
        self._end_s = asyncio.get_running_loop().time() + whole_s
        self._there = False

    async def receive(self) -> Message:
        if self._there:
            return await self._receive()
        left_s = self._end_s - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(self._idle_s, left_s)):
                message = await self._receive()
        except TimeoutError:
            raise TooSlowError("expected the rest of the request, given nothing for long: send it again") from None
        self._there = not message.get("more_body", False)
        return message


def protocol_with(headers_within_s: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol, hanging up on whoever does not send the head of a request within some seconds."""

    class Prompt(H11Protocol):
        """One connection."""

        _hang_up: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            """Begin to wait for the first request."""
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            """Wait on while the head of a request is not whole."""
            super().data_received(data)
            answered = self.cycle is None or self.cycle.response_complete
            if self.conn.their_state is not h11.IDLE or not answered:
                self._stop_waiting()
            elif self._hang_up is None:
                self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            """Forget the connection."""
            self._stop_waiting()
            super().connection_lost(exc)

        def _wait(self) -> None:
            self._hang_up = self.loop.call_later(headers_within_s, self.transport.close)

        def _stop_waiting(self) -> None:
            if self._hang_up is not None:
                self._hang_up.cancel()
            self._hang_up = None

    return Prompt
