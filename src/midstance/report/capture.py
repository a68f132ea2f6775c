"""The first section: how good the clips are, since it bounds everything after it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from midstance.report.words import percent, stride_count, view_words
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


def clip_cards(analysis: Analysis) -> tuple[ClipCard, ...]:
    """Return one card for each clip."""
    return tuple(_card(view) for view in analysis.views)


def overall(cards: tuple[ClipCard, ...]) -> str:
    """Return the worst level among the clips."""
    return min((card.level for card in cards), key=_LEVELS.index, default="good")


def _card(view: ViewAnalysis) -> ClipCard:
    notes = tuple(sorted(view.notes, key=lambda note: _LEVELS.index(note.level)))
    return ClipCard(
        title=view_words(view.name),
        file=view.clip.file,
        facts=tuple(_facts(view)),
        problems=tuple(note for note in notes if note.level != "good"),
        good=tuple(note.message.rstrip(".") for note in notes if note.level == "good"),
        level=notes[0].level if notes else "good",
    )


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
    return facts


def _facing(facing: str) -> str:
    return {"camera": "the camera", "away": "away from the camera"}.get(facing, facing)


def _picture(view: ViewAnalysis) -> str:
    clip = view.clip
    if clip.width_px is None or clip.height_px is None:
        return "none: landmarks were given"
    size = f"{clip.width_px} × {clip.height_px} pixels"
    return f"{size}, pose model {clip.model}" if clip.model else size


def _scale(view: ViewAnalysis) -> str:
    metres_per_px = view.scene.metres_per_px
    if not math.isfinite(metres_per_px):
        return "none: lengths stay in pixels"
    return f"{1000 * metres_per_px:.2f} mm per pixel ({view.scene.scale_source})"
