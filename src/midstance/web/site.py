"""What every page needs: the collaborators, the templates, the session that an address names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from midstance.report.render import DISCLAIMER
from midstance.web.jobs import JobRunner
from midstance.web.records import Session
from midstance.web.settings import WebSettings
from midstance.web.store import SessionStore

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Site:
    """The collaborators of the app."""

    settings: WebSettings
    store: SessionStore
    jobs: JobRunner


def site_of(request: Request) -> Site:
    """Return the site that a request came to."""
    return cast("Site", request.app.state.site)


AnySite = Annotated[Site, Depends(site_of)]


def session_of(session_id: str, site: AnySite) -> Session:
    """Return the session that an address names.

    Raises
    ------
    HTTPException
        404 if there is none.
    """
    session = site.store.get(session_id)
    if session is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return session


NamedSession = Annotated[Session, Depends(session_of)]


def render(template: str, status: int = HTTPStatus.OK, **values: object) -> HTMLResponse:
    """Return a page."""
    html = _environment().get_template(template).render(disclaimer=DISCLAIMER, **values)
    return HTMLResponse(html, status_code=status)


async def show_http_error(_request: Request, error: Exception) -> Response:
    """Return a page for an address that leads nowhere."""
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
    return render("missing.html.j2", status)


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
