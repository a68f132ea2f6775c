"""Sessions, clips and jobs as the pages' modules get them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from midstance.web.about import run_words
from midstance.web.folders import Folders
from midstance.web.library import label
from midstance.web.states import SLOT_TITLES, STATE_WORDS, UNFINISHED, State
from midstance.web.tables import ClipRow, JobRow, SessionRow

ProgressOf = Callable[[str], Mapping[str, Any] | None]
"""Id of a job to how far it is; None when it is not at work."""


def session_dict(session: SessionRow, folders: Folders, progress: ProgressOf) -> dict[str, Any]:
    """Return a session; see the contract of the web API."""
    job = _shown_job(session)
    return {
        "id": session.id,
        "title": label(session),
        "name": session.name,
        "runner": session.runner.name if session.runner else "",
        "created": session.created,
        "when": f"{datetime.fromisoformat(session.created).astimezone():%d %b %Y, %H:%M}",
        "state": session.state,
        "words": STATE_WORDS[State(session.state)],
        "edited": _is_edited(session),
        "revision": session.revision,
        "details": details_dict(session),
        "about": [list(pair) for pair in run_words(session)],
        "clips": [clip_dict(clip, folders) for clip in _by_slot(session)],
        "job": job_dict(job, progress) if job else None,
        "failure": _failure(session),
        "address": f"/sessions/{session.id}",
        "review": f"/api/sessions/{session.id}/review",
    }


def clip_dict(clip: ClipRow, folders: Folders) -> dict[str, Any]:
    """Return a clip."""
    files = folders.clip(clip.session_id, clip.id)
    return {
        "id": clip.id,
        "slot": clip.slot,
        "slot_title": SLOT_TITLES[clip.slot],
        "name": clip.given_name,
        "size_bytes": clip.size_bytes,
        "offset": files.received_bytes,
        "state": clip.state,
        "kind": clip.kind,
        "facts": clip.facts,
        "capture_fps": clip.capture_fps,
        "proposal": clip.proposal if clip.capture_fps is None else None,
        "remarks": list((clip.remarks or {}).get("list", [])),
        "refusal": clip.refusal,
        "thumbnail": f"/api/clips/{clip.id}/thumbnail.jpg" if files.thumbnail.is_file() else None,
    }


def job_dict(job: JobRow, progress: ProgressOf) -> dict[str, Any]:
    """Return a job."""
    known = progress(job.id)
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "message": (job.failure or {}).get("message", ""),
        "failure": job.failure,
        "created": job.created,
        "progress": dict(known) if known else None,
    }


def details_dict(session: SessionRow) -> dict[str, Any]:
    """Return what the user said about a run, in the units of the form."""
    return {
        "height_cm": _times(session.height_m, 100),
        "speed_kmh": _times(session.speed_mps, 3.6),
        "incline_percent": session.incline_percent,
        "shoes": session.shoes,
        "note": session.note,
        "lunge_left": _lunge(session.lunge_left_deg, session.lunge_left_cm),
        "lunge_right": _lunge(session.lunge_right_deg, session.lunge_right_cm),
    }


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else round(value * factor, 2)


def _lunge(deg: float | None, cm: float | None) -> dict[str, Any] | None:
    if deg is not None:
        return {"value": deg, "unit": "deg"}
    return None if cm is None else {"value": cm, "unit": "cm"}


def _is_edited(session: SessionRow) -> bool:
    steps = next((edit.content for edit in session.edits if edit.number == session.revision), [])
    return bool(steps) or any(clip.markers for clip in session.clips)


def _by_slot(session: SessionRow) -> list[ClipRow]:
    return sorted(session.clips, key=lambda clip: list(SLOT_TITLES).index(clip.slot))


def _shown_job(session: SessionRow) -> JobRow | None:
    """Return the job at work, else the one that waits, else the latest."""
    for state in (State.RUNNING, State.QUEUED):
        found = [job for job in session.jobs if job.state == state]
        if found:
            return found[0]
    return session.jobs[-1] if session.jobs else None


def _failure(session: SessionRow) -> dict[str, Any] | None:
    """Return why the latest analysis failed; None unless it did."""
    if session.state != State.FAILED:
        return None
    failed = [job for job in session.jobs if job.kind == "analyse" and job.state not in UNFINISHED]
    return failed[-1].failure if failed else None
