"""Server-sent events: what changed, as it changes."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from midstance.web.feed import Event
from midstance.web.library import all_sessions
from midstance.web.present import job_dict
from midstance.web.site import AnySite, Site
from midstance.web.states import State
from midstance.web.tables import SessionRow

router = APIRouter(prefix="/api")

LOOK_EVERY_S = 0.2
HEARTBEAT_S = 10.0
RETRY_MS = 2000


@router.get("/events")
def send_events(request: Request, site: AnySite, session: str | None = None) -> StreamingResponse:
    """Send the events of one session, or of all; a browser that comes back gets what is newer than its last one."""
    text = request.headers.get("last-event-id", "")
    last = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    return StreamingResponse(_events(site, session, last), media_type="text/event-stream")


async def _events(site: Site, session: str | None, last: int) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    wanted = None if session is None else {session}
    number = last
    if last < site.feed.began or last > site.feed.number:
        number = site.feed.number
        for text in await run_in_threadpool(_all_now, site, session, number):
            yield text
    told_s = time.monotonic()
    while not site.feed.closed:
        found = site.feed.since(number, wanted)
        for event in found:
            number, told_s = event.number, time.monotonic()
            text = await run_in_threadpool(_told, site, event)
            if text:
                yield text
        if time.monotonic() - told_s > HEARTBEAT_S:
            told_s = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(LOOK_EVERY_S)


def _all_now(site: Site, session: str | None, number: int) -> list[str]:
    """Return where everything stands."""
    with site.database() as db:
        if session is None:
            return [_text("session", number, site.shown(row)) for row in all_sessions(db)]
        row = db.get(SessionRow, session)
        return [_text("session", number, site.shown(row)) if row else _text("gone", number, {"session": session})]


def _told(site: Site, event: Event) -> str:
    """Return an event with the newest state; empty when there is nothing to tell any more."""
    if event.change == "gone":
        return _text("gone", event.number, {"session": event.session})
    with site.database() as db:
        row = db.get(SessionRow, event.session)
        if row is None:
            return ""
        if event.change == "session":
            return _text("session", event.number, site.shown(row))
        jobs = [job for job in row.jobs if job.state == State.RUNNING]
        if not jobs:
            return ""
        told = {"session": row.id, "job": job_dict(jobs[0], site.jobs.progress)}
        return _text("progress", event.number, told)


def _text(name: str, number: int, data: dict[str, Any]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data, allow_nan=False)}\n\n"
