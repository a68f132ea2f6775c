"""The app factory."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles

from midstance.science.errors import MidstanceError
from midstance.science.one_line import one_line
from midstance.web import comparing, exports, pages, reviewing, sessions, stream, uploads
from midstance.web.database import close_database
from midstance.web.patience import Patience
from midstance.web.problems import NotHereError, problem, problem_of
from midstance.web.security import HEADERS, Guard
from midstance.web.site import Site, render
from midstance.web.start import tidy

_LOG = logging.getLogger(__name__)

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""Nothing about a session leaves this machine, whatever the environment asks of FastAPI."""


def create_app(site: Site) -> FastAPI:
    """Return the web app.

    Parameters
    ----------
    site : Site
        Its collaborators, which must work on the same data folder; the job runner is started and stopped with
        the app.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tidy(site)
        site.jobs.start()
        try:
            yield
        finally:
            site.feed.close()
            await run_in_threadpool(site.jobs.stop)
            close_database(site.database)

    app = FastAPI(
        title="midstance",
        lifespan=lifespan,
        openapi_url=None,  # the documentation pages load scripts from elsewhere
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
    )
    app.state.site = site
    app.add_middleware(Patience, idle_s=site.settings.body_idle_s, whole_s=site.settings.body_within_s)
    app.add_middleware(Guard, allowed_hosts=site.settings.allowed_hosts, token=site.settings.token)
    for kind in (MidstanceError, HTTPException, RequestValidationError, OSError, ClientDisconnect, SQLAlchemyError):
        app.add_exception_handler(kind, _show_error)
    app.add_exception_handler(Exception, _show_failure)
    for module in (sessions, uploads, stream, reviewing, exports, comparing, pages):
        app.include_router(module.router)
    app.add_api_route("/vendor/plotly.min.js", _send_plotly, methods=["GET"])
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return app


def _send_plotly() -> Response:
    """Send the library that draws the charts, from the package that brings it."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise NotHereError("expected the package plotly, given none: run `pip install 'midstance[web]'`")
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return FileResponse(path, media_type="text/javascript", headers={"cache-control": "max-age=86400, private"})


async def _show_error(request: Request, error: Exception) -> Response:
    """Answer an error: JSON below `/api`, else a page."""
    if isinstance(error, MidstanceError):
        answer = problem_of(error)
    elif isinstance(error, HTTPException):
        answer = problem(
            "not_found" if error.status_code == 404 else "bad_request", str(error.detail), error.status_code
        )
    elif isinstance(error, RequestValidationError):
        answer = problem("bad_request", _invalid(error), 422)
    elif isinstance(error, ClientDisconnect):
        answer = problem("bad_request", "the connection broke off", 400)  # nobody is there to read it
    elif isinstance(error, SQLAlchemyError):
        _LOG.error("the database could not be used: %s", one_line(str(error.__cause__ or type(error).__name__)))
        answer = problem("failed", "expected a database that answers, given one that does not: try again", 500)
    else:
        _LOG.error("a file could not be used: %s", cast("OSError", error).strerror)
        answer = problem("failed", "expected a disk with room on it, given one that cannot be written: make room", 500)
    if request.url.path.startswith("/api/"):
        return answer
    gone = answer.status_code == HTTPStatus.NOT_FOUND
    return await run_in_threadpool(render, "missing.html.j2", answer.status_code, gone=gone)


async def _show_failure(_: Request, __: Exception) -> Response:
    """Answer what nobody foresaw, which is logged; the guard does not see this answer, so its headers come with it."""
    told = "expected an answer, given a fault of midstance: try again, and tell those who make it"
    answer = problem("failed", told, HTTPStatus.INTERNAL_SERVER_ERROR)
    answer.headers.update(HEADERS)
    return answer


def _invalid(error: RequestValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: expected another value ({first['msg']}): correct it"
