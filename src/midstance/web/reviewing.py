"""The review of a session, its edits by hand and its pelvis markers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from midstance.science.errors import InputError
from midstance.science.marker_tracks import Placement
from midstance.science.records import ViewAnalysis
from midstance.web import library
from midstance.web.analysing import Analysed
from midstance.web.edits import words_of
from midstance.web.problems import NotHereError, WrongStateError
from midstance.web.review import curves_dict, landmarks_bytes, review_dict, series_dict
from midstance.web.site import AnySite, JsonBody, Site, clip_of, session_of
from midstance.web.states import State
from midstance.web.tables import SessionRow

router = APIRouter(prefix="/api/sessions/{session_id}")


def analysed_session(session: SessionRow, site: Site) -> Analysed:
    """Return the analysis of a session as it stands.

    Raises
    ------
    WrongStateError
        If it was not analysed yet.
    """
    if session.state != State.DONE:
        raise WrongStateError("expected a session that is analysed, given one that is not: start it, or wait for it")
    return site.analyses.of(library.spec_of(session, site.folders))


def review_of(session: SessionRow, site: Site, began_s: float) -> dict[str, Any]:
    """Return the review of a session, computed from its stored landmarks unless it is known."""
    analysed = analysed_session(session, site)
    markers = {clip.id: clip.markers for clip in session.clips if clip.markers}
    review = review_dict(analysed, f"/api/sessions/{session.id}", markers)
    for view in review["views"]:
        _number_urls(view, session.revision)
    return {
        "session": site.shown(session),
        "revision": session.revision,
        "took_ms": round(1000 * (time.monotonic() - began_s)),
        **review,
        "edits": _edits_dict(session, analysed),
    }


def _number_urls(view: dict[str, Any], revision: int) -> None:
    view["landmarks"]["url"] += f"?revision={revision}"
    for name in ("series_url", "curves_url"):
        view[name] += f"?revision={revision}"


def _edits_dict(session: SessionRow, analysed: Analysed) -> dict[str, Any]:
    steps = [{**step, "words": words_of(step)} for step in library.steps_of(session)]
    notes = [n for v in analysed.analysis.views for n in v.notes if n.check in ("edits", "pelvis_markers")]
    return {
        "revision": session.revision,
        "list": steps,
        "can_undo": session.revision > 0,
        "can_redo": library.can_redo(session),
        "edited": bool(steps) or any(clip.markers for clip in session.clips),
        "words": [step["words"] for step in steps],
        "notes": [{"view": n.view, "level": n.level, "message": n.message} for n in notes],
    }


@router.get("/review")
def show_review(session_id: str, site: AnySite) -> JSONResponse:
    """Tell everything that the review page shows, but for the long lists."""
    began_s = time.monotonic()
    with site.database() as db:
        return JSONResponse(review_of(session_of(db, session_id), site, began_s))


@router.get("/views/{view}/landmarks")
def send_landmarks(session_id: str, view: str, site: AnySite) -> Response:
    """Send the landmarks of a view as numbers."""
    return Response(landmarks_bytes(_view(session_id, view, site)), media_type="application/octet-stream")


@router.get("/views/{view}/series")
def send_series(session_id: str, view: str, site: AnySite) -> JSONResponse:
    """Send the angles over the whole clip."""
    return JSONResponse(series_dict(_view(session_id, view, site)))


@router.get("/views/{view}/curves")
def send_curves(session_id: str, view: str, site: AnySite) -> JSONResponse:
    """Send the angles over each stride."""
    return JSONResponse(curves_dict(_view(session_id, view, site)))


def _view(session_id: str, name: str, site: Site) -> ViewAnalysis:
    with site.database() as db:
        return view_of(analysed_session(session_of(db, session_id), site), name)


def view_of(analysed: Analysed, name: str) -> ViewAnalysis:
    """Return a view.

    Raises
    ------
    NotHereError
        If there is none of this name.
    """
    if name not in analysed.clips:
        raise NotHereError(f"expected a view of {', '.join(analysed.clips)}, given another: choose one")
    return analysed.analysis.view(name)


@router.put("/edits")
def put_edits(session_id: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Set the whole list of edits."""
    return _edited(session_id, site, lambda _: (library.plain_steps(body.get("edits")), None))


@router.post("/edits")
def post_edit(session_id: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Add an edit."""
    added = library.plain_steps([body.get("edit")])
    return _edited(session_id, site, lambda session: (library.steps_of(session) + added, None))


@router.delete("/edits")
def delete_edits(session_id: str, site: AnySite) -> JSONResponse:
    """Take all edits back, as one step that can be undone."""
    return _edited(session_id, site, lambda _: ([], None))


@router.post("/edits/undo")
def undo_edit(session_id: str, site: AnySite) -> JSONResponse:
    """Go back one step."""
    return _edited(session_id, site, library.before)


@router.post("/edits/redo")
def redo_edit(session_id: str, site: AnySite) -> JSONResponse:
    """Go forward one step."""
    return _edited(session_id, site, library.after)


def _edited(session_id: str, site: Site, wanted: library.Wanted) -> JSONResponse:
    """Analyse with other edits, then keep them; when that cannot be done, all stays as it was."""
    began_s = time.monotonic()
    with site.alone(session_id):
        with site.database() as db:
            session = session_of(db, session_id)
            analysed_session(session, site)
            steps, number = wanted(session)
            site.analyses.of(library.spec_of(session, site.folders, steps))
        with site.change(session_id) as (db, session):
            library.keep_steps(db, session, steps, number)
            return JSONResponse(review_of(session, site, began_s))


@router.put("/views/{view}/markers")
def put_markers(session_id: str, view: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Place pelvis markers in a frame; a job follows them through the clip."""
    placement = _placement(body)
    with site.change(session_id) as (db, session):
        analysed = analysed_session(session, site)
        view_of(analysed, view)
        clip = clip_of(db, analysed.clips[view].id)
        if clip.kind != "video":
            raise WrongStateError("expected a clip with pictures, given landmarks: markers need pictures")
        if any(job.kind == "track" and job.state in (State.QUEUED, State.RUNNING) for job in session.jobs):
            raise WrongStateError("expected no markers being followed, given some: wait, or cancel first")
        clip.markers = {**placement.to_plain(), "state": "tracking", "message": ""}
        options = {"view": view, "clip": clip.id, "placement": placement.to_plain()}
        site.jobs.submit(db, session, "track", options)
        db.refresh(session)
        return JSONResponse(site.shown(session), HTTPStatus.ACCEPTED)


def _placement(body: Mapping[str, Any]) -> Placement:
    try:
        return Placement.from_plain(dict(body))
    except (TypeError, ValueError, KeyError) as error:
        raise InputError("markers: expected kind, frame and two points, given something else: correct it") from error


@router.delete("/views/{view}/markers")
def delete_markers(session_id: str, view: str, site: AnySite) -> JSONResponse:
    """Take pelvis markers away again."""
    with site.change(session_id) as (db, session):
        analysed = analysed_session(session, site)
        view_of(analysed, view)
        _forget_markers(db, site, analysed.clips[view].id)
    return show_review(session_id, site)


def _forget_markers(db: Session, site: Site, clip_id: str) -> None:
    clip = clip_of(db, clip_id)
    clip.markers = None
    site.folders.clip(clip.session_id, clip.id).markers.unlink(missing_ok=True)
