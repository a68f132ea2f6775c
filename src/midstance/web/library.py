"""What is done to sessions and clips in the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from midstance.web.about import about_words
from midstance.web.analysing import RunSpec, StoredClip
from midstance.web.fields import Details
from midstance.web.folders import Folders, new_id
from midstance.web.problems import WrongStateError
from midstance.web.states import State
from midstance.web.tables import ClipRow, EditRow, Json, RunnerRow, SessionRow

_SETTINGS = ("height_m", "speed_mps", "lunge_left_deg", "lunge_left_cm", "lunge_right_deg", "lunge_right_cm")


def add_session(db: Session, details: Details) -> SessionRow:
    """Make a session without clips."""
    row = SessionRow(id=new_id())
    db.add(row)
    change_session(db, row, details)
    db.flush()
    return row


def change_session(db: Session, row: SessionRow, details: Details) -> None:
    """Write what a user said about a session; only what was given changes."""
    values = dict(details.values)
    if "runner" in values:
        row.runner = _runner(db, values.pop("runner"))
    for name, value in values.items():
        setattr(row, name, value)
    db.flush()
    forget_runners(db)


def _runner(db: Session, name: str) -> RunnerRow | None:
    if not name:
        return None
    found = db.scalar(select(RunnerRow).where(RunnerRow.name == name))
    if found is None:
        found = RunnerRow(name=name)
        db.add(found)
    return found


def forget_runners(db: Session) -> None:
    """Remove runners who have no session."""
    db.execute(delete(RunnerRow).where(~RunnerRow.sessions.any()))


def all_sessions(db: Session) -> list[SessionRow]:
    """Return every session, the newest first."""
    return list(db.scalars(select(SessionRow).order_by(SessionRow.created.desc())))


def add_clip(db: Session, folders: Folders, session: SessionRow, slot: str, name: str, size_bytes: int) -> ClipRow:
    """Make room for a clip, or return the upload of the same file that was broken off.

    Raises
    ------
    WrongStateError
        If the session is being worked on.
    """
    check_idle(session)
    there = next((clip for clip in session.clips if clip.slot == slot), None)
    if there is not None:
        if there.state == "uploading" and (there.given_name, there.size_bytes) == (name, size_bytes):
            return there
        drop_clip(db, folders, there)
    clip = ClipRow(id=new_id(), session_id=session.id, slot=slot, given_name=name, size_bytes=size_bytes)
    folders.clip(session.id, clip.id).path.mkdir(parents=True)
    db.add(clip)
    db.flush()
    db.refresh(session)
    return clip


def drop_clip(db: Session, folders: Folders, clip: ClipRow) -> None:
    """Remove a clip and its files; what was edited by hand belonged to it and goes too."""
    session = clip.session
    check_idle(session)
    folders.remove(folders.clip(session.id, clip.id).path)
    folders.remove(folders.exports(session.id))
    db.delete(clip)
    clear_edits(db, session)
    session.state = State.DRAFT
    db.flush()
    db.refresh(session)


def check_idle(session: SessionRow) -> None:
    """Raise while a session is being worked on.

    Raises
    ------
    WrongStateError
        If it is.
    """
    if session.state in (State.QUEUED, State.RUNNING):
        raise WrongStateError("expected a session that is not being analysed, given one that is: cancel it first")


def spec_of(session: SessionRow, folders: Folders, steps: list[Json] | None = None) -> RunSpec:
    """Return what the analysis of a session depends on, with its edits or with others."""
    clips = tuple(stored_clip(clip, folders) for clip in session.clips if clip.state == "ready")
    details = tuple((name, getattr(session, name)) for name in _SETTINGS)
    return RunSpec(clips, details, json.dumps(steps_of(session) if steps is None else steps))


def state_key(session: SessionRow, folders: Folders) -> str:
    """Return what is the same as long as the numbers of a session are, and what was said of it."""
    markers = {clip.id: clip.markers for clip in session.clips if clip.markers}
    content = json.dumps([spec_of(session, folders).to_json(), markers, about_words(session)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def stored_clip(clip: ClipRow, folders: Folders) -> StoredClip:
    """Return a clip as an analysis takes it."""
    return StoredClip(
        id=clip.id,
        slot=clip.slot,
        kind=clip.kind or "video",
        folder=str(folders.clip(clip.session_id, clip.id).path),
        capture_fps=clip.capture_fps,
        use_markers=bool(clip.markers and clip.markers.get("state") == "tracked"),
    )


def steps_of(session: SessionRow, number: int | None = None) -> list[Json]:
    """Return the edits that hold, or those of another number."""
    wanted = session.revision if number is None else number
    return next((edit.content for edit in session.edits if edit.number == wanted), [])


def keep_steps(db: Session, session: SessionRow, steps: list[Json], number: int | None) -> None:
    """Make a list of edits the one that holds.

    Parameters
    ----------
    number : int or None
        Its number in the history; None when it is new. What was undone before can then no longer be redone.
    """
    if number is None:
        for edit in [e for e in session.edits if e.number > session.revision]:
            session.edits.remove(edit)
        db.flush()
        number = session.revision + 1
        session.edits.append(EditRow(number=number, content=steps))
    session.revision = number
    db.flush()
    db.refresh(session)


def before(session: SessionRow) -> tuple[list[Json], int]:
    """Return the edits one step back, with their number.

    Raises
    ------
    WrongStateError
        If there is nothing to undo.
    """
    if session.revision == 0:
        raise WrongStateError("expected an edit to undo, given none: nothing was edited")
    return steps_of(session, session.revision - 1), session.revision - 1


def after(session: SessionRow) -> tuple[list[Json], int]:
    """Return the edits one step forward, with their number.

    Raises
    ------
    WrongStateError
        If nothing was undone.
    """
    if not can_redo(session):
        raise WrongStateError("expected an undone edit, given none: nothing was undone")
    return steps_of(session, session.revision + 1), session.revision + 1


def can_redo(session: SessionRow) -> bool:
    """Return whether something was undone."""
    return any(edit.number == session.revision + 1 for edit in session.edits)


def clear_edits(db: Session, session: SessionRow) -> None:
    """Forget all edits with their history."""
    session.edits.clear()
    session.revision = 0
    db.flush()


Wanted = Callable[[SessionRow], tuple[list[Json], int | None]]
"""From a session to the edits that it shall have, and their number in its history; None when they are new."""


def plain_steps(steps: object) -> list[Json]:
    """Return edits as they are stored: without the words that came with them."""
    if not isinstance(steps, list) or not all(isinstance(step, Mapping) for step in steps):
        return [{"kind": None}]
    return [{key: value for key, value in step.items() if key != "words"} for step in steps]


def label(session: SessionRow) -> str:
    """Return how a session is called in lists."""
    parts = [session.runner.name if session.runner else "", session.name]
    return ", ".join(part for part in parts if part) or "Unnamed runner"


def facts_of(clip: ClipRow) -> dict[str, Any]:
    """Return the facts of a clip; empty before it was looked at."""
    return clip.facts or {}
