"""Apply what a person put right by hand: to landmarks, to stances and to strides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from midstance.science.edits import MovedEvent, NamedStance, SwappedSpan, ViewEdits
from midstance.science.errors import InputError
from midstance.science.landmarks import LANDMARK_NAMES, LEG_JOINTS, LandmarkSeries
from midstance.science.records import QualityNote, Scene, Stride
from midstance.science.signals import Array, Mask
from midstance.science.stances import Contact, Contacts, in_order
from midstance.science.swaps import exchange

NEAR_STANCE_S = 0.1
"""Furthest that the time naming a stance may lie outside it: a stance that was found anew has shifted a little."""
EXCLUDED = "excluded by hand"
EVERY_PAIR = tuple(n.removeprefix("left_") for n in LANDMARK_NAMES if n.startswith("left_"))
"""Whatever there is on both sides, but for the corners of the mouth."""


@dataclass(frozen=True, eq=False)
class EditedContacts:
    """Stances after the edits."""

    contacts: Contacts
    touched: dict[Contact, str] = field(default_factory=dict)
    """What was done to a stance, in words; untouched ones are not there."""
    stale: tuple[str, ...] = ()
    """Edits that fitted no stance, in words."""


def swap_sides(landmarks: LandmarkSeries, spans: tuple[SwappedSpan, ...]) -> LandmarkSeries:
    """Exchange the labels left and right: of the legs in a time, of every pair over the whole clip.

    Only the labels: a clip that is a mirror image stays one.
    """
    for span in spans:
        frames = _frames_of(span, landmarks.time_s)
        joints = EVERY_PAIR if span.whole else LEG_JOINTS
        landmarks = replace(
            landmarks,
            xy_px=exchange(landmarks.xy_px, frames, joints),
            visibility=exchange(landmarks.visibility, frames, joints),
        )
    return landmarks


def edit_contacts(contacts: Contacts, edits: ViewEdits) -> EditedContacts:
    """Remove, add and move stances.

    Raises
    ------
    InputError
        If a contact would come after its toe-off.
    """
    kept, gone = _without(contacts.contacts, edits.removed)
    added = [Contact(a.side, a.initial_contact_s, a.toe_off_s) for a in edits.added]
    found = in_order([*kept, *added])
    moves: dict[Contact, list[MovedEvent]] = {}
    for move in edits.moved:
        stance = _find(found, move)
        gone += [] if stance else [_told(move)]
        if stance:
            moves.setdefault(stance, []).append(move)
    moved = {old: _moved(old, own) for old, own in moves.items()}
    touched = {c: "stance added by hand" for c in added if c not in moves}
    touched |= {moved[old]: _move_words(own) for old, own in moves.items()}
    after = in_order([moved.get(c, c) for c in found])
    return EditedContacts(replace(contacts, contacts=after), touched, tuple(gone))


def mark_strides(
    strides: tuple[Stride, ...], edited: EditedContacts, edits: ViewEdits
) -> tuple[tuple[Stride, ...], tuple[str, ...]]:
    """Mark strides whose events were moved, and leave out the excluded ones.

    Returns
    -------
    tuple of Stride, tuple of str
        The strides, and the exclusions that fitted none, in words.
    """
    stances = {Contact(s.side, s.initial_contact_s, s.toe_off_s): s for s in strides}
    found = [(named, _find(tuple(stances), named)) for named in edits.excluded]
    excluded = {stance for _, stance in found}
    out = []
    for stance, stride in stances.items():
        marked = replace(stride, edited=edited.touched.get(stance, ""))
        out.append(replace(marked, valid=False, reason=EXCLUDED, edited=EXCLUDED) if stance in excluded else marked)
    return tuple(out), tuple(_told(named) for named, stance in found if stance is None)


def levelled(landmarks: LandmarkSeries, level_deg: float | None) -> LandmarkSeries:
    """Turn the picture about its middle so that a line of slope `level_deg` is level; None = as it is."""
    if not level_deg:
        return landmarks
    return replace(landmarks, xy_px=turned_px(landmarks.xy_px, level_deg, centre_px(landmarks)))


def turned_px(points_px: Array, level_deg: float, centre: Array) -> Array:
    """Turn points (..., 2) about a centre (2,) against a slope that has its right side low."""
    c, s = np.cos(np.radians(level_deg)), np.sin(np.radians(level_deg))
    return np.asarray(centre + (points_px - centre) @ np.array([[c, -s], [s, c]]), dtype=np.float64)


def centre_px(landmarks: LandmarkSeries) -> Array:
    """Return the middle of the picture, or of the hips where its size is not known."""
    if landmarks.frame_size_px is not None:
        return np.array(landmarks.frame_size_px) / 2
    return np.nan_to_num(np.nanmedian(landmarks.midpoint("hip"), axis=0))


def with_level(scene: Scene, level_deg: float | None) -> Scene:
    """Return the scene of a picture that was levelled by hand: what is left of its tilt is none."""
    if level_deg is None:
        return scene
    told = f"a line drawn by hand, {level_deg:.1f} deg off level and corrected"
    return replace(scene, tilt_deg=0.0, tilt_source=told, level_deg=level_deg)


def edit_notes(view: str, edits: ViewEdits, stale: tuple[str, ...]) -> tuple[QualityNote, ...]:
    """Say what was edited and which edits fit no stance any more; empty without edits."""
    if not edits:
        return ()
    told = f"edited by hand: {edits.told}"
    if not stale:
        return (QualityNote(view, "edits", "good", told),)
    lost = f"{len(stale)} of these fit no stance and were left out ({', '.join(stale)})"
    return (QualityNote(view, "edits", "caution", f"{told}; {lost}"),)


def _frames_of(span: SwappedSpan, time_s: Array) -> Mask:
    start_s = -np.inf if span.start_s is None else span.start_s
    stop_s = np.inf if span.stop_s is None else span.stop_s
    return np.asarray((time_s >= start_s) & (time_s <= stop_s), dtype=np.bool_)


def _find(contacts: tuple[Contact, ...], named: NamedStance) -> Contact | None:
    """Return the stance that holds a time, or the nearest to it."""
    own = [c for c in contacts if c.side == named.side]
    best = min(own, key=lambda c: _outside_s(c, named.at_s), default=None)
    return best if best and _outside_s(best, named.at_s) <= NEAR_STANCE_S else None


def _outside_s(contact: Contact, at_s: float) -> float:
    return max(contact.initial_contact_s - at_s, at_s - contact.toe_off_s, 0.0)


def _without(contacts: tuple[Contact, ...], removed: Iterable[NamedStance]) -> tuple[tuple[Contact, ...], list[str]]:
    found = [(named, _find(contacts, named)) for named in removed]
    gone = {stance for _, stance in found}
    return tuple(c for c in contacts if c not in gone), [_told(named) for named, stance in found if stance is None]


def _moved(stance: Contact, moves: list[MovedEvent]) -> Contact:
    times = {f"{m.event}_s": m.to_s for m in moves}
    contact_s = times.get("initial_contact_s", stance.initial_contact_s)
    toe_off_s = times.get("toe_off_s", stance.toe_off_s)
    if not contact_s < toe_off_s:
        raise InputError(
            f"{stance.side} stance at {stance.initial_contact_s:.2f} s: expected its contact before its toe-off, "
            f"given {contact_s:.3f} and {toe_off_s:.3f} s: move it back"
        )
    return Contact(stance.side, contact_s, toe_off_s)


def _move_words(moves: list[MovedEvent]) -> str:
    names = {"initial_contact": "contact", "toe_off": "toe-off"}
    return f"{' and '.join(names[e] for e in names if e in {m.event for m in moves})} moved by hand"


def _told(named: NamedStance) -> str:
    return f"{named.side} at {named.at_s:.2f} s"
