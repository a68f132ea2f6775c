"""From a received form to a session: the fields are read, the clips are looked at."""

from __future__ import annotations

import math
import secrets
from datetime import UTC, datetime
from pathlib import Path

from midstance.science.errors import InputError
from midstance.web.receive import ReceivedForm
from midstance.web.records import SLOTS, RunnerFacts, Session, UploadedClip

SLOT_TITLES = {"side": "Side", "other_side": "Other side", "front": "Front", "rear": "Rear"}
LONGEST_S = 600.0
"""Longer clips are refused: half a minute is enough, and each minute takes minutes to analyse."""
_START_BYTES = 4096


def make_session(form: ReceivedForm, clips: Path) -> Session:
    """Return the session of a form whose files lie in the folder `clips`, named by their slot.

    Raises
    ------
    InputError
        If there is no clip, one cannot be read, or a number is out of range. The message names the field.
    """
    facts = _facts(form)
    if not form.files:
        raise InputError("Clips: expected at least one, given none: choose a clip from the side, the front or the rear")
    uploaded = tuple(_take_in(slot, form.files[slot], facts, clips) for slot in SLOTS if slot in form.files)
    _remove_empty_fields(form, clips)
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Session(id=secrets.token_hex(16), created=now, clips=uploaded, facts=facts)


def _facts(form: ReceivedForm) -> RunnerFacts:
    height_cm = _number(form, "height_cm", "Height", 80, 260, "cm")
    speed_kmh = _number(form, "speed_kmh", "Speed", 1.1, 54, "km/h")
    return RunnerFacts(
        runner=" ".join(form.fields.get("runner", "").split())[:80],
        height_m=None if height_cm is None else round(height_cm / 100, 4),
        speed_mps=None if speed_kmh is None else round(speed_kmh / 3.6, 4),
        capture_fps=_number(form, "capture_fps", "Filmed at", 1, 2000, "frames/s"),
    )


def _number(form: ReceivedForm, name: str, title: str, least: float, most: float, unit: str) -> float | None:
    text = form.fields.get(name, "").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        raise InputError(
            f"{title}: expected {least} to {most} {unit}, given {text[:20]!r}: correct it or leave it empty"
        )
    return value


def _take_in(slot: str, given_name: str, facts: RunnerFacts, clips: Path) -> UploadedClip:
    """Check a clip and give it the ending that says what it is; what it is called decides nothing."""
    received = clips / slot
    landmarks = _is_text(received)
    stored = received.rename(clips / (slot + (".csv" if landmarks else ".clip")))
    try:
        _check_landmarks(stored) if landmarks else _check_clip(stored, facts.capture_fps)
    except InputError as error:
        problem = str(error).removeprefix(f"{stored}").lstrip(": ").replace(str(stored), given_name)
        raise InputError(f"{SLOT_TITLES[slot]}: {given_name}: {problem}") from error
    return UploadedClip(slot=slot, stored_name=stored.name, given_name=given_name)


def _is_text(path: Path) -> bool:
    """Whether a file starts as a landmarks file does and no video can."""
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
    return b"landmark" in start and b"\0" not in start


def _check_clip(path: Path, capture_fps: float | None) -> None:
    from midstance.video.reader import open_clip

    with open_clip(path, capture_fps=capture_fps) as clip:
        duration_s = clip.info.frames / clip.info.file_fps
    if duration_s > LONGEST_S:
        raise InputError(f"expected at most {LONGEST_S:.0f} s, given {duration_s:.0f} s: cut out 30 seconds of running")


def _check_landmarks(path: Path) -> None:
    from midstance.storage.landmarks_csv import read_landmarks

    read_landmarks(path)


def _remove_empty_fields(form: ReceivedForm, clips: Path) -> None:
    for slot in SLOTS:
        if slot not in form.files:
            (clips / slot).unlink(missing_ok=True)
