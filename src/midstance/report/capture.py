"""The first section: how good the clips are, since it bounds everything after it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from midstance.report.words import listed, percent, stride_count, typeset, view_words
from midstance.science.landmarks import SIDES
from midstance.science.model_names import model_words
from midstance.science.records import Analysis, QualityNote, ViewAnalysis

_LEVELS = ("poor", "caution", "good")


@dataclass(frozen=True)
class ClipCard:
    """Facts and notes of one clip."""

    title: str
    file: str
    facts: tuple[tuple[str, str], ...]
    problems: tuple[QualityNote, ...]
    """What is not good, worst first."""
    good: tuple[str, ...]
    """What was checked and is good."""
    level: str
    """The worst level among the notes; `good` without any."""
    brief: str
    """The facts in a line, for the first page."""
    doubts: str
    """What is not good, in a line; empty when all is."""


def clip_cards(analysis: Analysis) -> tuple[ClipCard, ...]:
    """Return one card for each clip."""
    return tuple(_card(view) for view in analysis.views)


def overall(cards: tuple[ClipCard, ...]) -> str:
    """Return the worst level among the clips."""
    return min((card.level for card in cards), key=_LEVELS.index, default="good")


def _card(view: ViewAnalysis) -> ClipCard:
    typeset_notes = (replace(note, message=f"{typeset(note.message)}.") for note in view.notes)
    notes = tuple(sorted(typeset_notes, key=lambda note: _LEVELS.index(note.level)))
    return ClipCard(
        title=view_words(view.name),
        file=view.clip.file,
        facts=tuple(_facts(view)),
        problems=tuple(note for note in notes if note.level != "good"),
        good=tuple(note.message.rstrip(".") for note in notes if note.level == "good"),
        level=notes[0].level if notes else "good",
        brief=_brief(view),
        doubts=_doubts(notes),
    )


def _brief(view: ViewAnalysis) -> str:
    near = f", near leg {view.scene.near_side}" if view.scene.near_side else ""
    counts = ", ".join(f"{side} {stride_count(view, side)}" for side in SIDES)
    told = typeset(view.edits.told)
    edited = f"; put right by hand: {told}" if told else ""
    return (
        f"{view.clip.duration_s:.1f} s at {view.clip.fps:.4g} fps; runner faces {_facing(view.scene.facing)}{near}, "
        f"{view.scene.surface}; valid strides: {counts}{edited}"
    )


def _doubts(notes: tuple[QualityNote, ...]) -> str:
    """Tell what is poor in full and name what calls for caution; the section on quality tells the rest."""
    poor = [note.message.rstrip(".") for note in notes if note.level == "poor"]
    names = listed(dict.fromkeys(note.check.replace("_", " ") for note in notes if note.level == "caution"))
    return "; ".join([*poor, f"caution with {names}"] if names else poor)


def _facts(view: ViewAnalysis) -> list[tuple[str, str]]:
    clip, scene = view.clip, view.scene
    facts = [
        ("Length", f"{clip.duration_s:.1f} s, {clip.frames} frames at {clip.fps:.4g} fps"),
        ("Picture", _picture(view)),
        ("Runner", f"faces {_facing(scene.facing)}; {scene.surface}; seen in {percent(clip.runner_share)} of frames"),
        ("Valid strides", f"left {stride_count(view, 'left')}, right {stride_count(view, 'right')}"),
        ("Level", f"{abs(scene.tilt_deg):.1f}° off level ({scene.tilt_source})"),
        ("Scale", _scale(view)),
    ]
    if scene.near_side is not None:
        facts.insert(3, ("Near leg", scene.near_side))
    if view.edits.told:
        facts.append(("Put right by hand", typeset(view.edits.told)))
    return facts


def _facing(facing: str) -> str:
    return {"camera": "the camera", "away": "away from the camera"}.get(facing, facing)


def _picture(view: ViewAnalysis) -> str:
    clip = view.clip
    if clip.width_px is None or clip.height_px is None:
        return "none: landmarks were given"
    size = f"{clip.width_px} × {clip.height_px} pixels"
    return f"{size}, pose model {model_words(clip.model)}" if clip.model else size


def _scale(view: ViewAnalysis) -> str:
    metres_per_px = view.scene.metres_per_px
    if not math.isfinite(metres_per_px):
        return "none: lengths stay in pixels"
    return f"{1000 * metres_per_px:.2f} mm per pixel ({view.scene.scale_source})"
