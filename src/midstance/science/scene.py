"""How the runner stands to the camera: facing, near side, surface, ground line and scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.science.errors import WrongViewError
from midstance.science.landmarks import SIDES, LandmarkSeries, Side
from midstance.science.legs import (
    body_velocity_px_s,
    foot_centre,
    forward_sign,
    leg_length_px,
    mean_over,
)
from midstance.science.records import Facing, Scene, Surface, View
from midstance.science.settings import Settings
from midstance.science.signals import Array
from midstance.science.stances import Contact, Contacts

FASTEST_DRIFT_LEGS_S = 0.8
"""Leg lengths per second beyond which the runner crosses the picture: about 0.7 m/s, slower than any walk."""
FLAT_PART_OF_STANCE = (0.15, 0.5)
"""Where the foot lies flat on the belt, as shares of the stance: after landing, before the heel rises."""
TOE_DOWN_SHARES = (0.2, 0.6)
"""Where the toe rests on the belt. From its path the camera's roll was told within 1.2 deg on twelve rendered runners
that nothing is judged by; the middle of the foot, which rises with the heel, was off by up to 8 deg."""
LEG_OVER_HEIGHT = 0.491
"""Thigh (0.245) plus shank (0.246) over body height (Drillis and Contini 1966, in Winter 2009)."""
SIDE_VIEW_LEAST_STRIDE = 0.45
"""Least fore-and-aft path of the ankle over the leg length in a side view of running."""
FRONTAL_VIEW_MOST_STRIDE = 0.45


@dataclass(frozen=True)
class Scale:
    """Metres per pixel at the runner, and where it is from. NaN without one."""

    metres_per_px: float
    source: str


def check_view(landmarks: LandmarkSeries, view: View) -> None:
    """Check that the legs move as they must in the view that was named.

    Raises
    ------
    WrongViewError
        If the ankles travel too little across the picture for a side view, or too much for a frontal one.
    """
    travel = _ankle_travel(landmarks)
    if view == "side" and travel < SIDE_VIEW_LEAST_STRIDE:
        raise WrongViewError(
            "expected a side view, where the feet swing to and fro across the picture; given a clip in which they "
            "hardly do: give it as --front or --rear, or it shows no running"
        )
    if view != "side" and travel > FRONTAL_VIEW_MOST_STRIDE:
        raise WrongViewError(
            f"expected a {view} view; given a clip in which the feet swing across the picture: give it as --side"
        )


def _ankle_travel(landmarks: LandmarkSeries) -> float:
    """Sideways path of the ankles relative to the pelvis, 5th to 95th centile, over the leg length."""
    hips = landmarks.midpoint("hip")[:, 0]
    paths = [landmarks.point(f"{s}_ankle")[:, 0] - hips for s in SIDES]
    spans = [np.nanpercentile(p, 95) - np.nanpercentile(p, 5) for p in paths if np.isfinite(p).any()]
    return float(np.max(spans) / leg_length_px(landmarks)) if spans else float("nan")


def describe_scene(landmarks: LandmarkSeries, contacts: Contacts, view: View, settings: Settings) -> Scene:
    """Find facing, near side, surface, ground line and scale.

    Parameters
    ----------
    landmarks : LandmarkSeries
        Cleaned.
    contacts : Contacts
        Stances of this clip.
    view : View
        As the user named it.
    settings : Settings
        Height, speed and surface, where the user gave them.
    """
    facing = find_facing(landmarks, view)
    near = near_side(facing)
    surface = find_surface(landmarks) if settings.surface == "auto" else settings.surface
    tilt, tilt_source = _ground_tilt(landmarks, contacts, near, surface)
    speed = contacts.speed_px_s[near] if near else float("nan")
    scale = _scale(landmarks, speed, settings)
    return Scene(
        view,
        facing,
        near,
        surface,
        tilt,
        tilt_source,
        leg_length_px(landmarks),
        scale.metres_per_px,
        scale.source,
        speed,
    )


def find_facing(landmarks: LandmarkSeries, view: View) -> Facing:
    """Return where the runner looks: in a side view by the feet, else by the view itself."""
    if view == "side":
        return "right" if float(np.mean(forward_sign(landmarks))) >= 0 else "left"
    return "camera" if view == "front" else "away"


def near_side(facing: Facing) -> Side | None:
    """Return the side nearer to the camera: who faces left shows the left side. None in a frontal view."""
    return facing if facing in SIDES else None


def find_surface(landmarks: LandmarkSeries) -> Surface:
    """Tell a treadmill (the runner stays in place) from the ground (the runner crosses the picture).

    A camera that pans with a runner looks like a treadmill.
    """
    drift = float(np.median(np.abs(body_velocity_px_s(landmarks)))) / leg_length_px(landmarks)
    return "overground" if drift > FASTEST_DRIFT_LEGS_S else "treadmill"


def _ground_tilt(
    landmarks: LandmarkSeries, contacts: Contacts, near: Side | None, surface: Surface
) -> tuple[float, str]:
    if near is None:
        return _frontal_tilt(landmarks, contacts), "mean line from the stance feet to the shoulders"
    if surface == "treadmill":
        slopes = [_belt_slope_deg(landmarks, c) for c in contacts.of(near)]
        return _median(slopes), "path of the toe on the belt"
    return _ground_slope_deg(landmarks, contacts), "places where the feet landed"


def _median(values: list[float]) -> float:
    known = [v for v in values if np.isfinite(v)]
    return float(np.median(known)) if known else float("nan")


def flat_part(contact: Contact) -> tuple[float, float]:
    """Return the times between which the foot is taken to be flat."""
    early, late = FLAT_PART_OF_STANCE
    return contact.at(early), contact.at(late)


def _belt_slope_deg(landmarks: LandmarkSeries, contact: Contact) -> float:
    """Return the slope of the toe's path: it rests on the belt longest, while ankle and heel already rise."""
    start_s, stop_s = contact.at(TOE_DOWN_SHARES[0]), contact.at(TOE_DOWN_SHARES[1])
    inside = (landmarks.time_s >= start_s) & (landmarks.time_s <= stop_s)
    return _slope_deg(landmarks.point(f"{contact.side}_foot_index")[inside])


