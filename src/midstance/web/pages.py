"""The pages. They hold little: their modules ask the API."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from midstance.web.sessions import shown_sessions
from midstance.web.site import AnySite, render, session_of
from midstance.web.states import SLOT_TITLES, STANDING_SLOTS, State
from midstance.web.tables import SessionRow

router = APIRouter()

_CHANGEABLE = (State.DRAFT, State.FAILED, State.CANCELLED, State.DONE)


@router.get("/")
def list_page(site: AnySite) -> Response:
    """Show the sessions."""
    return render("sessions.html.j2", sessions=shown_sessions(site), notice=site.notice)


@router.get("/new")
def new_page(site: AnySite, session: str | None = None) -> Response:
    """Show the upload form, of a new session or of one that is not being worked on.

    How to film is told at length to who has no session yet; later it is there to be opened.
    """
    shown, first = None, not shown_sessions(site)
    if session is not None:
        with site.database() as db:
            row = session_of(db, session)
            if row.state not in _CHANGEABLE:
                return _to(row)
            shown = site.shown(row)
    slots = [{"id": slot, "title": title, "stands": slot in STANDING_SLOTS} for slot, title in SLOT_TITLES.items()]
    return render("new.html.j2", session=shown, slots=slots, first=first)


@router.get("/sessions/{session_id}")
def session_page(session_id: str, site: AnySite) -> Response:
    """Show one session: its progress, then its review."""
    with site.database() as db:
        row = session_of(db, session_id)
        if row.state == State.DRAFT:
            return RedirectResponse(f"/new?session={row.id}", HTTPStatus.SEE_OTHER)
        template = "review.html.j2" if row.state == State.DONE else "session.html.j2"
        return render(template, session=site.shown(row), base=f"/api/sessions/{row.id}")


@router.get("/compare")
def compare_page(site: AnySite, before: str | None = None, after: str | None = None) -> Response:
    """Show two sessions side by side, or the choice of them."""
    sessions = [session for session in shown_sessions(site) if session["state"] == State.DONE]
    chosen = {session["id"]: session for session in sessions}
    return render("compare.html.j2", sessions=sessions, before=chosen.get(before or ""), after=chosen.get(after or ""))


def _to(session: SessionRow) -> Response:
    return RedirectResponse(f"/sessions/{session.id}", HTTPStatus.SEE_OTHER)
