"""Whether a clip can be analysed at all: legs in the picture, running, real speed, enough strides."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from midstance.science.errors import (
    FrameRateError,
    LegsOutOfFrameError,
    NoRunnerError,
    NotRunningError,
    SlowMotionError,
    TooFewStridesError,
)
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.legs import FOOT_POINTS, leg_length_px, mean_over, smooth_trunk_height_px
from midstance.science.records import Stride, View
from midstance.science.settings import StrideSettings
from midstance.science.stances import Contacts

SHORTEST_CLIP_S = 0.75
SHORT_CLIP_S = 3.0
"""In a shorter clip too few strides are the likelier reason for no rhythm."""
LEAST_FPS = 15.0
"""At 12 frames/s a quarter of the stances of error-free landmarks is missed, at 15 one in sixteen, at 20 none."""
MOST_FRAMES_MISSING = 20
"""Times that a clip may be as long as its frames are: cleaned landmarks have equal steps, those of holes as well."""
LEAST_SEEN = 0.3
"""Share of the frames in which a landmark that is needed has to be seen."""
SHORTEST_LEG = 1e-6
"""Thigh plus shank, in whatever unit landmarks come: of a shorter one the squares of lengths end in nothing."""
NEEDED: dict[Side, tuple[str, ...]] = {
    side: ("left_hip", "right_hip", *(f"{side}_{joint}" for joint in ("knee", *FOOT_POINTS))) for side in SIDES
}
"""Landmarks without which a side cannot be measured."""
MOST_FEET_OUTSIDE = 0.3
"""Share of foot landmarks outside the picture beyond which the legs count as cut off."""
MOST_IRREGULAR = 0.12
"""Robust spread of the stride time over its median beyond which the legs do not cycle as in gait."""
FEW_STRIDES, MOST_IRREGULAR_OF_FEW = 8, 0.1
"""Of fewer strides the SD over the median may be no more than this: runners show 0.01 to 0.03."""
LEAST_BOUNCE_G = 0.5
"""Least acceleration of the trunk at the top of its path, in g. A runner is in free fall there (1 g; less on
landmarks of hips and shoulders and without flight), a walker vaults over a stiff leg (about 0.2 g)."""
LEAST_SAG_LEG_LENGTHS = 0.003
"""Least depth of the trunk at midstance below its mean over a stride, over thigh plus shank. Runners of our clips show
0.03 to 0.05, slow running without flight 0.005, walkers -0.02; people who only shift their feet about nothing."""
ASSUMED_LEG_M = 0.85
"""Thigh plus shank of an adult of 1.73 m, as the scale for the bounce alone."""
GRAVITY_M_S2 = 9.81


def check_seen(raw: LandmarkSeries, min_visibility: float) -> None:
    """Check that there is a body to measure: long enough, at enough frames a second, with the joints needed.

    Raises
    ------
    NoRunnerError
        If hips and one whole leg are not seen for long enough, or all lie on one point.
    FrameRateError
        If the clip has too few frames a second, or holes in time that the few there are cannot stand for.
    """
    if raw.duration_s < SHORTEST_CLIP_S:
        raise NoRunnerError(
            f"expected a runner for at least {SHORTEST_CLIP_S:g} s, given {raw.duration_s:.2f} s: film 10 s or more"
        )
    if raw.fps < LEAST_FPS:
        raise FrameRateError(f"expected at least {LEAST_FPS:g} frames/s, given {raw.fps:.1f}: film at 60 or more")
    if raw.duration_s * raw.fps > MOST_FRAMES_MISSING * len(raw):
        raise FrameRateError(
            f"expected frames that follow each other, given {len(raw)} at {raw.fps:.0f} frames/s over "
            f"{raw.duration_s:.0f} s: cut out the part in which someone runs"
        )
    legs = {side: [n for n in NEEDED[side] if _seen_share(raw, n, min_visibility) < LEAST_SEEN] for side in SIDES}
    lacking = min(legs.values(), key=len)
    if lacking or not leg_length_px(raw) > SHORTEST_LEG:
        raise NoRunnerError(
            f"expected hips, knee, ankle, heel and toe of a leg in most frames, given too little of "
            f"{', '.join(lacking) or 'a body'}: film the whole runner, legs uncovered, in good light"
        )


def _seen_share(raw: LandmarkSeries, name: str, min_visibility: float) -> float:
    index = LANDMARK_INDEX[name]
    seen = np.isfinite(raw.xy_px[:, index, 0]) & ~(raw.visibility[:, index] < min_visibility)
    return float(seen.mean())


def check_legs_in_frame(raw: LandmarkSeries) -> None:
    """Check that the feet are within the picture; without a picture size nothing is checked.

    Pose models report a whole body even where the lower legs are cut off, mostly below the picture's edge.

    Raises
    ------
    LegsOutOfFrameError
        If the better-seen foot lies outside the picture in more than `MOST_FEET_OUTSIDE` of the frames.
    """
    if raw.frame_size_px is None:
        return
    outside = min(_share_outside(raw, side) for side in SIDES)
    if outside > MOST_FEET_OUTSIDE:
        raise LegsOutOfFrameError(
            f"expected the whole legs in the picture, given feet outside it in {outside:.0%} of the frames: "
            "step back or tilt the phone so that hips and feet are always seen"
        )


def _share_outside(raw: LandmarkSeries, side: str) -> float:
    assert raw.frame_size_px is not None  # noqa: S101 - the caller has looked
    size = np.array(raw.frame_size_px)
    points = np.stack([raw.point(f"{side}_{p}") for p in FOOT_POINTS])
    known = np.isfinite(points).all(axis=2)
    outside = known & ((points < 0) | (points >= size)).any(axis=2)
    return float(outside.sum() / max(known.sum(), 1))


def check_running(landmarks: LandmarkSeries, contacts: Contacts, view: View, settings: StrideSettings) -> None:
    """Check that the person runs, at real speed.

    In running the body is lowest at midstance, in walking highest (a spring and a pendulum); this holds for
    slow running without flight as well, which a duty factor alone would call walking.

    Raises
    ------
    NotRunningError
        If the legs do not cycle regularly, or the person walks.
    SlowMotionError
        If the cadence is too low for running with its bounce: the file plays in slow motion.
    """
    cadence = _cadence_spm(contacts)
    if landmarks.duration_s < SHORT_CLIP_S and not np.isfinite(cadence):
        raise TooFewStridesError(
            f"expected several strides, given {landmarks.duration_s:.1f} s with {len(contacts.contacts)} ground "
            "contacts: film 10 s or more"
        )
    if not np.isfinite(cadence):
        raise NotRunningError(
            "expected running, given movement without a regular leg cycle: film someone running, or use --force"
        )
    if cadence < settings.min_cadence_spm * 0.5:
        raise SlowMotionError(_slow_motion_message(cadence))
    if walks(landmarks, contacts, view):
        raise NotRunningError(
            f"expected running, given walking at {cadence:.0f} steps/min (the body does not bounce as in running): "
            "film running, or use --force"
        )
    if cadence < settings.min_cadence_spm:
        raise SlowMotionError(_slow_motion_message(cadence))
    if cadence > settings.max_cadence_spm:
        raise SlowMotionError(
            f"expected at most {settings.max_cadence_spm:.0f} steps/min, given {cadence:.0f}: the file plays too fast; "
            "give --capture-fps, the rate that the camera filmed at"
        )


def _slow_motion_message(cadence: float) -> str:
    return (
        f"expected 120 to 260 steps/min, given {cadence:.0f}: probably slow motion; "
        "give --capture-fps, the rate that the camera filmed at (often 120 or 240)"
    )


def _cadence_spm(contacts: Contacts) -> float:
    """Steps per minute from the regular strides; NaN when the legs do not cycle regularly."""
    strides_s = np.concatenate([np.diff([c.initial_contact_s for c in contacts.of(s)]) for s in SIDES])
    if len(strides_s) < 2:
        return float("nan")
    usual = float(np.median(strides_s))
    spread = float(np.median(np.abs(strides_s - usual))) / usual
    regular = spread <= MOST_IRREGULAR
    if len(strides_s) < FEW_STRIDES:  # a median of few hides half of them
        regular = regular and float(np.std(strides_s)) / usual <= MOST_IRREGULAR_OF_FEW
    return 120 / usual if regular else float("nan")


def walks(landmarks: LandmarkSeries, contacts: Contacts, view: View) -> bool:
    """Tell walking from running.

    From the side: the trunk is no lower at mid-stance than over the whole stride. From front or rear the stances
    are found from the trunk itself, so its bounce is asked.
    """
    if view == "side":
        return _trunk_at_midstance(landmarks, contacts) > -LEAST_SAG_LEG_LENGTHS * leg_length_px(landmarks)
    return bounce_g(landmarks, contacts) < LEAST_BOUNCE_G


def bounce_g(landmarks: LandmarkSeries, contacts: Contacts) -> float:
    """Return the trunk's greatest downward acceleration, in g, from the height and the time of its bounce.

    The trunk's path is taken as a sine: acceleration = amplitude x (2 pi x steps per second) squared.
    """
    height = smooth_trunk_height_px(landmarks)
    starts = [c.initial_contact_s for c in contacts.contacts]
    steps = [height[(landmarks.time_s >= a) & (landmarks.time_s <= b)] for a, b in pairwise(starts) if b - a < 1.5]
    rises = [float(np.ptp(step)) for step in steps if len(step) and np.isfinite(step).all()]
    if not rises:
        return float("nan")
    amplitude_m = float(np.median(rises)) / 2 * ASSUMED_LEG_M / leg_length_px(landmarks)
    step_hz = 1 / float(np.median(np.diff(starts)))
    return amplitude_m * (2 * np.pi * step_hz) ** 2 / GRAVITY_M_S2


def _trunk_at_midstance(landmarks: LandmarkSeries, contacts: Contacts) -> float:
    """Median height of the trunk in the middle of the stances against its mean over the stride around, in px.

    NaN when the trunk is not seen; then nobody is said to walk.
    """
    height = smooth_trunk_height_px(landmarks)
    heights = []
    for side in SIDES:
        own = contacts.of(side)
        for contact, following in pairwise(own):
            middle_s = (contact.initial_contact_s + contact.toe_off_s) / 2
            half_s = (following.initial_contact_s - contact.initial_contact_s) / 2
            around = mean_over(landmarks, height, middle_s - half_s, middle_s + half_s)
            heights.append(mean_over(landmarks, height, middle_s - 0.03, middle_s + 0.03) - around)
    known = [h for h in heights if np.isfinite(h)]
    return float(np.median(known)) if known else float("nan")


def check_enough_strides(strides: tuple[Stride, ...], settings: StrideSettings) -> None:
    """Check that at least one side has the least number of valid strides.

    Raises
    ------
    TooFewStridesError
        If neither side has.
    """
    counts = {side: sum(s.side == side and s.valid for s in strides) for side in SIDES}
    if max(counts.values()) >= settings.min_strides:
        return
    reasons = sorted({s.reason for s in strides if s.reason})
    told = f" (left out: {'; '.join(reasons)})" if reasons else ""
    raise TooFewStridesError(
        f"expected at least {settings.min_strides} whole strides of a leg, given {counts['left']} left and "
        f"{counts['right']} right{told}: film 10 s or more"
    )
