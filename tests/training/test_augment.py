"""Pictures to train on: the points stay on the picture whatever chance does to it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from training.augment import draw, place
from training.task import MARGIN_PX, TASKS

LEGS = TASKS["legs"]
WIDTH_PX, HEIGHT_PX = LEGS.size_px
SIZE = (HEIGHT_PX + 2 * MARGIN_PX, WIDTH_PX + 2 * MARGIN_PX)


def dots(points: np.ndarray) -> np.ndarray:
    """Return a grey picture with a white dot on each point."""
    picture = np.full((*SIZE, 3), 60, dtype=np.uint8)
    for x, y in points:
        cv2.circle(picture, (int(x), int(y)), 4, (255, 255, 255), -1)
    return picture


@pytest.mark.parametrize("view", ["side", "frontal"])
def test_points_stay_on_the_picture(view: str) -> None:
    """After turn, scale, shift, light, blur and noise, each point still lies on its dot."""
    points = np.array([(70, 50), (70, 146), (58, 165), (112, 163)], dtype=np.float32)
    picture = dots(points)
    bright = []
    for seed in range(60):
        crop, there = draw(np.random.default_rng(seed), picture, points, LEGS, view)
        inside = [(x, y) for x, y in np.rint(there).astype(int) if 0 <= x < WIDTH_PX and 0 <= y < HEIGHT_PX]
        usual = np.median(crop, axis=(0, 1))
        bright += [float((crop[y, x] - usual).mean()) > 0.02 for x, y in inside]
    assert len(bright) > 200
    assert np.mean(bright) > 0.85  # the others lie under a bar or a stripe


def test_crops_lie_around_the_usual_place() -> None:
    """The ankle of a drawn crop is near where the product puts it, a little high as the pose model has it."""
    ankle = np.array(LEGS.anchor_px["side"]) + MARGIN_PX
    drawn = [place(np.random.default_rng(seed), LEGS, "side") for seed in range(400)]
    there = np.array([affine[:, :2] @ ankle + affine[:, 2] for affine in drawn])
    apart = there - LEGS.anchor_px["side"]
    np.testing.assert_allclose(apart.mean(axis=0), (0, 3), atol=1.0)
    assert 3 < apart[:, 0].std() < 9
    assert 5 < apart[:, 1].std() < 12


def test_same_seed_draws_the_same_picture() -> None:
    """Training can be repeated to the bit."""
    points = np.array([(70, 50), (70, 146), (58, 165), (112, 163)], dtype=np.float32)
    picture = dots(points)
    one, two = (draw(np.random.default_rng(7), picture, points, LEGS, "side") for _ in range(2))
    np.testing.assert_array_equal(one[0], two[0])
    np.testing.assert_array_equal(one[1], two[1])
