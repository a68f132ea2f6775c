"""The same run again after a person put something right: from landmarks, without the pose model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from midstance.api.analyse import analyze_landmarks
from midstance.api.sources import ClipLandmarks
from midstance.science.edits import NO_EDITS, Edits
from midstance.science.pelvis_markers import MarkerTracks
from midstance.science.records import Analysis, View
from midstance.science.settings import Settings


def reanalyse(
    source: Analysis | Sequence[tuple[View, ClipLandmarks]],
    edits: Edits = NO_EDITS,
    *,
    pelvis: Mapping[str, MarkerTracks | None] | None = None,
    settings: Settings | None = None,
) -> Analysis:
    """Analyse a run again with edits and pelvis markers.

    Everything is computed anew from the raw landmarks, so that the result does not depend on the edits that came
    before, and an undo is the same call with the older edits.

    Parameters
    ----------
    source : Analysis or sequence of (view, ClipLandmarks)
        An analysis of the run, edited or not, or its landmarks.
    edits : Edits
        All edits, those of `source` not included.
    pelvis : mapping of str to MarkerTracks or None, optional
        Markers by name of the view. Views that are not named keep those of `source`; None takes them away.
    settings : Settings, optional
        Those of `source` when not given.

    Raises
    ------
    InputError
        If an edit makes no sense, such as a contact after its toe-off.
    CannotAnalyseError
        If too few strides are left.
    """
    if not isinstance(source, Analysis):
        return analyze_landmarks(source, settings, edits, pelvis)
    markers = {view.name: view.pelvis for view in source.views} | dict(pelvis or {})
    clips = [(view.scene.view, _landmarks_of(source, view.name)) for view in source.views]
    neutrals = source.views[0].standing
    return analyze_landmarks(clips, settings or source.settings, edits, markers, neutrals)


def _landmarks_of(analysis: Analysis, name: str) -> ClipLandmarks:
    view = analysis.view(name)
    path = analysis.clips.get(name)
    return ClipLandmarks(view.raw, view.clip, Path(path) if path else None)
