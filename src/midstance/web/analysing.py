"""From the stored landmarks of a session to its analysis; the pose model is never asked again."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from midstance.api import ClipLandmarks, analyze_landmarks, find_neutrals
from midstance.science.landmarks import LandmarkSeries
from midstance.science.marker_tracks import MarkerTracks
from midstance.science.records import Analysis, ClipFacts, View
from midstance.science.settings import Settings
from midstance.web.edits import edits_of
from midstance.web.folders import ClipFolder
from midstance.web.states import SLOT_TITLES, STANDING_SLOTS, view_of

ANALYSES_KEPT = 4
LANDMARKS_KEPT = 8
"""Three minutes at 60 frames a second take about 30 MB each."""


@dataclass(frozen=True)
class StoredClip:
    """A clip whose landmarks are stored, or will be."""

    id: str
    slot: str
    kind: str
    folder: str
    capture_fps: float | None = None
    use_markers: bool = False

    @property
    def files(self) -> ClipFolder:
        """Its files."""
        return ClipFolder(Path(self.folder))

    @property
    def view(self) -> View:
        """Which view it shows."""
        return view_of(self.slot)

    @property
    def stands(self) -> bool:
        """Whether it shows the runner standing still."""
        return self.slot in STANDING_SLOTS

    @property
    def shown_name(self) -> str:
        """What tables and reports call it: what the user's file is called may name the runner."""
        return SLOT_TITLES[self.slot].lower()


