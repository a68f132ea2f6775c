import numpy as np
import pytest

from runners.camera import Camera, framed


def test_field_of_view_is_the_stated_height_at_the_runner() -> None:
    """One metre at the belt's middle is height_px / field_height_m pixels."""
    camera = Camera("right", tilt_deg=0.0, field_height_m=2.0, height_px=1000)
    low, high = camera.project(np.array([[0.0, 0, 0.5], [0.0, 0, 1.5]]))
    assert low[1] - high[1] == pytest.approx(500.0)


@pytest.mark.parametrize(("view", "left_is_right_of_right"), [("front", True), ("rear", False)], ids=["front", "rear"])
def test_left_side_lies_where_the_view_says(view: str, *, left_is_right_of_right: bool) -> None:
    """In a front view the runner's left is on the picture's right, from behind it is on the left."""
    left, right = Camera(view).project(np.array([[0, 0.2, 1.0], [0, -0.2, 1.0]]))
    assert bool(left[0] > right[0]) is left_is_right_of_right


@pytest.mark.parametrize(("view", "sign"), [("right", 1.0), ("left", -1.0)])
def test_runner_faces_the_right_way(view: str, sign: float) -> None:
    """Filmed from the right the runner runs to the picture's right, from the left to its left."""
    back, front = Camera(view).project(np.array([[0.0, 0, 1.0], [0.5, 0, 1.0]]))
    assert sign * (front[0] - back[0]) > 0


def test_roll_turns_the_picture() -> None:
    """A camera rolled by 5 degrees shows a vertical line 5 degrees off."""
    a, b = Camera("front", roll_deg=5.0, tilt_deg=0.0, height_m=1.0).project(np.array([[0.0, 0, 0.99], [0.0, 0, 1.01]]))
    assert abs(np.degrees(np.arctan2(b[0] - a[0], a[1] - b[1]))) == pytest.approx(5.0, abs=0.01)


def test_matrix_and_projection_agree() -> None:
    """OpenGL's matrix and the truth's projection put a point on the same pixel."""
    camera = Camera("front", yaw_deg=7.0, roll_deg=2.0, tilt_deg=3.0, aim_m=0.1)
    point = np.array([0.2, 0.15, 0.4])
    clip = camera.view_projection @ np.append(point, 1.0)
    x = (clip[0] / clip[3] + 1) / 2 * camera.width_px
    y = (1 - clip[1] / clip[3]) / 2 * camera.height_px
    assert camera.project(point) == pytest.approx([x, y])


def test_distortion_moves_points_along_the_radius_by_its_cube() -> None:
    """With k1 the picture's middle stays, and a point half a height out moves by k1 of its distance."""
    straight, bent = Camera("right", tilt_deg=0.0), Camera("right", tilt_deg=0.0, k1=-0.08)
    middle, high = np.array([0.0, 0.0, 0.95]), np.array([0.0, 0.0, 0.95 + 1.25])
    assert bent.project(middle) == pytest.approx(straight.project(middle))
    assert bent.project(high)[1] == pytest.approx(0.08 * 640)


@pytest.mark.parametrize("view", ["front", "left"])
def test_framed_camera_just_holds_the_box(view: str) -> None:
    """The box touches the picture's edge once the margin is taken away, and nothing lies outside."""
    low, high = np.array([-0.9, -0.4, 0.0]), np.array([0.6, 0.4, 1.8])
    corners = np.array([[x, y, z] for x in (-0.9, 0.6) for y in (-0.4, 0.4) for z in (0.0, 1.8)])
    camera = framed(Camera(view, tilt_deg=2.0), low, high, margin=1.0)
    inside = np.abs(camera.project(corners) / np.array([720, 1280]) - 0.5)
    assert inside.max() == pytest.approx(0.5)
