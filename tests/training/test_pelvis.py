"""What the pelvis network learns from, and what is told of it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from training.pelvis.augment import draw
from training.pelvis.figures import agreement, figures_of
from training.pelvis.prior import draw_prior
from training.pelvis.shards import Shards, make_shard, read_shards
from training.pelvis.task import (
    HIPS_PX,
    MARGIN_PX,
    MIRRORED,
    POINTS,
    PRIORS,
    PX_PER_TORSO,
    SIZE_PX,
    STORED_PX,
    angles_of,
    crop_affine,
)
from training.shelf import QUALITY

COLOURS = [(255, 60, 60), (60, 255, 60)]
"""Of dots on the left and on the right."""


def dots(points: np.ndarray) -> np.ndarray:
    """Return a grey picture with a coloured dot on each point."""
    picture = np.full((STORED_PX[1], STORED_PX[0], 3), 90, dtype=np.uint8)
    for i, (x, y) in enumerate(points):
        cv2.circle(picture, (round(x), round(y)), 4, COLOURS[i % 2], -1)
    return picture


def examples(count: int = 4) -> Shards:
    """Return examples whose pictures show where the points are."""
    rng = np.random.default_rng(3)
    grid = np.stack([np.tile([70.0, 150.0], 5), np.repeat(np.linspace(60, 220, 5), 2)], axis=1)
    points = grid + rng.uniform(-8, 8, (count, *grid.shape)).round()
    written = [cv2.imencode(".jpg", dots(p), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].ravel() for p in points]
    return Shards(
        codes=[code for code in written for _ in range(3)],
        points=points,
        hidden=np.zeros((count, len(POINTS)), dtype=bool),
        prior=np.repeat(rng.uniform(40, 200, (count, 1, len(PRIORS), 2)), 3, axis=1),
        angles_deg=rng.uniform(-10, 10, (count, 3)),
        heading_deg=np.full(count, 90.0),
        leg_px=np.full(count, 160.0),
        clip=np.arange(count) // 2,
    )


def test_points_stay_on_the_picture_and_keep_their_side() -> None:
    """After shift, scale, mirror, light and blur points lie on the dot of their side; where mirrored, on the other."""
    shards, right = examples(), 0
    for seed in range(20):
        sample = draw(np.random.default_rng(seed), shards, seed % 4)
        blue, green = sample.pictures[3], sample.pictures[4]
        mirrored = sample.angles_deg[1] * shards.angles_deg[seed % 4, 1] < 0
        for i, (x, y) in enumerate(sample.points):
            there = np.s_[round(float(y)), round(float(x))]
            right += (blue[there] > green[there]) == ((i % 2 == 0) != mirrored)
    assert right > 0.97 * 20 * len(POINTS)


def test_a_mirrored_runner_leans_to_the_other_side() -> None:
    """Where left and right are exchanged, obliquity and rotation change their signs and tilt does not."""
    shards = examples(1)
    drawn = [draw(np.random.default_rng(seed), shards, 0).angles_deg for seed in range(8)]
    signs = {tuple(np.sign(angles * shards.angles_deg[0])) for angles in drawn}
    assert signs == {(1.0, 1.0, 1.0), (1.0, -1.0, -1.0)}


def test_the_crop_hangs_from_the_landmarks() -> None:
    """The middle of the hips lies where it belongs and the torso has its length."""
    prior = np.random.default_rng(0).uniform(100, 300, (len(PRIORS), 2))
    prior[:2] -= (0, 300)
    affine = crop_affine(prior)
    shoulders, hips = (prior[i : i + 2].mean(axis=0) @ affine[:, :2].T + affine[:, 2] for i in (0, 2))
    np.testing.assert_allclose(hips, HIPS_PX)
    assert np.hypot(*(shoulders - hips)) == pytest.approx(PX_PER_TORSO)
    assert all(0 < h < size for h, size in zip(HIPS_PX, SIZE_PX, strict=True))


def test_angles_have_the_signs_of_the_measures() -> None:
    """Spines at the back up is anterior, left up is positive, the left spine behind is a turn to the left."""
    level = {"left_asis": (0.1, 0.12, 1.0), "right_asis": (0.1, -0.12, 1.0)}
    level |= {"left_psis": (-0.05, 0.04, 1.0), "right_psis": (-0.05, -0.04, 1.0)}
    points = {name: np.array(place) for name, place in level.items()}
    np.testing.assert_allclose(angles_of(points), 0, atol=1e-9)
    tipped = points | {name: points[name] + (0, 0, 0.03) for name in ("left_psis", "right_psis")}
    assert angles_of(tipped)[0] > 5
    assert angles_of(points | {"left_asis": points["left_asis"] + (0, 0, 0.02)})[1] > 3
    assert angles_of(points | {"left_asis": points["left_asis"] - (0.02, 0, 0)})[2] > 3


def test_the_prior_tells_nothing_of_the_obliquity() -> None:
    """Over many draws the hips' slope keeps little of the truth's; left and right are exchanged now and then."""
    heights = {"shoulder": 0.0, "hip": 100.0, "knee": 190.0, "ankle": 280.0, "heel": 290.0, "foot_index": 295.0}
    true = {n: np.tile([130.0 if "left" in n else 90.0, heights[n.partition("_")[2]]], (3, 1)) for n in PRIORS}
    true["left_hip"] = true["left_hip"] - (0, 12)
    left, right = PRIORS.index("left_hip"), PRIORS.index("right_hip")
    drawn = [draw_prior(np.random.default_rng(seed), true, (0.0, 1.0)) for seed in range(600)]
    slopes = np.array([d[1, right, 1] - d[1, left, 1] for d in drawn])
    exchanged = np.mean([d[1, right, 0] > d[1, left, 0] for d in drawn])
    assert abs(slopes.mean()) < 3.0
    assert 0.02 < exchanged < 0.15


def test_figures_of_the_truth_and_of_exchanged_sides() -> None:
    """The truth has no error and slope 1; the truth with left and right exchanged is exchanged in every frame."""
    shards = examples(8)
    true = shards.points - MARGIN_PX
    perfect = figures_of(true, shards.angles_deg, shards)
    assert perfect.exchanged_percent == 0
    assert max(perfect.points_percent.values()) == 0
    assert perfect.frames["tilt"].slope == pytest.approx(1)
    assert perfect.clips["tilt"].rmse_deg == pytest.approx(0)
    assert np.isnan(perfect.clips["obliquity"].slope)
    assert figures_of(true[:, list(MIRRORED)], shards.angles_deg, shards).exchanged_percent == 100
    assert agreement(np.array([0.0, 1, 2]), np.array([0.0, 2, 4])).slope == pytest.approx(0.5)


@pytest.mark.slow
@pytest.mark.long
def test_a_training_taken_up_again_ends_alike(tmp_path: Path) -> None:
    """Two epochs in one go and two with a stop between them give the same weights."""
    torch = pytest.importorskip("torch")
    from training.pelvis import train as training  # needs torch

    torch.set_num_threads(1)
    shards, plan = examples(4), training.Plan(epochs=2, batch=2)
    whole = training.train(plan, shards, shards, tmp_path / "whole.pt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "_epoch", _stop_at(1, training._epoch))
        with pytest.raises(KeyboardInterrupt):
            training.train(plan, shards, shards, tmp_path / "parts.pt")
    parts = training.train(plan, shards, shards, tmp_path / "parts.pt")
    for name, weight in whole.state_dict().items():
        assert torch.equal(weight, parts.state_dict()[name]), name


def _stop_at(epoch: int, go_on: object) -> object:
    """Return a training epoch that is interrupted at one number."""

    def run(*given: object) -> object:
        if given[-1] == epoch:
            raise KeyboardInterrupt
        return go_on(*given)  # type: ignore[operator]  # the function that is replaced

    return run


@pytest.mark.slow
@pytest.mark.long
def test_a_shard_is_the_same_at_every_call(tmp_path: Path) -> None:
    """A subject rendered twice gives the same pictures and numbers; the file can be read as examples."""
    for name in ("first", "second"):
        (tmp_path / name / "learn").mkdir(parents=True)
        make_shard(tmp_path / name, "learn", 3, shots=2, bursts=2)
    first, second = (read_shards(tmp_path / name, "learn") for name in ("first", "second"))
    assert len(first) == 4
    assert first.pictures(0).shape == (3, STORED_PX[1], STORED_PX[0], 3)
    np.testing.assert_array_equal(first.pictures(3), second.pictures(3))
    np.testing.assert_array_equal(first.points, second.points)
