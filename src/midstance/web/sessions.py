"""Sessions: made, changed, started, cancelled, deleted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from midstance.web.database import forget_traces
from midstance.web.fields import details_of
from midstance.web.library import add_session, all_sessions, change_session, check_idle, forget_runners
from midstance.web.problems import WrongStateError
from midstance.web.site import AnySite, JsonBody, Site, session_of
from midstance.web.states import STANDING_SLOTS
from midstance.web.tables import SessionRow

router = APIRouter(prefix="/api/sessions")


@router.get("")
def list_sessions(site: AnySite) -> JSONResponse:
    """Tell all sessions, the newest first."""
    return JSONResponse({"sessions": shown_sessions(site)})


def shown_sessions(site: Site) -> list[dict[str, Any]]:
    """Return all sessions as the pages get them, the newest first."""
    with site.database() as db:
        return [site.shown(session) for session in all_sessions(db)]


@router.post("")
def create_session(body: JsonBody, site: AnySite) -> JSONResponse:
    """Make a session without clips."""
    details = details_of(body)
    with site.database.begin() as db:
        session = add_session(db, details)
        site.folders.session(session.id).mkdir(parents=True)
        shown = site.shown(session)
    site.feed.tell(shown["id"], "session")
    return JSONResponse(shown, HTTPStatus.CREATED)


@router.get("/{session_id}")
def show_session(session_id: str, site: AnySite) -> JSONResponse:
    """Tell one session."""
    with site.database() as db:
        return JSONResponse(site.shown(session_of(db, session_id)))


@router.patch("/{session_id}")
def patch_session(session_id: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Change what was said about a session."""
    details = details_of(body)
    with site.change(session_id) as (db, session):
        change_session(db, session, details)
        answer = JSONResponse(site.shown(session))
    forget_traces(site.database)  # the name that a runner had before
    return answer


@router.delete("/{session_id}")
def delete_session(session_id: str, site: AnySite) -> Response:
    """Remove a session and every file of it."""
    with site.database() as db:
        session_of(db, session_id)
    site.jobs.cancel(session_id)
    site.folders.remove(site.folders.session(session_id))
    with site.database.begin() as db:
        db.delete(session_of(db, session_id))
        db.flush()
        forget_runners(db)
    forget_traces(site.database)
    site.analyses.forget(session_id)
    site.feed.tell(session_id, "gone")
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/{session_id}/start")
def start_session(session_id: str, site: AnySite) -> JSONResponse:
    """Put the analysis of a session into the queue."""
    with site.change(session_id) as (db, session):
        check_idle(session)
        _check_clips(session)
        site.jobs.submit(db, session, "analyse")
        db.refresh(session)
        return JSONResponse(site.shown(session), HTTPStatus.ACCEPTED)


def _check_clips(session: SessionRow) -> None:
    states = [clip.state for clip in session.clips]
    if "uploading" in states:
        raise WrongStateError("expected whole clips, given one that is still uploading: wait for it, or remove it")
    if "refused" in states:
        raise WrongStateError("expected clips that can serve, given one that was refused: replace or remove it")
    if not any(clip.state == "ready" and clip.slot not in STANDING_SLOTS for clip in session.clips):
        raise WrongStateError("expected a clip of the run, given none: choose one from the side, the front or the rear")


@router.post("/{session_id}/cancel")
def cancel_session(session_id: str, site: AnySite) -> JSONResponse:
    """End the work on a session; its clips stay, and so do landmarks that were found."""
    with site.database() as db:
        session_of(db, session_id)
    site.jobs.cancel(session_id)
    return show_session(session_id, site)
