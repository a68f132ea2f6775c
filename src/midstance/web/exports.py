"""What a session gives away: tables and plots at once, the rest through a job, all as a zip."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from midstance.report.words import title_of, view_words
from midstance.science.catalogue import MEASURE
from midstance.storage.listing import files_below
from midstance.web.analysing import Analysed
from midstance.web.archive import zip_chunks
from midstance.web.exporting import FORMATS, TABLES, ExportOptions, plot_bytes, write_landmarks_of
from midstance.web.library import label, state_key
from midstance.web.problems import NotHereError, WrongStateError
from midstance.web.reviewing import analysed_session
from midstance.web.security import FILE_POLICY
from midstance.web.site import AnySite, JsonBody, Site, session_of
from midstance.web.states import UNFINISHED, State
from midstance.web.tables import JobRow, SessionRow

router = APIRouter(prefix="/api/sessions/{session_id}")

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
_TITLES = {
    "analysis.json": "Everything, for programs",
    "strides.csv": "Strides: times of each",
    "measures.csv": "Measures of each stride",
    "curves.csv": "Curves over the stride",
    "edits.json": "What was edited by hand",
    "session.json": "Runner and run, as you said",
    "report.html": "Report for the screen",
    "report.pdf": "Report for paper",
}
_WORDS = re.compile(r"[A-Za-z0-9]+")
"""What every file system and every header takes."""
_LONGEST_START = 60
_drawing = threading.Lock()
"""matplotlib's settings belong to the whole process: one plot at a time."""


@router.get("/plots/{name}")
def send_plot(
    session_id: str, name: str, site: AnySite, *, download: bool = False, name_runner: bool = True
) -> Response:
    """Draw one measure and send it."""
    measure, _, kind = name.rpartition(".")
    if measure not in MEASURE or kind not in FORMATS:
        raise NotHereError("expected a measure as .png, .svg or .pdf, given another name: choose one")
    analysed = _analysed(session_id, site)
    with _drawing:
        content = plot_bytes(analysed.analysis, measure, kind)
    headers = _headers(_file_name(session_id, site, name, name_runner=name_runner), download=download)
    return Response(content, media_type=CONTENT_TYPES[f".{kind}"], headers=headers)


@router.get("/tables/{name}")
def send_table(
    session_id: str, name: str, site: AnySite, *, download: bool = False, name_runner: bool = True
) -> Response:
    """Write one table and send it."""
    analysed = _analysed(session_id, site)
    sources = {f"landmarks_{view}.csv": view for view in analysed.clips}
    if name in sources:
        content = _table(site, session_id, lambda path: write_landmarks_of(analysed.clips[sources[name]], path))
    elif name in TABLES:
        content = _table(site, session_id, lambda path: TABLES[name](analysed.analysis, path))
    else:
        raise NotHereError(f"expected one of {', '.join((*TABLES, *sources))}, given another name: choose one")
    headers = _headers(_file_name(session_id, site, name, name_runner=name_runner), download=download)
    return Response(content, media_type=CONTENT_TYPES[PurePosixPath(name).suffix], headers=headers)


def _table(site: Site, session_id: str, write: Callable[[Path], None]) -> bytes:
    """Return what is written, in the folder of the session, so that it goes with it whatever happens."""
    with TemporaryDirectory(dir=site.folders.session(session_id)) as folder:
        path = Path(folder) / "table"
        write(path)
        return path.read_bytes()


def _analysed(session_id: str, site: Site) -> Analysed:
    with site.database() as db:
        return analysed_session(session_of(db, session_id), site)


@router.post("/exports")
def start_export(session_id: str, body: JsonBody, site: AnySite) -> JSONResponse:
    """Put an export into the queue; it replaces the one before."""
    options = ExportOptions.from_json(body)
    with site.change(session_id) as (db, session):
        analysed_session(session, site)
        job = _job(session)
        if job is not None and job.state in UNFINISHED:
            raise WrongStateError("expected no export under way, given one: wait for it, or cancel it")
        site.jobs.submit(db, session, "export", options.to_json())
        db.refresh(session)
        return JSONResponse(site.shown(session), HTTPStatus.ACCEPTED)


