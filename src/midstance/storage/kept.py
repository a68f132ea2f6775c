"""What an output folder keeps to be analysed again: the landmarks as estimated, and the markers on the pelvis."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from midstance.science.edits import Edits
from midstance.science.errors import InputError
from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.marker_tracks import MarkerTracks
from midstance.science.neutrals import StandingNeutral
from midstance.science.people import FollowSettings
from midstance.science.records import Analysis, ClipFacts, View
from midstance.science.settings import CleaningSettings, Settings, StrideSettings
from midstance.storage._files import atomic_text
from midstance.storage.landmarks_csv import read_landmarks, write_landmarks
from midstance.storage.output import holds_analysis

FOLDER = "landmarks"
VIEWS: dict[str, View] = {"side": "side", "front": "front", "rear": "rear"}
_Record = TypeVar("_Record")


@dataclass(frozen=True, eq=False)
class KeptView:
    """One view of a saved run, before it is analysed."""

    name: str
    view: View
    landmarks: LandmarkSeries
    clip: ClipFacts
    pelvis: MarkerTracks | None


@dataclass(frozen=True, eq=False)
class KeptRun:
    """All that an analysis was made from."""

    views: tuple[KeptView, ...]
    settings: Settings
    edits: Edits
    neutrals: Mapping[Side, StandingNeutral]


def write_kept(analysis: Analysis, folder: Path) -> None:
    """Write the raw landmarks of each view, and its markers where there are any, below an output folder.

    Raises
    ------
    OutputError
        If a file cannot be written.
    """
    for view in analysis.views:
        if len(view.raw):
            write_landmarks(view.raw, folder / FOLDER / f"{view.name}.csv", model=view.clip.model)
        if view.pelvis is not None:
            with atomic_text(folder / FOLDER / f"{view.name}.pelvis.json") as file:
                json.dump(view.pelvis.to_plain(), file, allow_nan=False)


def read_kept(folder: Path | str) -> KeptRun:
    """Read what an output folder keeps.

    Parameters
    ----------
    folder : Path or str
        What was given to ``--out`` of ``analyze``, or the ``analysis.json`` in it.

    Raises
    ------
    InputError
        If it holds no analysis, or one without its landmarks.
    """
    folder = Path(folder)
    folder = folder.parent if folder.name == "analysis.json" else folder
    if not holds_analysis(folder):
        raise InputError(
            f"{folder}: expected a folder with an analysis.json by midstance, given one without: "
            "name the folder that was given to --out of analyze"
        )
    content = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
    try:
        return KeptRun(
            tuple(_view(folder, name, capture) for name, capture in content["capture"].items()),
            _settings(content["settings"]),
            Edits.from_plain(content.get("edits") or {}),
            {n["side"]: _record(StandingNeutral, n) for n in content.get("standing") or ()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{folder}: expected a complete analysis.json, given one that lacks or breaks {error}: "
            "analyse the clips again"
        ) from error


def _view(folder: Path, name: str, capture: Mapping[str, Any]) -> KeptView:
    path = folder / FOLDER / f"{name}.csv"
    if not path.is_file():
        raise InputError(
            f"{folder}: expected the landmarks in {FOLDER}/{name}.csv, found none: an older version kept none; "
            "analyse the clips again"
        )
    clip = _clip(capture)
    landmarks = read_landmarks(path)
    if clip.width_px and clip.height_px:
        landmarks = replace(landmarks, frame_size_px=(clip.width_px, clip.height_px))
    pelvis = _pelvis(folder / FOLDER / f"{name}.pelvis.json", landmarks)
    return KeptView(name, VIEWS[name.split("_")[0]], landmarks, clip, pelvis)


def _pelvis(path: Path, landmarks: LandmarkSeries) -> MarkerTracks | None:
    """Return the markers at the times of the landmarks, which are rounded: else the last one lies past the end."""
    if not path.is_file():
        return None
    tracks = MarkerTracks.from_plain(json.loads(path.read_text(encoding="utf-8")))
    times = dict(zip(landmarks.frame.tolist(), landmarks.time_s.tolist(), strict=True))
    own = zip(tracks.frame.tolist(), tracks.time_s.tolist(), strict=True)
    return replace(tracks, time_s=np.array([times.get(frame, time_s) for frame, time_s in own], dtype=np.float64))


def _clip(capture: Mapping[str, Any]) -> ClipFacts:
    width_px, height_px = capture.get("resolution") or (None, None)
    facts: dict[str, Any] = {"width_px": width_px, "height_px": height_px, "rotation_deg": capture.get("rotation", 0)}
    facts["lacks"] = tuple(capture.get("lacks") or ())
    return _record(ClipFacts, dict(capture) | facts)


def _settings(content: Mapping[str, Any]) -> Settings:
    follow = dict(content.get("follow") or {})
    if "step_band_hz" in follow:
        follow["step_band_hz"] = tuple(follow["step_band_hz"])
    return _record(
        Settings,
        dict(content)
        | {
            "cleaning": _record(CleaningSettings, content.get("cleaning") or {}),
            "strides": _record(StrideSettings, content.get("strides") or {}),
            "follow": _record(FollowSettings, follow),
        },
    )


def _record(kind: type[_Record], content: Mapping[str, Any]) -> _Record:
    """Return a frozen record from the fields of a file; those of other versions are left out."""
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]  # every kind given here is a dataclass
    return kind(**{name: value for name, value in content.items() if name in known})