def _ground_slope_deg(landmarks: LandmarkSeries, contacts: Contacts) -> float:
    centres = {side: foot_centre(landmarks, side) for side in SIDES}
    places = [
        [mean_over(landmarks, centres[c.side][:, axis], *flat_part(c)) for axis in (0, 1)] for c in contacts.contacts
    ]
    return _slope_deg(np.array(places)) if places else float("nan")


def _slope_deg(path: Array) -> float:
    """Slope of a path in the picture by least squares; positive = its right side is low."""
    path = path[np.isfinite(path).all(axis=1)]
    if len(path) < 2 or np.ptp(path[:, 0]) == 0:
        return float("nan")
    centred = path - path.mean(axis=0)
    return float(np.degrees(np.arctan((centred[:, 0] @ centred[:, 1]) / (centred[:, 0] @ centred[:, 0]))))


def _frontal_tilt(landmarks: LandmarkSeries, contacts: Contacts) -> float:
    """Lean of the line from the stance feet to the shoulders, mean over the clip: zero for a level camera."""
    feet = [_mean_point(_stance_places(landmarks, contacts, side)) for side in SIDES]
    line = _mean_point(landmarks.midpoint("shoulder")) - np.mean(feet, axis=0)
    return float(np.degrees(np.arctan2(line[0], -line[1])))


def _stance_places(landmarks: LandmarkSeries, contacts: Contacts, side: Side) -> Array:
    """Return the mean place of the ankle in each stance, shape (stances, 2)."""
    ankle = landmarks.point(f"{side}_ankle")
    places = [
        [mean_over(landmarks, ankle[:, axis], c.initial_contact_s, c.toe_off_s) for axis in (0, 1)]
        for c in contacts.of(side)
    ]
    return np.array(places, dtype=np.float64).reshape(-1, 2)


def _mean_point(points: Array) -> Array:
    """Mean of the points that are known; NaN when none is."""
    known = points[np.isfinite(points).all(axis=1)]
    return known.mean(axis=0) if len(known) else np.full(2, np.nan)


def _scale(landmarks: LandmarkSeries, speed_px_s: float, settings: Settings) -> Scale:
    if settings.speed_mps and np.isfinite(speed_px_s):
        return Scale(settings.speed_mps / speed_px_s, "running speed given, stance feet")
    if settings.height_m:
        leg_m = LEG_OVER_HEIGHT * settings.height_m
        return Scale(leg_m / leg_length_px(landmarks), "body height given, mean leg proportions")
    return Scale(float("nan"), "none")
