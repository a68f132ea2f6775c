"""Clips: uploaded piece by piece, looked at, shown."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response

from midstance.web.check import ClipCheck, limits_of
from midstance.web.database import forget_traces
from midstance.web.fields import number_of
from midstance.web.folders import ClipFolder
from midstance.web.library import add_clip, check_idle, clear_edits, drop_clip
from midstance.web.looking import look
from midstance.web.present import clip_dict
from midstance.web.problems import FieldError, NotHereError, TooLargeError, WrongOffsetError, WrongStateError
from midstance.web.security import FILE_POLICY
from midstance.web.site import AnySite, JsonBody, Site, clip_of
from midstance.web.states import SLOT_TITLES, State
from midstance.web.tables import ClipRow

router = APIRouter(prefix="/api")

_FILE_HEADERS = {"content-security-policy": FILE_POLICY}
_CHANGEABLE = ("capture_fps", "slot", "accepted")
_receiving: set[str] = set()
_lock = threading.Lock()


@router.post("/sessions/{session_id}/clips")
def create_clip(session_id: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Make room for a clip, or tell how much of it is there already."""
    slot, name, size_bytes = _announced(body, site)
    with site.change(session_id) as (db, session):
        before = {clip.id for clip in session.clips}
        clip = add_clip(db, site.folders, session, slot, name, size_bytes)
        status = HTTPStatus.OK if clip.id in before else HTTPStatus.CREATED
        answer = JSONResponse(clip_dict(clip, site.folders), status)
        replaced = bool(before - {clip.id for clip in session.clips})
    if replaced:
        _forget_what_was_dropped(site, session_id)
    return answer


def _forget_what_was_dropped(site: Site, session_id: str) -> None:
    """Bring a clip that is gone out of the database's files, and its landmarks out of memory."""
    forget_traces(site.database)
    site.analyses.forget(session_id)


def _announced(body: Mapping[str, Any], site: Site) -> tuple[str, str, int]:
    slot, name, size_bytes = body.get("slot"), body.get("name"), body.get("size_bytes")
    if not isinstance(slot, str) or slot not in SLOT_TITLES:
        raise FieldError("slot", f"slot: expected one of {', '.join(SLOT_TITLES)}, given {slot!r:.40}: choose one")
    if not isinstance(name, str):
        raise FieldError("name", "name: expected the name of the file, given none: send it")
    if not isinstance(size_bytes, int) or isinstance(size_bytes, bool) or size_bytes < 1:
        raise FieldError("size_bytes", "size_bytes: expected a file with something in it, given an empty one")
    if size_bytes > site.settings.max_clip_bytes:
        limit = f"{site.settings.max_clip_bytes / 1e6:,.0f} MB"
        raise TooLargeError(f"expected a clip of at most {limit}, given a larger one: cut out 30 seconds of running")
    return slot, _shown(name), size_bytes


@router.get("/clips/{clip_id}")
def show_clip(clip_id: str, site: AnySite) -> JSONResponse:
    """Tell one clip, with how much of it is there."""
    with site.database() as db:
        return JSONResponse(clip_dict(clip_of(db, clip_id), site.folders))


