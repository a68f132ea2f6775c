"""A runner on a plain picture, from the side and from the front."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.overlay.text import Image
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES, LandmarkSeries, Side, other_side
from midstance.science.records import AngleSeries, Facing, ViewAnalysis
from tests.support.example import example_analysis

GREY = 120


@pytest.fixture(scope="session")
def side_view() -> ViewAnalysis:
    """The runner faces right; the right leg is near, the left one is graded low."""
    return example_analysis().view("side")


@pytest.fixture(scope="session")
def front_view() -> ViewAnalysis:
    """The runner comes towards the camera: the left leg is on the picture's right."""
    return example_analysis().view("front")


@pytest.fixture
def picture(side_view: ViewAnalysis) -> Image:
    """A plain grey frame of the size of the clip."""
    return plain(side_view)


def plain(view: ViewAnalysis) -> Image:
    """Return a plain grey frame of the size of a view's clip."""
    assert view.landmarks.frame_size_px is not None
    width, height = view.landmarks.frame_size_px
    return np.full((height, width, 3), GREY, dtype=np.uint8)


def with_landmarks(view: ViewAnalysis, landmarks: LandmarkSeries) -> ViewAnalysis:
    """Return a view with other landmarks."""
    return replace(view, raw=landmarks, landmarks=landmarks, centres=landmarks)


def without(view: ViewAnalysis, *names: str) -> ViewAnalysis:
    """Return a view in which some landmarks are never seen."""
    xy_px = view.landmarks.xy_px.copy()
    xy_px[:, [LANDMARK_INDEX[n] for n in names]] = np.nan
    return with_landmarks(view, replace(view.landmarks, xy_px=xy_px))


def resized(view: ViewAnalysis, factor: float) -> ViewAnalysis:
    """Return the view of the same clip, filmed with more or fewer pixels."""
    assert view.landmarks.frame_size_px is not None
    width, height = (round(factor * side) for side in view.landmarks.frame_size_px)
    landmarks = replace(view.landmarks, xy_px=factor * view.landmarks.xy_px, frame_size_px=(width, height))
    scene = replace(view.scene, leg_length_px=factor * view.scene.leg_length_px)
    return replace(with_landmarks(view, landmarks), scene=scene)


def mirrored(view: ViewAnalysis) -> ViewAnalysis:
    """Return the view of the same clip with the picture mirrored: left becomes right."""
    assert view.landmarks.frame_size_px is not None
    order = [LANDMARK_INDEX[_swapped(name)] for name in LANDMARK_NAMES]
    xy_px = view.landmarks.xy_px[:, order].copy()
    xy_px[..., 0] = view.landmarks.frame_size_px[0] - xy_px[..., 0]
    near: Side | None = other_side(view.scene.near_side) if view.scene.near_side else None
    turned: dict[Facing, Facing] = {"left": "right", "right": "left"}
    facing = turned.get(view.scene.facing, view.scene.facing)
    angles = {(m, other_side(s)): v for (m, s), v in view.angles.values.items()}
    return replace(
        with_landmarks(view, replace(view.landmarks, xy_px=xy_px)),
        scene=replace(view.scene, facing=facing, near_side=near),
        angles=AngleSeries(view.angles.time_s, angles),
        strides=tuple(replace(s, side=other_side(s.side)) for s in view.strides),
        values=tuple(replace(v, side=other_side(v.side)) for v in view.values),
    )


def _swapped(name: str) -> str:
    words = {"left": "right", "right": "left"}
    return "_".join(words.get(word, word) for word in name.split("_"))
