"""midstance: running-gait analysis from treadmill clips, with known error.

>>> import midstance as ms
>>> analysis = ms.analyze(side="side.mp4", front="front.mp4")  # doctest: +SKIP
>>> ms.save(analysis, "out")  # doctest: +SKIP

Names are loaded on first use, so that `import midstance` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from midstance.api import (
        ClipLandmarks,
        Progress,
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
    from midstance.plots import plot_measure
    from midstance.science.cleaning import clean
    from midstance.science.errors import CannotAnalyseError, InputError, MidstanceError
    from midstance.science.landmarks import LandmarkSeries
    from midstance.science.records import Analysis, ViewAnalysis
    from midstance.science.settings import Settings
    from midstance.storage.landmarks_csv import read_landmarks, write_landmarks

_HOME = {
    "ClipLandmarks": "midstance.api",
    "Progress": "midstance.api",
    "analyze": "midstance.api",
    "analyze_landmarks": "midstance.api",
    "estimate_landmarks": "midstance.api",
    "export": "midstance.api",
    "from_analysis": "midstance.api",
    "from_c3d": "midstance.api",
    "from_movement": "midstance.api",
    "from_openpose": "midstance.api",
    "from_trc": "midstance.api",
    "load": "midstance.api",
    "save": "midstance.api",
    "plot_measure": "midstance.plots",
    "clean": "midstance.science.cleaning",
    "CannotAnalyseError": "midstance.science.errors",
    "InputError": "midstance.science.errors",
    "MidstanceError": "midstance.science.errors",
    "LandmarkSeries": "midstance.science.landmarks",
    "Analysis": "midstance.science.records",
    "ViewAnalysis": "midstance.science.records",
    "Settings": "midstance.science.settings",
    "read_landmarks": "midstance.storage.landmarks_csv",
    "write_landmarks": "midstance.storage.landmarks_csv",
}
"""Where each public name lives."""

__all__ = [
    "Analysis",
    "CannotAnalyseError",
    "ClipLandmarks",
    "InputError",
    "LandmarkSeries",
    "MidstanceError",
    "Progress",
    "Settings",
    "ViewAnalysis",
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


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("midstance")
    if name not in _HOME:
        raise AttributeError(f"module 'midstance' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
