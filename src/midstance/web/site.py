"""What every address needs: the collaborators, the templates, what an address names."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse

from midstance.science.findings import DISCLAIMER
from midstance.web.analysing import Analyses
from midstance.web.database import Database
from midstance.web.feed import Feed
from midstance.web.folders import Folders
from midstance.web.jobs import JobRunner
from midstance.web.present import session_dict
from midstance.web.problems import NotHereError, TooLargeError, UnsupportedError
from midstance.web.settings import WebSettings
from midstance.web.tables import ClipRow, SessionRow

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Site:
    """The collaborators of the app."""

    settings: WebSettings
    database: Database
    folders: Folders
    jobs: JobRunner
    feed: Feed
    notice: str = ""
    """What happened to the data folder at the start that its owner should know; mostly nothing."""
    analyses: Analyses = field(default_factory=Analyses)
    _locks: tuple[threading.Lock, ...] = field(default_factory=lambda: tuple(threading.Lock() for _ in range(64)))

    @contextmanager
    def alone(self, session_id: str) -> Iterator[None]:
        """Keep a second edit of one session waiting: it builds on the first."""
        with self._locks[hash(session_id) % len(self._locks)]:
            yield

    @contextmanager
    def change(self, session_id: str) -> Iterator[tuple[Session, SessionRow]]:
        """Change a session in one transaction; streams and queue hear of it when it has ended.

        Raises
        ------
        NotHereError
            If there is no such session.
        """
        with self.database.begin() as db:
            yield db, session_of(db, session_id)
        self.feed.tell(session_id, "session")
        self.jobs.wake()

    def shown(self, session: SessionRow) -> dict[str, Any]:
        """Return a session as the pages' modules get it."""
        return session_dict(session, self.folders, self.jobs.progress)


AnyRow = TypeVar("AnyRow", SessionRow, ClipRow)


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    return cast("Site", request.app.state.site)


AnySite = Annotated[Site, Depends(site_of)]


def session_of(db: Session, session_id: str) -> SessionRow:
    """Return a session.

    Raises
    ------
    NotHereError
        If there is none with this id.
    """
    return _row_of(db, SessionRow, session_id, "a session, given one that is not here: it may have been deleted")


def clip_of(db: Session, clip_id: str) -> ClipRow:
    """Return a clip.

    Raises
    ------
    NotHereError
        If there is none with this id.
    """
    return _row_of(db, ClipRow, clip_id, "a clip, given one that is not here: it may have been replaced")


def _row_of(db: Session, kind: type[AnyRow], row_id: str, wanted: str) -> AnyRow:
    row = db.get(kind, row_id)
    if row is None:
        raise NotHereError(f"expected the address of {wanted}")
    return row


async def json_body(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request brings; an empty one when it brings nothing.

    Raises
    ------
    UnsupportedError, TooLargeError
        If it is something else, or too much.
    """
    limit, body = site_of(request).settings.max_json_bytes, bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLargeError(f"expected at most {limit} bytes, given more: send less at once")
    if not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedError("expected content-type application/json, given another: send JSON")
    try:
        content = json.loads(bytes(body), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise UnsupportedError("expected a JSON object, given something else: correct it")
    return content


JsonBody = Annotated[dict[str, Any], Depends(json_body)]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def render(template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """Return a page."""
    html = _environment().get_template(template).render(disclaimer=DISCLAIMER, **values)
    return HTMLResponse(html, status_code=status)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("midstance.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