@router.patch("/clips/{clip_id}")
def patch_clip(clip_id: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Set the rate that a clip was filmed at, or what it shows; or take one that a glance had refused."""
    unknown = [key for key in body if key not in _CHANGEABLE]
    if unknown:
        told = f"clip: expected only {', '.join(_CHANGEABLE)}, given another field: leave it out"
        raise FieldError(unknown[0][:40], told)
    with site.database() as db:
        session_id = clip_of(db, clip_id).session_id
    with site.change(session_id) as (db, session):
        clip = clip_of(db, clip_id)
        check_idle(session)
        if "capture_fps" in body:
            clip.capture_fps = number_of(body["capture_fps"], "capture_fps")
        if "slot" in body:
            _move(clip, body["slot"])
        if body.get("accepted") is True:
            _accept(clip)
        _forget_what_was_made(db, site, clip)
        return JSONResponse(clip_dict(clip, site.folders))


def _forget_what_was_made(db: Session, site: Site, clip: ClipRow) -> None:
    """Drop edits and markers, whose times and views are no longer those of the clip; landmarks stay."""
    clear_edits(db, clip.session)
    clip.markers = None
    site.folders.clip(clip.session_id, clip.id).markers.unlink(missing_ok=True)
    if clip.session.state == State.DONE:
        clip.session.state = State.DRAFT


def _move(clip: ClipRow, slot: object) -> None:
    taken = {other.slot for other in clip.session.clips if other.id != clip.id}
    if not isinstance(slot, str) or slot not in SLOT_TITLES or slot in taken:
        raise FieldError("slot", f"slot: expected a free one of {', '.join(SLOT_TITLES)}, given {slot!r:.40}")
    fits = ((clip.refusal or {}).get("proposal") or {}).get("slots", ())
    clip.slot = slot
    if slot in fits:
        clip.state, clip.refusal = "ready", None


def _accept(clip: ClipRow) -> None:
    """Take a clip on its owner's word, unless nothing could be made of it."""
    if clip.refusal is None or clip.refusal.get("final", True):
        raise WrongStateError("expected a clip that may be used all the same, given another: replace it")
    clip.remarks = {"list": [*(clip.remarks or {}).get("list", []), f"Taken all the same: {clip.refusal['title']}."]}
    clip.state, clip.refusal = "ready", None


@router.delete("/clips/{clip_id}")
def delete_clip(clip_id: str, site: AnySite) -> Response:
    """Remove a clip and its files."""
    with site.database() as db:
        session_id = clip_of(db, clip_id).session_id
    with site.change(session_id) as (db, _):
        drop_clip(db, site.folders, clip_of(db, clip_id))
    _forget_what_was_dropped(site, session_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.put("/clips/{clip_id}/content")
async def receive_content(clip_id: str, offset: int, request: Request, site: AnySite) -> JSONResponse:
    """Take in a piece of a clip; the piece with the last byte has the clip looked at."""
    with _alone(clip_id):
        files, size_bytes = await run_in_threadpool(_upload_of, clip_id, site)
        received = await _receive(request, files, offset, size_bytes, site.settings.max_chunk_bytes)
        if received < size_bytes:
            return JSONResponse({"offset": received})
        clip = await run_in_threadpool(_look_at, clip_id, site)
    return JSONResponse({"offset": received, "clip": clip})


@router.post("/clips/{clip_id}/complete")
def complete_clip(clip_id: str, site: AnySite) -> JSONResponse:
    """Look at a clip whose bytes are all there."""
    with _alone(clip_id):
        with site.database() as db:
            clip = clip_of(db, clip_id)
            received = site.folders.clip(clip.session_id, clip.id).received_bytes
            if received != clip.size_bytes:
                raise WrongOffsetError(received)
            if clip.state != "uploading":
                return JSONResponse(clip_dict(clip, site.folders))
        return JSONResponse(_look_at(clip_id, site))


@contextmanager
def _alone(clip_id: str) -> Iterator[None]:
    """Keep a second call to one upload out; pieces must not mix."""
    with _lock:
        if clip_id in _receiving:
            raise WrongStateError("expected one call at a time for a clip, given two: wait for the first")
        _receiving.add(clip_id)
    try:
        yield
    finally:
        with _lock:
            _receiving.discard(clip_id)


def _upload_of(clip_id: str, site: Site) -> tuple[ClipFolder, int]:
    with site.database() as db:
        clip = clip_of(db, clip_id)
        if clip.state != "uploading":
            raise WrongStateError("expected a clip that is being uploaded, given one that is complete: replace it")
        return site.folders.clip(clip.session_id, clip.id), clip.size_bytes


async def _receive(request: Request, files: ClipFolder, offset: int, size_bytes: int, most: int) -> int:
    """Write a piece where it belongs; return how much is there then. A piece that breaks off stays."""
    if offset != files.received_bytes:
        raise WrongOffsetError(files.received_bytes)
    room = min(most, size_bytes - offset)
    _check_length(request, room)
    file: BinaryIO = await run_in_threadpool(files.original.open, "ab")
    try:
        async for chunk in request.stream():
            room -= len(chunk)
            if room < 0:
                file.truncate(offset)
                raise _too_large(min(most, size_bytes - offset))
            await run_in_threadpool(file.write, chunk)
        await run_in_threadpool(_settle, file)
    finally:
        file.close()
    return files.received_bytes


def _check_length(request: Request, room: int) -> None:
    """Refuse what says that it is too long before a byte of it is read; what lies is cut off while it comes in."""
    if int(request.headers.get("content-length", 0)) > room:
        raise _too_large(room)


def _too_large(room: int) -> TooLargeError:
    return TooLargeError(f"expected at most {room} bytes, given more: send less")


def _settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _look_at(clip_id: str, site: Site) -> dict[str, Any]:
    """Check a clip and write down what was found."""
    with site.database() as db:
        clip = clip_of(db, clip_id)
        files, slot, session_id = site.folders.clip(clip.session_id, clip.id), clip.slot, clip.session_id
    settings = site.settings
    found = look(files.original, slot, limits_of(settings), with_glance=settings.look_for_runner)
    if found.thumbnail:
        files.thumbnail.write_bytes(found.thumbnail)
    with site.change(session_id) as (db, _):
        clip = clip_of(db, clip_id)
        _write_down(clip, found)
        return clip_dict(clip, site.folders)


def _write_down(clip: ClipRow, found: ClipCheck) -> None:
    clip.state = "ready" if found.refusal is None else "refused"
    clip.kind, clip.facts, clip.proposal = found.kind, found.facts, found.proposal
    clip.remarks = {"list": list(found.remarks)}
    clip.refusal = None if found.refusal is None else found.refusal.to_json()


@router.get("/clips/{clip_id}/thumbnail.jpg")
def send_thumbnail(clip_id: str, site: AnySite) -> Response:
    """Send the small picture of a clip."""
    return _file(_files(clip_id, site).thumbnail, "image/jpeg")


@router.get("/clips/{clip_id}/video")
def send_video(clip_id: str, site: AnySite) -> Response:
    """Send what a browser can play of a clip; parts of it when it asks for a range, as players do to seek."""
    with site.database() as db:
        if clip_of(db, clip_id).kind != "video":
            raise NotHereError("expected a clip with pictures, given landmarks: there is nothing to play")
    files = _files(clip_id, site)
    return _file(files.proxy if files.proxy.is_file() else files.original, "video/mp4")


def _files(clip_id: str, site: Site) -> ClipFolder:
    with site.database() as db:
        clip = clip_of(db, clip_id)
        return site.folders.clip(clip.session_id, clip.id)


def _file(path: Path, media_type: str) -> Response:
    if not path.is_file():
        raise NotHereError("expected a file that is there, given one that is not: upload the clip first")
    return FileResponse(path, media_type=media_type, headers=_FILE_HEADERS)


def _shown(given: str) -> str:
    """Return the name of a user's file as it may be shown: its last part, printable, not too long."""
    name = PurePosixPath(given.replace("\\", "/")).name
    return "".join(c for c in name if c.isprintable())[:100] or "clip"
