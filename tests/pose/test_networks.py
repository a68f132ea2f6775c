"""Crops of legs and pelvis, and the points that our networks put back into the picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.models import own_networks
from midstance.pose import estimate_people
from midstance.pose.crops import inverse, read_maps, through
from midstance.pose.leg_crop import ANKLE_X_PX, ANKLE_Y_PX, PX_PER_TORSO, Leg, to_crop
from midstance.pose.networks import MENDED, open_networks
from midstance.pose.person import view_of
from midstance.science.errors import ModelError
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES

SAMPLES = Path(__file__).resolve().parents[2] / "sample_videos"
BENT = Leg("side", np.array([300.0, 400.0]), np.array([240.0, 480.0]), 120.0, mirrored=False)


def turned(leg: Leg, radians: float, scale: float, shift: tuple[float, float]) -> tuple[Leg, np.ndarray]:
    """Return the leg in a picture turned, scaled and shifted, and that map."""
    matrix = scale * np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    affine = np.column_stack([matrix, shift])
    knee, ankle = through(affine, np.stack([leg.knee, leg.ankle]))
    return Leg(leg.view, knee, ankle, leg.torso_px * scale, leg.mirrored), affine


def test_shank_hangs_down_from_the_knee_to_a_fixed_ankle() -> None:
    """However the leg is bent, the ankle is in one place, the knee above it, at the torso's scale."""
    knee, ankle = through(to_crop(BENT), np.stack([BENT.knee, BENT.ankle]))
    np.testing.assert_allclose(ankle, (ANKLE_X_PX["side"], ANKLE_Y_PX))
    np.testing.assert_allclose(knee, ankle - (0, 100 / 120 * PX_PER_TORSO["side"]))


def test_mirrored_leg_points_the_other_way() -> None:
    """What lies to the right of an upright shank lies to the left in its mirrored crop."""
    upright = Leg("side", np.array([100.0, 100.0]), np.array([100.0, 200.0]), 120.0, mirrored=False)
    toe = np.array([140.0, 210.0])
    plain = through(to_crop(upright), toe)
    mirrored = through(to_crop(Leg("side", upright.knee, upright.ankle, 120.0, mirrored=True)), toe)
    assert plain[0] > ANKLE_X_PX["side"] > mirrored[0]
    np.testing.assert_allclose(plain[0] + mirrored[0], 2 * ANKLE_X_PX["side"])
    assert plain[1] == pytest.approx(mirrored[1])


@given(
    radians=st.floats(-3.1, 3.1),
    scale=st.floats(0.3, 3.0),
    shift=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    mirrored=st.booleans(),
)
def test_crop_does_not_depend_on_how_the_picture_lies(
    radians: float, scale: float, shift: tuple[float, float], *, mirrored: bool
) -> None:
    """Turn, scale and shift a picture: every point of it lands in the same place of the crop, and comes back."""
    leg = Leg(BENT.view, BENT.knee, BENT.ankle, BENT.torso_px, mirrored)
    moved, affine = turned(leg, radians, scale, shift)
    points = np.array([(250.0, 500.0), (310.0, 390.0)])
    there = through(to_crop(moved), through(affine, points))
    np.testing.assert_allclose(there, through(to_crop(leg), points), atol=1e-6)
    np.testing.assert_allclose(through(inverse(to_crop(leg)), there), points, atol=1e-6)


@pytest.mark.parametrize("broken", [{"ankle": BENT.knee}, {"torso_px": 0.0}, {"knee": np.array([np.nan, 1.0])}])
def test_leg_without_extent_is_refused(broken: dict[str, object]) -> None:
    """There is no crop of a leg whose knee and ankle are one, or that has no size."""
    given_leg = {"view": "side", "knee": BENT.knee, "ankle": BENT.ankle, "torso_px": 120.0, "mirrored": False}
    with pytest.raises(ValueError, match="expected a knee"):
        to_crop(Leg(**(given_leg | broken)))  # type: ignore[arg-type]  # a mapping of mixed values


def test_maps_are_read_between_cells() -> None:
    """Two cells of equal score mean the point between them, and the mean of their spreads; a single one its middle."""
    maps = np.full((1, 4, 6, 5), -50.0)
    maps[0, 0, 2, 3] = 0.0
    maps[0, 1, 4, 1] = maps[0, 1, 4, 2] = 0.0
    maps[0, 2:] = np.log(3.0)
    maps[0, 3, 4, 1:3] = np.log([2.0, 8.0])
    points, spreads = read_maps(maps)
    np.testing.assert_allclose(points[0], [(13.5, 9.5), (7.5, 17.5)], atol=1e-6)
    np.testing.assert_allclose(spreads[0], [3.0, 4.0], rtol=1e-6)


