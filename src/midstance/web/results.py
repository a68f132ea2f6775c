"""The files of a finished session: one by one, and all as a zip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from fastapi import APIRouter, HTTPException
from starlette.responses import FileResponse, Response, StreamingResponse

from midstance.science.catalogue import MEASURE
from midstance.web.archive import zip_chunks
from midstance.web.security import FILE_POLICY
from midstance.web.site import AnySite, NamedSession

router = APIRouter(prefix="/sessions/{session_id}")

_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
_TABLES = {
    "strides.csv": "Strides: times of each",
    "measures.csv": "Measures of each stride",
    "curves.csv": "Curves over the stride",
    "analysis.json": "Everything, for programs",
}
_FILE_HEADERS = {
    "content-security-policy": FILE_POLICY,
    "cache-control": "private, no-cache",
}


@dataclass(frozen=True)
class Download:
    """A file that the page offers."""

    name: str
    title: str
    size: str


@dataclass(frozen=True)
class Plot:
    """A plot with its formats."""

    title: str
    png: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Downloads:
    """What a session offers."""

    report: bool
    overlays: tuple[Download, ...]
    tables: tuple[Download, ...]
    plots: tuple[Plot, ...]


def downloads(files: Mapping[str, Path]) -> Downloads:
    """Sort the results of a session into what its page shows."""
    return Downloads(
        report="report.html" in files,
        overlays=tuple(Download(name, _view_title(name), _size(files[name])) for name in _overlays(files)),
        tables=tuple(Download(name, title, _size(files[name])) for name, title in _TABLES.items() if name in files),
        plots=tuple(_plot(name, files) for name in files if name.startswith("plots/") and name.endswith(".png")),
    )


@router.get("/files/{name:path}")
def send_file(name: str, session: NamedSession, site: AnySite, *, download: bool = False) -> Response:
    """Send one result; parts of it when the browser asks for a range, as players do to seek."""
    path = site.store.result_files(session).get(name)
    if path is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(
        path,
        media_type=_CONTENT_TYPES.get(path.suffix, "application/octet-stream"),
        filename=path.name,
        content_disposition_type="attachment" if download else "inline",
        headers=_FILE_HEADERS,
    )


@router.get("/results.zip")
def send_all(session: NamedSession, site: AnySite) -> Response:
    """Send every result as one zip file."""
    files = site.store.result_files(session)
    if not files:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    name = f"midstance-{session.created[:10]}-{session.id[:6]}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(zip_chunks(files), media_type="application/zip", headers=headers)


def _overlays(files: Mapping[str, Path]) -> list[str]:
    """Return the overlay clips, those from the side first."""
    return sorted((n for n in files if n.endswith(".mp4")), key=lambda n: (not n.startswith("overlay_side"), n))


def _view_title(name: str) -> str:
    view = PurePosixPath(name).stem.removeprefix("overlay_").replace("_", " ")
    return f"{view.capitalize()} view"


def _plot(png: str, files: Mapping[str, Path]) -> Plot:
    stem = png.removesuffix(".png")
    name = PurePosixPath(stem).name
    measure = next((m for m in sorted(MEASURE, key=len, reverse=True) if name.startswith(m)), None)
    title = MEASURE[measure].title + name.removeprefix(measure).replace("_", " ") if measure else name
    return Plot(title, png, tuple(f"{stem}.{kind}" for kind in ("svg",) if f"{stem}.{kind}" in files))


def _size(path: Path) -> str:
    size_bytes = path.stat().st_size
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e5 else f"{max(size_bytes / 1e3, 0.1):.1f} kB"
