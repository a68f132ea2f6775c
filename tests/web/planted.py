"""Sessions put into a data folder as an upload and the pose model would leave them; no model runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

from midstance.api import ClipLandmarks
from midstance.science.errors import MidstanceError
from midstance.web.analysing import store_landmarks
from midstance.web.check import check_clip
from midstance.web.database import close_database, open_database
from midstance.web.fields import details_of
from midstance.web.folders import Folders, new_id
from midstance.web.library import add_session, stored_clip
from midstance.web.refusals import clip_refusal, failure
from midstance.web.states import State
from midstance.web.tables import ClipRow, JobRow, SessionRow


@dataclass(frozen=True)
class Seen:
    """A clip, and what the pose model found in it."""

    clip: Path
    found: ClipLandmarks


def plant_session(
    data: Path, clips: Mapping[str, Seen], *, runner: str = "R-01", name: str = "", state: State = State.DONE
) -> str:
    """Put a session with clips and their landmarks into a data folder; return its id.

    With the state `draft` it is ready to be started, and the analysis finds the landmarks there.
    """
    folders = Folders(data)
    database = open_database(folders.database)
    with database.begin() as db:
        session = add_session(db, details_of({"runner": runner, "name": name}))
        for slot, seen in clips.items():
            clip = ClipRow(id=new_id(), session_id=session.id, slot=slot, given_name=f"{slot}.mp4", kind="video")
            clip.size_bytes, clip.state = seen.clip.stat().st_size, "ready"
            files = folders.clip(session.id, clip.id)
            files.path.mkdir(parents=True)
            copyfile(seen.clip, files.original)
            looked = check_clip(files.original, slot)
            clip.facts, clip.remarks = looked.facts, {"list": list(looked.remarks)}
            files.thumbnail.write_bytes(looked.thumbnail)
            db.add(clip)
            db.flush()
            store_landmarks(seen.found, stored_clip(clip, folders), seen.found.facts.fps)
        session.state = state
    close_database(database)
    return session.id


def plant_refusal(data: Path, session_id: str, code: str, proposal: dict[str, Any]) -> None:
    """Put down that the first clip of a session was refused by a glance."""
    database = open_database(Folders(data).database)
    with database.begin() as db:
        clip = db.get_one(SessionRow, session_id).clips[0]
        clip.state, clip.refusal = "refused", clip_refusal(code, "expected another", clip.slot, proposal).to_json()
    close_database(database)


def plant_failure(data: Path, session_id: str, error: MidstanceError) -> None:
    """Put down why the analysis of a failed session's first clip ended."""
    database = open_database(Folders(data).database)
    with database.begin() as db:
        clip = db.get_one(SessionRow, session_id).clips[0]
        told = failure(error, str(error), clip.slot, clip=clip.id, proposal={"capture_fps": 240.0, "because": "so"})
        db.add(JobRow(id=new_id(), session_id=session_id, kind="analyse", state=State.FAILED, failure=told.to_json()))
    close_database(database)
