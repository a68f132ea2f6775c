"""The whole path in one call, and its steps one by one.

`analyze` goes from clips to numbers, `save` from numbers to files. In between, or instead: `estimate_landmarks`
(clip to landmarks), `load` (either of the two), `analyze_landmarks` (landmarks to numbers); `find_neutrals` for the
zeros of the ankles, `reanalyse` with edits made by hand, `track_markers` for markers on the pelvis. `export` writes
the files of other programs, `from_analysis` takes a saved analysis up again.
"""

from midstance.api.analyse import analyze, analyze_landmarks, find_neutrals
from midstance.api.edit import reanalyse
from midstance.api.export import Format, export, from_analysis
from midstance.api.foreign import from_c3d, from_movement, from_openpose, from_trc
from midstance.api.markers import track_markers
from midstance.api.outputs import save
from midstance.api.progress import Progress, silent
from midstance.api.sources import ClipLandmarks, Landmarks, Runtime, estimate_landmarks, load

__all__ = [
    "ClipLandmarks",
    "Format",
    "Landmarks",
    "Progress",
    "Runtime",
    "analyze",
    "analyze_landmarks",
    "estimate_landmarks",
    "export",
    "find_neutrals",
    "from_analysis",
    "from_c3d",
    "from_movement",
    "from_openpose",
    "from_trc",
    "load",
    "reanalyse",
    "save",
    "silent",
    "track_markers",
]
