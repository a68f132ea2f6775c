from __future__ import annotations

import numpy as np
import pytest

from midstance.science.contacts import side_view_contacts
from midstance.science.errors import WrongViewError
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, LandmarkSeries, Side
from midstance.science.records import Scene, View
from midstance.science.scene import LEG_OVER_HEIGHT, check_view, describe_scene, find_surface, flat_part
from midstance.science.settings import Settings
from midstance.science.stances import Contact, Contacts
from tests.science.helpers import STEADY, cleaned, run_of, with_xy
from tests.support.runner import SHANK_M, THIGH_M, Camera, Gait, film

LEG_M = THIGH_M + SHANK_M
OVERGROUND = Gait(overground=True, duration_s=4)
WIDE = Camera(px_per_m=150, size_px=(1920, 1080))


def scene_with(settings: Settings, view: View = "side") -> Scene:
    """Describe the scene of a usual clip under some settings."""
    landmarks = cleaned(film(STEADY, Camera(view)))
    contacts = side_view_contacts(landmarks) if view == "side" else Contacts((), dict.fromkeys(SIDES, np.nan), True)  # noqa: FBT003 - a field
    return describe_scene(landmarks, contacts, view, settings)


# --- facing, near side, surface -------------------------------------------------------------------


@pytest.mark.parametrize("facing", SIDES)
@pytest.mark.parametrize("strike", ["rear", "fore"])
def test_who_faces_left_shows_the_left_side(facing: Side, strike: str) -> None:
    """Facing and near side are found, whatever the strike."""
    _, view = run_of(Gait(strike=strike), Camera(facing=facing))
    assert (view.scene.facing, view.scene.near_side) == (facing, facing)
    assert all(s.near == (s.side == facing) for s in view.strides)


@pytest.mark.parametrize(("name", "facing"), [("front", "camera"), ("rear", "away")])
def test_frontal_views_have_no_near_side(name: View, facing: str) -> None:
    """From front and rear both legs count as near."""
    _, view = run_of(STEADY, Camera(name))
    assert (view.scene.facing, view.scene.near_side) == (facing, None)
    assert all(s.near for s in view.strides)


def test_surface_is_told_from_the_drift_of_the_runner() -> None:
    """Who crosses the picture runs over the ground, who stays in place on a treadmill, slow drift included."""
    assert run_of(OVERGROUND, WIDE)[1].scene.surface == "overground"
    clip = film(STEADY).landmarks
    drifting = clip.xy_px + np.stack([60 * np.sin(clip.time_s), 0 * clip.time_s], axis=1)[:, None]  # 15 cm to and fro
    assert find_surface(with_xy(clip, drifting)) == "treadmill"


def test_surface_given_by_the_user_wins() -> None:
    """A camera that pans with a runner looks like a treadmill: the user may say otherwise."""
    assert scene_with(Settings(surface="overground")).surface == "overground"
    assert scene_with(Settings(surface="auto")).surface == "treadmill"


# --- ground line ----------------------------------------------------------------------------------


@pytest.mark.parametrize("roll", [-6.0, -1.0, 0.0, 2.0, 8.0])
@pytest.mark.parametrize("facing", SIDES)
def test_roll_is_found_from_the_belt(roll: float, facing: Side) -> None:
    """From the side the path of the flat foot shows the camera's roll within half a degree, right side low positive."""
    _, view = run_of(STEADY, Camera(facing=facing, roll_deg=roll))
    assert view.scene.tilt_deg == pytest.approx(roll, abs=0.5)
    assert "belt" in view.scene.tilt_source


@pytest.mark.parametrize("roll", [-4.0, 0.0, 3.0])
def test_roll_is_found_from_the_places_of_the_feet_over_the_ground(roll: float) -> None:
    """Where the runner crosses the picture the landing places lie on the ground line."""
    _, view = run_of(OVERGROUND, Camera(px_per_m=150, size_px=(1920, 1080), roll_deg=roll))
    assert view.scene.tilt_deg == pytest.approx(roll, abs=0.3)
    assert "landed" in view.scene.tilt_source