@router.get("/exports")
def show_exports(session_id: str, site: AnySite) -> JSONResponse:
    """Tell the files of the latest export."""
    with site.database() as db:
        session = session_of(db, session_id)
        job = _job(session)
        told = {
            "state": job.state if job else "none",
            "message": (job.failure or {}).get("message", "") if job else "",
            "outdated": bool(job and job.made_from and job.made_from != state_key(session, site.folders)),
            "options": job.options if job else None,
        }
    base, files = f"/api/sessions/{session_id}/exports", _files(session_id, site)
    listed = [_file_dict(name, path, base) for name, path in files.items()]
    return JSONResponse({**told, "files": listed, "zip": f"{base}/all.zip" if files else None})


def _job(session: SessionRow) -> JobRow | None:
    return next((job for job in reversed(session.jobs) if job.kind == "export"), None)


def _files(session_id: str, site: Site) -> dict[str, Path]:
    """Return every file of the latest export by its name. Only these names lead to files."""
    folder = site.folders.exports(session_id)
    found = (p for p in files_below(folder) if not p.is_symlink()) if folder.is_dir() else ()
    return {p.relative_to(folder).as_posix(): p for p in found}


def _file_dict(name: str, path: Path, base: str) -> dict[str, Any]:
    kind, title = _kind_and_title(PurePosixPath(name))
    url = f"{base}/files/{name}"
    return {"name": name, "title": title, "kind": kind, "size_bytes": path.stat().st_size, "url": url}


def _kind_and_title(name: PurePosixPath) -> tuple[str, str]:
    if name.parent.name == "plots":
        return "plot", title_of(name.stem)
    if name.suffix == ".mp4":
        return "overlay", view_words(name.stem.removeprefix("overlay_"))
    if name.stem.startswith("landmarks_"):
        return "landmarks", f"Landmarks: {view_words(name.stem.removeprefix('landmarks_'))}"
    kind = {"report": "report", "edits": "edits"}.get(name.stem, "table")
    return kind, _TITLES.get(name.name, name.name)


@router.get("/exports/files/{name:path}")
def send_file(session_id: str, name: str, site: AnySite, *, download: bool = False) -> Response:
    """Send one file of the latest export; parts of it when the browser asks for a range."""
    path = _files(_known(session_id, site), site).get(name)
    if path is None:
        raise NotHereError("expected a file of the export, given a name that is none: export again")
    kind = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
    name_runner = _names_runner(session_id, site)
    headers = _headers(_file_name(session_id, site, path.name, name_runner=name_runner), download=download)
    return FileResponse(path, media_type=kind, headers=headers)


@router.get("/exports/all.zip")
def send_all(session_id: str, site: AnySite) -> Response:
    """Send the latest export as one zip file."""
    files = _files(_known(session_id, site), site)
    if not files:
        raise NotHereError("expected an export, given none: export first")
    name_runner = _names_runner(session_id, site)
    headers = _headers(_file_name(session_id, site, "everything.zip", name_runner=name_runner), download=True)
    return StreamingResponse(zip_chunks(files), media_type="application/zip", headers=headers)


def _names_runner(session_id: str, site: Site) -> bool:
    """Return whether the export that lies there was to say who it is: its files then may be called so too."""
    with site.database() as db:
        jobs = session_of(db, session_id).jobs
        done = [job for job in jobs if job.kind == "export" and job.state == State.DONE]
        return bool(done[-1].options.get("name_runner", True)) if done else True


def _file_name(session_id: str, site: Site, name: str, *, name_runner: bool) -> str:
    """Return the name under which a file is saved.

    It starts with the session's name, so that two runs stay apart; with letters that mean nothing if the runner is not
    to be named.
    """
    with site.database() as db:
        session = session_of(db, session_id)
        known = label(session) if name_runner and (session.runner or session.name) else ""
        plain = unicodedata.normalize("NFKD", known).encode("ascii", "ignore").decode()
        start = "-".join(_WORDS.findall(plain))[:_LONGEST_START] or f"midstance-{session_id[:6]}"
        return f"{start}-{session.created[:10]}-{name}"


def _known(session_id: str, site: Site) -> str:
    with site.database() as db:
        return session_of(db, session_id).id


def _headers(name: str, *, download: bool) -> dict[str, str]:
    disposition = "attachment" if download else "inline"
    return {"content-security-policy": FILE_POLICY, "content-disposition": f'{disposition}; filename="{name}"'}
