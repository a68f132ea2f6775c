"""Where a runner's ankle has its zero: how far the shank leans in quiet standing, seen from the side.

It differs by a few degrees from person to person. Without a standing trial a mean is taken for everybody, which is most
of what dorsiflexion is off by. The camera must not move between standing and running: its roll, and the slope of the
belt, are then in both and cancel. The line from heel to toe is not used: with feet turned out 8 deg and the camera
above them it reads 2 deg too steep (rendered clips).
"""

from __future__ import annotations

import numpy as np

from midstance.science.checks import check_legs_in_frame, check_seen
from midstance.science.errors import CannotAnalyseError, NotStandingError
from midstance.science.joint_centres import centres_in_standing
from midstance.science.kinematics import knee_flexion, lean_deg, tibial_inclination
from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.legs import FOOT_POINTS, forward_sign, leg_length_px, segment_length_px
from midstance.science.neutrals import Neutrals, StandingNeutral
from midstance.science.records import QualityNote
from midstance.science.scene import find_facing, near_side
from midstance.science.settings import CleaningSettings
from midstance.science.signals import Array, Mask
from midstance.science.uncertainty import BESIDE_RENDERED

STILL_S = 1.0
"""Least time without a step or a sway."""
MOST_MOTION_LEGS = 0.02
"""Most that ankle and knee may stray from their mean place within `STILL_S`, in leg lengths (1.7 cm, as one SD)."""
MOST_KNEE_DEG = 20.0
"""Of flexion with straight knees; landmarks of a pose model are a few degrees off."""
MOST_LEAN_DEG = 8.0
"""Of the line from ankle to hip: beyond it the weight is on the other leg or the feet stand one before the other."""
LEAST_FOOT_OVER_SHANK = 0.35
"""Length of the foot in the picture over the shank's: less is no view from the side (0.52 square to it)."""
ADVICE = "film 3 s from the side, standing still on the stopped belt, feet side by side, knees straight, looking ahead"


def standing_neutral(
    raw: LandmarkSeries, settings: CleaningSettings, file: str = "", model: str | None = None
) -> StandingNeutral:
    """Measure the zero of the ankle that is nearer to the camera.

    Parameters
    ----------
    raw : LandmarkSeries
        Of somebody who stands, as estimated.
    settings : CleaningSettings
    file, model : str, optional
        Name of the clip, and of the pose model.

    Raises
    ------
    NotStandingError
        If nobody stands still for `STILL_S`, upright and seen from the side.
    NoRunnerError, FrameRateError, LegsOutOfFrameError
        As for a run.
    """
    check_seen(raw, settings.min_visibility)
    check_legs_in_frame(raw)
    side = near_side(find_facing(raw, "side"))
    assert side is not None  # noqa: S101 - a side view has a near side
    centres = centres_in_standing(_seen(raw, settings.min_visibility), side, model)
    _check_from_side(centres, side)
    still = _upright(centres, side) & _still(centres, side)
    if not still.any():
        raise NotStandingError(f"expected somebody who stands still for {STILL_S:g} s, given none: {ADVICE}")
    angle = tibial_inclination(centres, side)[still]
    seconds = float(still.sum()) / raw.fps
    return StandingNeutral(side, float(np.median(angle)), float(np.std(angle)), seconds, file, model)


def by_side(found: tuple[StandingNeutral, ...]) -> Neutrals:
    """Return standing trials by the leg that they show.

    Raises
    ------
    CannotAnalyseError
        If two show the same leg.
    """
    sides: dict[Side, StandingNeutral] = {neutral.side: neutral for neutral in found}
    if len(sides) < len(found):
        raise CannotAnalyseError(
            f"expected standing clips from both sides of the runner, given two that show the {found[0].side} side: "
            "leave one out, or film the other side"
        )
    return sides


def standing_notes(view: str, near: Side | None, neutrals: Neutrals) -> tuple[QualityNote, ...]:
    """Return what there is to say of a side view's standing trial."""
    if near is None:
        return ()
    found = neutrals.get(near)
    if found is None:
        doubt = BESIDE_RENDERED["ankle_dorsiflexion"]
        message = (
            f"no standing clip of the {near} side: dorsiflexion counts from a mean of people, {doubt:g} deg more or "
            "less; 3 s of standing still before the run, camera not moved, narrow that (--standing)"
        )
        return (QualityNote(view, "standing", "caution" if neutrals else "good", message),)
    told = f"{found.file}: " if found.file else ""
    message = (
        f"{told}{found.seconds:.1f} s of standing, shank {found.angle_deg:.1f} deg forward: the {near} ankle counts "
        "from there, if the camera was not moved"
    )
    return (QualityNote(view, "standing", "good", message),)


def _seen(raw: LandmarkSeries, min_visibility: float) -> LandmarkSeries:
    hidden = raw.visibility < min_visibility
    xy_px = np.where(hidden[..., None], np.nan, raw.xy_px)
    return LandmarkSeries(raw.time_s, xy_px, raw.visibility, raw.frame, raw.frame_size_px)


def _check_from_side(landmarks: LandmarkSeries, side: Side) -> None:
    line = landmarks.point(f"{side}_foot_index") - landmarks.point(f"{side}_heel")
    foot = float(np.nanmedian(np.abs(line[:, 0])))
    if foot < LEAST_FOOT_OVER_SHANK * segment_length_px(landmarks, f"{side}_knee", f"{side}_ankle"):
        raise NotStandingError(f"expected a view from the side, given feet that point along the camera: {ADVICE}")


def _upright(landmarks: LandmarkSeries, side: Side) -> Mask:
    """Return the frames with a straight knee and the hip over the ankle."""
    ankle, hip = (landmarks.point(f"{side}_{joint}") for joint in ("ankle", "hip"))
    lean = lean_deg(ankle, hip, forward_sign(landmarks))
    return np.asarray((knee_flexion(landmarks, side) < MOST_KNEE_DEG) & (np.abs(lean) < MOST_LEAN_DEG))


def _still(landmarks: LandmarkSeries, side: Side) -> Mask:
    """Return the frames that lie in some stretch of `STILL_S` without motion."""
    n, width = len(landmarks), max(2, round(STILL_S * landmarks.fps))
    still = np.zeros(n, dtype=bool)
    if n < width:
        return still
    paths = np.concatenate([landmarks.point(f"{side}_{joint}") for joint in ("knee", *FOOT_POINTS)], axis=1)
    spread: Array = np.lib.stride_tricks.sliding_window_view(paths, width, axis=0).std(axis=-1).max(axis=1)
    for start in np.flatnonzero(spread < MOST_MOTION_LEGS * leg_length_px(landmarks)):
        still[start : start + width] = True
    return still
