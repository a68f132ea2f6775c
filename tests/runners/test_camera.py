import numpy as np
import pytest

from runners.camera import Camera


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


def test_distortion_map_inverts_the_projection() -> None:
    """Looking up a bent pixel leads back to where the straight lens saw the point."""
    point = np.array([0.3, 0.0, 1.7])
    bent = Camera("right", k1=-0.08)
    x, y = bent.project(point)
    straight = Camera("right").project(point)
    found = bent.distortion_map()[round(y - 0.5), round(x - 0.5)] + 0.5
    assert np.linalg.norm(found - straight) < 1.5
    assert np.linalg.norm(np.array([x, y]) - straight) > 2.0
