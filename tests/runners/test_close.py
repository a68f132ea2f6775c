"""Runners close up: clothes, a pelvis that is turned at will, and pictures of a part."""

from __future__ import annotations

import numpy as np
import pytest

from runners.body import SIDES, load_body, wide_names
from runners.camera import Camera
from runners.closeup import Closeup, Window
from runners.gait import Gait
from runners.pose import Poser
from runners.turned import TurnedGait, Turns
from runners.wardrobe import BOTTOMS, HELD_OUT_PATTERN, TOPS, Outfit, dress_in, random_outfit

MOMENTS_S = np.array([0.4, 0.9, 1.4, 1.9, 2.4])
ANGLES_DEG = np.array([(-8.0, 6.0, 4.0), (28.0, -9.0, 0.0), (10.0, 0.0, -12.0), (0.0, 11.0, 10.0), (20.0, -4.0, -6.0)])


def degrees(rise: np.ndarray, run: np.ndarray) -> np.ndarray:
    """Return slopes as angles."""
    return np.asarray(np.degrees(np.arctan2(rise, run)))


@pytest.fixture(scope="module")
def turned(typical: Gait) -> Poser:
    """Return the typical runner with a pelvis turned otherwise at five moments."""
    return Poser(TurnedGait(typical, Turns(MOMENTS_S, ANGLES_DEG, np.zeros((5, 3)))))


def outfit(seed: int) -> Outfit:
    """Return clothes by seed."""
    return random_outfit(np.random.default_rng(seed))


def test_the_pelvis_is_turned_as_asked(turned: Poser) -> None:
    """The four spines show tilt, obliquity and rotation within a degree, whatever the legs do."""
    points = turned.pose(MOMENTS_S).points
    across = points["left_asis"] - points["right_asis"]
    along = points["left_asis"] + points["right_asis"] - points["left_psis"] - points["right_psis"]
    np.testing.assert_allclose(degrees(across[:, 2], across[:, 1]), ANGLES_DEG[:, 1], atol=1.0)
    np.testing.assert_allclose(degrees(-along[:, 2], along[:, 0]), ANGLES_DEG[:, 0], atol=1.0)
    np.testing.assert_allclose(degrees(-across[:, 0], across[:, 1]), ANGLES_DEG[:, 2], atol=2.5)


def test_the_legs_stay_where_they_were(turned: Poser, typical: Gait) -> None:
    """Feet stay on the belt or in the air as in the gait itself; thighs and shanks keep their lengths."""
    for side in SIDES:
        before, after = typical.leg(side, MOMENTS_S), turned.gait.leg(side, MOMENTS_S)
        limb = typical.limbs.legs[side]
        assert np.linalg.norm(after.ankle - before.ankle, axis=1).max() < 0.02
        assert np.linalg.norm(after.knee - before.knee, axis=1).max() < 0.06
        np.testing.assert_allclose(np.linalg.norm(after.knee - after.hip, axis=1), limb.thigh_m, atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(after.knee - after.ankle, axis=1), limb.shank_m, atol=1e-6)


def test_clothes_come_in_every_kind_and_the_same_from_the_same_seed() -> None:
    """Each kind of bottom and top is drawn; a seed gives one outfit; the held-out pattern is not among them."""
    drawn = [outfit(seed) for seed in range(150)]
    assert {o.bottom.kind for o in drawn} == set(BOTTOMS)
    assert {o.top.kind for o in drawn} == set(TOPS)
    assert outfit(7) == drawn[7]
    assert HELD_OUT_PATTERN not in {piece.paint.pattern for o in drawn for piece in (o.bottom, o.top)}
    others = [random_outfit(np.random.default_rng(seed), held_out=True) for seed in range(40)]
    assert HELD_OUT_PATTERN in {o.top.paint.pattern for o in others}


def test_shorts_reach_from_waist_to_hem(typical: Gait) -> None:
    """What is drawn of the bottom ends at the waist and at the hem that were asked for, to a mesh's width."""
    body, worn = typical.body, next(o for o in map(outfit, range(99)) if o.bottom.kind == "shorts")
    shoes = {side: typical.limbs.feet[side].shoe for side in SIDES}
    shorts = dress_in(body, worn, shoes)[1].figure
    kept = shorts.vertices[shorts.keep >= 0, 2]
    hip_z, knee_z = body.pelvis["left_hip"][2], body.head("lowerleg01.L")[2]
    assert kept.max() == pytest.approx(body.pelvis["left_asis"][2] + worn.waist_m, abs=0.03)
    assert kept.min() == pytest.approx(hip_z - worn.bottom.hem * (hip_z - knee_z), abs=0.03)


def test_a_window_shows_a_part_of_the_cameras_picture(typical: Gait) -> None:
    """The runner is drawn where the window's own projection says, and is as near as the camera is."""
    camera = Camera("left", width_px=1000, height_px=1000, distance_m=3.0)
    window = Window(camera, np.array([(0.5, 0.0, -170.0), (0.0, 0.5, -150.0)]), (160, 200))
    pose = Poser(typical).pose(np.array([1.0]))
    shoes = {side: typical.limbs.feet[side].shoe for side in SIDES}
    with Closeup(window.size_px) as closeup:
        dressed = closeup.load(dress_in(typical.body, outfit(1), shoes), 0.9)
        closeup.pose(dressed, pose.matrices[0])
        closeup.cast_shadow(dressed)
        picture = closeup.draw(window, dressed, [])
        depth = closeup.nearness()
    column, row = np.floor(window.project(pose.points["left_hip"][0])).astype(int)
    assert picture[row, column, 3] == 255
    assert picture[5, 5, 3] == 0
    assert depth[row, column] < depth[5, 5] == 1.0


def test_there_are_forty_bodies_to_train_on() -> None:
    """The wide bodies are many, unlike each other in height, and have pelvic landmarks in their order."""
    names = wide_names()
    bodies = [load_body(name) for name in names[:6]]
    assert len(names) == 40
    assert np.ptp([body.stature_m for body in bodies]) > 0.05
    for body in bodies:
        assert body.pelvis["left_psis"][0] < body.pelvis["left_hip"][0] < body.pelvis["left_asis"][0]
