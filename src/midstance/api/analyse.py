"""From clips to an analysis."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from midstance.api.own import collect_own
from midstance.api.progress import Progress, silent
from midstance.api.sources import DEFAULT_MODEL, ClipLandmarks, Landmarks, Runtime, load
from midstance.science.edits import NO_EDITS, Edits, ViewEdits
from midstance.science.errors import CannotAnalyseError, InputError
from midstance.science.findings import findings_of, own_findings
from midstance.science.marker_tracks import MarkerTracks
from midstance.science.neutrals import NO_NEUTRALS, Neutrals
from midstance.science.own import Own, with_broken, with_own_measures
from midstance.science.records import Analysis, View, ViewAnalysis
from midstance.science.scene import find_facing, near_side
from midstance.science.settings import Settings
from midstance.science.standing import by_side, standing_neutral
from midstance.science.summary import summarise
from midstance.science.view import NOTHING_KNOWN, SideFacts, analyse_view, facts_from_side, renamed, seen_from_both

ClipPath = Path | str
PACKAGES = ("midstance", "mediapipe", "openvino", "opencv-contrib-python", "numpy", "scipy", "matplotlib", "av")


def analyze(
    side: ClipPath | Sequence[ClipPath] | None = None,
    *,
    front: ClipPath | None = None,
    rear: ClipPath | None = None,
    standing: ClipPath | Sequence[ClipPath] | None = None,
    model: str = DEFAULT_MODEL,
    landmarks: Landmarks = "midstance",
    capture_fps: float | None = None,
    runtime: Runtime = "openvino",
    settings: Settings | None = None,
    jobs: int | None = None,
    progress: Progress = silent,
) -> Analysis:
    """Analyse the clips of one run.

    Parameters
    ----------
    side : path or sequence of two paths, optional
        A clip from the side; two when both sides were filmed. Landmarks may stand wherever a clip stands: a file
        ending in `.csv`, `.trc`, `.c3d` or `.nc`, or a folder of OpenPose's, see `load`.
    front, rear : path, optional
        A clip from the front or the rear.
    standing : path or sequence of two paths, optional
        The runner standing still, from the side, by the same camera: the zero of the ankle nearer to it.
    model : str
        Pose model: `lite`, `full`, `heavy`, or the path of a `.task` file.
    landmarks : {'midstance', 'mediapipe'}
        Who finds knees and feet: networks of our own, or the pose model alone.
    capture_fps : float, optional
        The rate the camera filmed at, when the files play in slow motion.
    runtime : {'openvino', 'openvino-single', 'mediapipe'}
        What runs the pose model, see `load`.
    settings : Settings, optional
        Every other parameter.
    jobs : int, optional
        Threads for the pose model; one for each core when not given. The result does not depend on it.
    progress : Progress

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        If a file, the model or a parameter is wrong.
    CannotAnalyseError
        If a clip was read and cannot be analysed; the message names the clip and says why.

    Examples
    --------
    >>> import midstance as ms
    >>> analysis = ms.analyze(side="side.mp4", front="front.mp4")  # doctest: +SKIP
    >>> ms.save(analysis, "out")  # doctest: +SKIP
    """
    settings = settings or Settings()
    paths, still = _by_view(side, front, rear), _paths(standing)
    for path in (*(path for _, path in paths), *still):
        _check_exists(path)

    def landmarks_of(path: Path, view: View) -> ClipLandmarks:
        with _naming(path.name):
            return load(
                path,
                model=model,
                landmarks=landmarks,
                capture_fps=capture_fps,
                runtime=runtime,
                jobs=jobs,
                follow=settings.follow,
                view=view,
                progress=progress,
            )

    trials = [landmarks_of(path, "side") for path in still]
    neutrals = find_neutrals(trials, settings)  # before minutes are spent on the run
    return analyze_landmarks([(view, landmarks_of(path, view)) for view, path in paths], settings, neutrals=neutrals)


def find_neutrals(standing: Sequence[ClipLandmarks], settings: Settings | None = None) -> Neutrals:
    """Return the zeros of the ankles from clips of the runner standing still.

    Parameters
    ----------
    standing : sequence of ClipLandmarks
        From the side, at most one from each; see `load`.
    settings : Settings, optional

    Raises
    ------
    CannotAnalyseError
        If nobody stands still in a clip; the message names it and says what to film.
    """
    cleaning = (settings or Settings()).cleaning
    found = []
    for clip in standing:
        with _naming(clip.facts.file):
            found.append(standing_neutral(clip.landmarks, cleaning, clip.facts.file, clip.facts.model))
    return by_side(tuple(found))


def analyze_landmarks(
    clips: Sequence[tuple[View, ClipLandmarks]],
    settings: Settings | None = None,
    edits: Edits = NO_EDITS,
    pelvis: Mapping[str, MarkerTracks | None] | None = None,
    neutrals: Neutrals = NO_NEUTRALS,
    own: Own | None = None,
) -> Analysis:
    """Analyse landmarks that are there already.

    Parameters
    ----------
    clips : sequence of (view, ClipLandmarks)
        Of one run; see `load`.
    settings : Settings, optional
    edits : Edits
        What was put right by hand, by view.
    pelvis : mapping of str to MarkerTracks, optional
        Markers on the pelvis by view, see `midstance.api.markers`.
    neutrals : mapping of Side to StandingNeutral
        Zeros of the ankles from a standing trial, see `find_neutrals`.
    own : Own, optional
        Measures and rules from outside; those of all installed packages when not given, see `docs/own-rules.md`.

    Raises
    ------
    InputError
        If both side clips show the same side, or an edit makes no sense.
    CannotAnalyseError
        If a clip cannot be analysed.
    """
    settings = settings or Settings()
    added = Added(edits, pelvis or {}, neutrals, two_sides=sum(v == "side" for v, _ in clips) > 1)
    sides = _named([_analyse("side", c, settings, added) for v, c in clips if v == "side"])
    known = facts_from_side(sides[0]) if sides else NOTHING_KNOWN
    frontal = [_analyse(v, c, settings, added, known) for v, c in clips if v != "side"]
    if frontal:
        sides = tuple(seen_from_both(view, frontal[0]) for view in sides)
    own = collect_own() if own is None else own
    views = tuple(with_own_measures(view, own) for view in (*sides, *frontal))
    summary = summarise(value for view in views for value in view.values)
    added_findings, told = own_findings(views, summary, settings, own)
    views = with_broken(views, (*own.broken, *told))
    return Analysis(
        views=views,
        summary=summary,
        findings=(*findings_of(views, summary, settings), *added_findings),
        settings=settings,
        software=_software() | dict(own.packages),
        clips=_clip_paths(clips, views),
        clip_marks={str(c.clip): c.mark for _, c in clips if c.clip and c.mark},
        edits=edits,
    )


def _by_view(
    side: ClipPath | Sequence[ClipPath] | None, front: ClipPath | None, rear: ClipPath | None
) -> list[tuple[View, Path]]:
    paths: list[tuple[View, Path]] = [("side", path) for path in _paths(side)]
    if front is not None:
        paths.append(("front", Path(front)))
    if rear is not None:
        paths.append(("rear", Path(rear)))
    if not paths:
        raise InputError("expected at least one clip, given none: name one with --side, --front or --rear")
    return paths


def _paths(given: ClipPath | Sequence[ClipPath] | None) -> tuple[Path, ...]:
    """Return clips from the side, of which there is at most one from each."""
    paths = (given,) if isinstance(given, (str, Path)) else tuple(given or ())
    if len(paths) > 2:
        raise InputError(f"expected at most two side clips, one from each side of the runner, given {len(paths)}")
    return tuple(Path(path) for path in paths)


def _check_exists(path: Path) -> None:
    """Look for every file before minutes are spent on the first."""
    if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises where a name is too long
        raise InputError(f"{path}: expected a clip or a landmarks file, given a name that does not exist: check it")


@dataclass(frozen=True)
class Added:
    """What there is beside the landmarks of a run."""

    edits: Edits
    pelvis: Mapping[str, MarkerTracks | None]
    neutrals: Neutrals
    two_sides: bool
    """There are two side clips, so that they are named by the side that each shows."""

    def of(self, view: View, clip: ClipLandmarks) -> tuple[ViewEdits, MarkerTracks | None]:
        """Return the edits and the markers of one clip."""
        name: str = view
        if view == "side" and self.two_sides and (self.edits or self.pelvis):
            name = f"side_{near_side(find_facing(clip.landmarks, view))}"
        return self.edits.of(name), self.pelvis.get(name)


def _analyse(
    view: View, clip: ClipLandmarks, settings: Settings, added: Added, known: SideFacts = NOTHING_KNOWN
) -> ViewAnalysis:
    edits, pelvis = added.of(view, clip)
    with _naming(clip.facts.file):
        return analyse_view(view, view, clip.landmarks, clip.facts, settings, known, edits, pelvis, added.neutrals)


@contextmanager
def _naming(file: str) -> Iterator[None]:
    """Put the name of the file before what is said about it."""
    try:
        yield
    except CannotAnalyseError as error:
        raise type(error)(f"{file}: {error}") from error


def _named(sides: list[ViewAnalysis]) -> tuple[ViewAnalysis, ...]:
    """Name one side clip `side`, two by the side of the runner that each shows."""
    if len(sides) < 2:
        return tuple(sides)
    nears = [v.scene.near_side for v in sides]
    if nears[0] == nears[1]:
        raise InputError(
            f"expected side clips from both sides of the runner, given two that show the {nears[0]} side: "
            "leave one out, or film the other side"
        )
    return tuple(renamed(v, f"side_{v.scene.near_side}") for v in sides)


def _clip_paths(clips: Sequence[tuple[View, ClipLandmarks]], views: Sequence[ViewAnalysis]) -> dict[str, str]:
    """Return where the clip of each view lies; views from landmark files have none."""
    in_order = [c for v, c in clips if v == "side"] + [c for v, c in clips if v != "side"]
    return {view.name: str(c.clip) for view, c in zip(views, in_order, strict=True) if c.clip}


def _software() -> dict[str, str]:
    versions = {package: version(package) for package in PACKAGES}
    return versions | {"python": platform.python_version()}
