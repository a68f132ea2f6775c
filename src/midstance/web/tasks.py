"""What jobs do: analyse clips, follow markers, write exports."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from midstance.api import analyze_landmarks, estimate_landmarks, find_neutrals
from midstance.api.sources import DEFAULT_MODEL
from midstance.batch.cluster import Cluster
from midstance.batch.pose_task import estimate_on
from midstance.science.errors import MidstanceError, SlowMotionError, WrongViewError
from midstance.web.analysing import RunSpec, StoredClip, analyse, load_landmarks, store_landmarks
from midstance.web.refusals import Refusal, failure
from midstance.web.reporter import Reporter
from midstance.web.states import other_slots

Content = Mapping[str, Any]
"""What a job is told: `kind`, `spec` (a `RunSpec`), `frames` of each clip, `out`, `options`, `about`."""

_POSE_WEIGHT, _PROXY_WEIGHT, _MEASURE_WEIGHT = 1.0, 0.25, 30.0
"""Time against each other: of a frame for the first two, once for the last."""
_USUAL_CADENCE = 170.0
_USUAL_RATES = (30.0, 50.0, 60.0, 100.0, 120.0, 240.0, 300.0, 480.0, 960.0)
"""Frames a second at which cameras film."""


def get_ready(content: Content, reporter: Reporter) -> None:
    """Fetch the pose model if the job needs it and it is missing; nothing else of a job needs the network.

    Raises
    ------
    ModelError
        If it cannot be fetched.
    """
    from midstance.models import ensure_model

    here = content["kind"] == "analyse" and not content.get("cluster")
    clips = RunSpec.from_json(content["spec"]).clips if here else ()
    if any(clip.kind == "video" and not clip.files.landmarks.is_file() for clip in clips):
        ensure_model(DEFAULT_MODEL, say=reporter.say)


def run_task(content: Content, reporter: Reporter) -> None:
    """Do a job.

    Raises
    ------
    MidstanceError
        If the clips cannot serve.
    """
    _TASKS[content["kind"]](content, RunSpec.from_json(content["spec"]), reporter)


def _analyse(content: Content, spec: RunSpec, reporter: Reporter) -> None:
    from midstance.web.proxy import needs_proxy

    videos = [clip for clip in spec.ordered if clip.kind == "video"]
    unseen = [clip for clip in videos if not clip.files.landmarks.is_file()]
    unplayable = [c for c in videos if not c.stands and not c.files.proxy.is_file() and needs_proxy(c.files.original)]
    frames = content["frames"]
    poses = [_POSE_WEIGHT * frames.get(clip.id, 1) for clip in unseen]
    reporter.plan((*poses, _MEASURE_WEIGHT, *(_PROXY_WEIGHT * frames.get(clip.id, 1) for clip in unplayable)))
    for clip in unseen:
        _find_runner(clip, spec, content.get("cluster"), reporter)
    reporter.stage("Measuring")
    analyse(spec)
    for clip in unplayable:
        _make_playable(clip, reporter)


def _find_runner(clip: StoredClip, spec: RunSpec, cluster: Mapping[str, Any] | None, reporter: Reporter) -> None:
    """Estimate and store the landmarks of a clip; what cannot be analysed is said before the next clip is begun."""
    from midstance.video.reader import open_clip

    reporter.stage(f"Finding the runner: {clip.shown_name}")
    with open_clip(clip.files.original) as reader:
        file_fps = reader.info.file_fps
    estimate = partial(estimate_on, Cluster(**cluster)) if cluster else estimate_landmarks
    found = estimate(clip.files.original, capture_fps=clip.capture_fps, follow=spec.settings.follow, progress=reporter)
    store_landmarks(found, clip, file_fps)
    landmarks, _ = load_landmarks(clip)
    with naming(clip):
        if clip.stands:
            find_neutrals([landmarks], spec.settings)
        else:
            analyze_landmarks([(clip.view, landmarks)], spec.settings)


def _make_playable(clip: StoredClip, reporter: Reporter) -> None:
    from midstance.web.proxy import make_proxy

    reporter.stage(f"Making it playable here: {clip.shown_name}")
    make_proxy(clip.files.original, clip.files.proxy, lambda done, total: reporter.step("proxy", done, total))


def _track(content: Content, spec: RunSpec, reporter: Reporter) -> None:
    from midstance.api.markers import track_markers
    from midstance.science.marker_tracks import Placement

    name, placement = content["options"]["view"], Placement.from_plain(content["options"]["placement"])
    reporter.stage("Following the markers")
    analysed = analyse(spec)
    clip = analysed.clips[name]
    tracks = track_markers(clip.files.original, analysed.analysis.view(name), placement, progress=reporter)
    fresh = clip.files.markers.with_suffix(".part")
    fresh.write_text(json.dumps(tracks.to_plain(), allow_nan=False), encoding="utf-8")
    fresh.replace(clip.files.markers)


def _export(content: Content, spec: RunSpec, reporter: Reporter) -> None:
    from midstance.web.exporting import ExportOptions, write_exports

    frames = sum(content["frames"].values())
    options = ExportOptions.from_json(content["options"])
    reporter.plan((_MEASURE_WEIGHT, *options.weights(frames)))
    reporter.stage("Measuring")
    about = tuple((title, words) for title, words in content["about"])
    write_exports(analyse(spec), spec, options, about, Path(content["out"]), reporter)


_TASKS: dict[str, Callable[[Content, RunSpec, Reporter], None]] = {
    "analyse": _analyse,
    "track": _track,
    "export": _export,
}


class naming:  # noqa: N801 - used as a statement: `with naming(clip):`
    """Put the name of a clip before what is said about it, unless it stands there."""

    def __init__(self, clip: StoredClip) -> None:
        self._start = f"{clip.shown_name}: "

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, MidstanceError) and not str(error).startswith(self._start):
            raise type(error)(f"{self._start}{error}") from error


def failure_of(error: MidstanceError, content: Content) -> Refusal:
    """Return what a user is told of an error, with the clip that it is about and what would help."""
    spec, message = RunSpec.from_json(content["spec"]), str(error)
    clip = next((c for c in spec.ordered if message.startswith(f"{c.shown_name}: ")), None)
    for stored in spec.clips:
        message = message.replace(str(stored.files.original), stored.shown_name)
    message = message.replace("--capture-fps", "“filmed at”").replace(", or use --force", "")
    message = re.sub(r"--(side|front|rear)\b", r"\1", message)
    if clip is None:
        return failure(error, message)
    message = message.removeprefix(f"{clip.shown_name}: ")
    taken = {other.slot for other in spec.clips}
    return failure(error, message, clip.slot, clip=clip.id, proposal=_proposal(error, clip, taken))


def _proposal(error: MidstanceError, clip: StoredClip, taken: set[str]) -> dict[str, Any] | None:
    """Return the free places for a clip of another view, or the rate of the camera from the cadence that is seen."""
    if isinstance(error, WrongViewError):
        return {"slots": [slot for slot in other_slots(clip.slot) if slot not in taken]}
    cadence = re.search(r"given (\d+)", str(error))
    if not isinstance(error, SlowMotionError) or cadence is None or float(cadence[1]) <= 0:
        return None
    landmarks, _ = load_landmarks(clip)
    wanted = landmarks.facts.fps * _USUAL_CADENCE / float(cadence[1])
    nearest = min(_USUAL_RATES, key=lambda rate: abs(rate - wanted) / rate)
    return {"capture_fps": nearest, "because": f"its cadence would then be near {_USUAL_CADENCE:.0f} steps/min"}
