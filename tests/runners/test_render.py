from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runners.body import SIDES, load_body
from runners.camera import Camera, Recording
from runners.figure import Figure, dress
from runners.gait import Gait
from runners.looks import LOOKS
from runners.pose import Poser
from runners.samples import SAMPLES, make_truth
from runners.spec import TYPICAL
from runners.stage import Stage, bystander
from runners.truth import write_frames

pytest.importorskip("moderngl", reason="rendering needs the extra's moderngl")

from runners.film import film, pictures

SMALL = Camera("right", width_px=180, height_px=320, distance_m=3.6, aim_m=-0.1)
SHORT = Recording(duration_s=0.05, exposures=1, noise=0.0, samples=2)


@pytest.fixture(scope="module")
def poser(typical: Gait) -> Poser:
    """Return the typical runner's poser."""
    return Poser(typical)


def frames(poser: Poser, camera: Camera = SMALL, stage: Stage | None = None) -> np.ndarray:
    """Return a few rendered frames."""
    shoes = {s: poser.gait.limbs.feet[s].shoe for s in SIDES}
    figure = dress(poser.gait.body, LOOKS["coral"], shoes)
    rng = np.random.default_rng(0)
    return np.array(list(pictures(poser, figure, camera, stage or Stage(), SHORT, rng)))


@pytest.mark.parametrize("k1", [0.0, -0.15], ids=["straight lens", "bending lens"])
def test_runner_is_drawn_where_the_truth_projects(poser: Poser, k1: float) -> None:
    """The shoes' own colour surrounds the projected ball of both feet."""
    camera = replace(SMALL, k1=k1)
    picture = frames(poser, camera)[0].astype(int)
    points = poser.pose(np.array([0.0])).points
    for side in SIDES:
        x, y = np.round(camera.project(points[f"{side}_ball"][0])).astype(int)
        patch = picture[y - 6 : y + 7, x - 6 : x + 7].reshape(-1, 3)
        teal = (patch[:, 2] > patch[:, 0] + 25) & (patch[:, 1] > patch[:, 0] + 25)
        assert teal.sum() > 5, side


@pytest.mark.parametrize("view", ["left", "right", "front", "rear"])
def test_every_side_of_the_room_leaves_the_runner_in_view(poser: Poser, view: str) -> None:
    """No wall or furniture stands between the runner's shirt and a camera on any side."""
    camera = Camera(view, width_px=180, height_px=320, distance_m=4.5)
    picture = frames(poser, camera)[0].astype(int)
    coral = (picture[..., 0] > picture[..., 1] + 60) & (picture[..., 0] > picture[..., 2] + 40)
    assert coral.sum() > 300


def test_rail_and_bystander_change_the_picture(poser: Poser) -> None:
    """Obstacles and other people appear when asked for."""
    plain = frames(poser)[0].astype(int)
    for stage in (Stage(rail=True), Stage(bystanders=(bystander("right"),))):
        changed = np.abs(frames(poser, stage=stage)[0].astype(int) - plain).max(axis=-1) > 25
        assert changed.sum() > 150


def test_bystander_sways_about_the_feet() -> None:
    """Somebody in the background moves at the head by some centimetres and not at the feet, and can stand still."""
    person = bystander("right")
    places = np.array([person.motion(t) for t in np.arange(0, 8, 0.25)])
    head = places @ np.append(person.feet + np.array([0, 0, 1.7]), 1.0)
    assert 0.02 < np.ptp(head[:, :2], axis=0).max() < 0.15
    assert np.allclose(places @ np.append(person.feet, 1.0), np.append(person.feet, 1.0))
    assert np.allclose(bystander("right", sway=0.0).motion(3.0), np.eye(4))


def test_one_sample_with_shifts_looks_like_four(poser: Poser) -> None:
    """The quick way of smoothing edges moves nothing: the pictures differ by little and not in their mean place."""
    shoes = {s: poser.gait.limbs.feet[s].shoe for s in SIDES}
    figure = dress(poser.gait.body, LOOKS["coral"], shoes)
    quick, fine = (_picture(poser, figure, samples) for samples in (1, 4))
    assert np.abs(quick - fine).mean() < 2.5
    for axis in (0, 1):
        slope = np.gradient(fine, axis=axis)
        assert abs(np.sum((quick - fine) * slope) / np.sum(slope**2)) < 0.1


def _picture(poser: Poser, figure: Figure, samples: int) -> np.ndarray:
    recording = Recording(duration_s=0.02, noise=0.0, exposures=2, samples=samples)
    return next(pictures(poser, figure, SMALL, Stage(), recording, np.random.default_rng(0))).astype(float)


@pytest.mark.slow
def test_same_seed_gives_the_same_clip(poser: Poser, tmp_path: Path) -> None:
    """Filming twice on one machine gives identical files, and another seed does not."""
    shoes = {s: poser.gait.limbs.feet[s].shoe for s in SIDES}
    figure = dress(poser.gait.body, LOOKS["coral"], shoes)
    noisy = Recording(duration_s=0.05, exposures=2, samples=2)
    contents = []
    for i, seed in enumerate((1, 1, 2)):
        film(tmp_path / f"{i}.mp4", poser, figure, SMALL, Stage(), noisy, seed)
        contents.append((tmp_path / f"{i}.mp4").read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_frame_truth_names_every_point_in_pixels(poser: Poser, tmp_path: Path) -> None:
    """Per-frame truth can be read back with numpy and holds all points of all frames."""
    path = tmp_path / "frames.csv.gz"
    write_frames(path, poser, SHORT.frame_times_s, SMALL)
    table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8")
    assert set(table["frame"]) == set(range(len(SHORT.frame_times_s)))
    assert {"left_hip", "right_asis", "left_heel", "nose"} <= set(table["point"])
    assert np.isfinite(table["x_px"]).all()


@pytest.mark.slow
def test_shipped_truth_is_what_the_tool_makes(tmp_path: Path) -> None:
    """The truth beside the sample clips is reproduced by the present code."""
    shipped = Path(__file__).resolve().parents[2] / "sample_videos"
    for sample in SAMPLES:
        made = np.genfromtxt(make_truth(sample, tmp_path), delimiter=",", skip_header=1)
        kept = np.genfromtxt(shipped / f"{sample.name}_truth.csv", delimiter=",", skip_header=1)
        assert np.allclose(made[:, 1:], kept[:, 1:], atol=0.05, equal_nan=True)


@pytest.mark.slow
def test_every_body_can_be_dressed_in_every_look() -> None:
    """No combination of body and clothes leaves a vertex without a place."""
    body = load_body("male_2")
    gait = Gait(body, TYPICAL, 0.5, seed=0)
    matrices = Poser(gait).pose(np.array([0.1])).matrices[0]
    for look in LOOKS.values():
        vertices, normals = dress(body, look, {s: gait.limbs.feet[s].shoe for s in SIDES}).skin(matrices)
        assert np.isfinite(vertices).all()
        assert np.isfinite(normals).all()
