"""The pages and what their buttons do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response

from midstance.science.errors import InputError
from midstance.web.intake import SLOT_TITLES, make_session
from midstance.web.receive import ReceivedForm, TooLargeError, receive_form, too_large
from midstance.web.records import SLOTS, JobState, Session
from midstance.web.results import downloads
from midstance.web.site import AnySite, NamedSession, Site, render

router = APIRouter()

STATE_WORDS = {
    JobState.QUEUED: "Waiting",
    JobState.RUNNING: "Being analysed",
    JobState.DONE: "Done",
    JobState.FAILED: "Could not be analysed",
    JobState.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class SessionCard:
    """A session as the pages show it."""

    session: Session
    title: str
    when: str
    clips: tuple[tuple[str, str], ...]
    """What each clip shows, and its name."""
    state: str
    step: str
    """What is being done; empty when nothing is."""
    done: int
    total: int
    """Frames of this step; 0 when unknown."""
    left: str


@router.get("/")
def list_sessions(site: AnySite) -> Response:
    """Show the sessions and the upload form."""
    return _list_page(site)


@router.post("/sessions")
async def create_session(request: Request, site: AnySite) -> Response:
    """Take an upload in and put it in the queue."""
    try:
        session = await _receive(request, site)
    except InputError as error:
        status = (
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE if isinstance(error, TooLargeError) else HTTPStatus.UNPROCESSABLE_ENTITY
        )
        return await run_in_threadpool(_refused, request, site, str(error), status)
    except ClientDisconnect:
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # nobody is there to read it
    await run_in_threadpool(site.jobs.submit, session)
    if _wants_json(request):
        return JSONResponse({"location": _address(session)}, status_code=HTTPStatus.CREATED)
    return _to(session)


@router.get("/sessions/{session_id}")
def show_session(session: NamedSession, site: AnySite) -> Response:
    """Show one session: its progress, then its results."""
    files = site.store.result_files(session) if session.state is JobState.DONE else {}
    return render("session.html.j2", card=_card(session, site), base=_address(session), found=downloads(files))


@router.get("/sessions/{session_id}/state")
def show_state(session: NamedSession, site: AnySite) -> JSONResponse:
    """Tell the page how far the work is."""
    card = _card(session, site)
    return JSONResponse(
        {
            "state": session.state,
            "words": card.state,
            "step": card.step,
            "done": card.done,
            "total": card.total,
            "left": card.left,
        }
    )


@router.post("/sessions/{session_id}/cancel")
def cancel(session: NamedSession, site: AnySite) -> Response:
    """End the work on a session; its clips stay."""
    site.jobs.cancel(session.id)
    return _to(session)


@router.post("/sessions/{session_id}/start")
def start(session: NamedSession, site: AnySite) -> Response:
    """Analyse a session again that failed or was cancelled."""
    if session.state in (JobState.FAILED, JobState.CANCELLED):
        site.jobs.submit(session)
    return _to(session)


@router.post("/sessions/{session_id}/delete")
def delete(session: NamedSession, site: AnySite) -> Response:
    """Remove a session and every file of it."""
    site.jobs.cancel(session.id)
    site.store.delete(session)
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)


async def _receive(request: Request, site: Site) -> Session:
    limit = site.settings.max_upload_bytes
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLargeError(too_large(limit))
    with site.store.incoming() as folder:
        form: ReceivedForm = await receive_form(
            request.stream(),
            request.headers.get("content-type", ""),
            folder / "clips",
            file_fields=SLOTS,
            max_bytes=limit,
        )
        session = await run_in_threadpool(make_session, form, folder / "clips")
        await run_in_threadpool(site.store.add, folder, session)
    return session


def _refused(request: Request, site: Site, problem: str, status: int) -> Response:
    if _wants_json(request):
        return JSONResponse({"problem": problem}, status_code=status)
    return _list_page(site, problem, status)


def _list_page(site: Site, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    cards = [_card(session, site) for session in site.store.all()]
    return render("sessions.html.j2", status, cards=cards, slots=SLOT_TITLES, problem=problem)


def _card(session: Session, site: Site) -> SessionCard:
    progress = site.jobs.progress(session.id)
    return SessionCard(
        session=session,
        title=session.facts.runner or "Unnamed runner",
        when=f"{datetime.fromisoformat(session.created).astimezone():%d %b %Y, %H:%M}",
        clips=tuple((SLOT_TITLES[clip.slot], clip.given_name) for clip in session.clips),
        state=STATE_WORDS[session.state],
        step=progress.label if progress else "",
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
        left=_time_left(progress.left_s) if progress and progress.left_s is not None else "",
    )


def _time_left(left_s: float) -> str:
    return f"about {left_s:.0f} s left" if left_s < 90 else f"about {left_s / 60:.0f} min left"


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _address(session: Session) -> str:
    return f"/sessions/{session.id}"


def _to(session: Session) -> Response:
    return RedirectResponse(_address(session), HTTPStatus.SEE_OTHER)