@pytest.mark.parametrize("name", ["front", "rear"])
@pytest.mark.parametrize("roll", [-5.0, 0.0, 3.0])
def test_roll_is_found_from_the_body_in_a_frontal_view(name: View, roll: float) -> None:
    """From front or rear the body, upright in the mean, shows the roll."""
    _, view = run_of(STEADY, Camera(name, roll_deg=roll))
    assert view.scene.tilt_deg == pytest.approx(roll, abs=0.3)


def test_frontal_tilt_is_unknown_without_shoulders_or_without_one_foot() -> None:
    """What cannot be found is NaN, without a warning."""
    filmed, view = run_of(STEADY, Camera("front"))
    contacts = Contacts(
        tuple(Contact(s.side, s.initial_contact_s, s.toe_off_s) for s in view.strides),
        dict.fromkeys(SIDES, np.nan),
        timing_assumed=True,
    )
    for missing in (("left_shoulder",), ("left_ankle",)):
        xy = filmed.landmarks.xy_px.copy()
        xy[:, [LANDMARK_INDEX[n] for n in missing]] = np.nan
        assert np.isnan(describe_scene(with_xy(filmed.landmarks, xy), contacts, "front", Settings()).tilt_deg)


def test_flat_part_lies_before_the_heel_rises() -> None:
    """The foot is taken to be flat in the first half of the stance, after landing."""
    start_s, stop_s = flat_part(Contact("left", 2.0, 2.3))
    assert 2.03 < start_s < stop_s <= 2.15


# --- scale ----------------------------------------------------------------------------------------


def test_scale_from_speed() -> None:
    """With the belt's speed known, metres per pixel come from the feet on the belt."""
    scene = scene_with(Settings(speed_mps=2.5))
    assert scene.metres_per_px == pytest.approx(1 / 400, rel=0.02)
    assert "speed" in scene.scale_source


@pytest.mark.parametrize("view", ["side", "front"])
def test_scale_from_height(view: View) -> None:
    """With the body height known, metres per pixel come from the legs, in every view."""
    scene = scene_with(Settings(height_m=LEG_M / LEG_OVER_HEIGHT), view)
    assert scene.metres_per_px == pytest.approx(1 / 400, rel=0.03)
    assert "height" in scene.scale_source


def test_speed_is_preferred_where_it_can_be_used() -> None:
    """From the side the speed leads; from the front, where no foot shows it, the height."""
    both = Settings(height_m=2.0, speed_mps=2.5)
    assert "speed" in scene_with(both).scale_source
    assert "height" in scene_with(both, "front").scale_source


def test_without_height_and_speed_there_is_no_scale() -> None:
    """Nothing is assumed."""
    scene = scene_with(Settings())
    assert np.isnan(scene.metres_per_px)
    assert scene.scale_source == "none"
    assert scene.leg_length_px == pytest.approx(400 * LEG_M, rel=0.01)
    assert scene.speed_px_s == pytest.approx(1000, rel=0.02)


# --- wrong view -----------------------------------------------------------------------------------


@pytest.mark.parametrize("strike", ["rear", "mid", "fore"])
@pytest.mark.parametrize(
    ("filmed", "wrong"), [("side", "front"), ("side", "rear"), ("front", "side"), ("rear", "side")]
)
def test_clip_under_the_wrong_option_is_refused(filmed: View, wrong: View, strike: str) -> None:
    """A side clip given as frontal, or the reverse, is told how to give it."""
    landmarks = film(Gait(strike=strike), Camera(filmed)).landmarks
    with pytest.raises(WrongViewError, match="--side" if filmed == "side" else "--front or --rear"):
        check_view(landmarks, wrong)
    check_view(landmarks, filmed)


@pytest.mark.parametrize("distance_m", [2.5, 5.0])
@pytest.mark.parametrize("view", ["side", "front", "rear"])
def test_right_view_through_a_lens_is_accepted(view: View, distance_m: float) -> None:
    """Perspective at the distances of a treadmill room does not make a view look wrong."""
    check_view(pinhole(view, distance_m), view)


def pinhole(view: View, distance_m: float) -> LandmarkSeries:
    """Film through a pinhole from a distance."""
    return film(STEADY, Camera(view, distance_m=distance_m)).landmarks