@dataclass(frozen=True)
class RunSpec:
    """All that an analysis of a session depends on. Two equal ones give the same numbers."""

    clips: tuple[StoredClip, ...]
    details: tuple[tuple[str, float | None], ...] = ()
    """Fields of `Settings`."""
    steps: str = "[]"
    """Edits as JSON."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @staticmethod
    def from_json(content: dict[str, Any]) -> RunSpec:
        """Return the spec of `to_json`."""
        return RunSpec(
            clips=tuple(StoredClip(**clip) for clip in content["clips"]),
            details=tuple((name, value) for name, value in content["details"]),
            steps=content["steps"],
        )

    @property
    def settings(self) -> Settings:
        """Settings of the analysis."""
        return Settings(**dict(self.details))  # type: ignore[arg-type]  # the names are those of numeric fields

    @property
    def ordered(self) -> tuple[StoredClip, ...]:
        """Clips in the order of the views of the analysis."""
        slots = list(SLOT_TITLES)
        return tuple(sorted(self.clips, key=lambda c: slots.index(c.slot)))


@dataclass(frozen=True, eq=False)
class Analysed:
    """An analysis, and which clip each of its views comes from."""

    analysis: Analysis
    clips: dict[str, StoredClip]
    """By the name of the view."""
    file_fps: dict[str, float]
    """Rate at which the file of each view plays."""


def store_landmarks(found: ClipLandmarks, clip: StoredClip, file_fps: float) -> None:
    """Store what was estimated, with the times of the file: another `capture_fps` then needs no new estimate."""
    from midstance.storage.landmarks_csv import write_landmarks

    series, facts = found.landmarks, found.facts
    scale = facts.fps / file_fps
    plain = asdict(replace(facts, fps=file_fps, duration_s=facts.duration_s * scale, capture_fps=None))
    in_file = replace(series, time_s=series.time_s * scale)
    clip.files.facts.write_text(json.dumps({"facts": plain, "size_px": series.frame_size_px}), encoding="utf-8")
    write_landmarks(in_file, clip.files.landmarks, model=facts.model)


def load_landmarks(clip: StoredClip) -> tuple[ClipLandmarks, float]:
    """Return the stored landmarks of a clip in real time, and the rate at which its file plays.

    Raises
    ------
    LandmarksFileError
        If they are not there, or broken.
    """
    from midstance.storage.landmarks_csv import read_landmarks, read_model

    path = clip.files.original if clip.kind == "landmarks" else clip.files.landmarks
    series = read_landmarks(path)
    if clip.kind == "landmarks":
        facts = ClipFacts(clip.shown_name, len(series), series.fps, series.duration_s, model=read_model(path))
    else:
        stored = json.loads(clip.files.facts.read_text(encoding="utf-8"))
        facts = replace(ClipFacts(**stored["facts"]), file=clip.shown_name)
        series = replace(series, frame_size_px=tuple(stored["size_px"]) if stored["size_px"] else None)
    file_fps = facts.fps
    source = clip.files.original if clip.kind == "video" else None
    return ClipLandmarks(*_in_real_time(series, facts, clip.capture_fps), source), file_fps


def _in_real_time(
    series: LandmarkSeries, facts: ClipFacts, capture_fps: float | None
) -> tuple[LandmarkSeries, ClipFacts]:
    if capture_fps is None:
        return series, facts
    scale = facts.fps / capture_fps
    told = replace(facts, fps=capture_fps, duration_s=facts.duration_s * scale, capture_fps=capture_fps)
    return replace(series, time_s=series.time_s * scale), told


def analyse(spec: RunSpec, load: Callable[[StoredClip], tuple[ClipLandmarks, float]] = load_landmarks) -> Analysed:
    """Analyse a session.

    Raises
    ------
    InputError
        If the landmarks of a clip are missing, or an edit makes no sense.
    CannotAnalyseError
        If a clip cannot be analysed, such as for too few strides.
    """
    loaded = [(clip, *load(clip)) for clip in spec.ordered if not clip.stands]
    neutrals = find_neutrals([load(clip)[0] for clip in spec.ordered if clip.stands], spec.settings)
    views = [(clip.view, landmarks) for clip, landmarks, _ in loaded]
    tracks, steps = [_tracks(clip) for clip, _, _ in loaded], json.loads(spec.steps)
    by_hand = bool(steps) or any(tracks)
    names = view_names(views, spec.settings) if by_hand else []
    markers = {name: found for name, found in zip(names, tracks, strict=False) if found}
    analysis = analyze_landmarks(views, spec.settings, edits_of(steps, names), markers, neutrals)
    named = list(zip((v.name for v in analysis.views), loaded, strict=True))
    return Analysed(analysis, {n: clip for n, (clip, _, _) in named}, {n: fps for n, (_, _, fps) in named})


def view_names(clips: Sequence[tuple[View, ClipLandmarks]], settings: Settings) -> list[str]:
    """Return the names that the analysis gives to the views; two side clips are named by what they show."""
    if sum(view == "side" for view, _ in clips) < 2:
        return [view for view, _ in clips]
    return [v.name for v in analyze_landmarks(list(clips), settings).views]


def _tracks(clip: StoredClip) -> MarkerTracks | None:
    if not clip.use_markers or not clip.files.markers.is_file():
        return None
    return MarkerTracks.from_plain(json.loads(clip.files.markers.read_text(encoding="utf-8")))


class Analyses:
    """Keeps the latest analyses, and the landmarks that they were made from."""

    def __init__(self) -> None:
        self._analyses = _Kept(ANALYSES_KEPT)
        self._landmarks = _Kept(LANDMARKS_KEPT)

    def of(self, spec: RunSpec) -> Analysed:
        """Return the analysis of a session, made now unless it was made before. Errors as for `analyse`."""
        key = (spec, tuple(_stamp(clip.files.markers) for clip in spec.clips))
        found: Analysed = self._analyses.get(key, lambda: analyse(spec, self._load))
        return found

    def _load(self, clip: StoredClip) -> tuple[ClipLandmarks, float]:
        path = clip.files.original if clip.kind == "landmarks" else clip.files.landmarks
        key = (path, _stamp(path), clip.slot, clip.capture_fps)
        found: tuple[ClipLandmarks, float] = self._landmarks.get(key, lambda: load_landmarks(clip))
        return found

    def forget(self, session_id: str) -> None:
        """Let go of what belongs to a deleted session."""
        self._analyses.forget(session_id)
        self._landmarks.forget(session_id)


class _Kept:
    """The latest of what takes time to make; made by one thread at a time, so that nothing is made twice."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[object, Any] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: object, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key not in self._found:
                self._found[key] = make()
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
            return self._found[key]

    def forget(self, word: str) -> None:
        with self._lock:
            for key in [key for key in self._found if word in repr(key)]:
                del self._found[key]


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.is_file() else 0
