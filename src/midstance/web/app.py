"""The app factory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from midstance.web import pages, results
from midstance.web.jobs import JobRunner
from midstance.web.security import LocalOnly
from midstance.web.settings import WebSettings
from midstance.web.site import Site, show_http_error
from midstance.web.store import SessionStore

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""Nothing about a session leaves this machine, whatever the environment asks of FastAPI."""


def create_app(settings: WebSettings, jobs: JobRunner) -> FastAPI:
    """Return the web app.

    Parameters
    ----------
    settings : WebSettings
    jobs : JobRunner
        Started and stopped with the app; it must work on the sessions of the same data folder.
    """
    store = SessionStore(settings.data)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        store.tidy()
        jobs.start()
        try:
            yield
        finally:
            await run_in_threadpool(jobs.stop)

    app = FastAPI(
        title="midstance",
        lifespan=lifespan,
        openapi_url=None,  # the documentation pages load scripts from elsewhere
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
    )
    app.state.site = Site(settings, store, jobs)
    app.add_middleware(LocalOnly, allowed_hosts=settings.allowed_hosts)
    app.add_exception_handler(404, show_http_error)
    app.add_exception_handler(405, show_http_error)
    app.include_router(pages.router)
    app.include_router(results.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    return app