@pytest.mark.parametrize(("breadth", "view"), [(0.1, "side"), (0.5, "frontal")])
def test_view_is_told_by_the_breadth_of_the_trunk(breadth: float, view: str) -> None:
    """Shoulders and hips half a torso broad each are seen from front or rear; a tenth, from the side."""
    person = np.zeros((33, 4))
    for joint, height in (("shoulder", 0.0), ("hip", 100.0)):
        for sign, side in ((1, "left"), (-1, "right")):
            person[LANDMARK_INDEX[f"{side}_{joint}"], :2] = (200 + sign * 50 * breadth, height)
    assert view_of(person) == view


def test_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    """One line says what is wrong with the installation."""
    wrong = tmp_path / "legs.onnx"
    wrong.write_bytes(b"not a network")
    with pytest.raises(ModelError, match="expected a network"):
        open_networks({"side": wrong}, 1)


@pytest.fixture(scope="module", params=["typical_side", "typical_front", "typical_rear"])
def seen(request: pytest.FixtureRequest, heavy_model: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return a picture of a sample clip and the pose model's landmarks of it, (33, 4)."""
    capture = cv2.VideoCapture(str(SAMPLES / f"{request.param}.mp4"))
    try:
        capture.set(cv2.CAP_PROP_POS_FRAMES, 40)
        image = capture.read()[1]
    finally:
        capture.release()
    people = estimate_people([Frame(0, 0.0, image)], heavy_model, jobs=1)
    person = np.column_stack([people.xy_px[0, 0], people.visibility[0, 0], people.presence[0, 0]])
    return image, person


@dataclass(frozen=True)
class Frame:
    """What `midstance.video` yields."""

    index: int
    time_s: float
    image_bgr: np.ndarray


LEGS = [LANDMARK_INDEX[name] for name in MENDED]
TORSO_CM = 50.0


@pytest.mark.slow
def test_points_hardly_depend_on_where_the_pose_model_puts_the_leg(seen: tuple[np.ndarray, np.ndarray]) -> None:
    """Knees and ankles 2 cm beside the last ones give the same legs within 1 cm, and the rest of the body stays."""
    image, person = seen
    (networks,) = open_networks(own_networks(), 1)
    assert networks is not None
    cm = np.hypot(*(person[11] + person[12] - person[23] - person[24])[:2]) / 2 / TORSO_CM
    found, trust = networks.mend(image, person)
    assert trust > 0.8
    for shift_cm in ((2, 0), (-2, 0), (0, 2), (0, -2)):
        beside = person.copy()
        beside[LEGS, :2] += np.array(shift_cm) * cm
        again, _ = networks.mend(image, beside)
        assert np.hypot(*(again - found)[LEGS, :2].T).max() < 1.0 * cm
    rest = np.setdiff1d(np.arange(33), LEGS)
    np.testing.assert_array_equal(found[rest], person[rest])


@pytest.mark.slow
def test_mirrored_picture_gives_the_mirrored_legs(seen: tuple[np.ndarray, np.ndarray]) -> None:
    """Left and right swap in the mirror, and nothing else: the networks know one side only."""
    image, person = seen
    (networks,) = open_networks(own_networks(), 1)
    assert networks is not None
    twins = [LANDMARK_INDEX[_twin(name)] for name in LANDMARK_NAMES]
    in_mirror = person[twins] * (-1, 1, 1, 1) + (image.shape[1] - 1, 0, 0, 0)
    found, _ = networks.mend(np.ascontiguousarray(image[:, ::-1]), in_mirror)
    plain, _ = networks.mend(image, person)
    expected = plain[twins] * (-1, 1, 1, 1) + (image.shape[1] - 1, 0, 0, 0)
    np.testing.assert_allclose(found, expected, atol=0.3)


@pytest.mark.slow
def test_large_pictures_give_the_same_legs(seen: tuple[np.ndarray, np.ndarray]) -> None:
    """Three times as many pixels, the same runner: the crop is shrunk with care."""
    image, person = seen
    (networks,) = open_networks(own_networks(), 1)
    assert networks is not None
    large = np.asarray(cv2.resize(image, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    to_large = np.array([3.0, 3.0, 1.0, 1.0])
    found, _ = networks.mend(large, person * to_large + (1, 1, 0, 0))
    torso_px = 3 * np.hypot(*(person[11] + person[12] - person[23] - person[24])[:2]) / 2
    small, _ = networks.mend(image, person)
    apart = found[LEGS, :2] - (small[LEGS, :2] * 3 + 1)
    assert np.hypot(*apart.T).max() < 0.02 * torso_px


def _twin(name: str) -> str:
    """Return the landmark of the other side."""
    for this, other in (("left", "right"), ("right", "left")):
        if this in name:
            return name.replace(this, other)
    return name
