"""Pelvic tilt and drop from markers that were placed on the pelvis and followed through the clip.

The pose model's hip landmarks do not follow the pelvis, so these two angles are measured only where somebody has
placed markers. What is measured is the line through the two markers, as it stands in the picture.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from midstance.science.editing import turned_px
from midstance.science.gradings import PelvisTrust
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import forward_sign
from midstance.science.marker_tracks import KINDS, POINT_NAMES, Kind, MarkerTracks, Placement
from midstance.science.records import AngleSeries, QualityNote, Scene, View
from midstance.science.signals import Array, fill_gaps, hampel_outliers, low_pass, resample, sample
from midstance.science.uncertainty import UNKNOWN, StandardError

__all__ = [
    "KINDS",
    "POINT_NAMES",
    "Kind",
    "MarkerTracks",
    "Placement",
    "kinds_of",
    "pelvis_curves",
    "pelvis_notes",
    "pelvis_trust",
    "with_pelvis",
]

CUTOFF_HZ = 8.0
"""As for hips and trunk."""
LONGEST_GAP_S = 0.15
"""Longest stretch without a marker that is filled: an arm takes about as long to pass."""
OUTLIER_WINDOW_S = 0.035
OUTLIER_THRESHOLD = 4.0
OUTLIER_LEGS = 0.003
"""Half window, robust SDs and smallest SD (in leg lengths, about 2.5 mm) of the outlier test."""
MUCH_LOST = 0.4
"""Share of frames without a marker beyond which the angle is of low quality. An arm hides one for 10 to 30 %."""
STANDARD_ERRORS: dict[Kind, StandardError] = {
    "spines": StandardError(3.0, 0.3),
    "waistband": UNKNOWN,
    "hips": StandardError(1.0, 0.3),
}
"""In degrees at midstance, against the pelvis's true angle on rendered runners; `benchmarks/MARKERS.md`, rounded up.
From the side nearly all of it is the picture's: the near spines are seen, and where the pelvis hangs by 1 deg their
line tilts by 0.45 deg. From front and rear most of it is a camera that is not quite level. Where fingers find the
spines is not in it."""
WAISTBAND_DOUBT = "from tape on the waistband: only its change counts, not its size; cloth moves over the skin"
OFFSETS: dict[Kind, str] = {
    "spines": "the raw line from the back to the front spine against the horizontal, which is 13 to 19 deg in running "
    "(no standing zero is taken off); in stance of the near leg it reads 0.45 deg less for each degree of pelvic drop; "
    "a marker 1 cm off its spine changes it by 3 to 4 deg",
    "waistband": "the line of the tape, which differs from the line of the spines by an unknown constant",
    "hips": "the line through the two markers; a marker 1 cm higher than the other changes it by 2 to 3 deg",
}
"""What the number is and is not."""


def kinds_of(view: View) -> tuple[Kind, ...]:
    """Return the kinds of markers that a view can use."""
    return ("spines", "waistband") if view == "side" else ("hips",)


def pelvis_trust(tracks: MarkerTracks | None) -> PelvisTrust | None:
    """Return how far the angles of these markers can be trusted; None without markers."""
    if tracks is None:
        return None
    kind, lost = tracks.placement.kind, max(tracks.lost_share)
    doubts = [
        WAISTBAND_DOUBT if kind == "waistband" else "",
        f"a marker was lost in {lost:.0%} of the frames: place it where no arm is near it" if lost > MUCH_LOST else "",
    ]
    return PelvisTrust(STANDARD_ERRORS[kind], "; ".join(d for d in doubts if d))


def with_pelvis(
    angles: AngleSeries, tracks: MarkerTracks | None, landmarks: LandmarkSeries, scene: Scene
) -> AngleSeries:
    """Add the pelvic angle of the view to its curves; without tracks they stay as they are.

    Parameters
    ----------
    angles : AngleSeries
    tracks : MarkerTracks or None
    landmarks : LandmarkSeries
        Cleaned, in the pixels of the clip: for the direction of running and the path of the trunk.
    scene : Scene
    """
    if tracks is None:
        return angles
    return replace(angles, values={**angles.values, **pelvis_curves(tracks, landmarks, scene)})


def pelvis_curves(tracks: MarkerTracks, landmarks: LandmarkSeries, scene: Scene) -> dict[tuple[str, Side], Array]:
    """Return the pelvic angle at each time of the landmarks, in degrees, for both sides.

    From the side `pelvic_tilt`: the line from the back to the front marker against the horizontal, positive where
    the front is low (anterior); the same for both sides. From front and rear `pelvic_drop`: the line from the other
    side's marker to this side's, positive where the other side is low.
    """
    apart = _apart_px(tracks, landmarks, scene)
    if scene.view == "side":
        tilt = np.degrees(np.arctan2(apart[:, 1], apart[:, 0] * forward_sign(landmarks)))
        return {("pelvic_tilt", side): tilt for side in SIDES}
    left_high = np.degrees(np.arctan2(-apart[:, 1], np.abs(apart[:, 0])))
    return {("pelvic_drop", "left"): left_high, ("pelvic_drop", "right"): -left_high}


def pelvis_notes(view: str, tracks: MarkerTracks | None) -> tuple[QualityNote, ...]:
    """Say how well the markers were followed and what their angle is; empty without markers."""
    if tracks is None:
        return ()
    kind = tracks.placement.kind
    lost = [f"{name} {share:.0%}" for name, share in zip(POINT_NAMES[kind], tracks.lost_share, strict=True)]
    told = f"markers on the pelvis placed by hand in frame {tracks.placement.frame}; lost in {' and '.join(lost)} of "
    told += f"the frames; the angle is {OFFSETS[kind]}"
    much = max(tracks.lost_share) > MUCH_LOST
    return (QualityNote(view, "pelvis_markers", "caution" if much or kind == "waistband" else "good", told),)


def _apart_px(tracks: MarkerTracks, landmarks: LandmarkSeries, scene: Scene) -> Array:
    """Return the way from the second marker to the first (n, 2) at the times of the landmarks, cleaned like them.

    Gaps are filled as seen from the trunk: a marker falls and rises with the runner, by 4 deg of the angle within the
    time that an arm takes to pass, but little against the trunk.
    """
    trunk = _trunk_at(tracks.time_s, landmarks)
    first, second = (_without_gaps(tracks, marker, trunk, scene) for marker in (0, 1))
    apart = turned_px(first - second, scene.level_deg, np.zeros(2))
    return np.column_stack([_smooth(tracks.time_s, apart[:, axis], landmarks) for axis in (0, 1)])


def _trunk_at(time_s: Array, landmarks: LandmarkSeries) -> Array:
    """Return the middle of hips and shoulders (of the hips without shoulders) at some times, (n, 2), in the picture."""
    hips, shoulders = landmarks.midpoint("hip"), landmarks.midpoint("shoulder")
    middle = np.where(np.isfinite(shoulders), (hips + shoulders) / 2, hips)
    return np.column_stack([sample(landmarks.time_s, middle[:, axis], time_s) for axis in (0, 1)])


def _without_gaps(tracks: MarkerTracks, marker: int, trunk: Array, scene: Scene) -> Array:
    """Return a marker's path (n, 2) without outliers, short gaps filled."""
    half = max(2, round(OUTLIER_WINDOW_S / float(np.median(np.diff(tracks.time_s)))))
    floor = OUTLIER_LEGS * scene.leg_length_px
    seen = tracks.xy_px[:, marker] - trunk
    odd = np.any([hampel_outliers(seen[:, axis], half, OUTLIER_THRESHOLD, floor) for axis in (0, 1)], axis=0)
    kept = np.where(odd[:, None], np.nan, seen)
    filled = np.column_stack([fill_gaps(tracks.time_s, kept[:, axis], LONGEST_GAP_S) for axis in (0, 1)])
    return np.where(np.isfinite(kept), tracks.xy_px[:, marker], filled + trunk)


def _smooth(time_s: Array, values: Array, landmarks: LandmarkSeries) -> Array:
    even = resample(time_s, values, landmarks.time_s, LONGEST_GAP_S)
    return low_pass(even, landmarks.fps, min(CUTOFF_HZ, 0.4 * landmarks.fps))
