"""midstance: running-gait analysis from treadmill clips, with known error.

>>> import midstance as ms
>>> analysis = ms.analyze(side="side.mp4", front="front.mp4")  # doctest: +SKIP
>>> ms.save(analysis, "out")  # doctest: +SKIP

Names are loaded on first use, so that `import midstance` costs next to nothing. `__all__` is the public API: what a
user calls, and every record that it takes or returns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.api import (
        ClipLandmarks,
        Format,
        Landmarks,
        Progress,
        Runtime,
        analyze,
        analyze_landmarks,
        estimate_landmarks,
        export,
        from_analysis,
        from_c3d,
        from_movement,
        from_openpose,
        from_trc,
        load,
        save,
    )
    from midstance.formats.points import Stage
    from midstance.formats.tables import Table
    from midstance.plots import plot_measure
    from midstance.science.cleaning import Cleaned, clean
    from midstance.science.edits import AddedStance, Edits, MovedEvent, NamedStance, SwappedSpan, ViewEdits
    from midstance.science.errors import (
        CannotAnalyseError,
        ClipError,
        ClusterError,
        FrameRateError,
        InputError,
        LandmarksFileError,
        LegsOutOfFrameError,
        LimitError,
        MidstanceError,
        ModelError,
        NoRunnerError,
        NotRunningError,
        NotStandingError,
        OutputError,
        SlowMotionError,
        TooFewStridesError,
        WrongViewError,
    )
    from midstance.science.landmarks import LandmarkSeries, Side
    from midstance.science.marker_tracks import MarkerTracks, Placement
    from midstance.science.neutrals import StandingNeutral
    from midstance.science.own import Own
    from midstance.science.people import FollowSettings
    from midstance.science.records import (
        Analysis,
        AngleSeries,
        ClipFacts,
        Curve,
        Evidence,
        Finding,
        Instant,
        MeasureValue,
        Quality,
        QualityNote,
        Scene,
        Stride,
        SummaryRow,
        View,
        ViewAnalysis,
    )
    from midstance.science.settings import CleaningSettings, Settings, StrideSettings
    from midstance.storage.landmarks_csv import read_landmarks, write_landmarks

    __version__: str

_NAMES = {
    "midstance.api": (
        "ClipLandmarks",
        "Format",
        "Landmarks",
        "Progress",
        "Runtime",
        "analyze",
        "analyze_landmarks",
        "estimate_landmarks",
        "export",
        "from_analysis",
        "from_c3d",
        "from_movement",
        "from_openpose",
        "from_trc",
        "load",
        "save",
    ),
    "midstance.formats.points": ("Stage",),
    "midstance.formats.tables": ("Table",),
    "midstance.plots": ("plot_measure",),
    "midstance.science.cleaning": (
        "Cleaned",
        "clean",
    ),
    "midstance.science.edits": (
        "AddedStance",
        "Edits",
        "MovedEvent",
        "NamedStance",
        "SwappedSpan",
        "ViewEdits",
    ),
    "midstance.science.errors": (
        "CannotAnalyseError",
        "ClipError",
        "ClusterError",
        "FrameRateError",
        "InputError",
        "LandmarksFileError",
        "LegsOutOfFrameError",
        "LimitError",
        "MidstanceError",
        "ModelError",
        "NoRunnerError",
        "NotRunningError",
        "NotStandingError",
        "OutputError",
        "SlowMotionError",
        "TooFewStridesError",
        "WrongViewError",
    ),
    "midstance.science.landmarks": (
        "LandmarkSeries",
        "Side",
    ),
    "midstance.science.marker_tracks": (
        "MarkerTracks",
        "Placement",
    ),
    "midstance.science.neutrals": ("StandingNeutral",),
    "midstance.science.own": ("Own",),
    "midstance.science.people": ("FollowSettings",),
    "midstance.science.records": (
        "Analysis",
        "AngleSeries",
        "ClipFacts",
        "Curve",
        "Evidence",
        "Finding",
        "Instant",
        "MeasureValue",
        "Quality",
        "QualityNote",
        "Scene",
        "Stride",
        "SummaryRow",
        "View",
        "ViewAnalysis",
    ),
    "midstance.science.settings": (
        "CleaningSettings",
        "Settings",
        "StrideSettings",
    ),
    "midstance.storage.landmarks_csv": (
        "read_landmarks",
        "write_landmarks",
    ),
}
"""Which module each public name lives in."""

__all__ = [
    "AddedStance",
    "Analysis",
    "AngleSeries",
    "CannotAnalyseError",
    "Cleaned",
    "CleaningSettings",
    "ClipError",
    "ClipFacts",
    "ClipLandmarks",
    "ClusterError",
    "Curve",
    "Edits",
    "Evidence",
    "Finding",
    "FollowSettings",
    "Format",
    "FrameRateError",
    "InputError",
    "Instant",
    "LandmarkSeries",
    "Landmarks",
    "LandmarksFileError",
    "LegsOutOfFrameError",
    "LimitError",
    "MarkerTracks",
    "MeasureValue",
    "MidstanceError",
    "ModelError",
    "MovedEvent",
    "NamedStance",
    "NoRunnerError",
    "NotRunningError",
    "NotStandingError",
    "OutputError",
    "Own",
    "Placement",
    "Progress",
    "Quality",
    "QualityNote",
    "Runtime",
    "Scene",
    "Settings",
    "Side",
    "SlowMotionError",
    "Stage",
    "StandingNeutral",
    "Stride",
    "StrideSettings",
    "SummaryRow",
    "SwappedSpan",
    "Table",
    "TooFewStridesError",
    "View",
    "ViewAnalysis",
    "ViewEdits",
    "WrongViewError",
    "analyze",
    "analyze_landmarks",
    "clean",
    "estimate_landmarks",
    "export",
    "from_analysis",
    "from_c3d",
    "from_movement",
    "from_openpose",
    "from_trc",
    "load",
    "plot_measure",
    "read_landmarks",
    "save",
    "write_landmarks",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and finds a name that is not there

    def __getattr__(name: str) -> object:
        from importlib import import_module, metadata

        if name == "__version__":
            return metadata.version("midstance")
        home = next((module for module, names in _NAMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module 'midstance' has no attribute {name!r}")
        return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
