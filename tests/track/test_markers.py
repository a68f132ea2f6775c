"""Markers are followed through made-up and rendered clips with known places."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.science.errors import InputError
from midstance.science.pelvis_markers import MarkerTracks, Placement
from midstance.track.markers import follow_markers
from midstance.track.matching import best_match, flow, template_at
from midstance.track.snapping import snapped
from midstance.track.windows import Window, cut_window
from tests.track.scene import LEG_PX, RADIUS_PX, MadeClip

CLICK_OFF_PX = np.array([[2.0, -1.5], [-1.0, 2.0]])


def _follow(clip: MadeClip, frame: int = 20, off_px: float = 1.0) -> MarkerTracks:
    places = clip.markers_px[frame] + off_px * CLICK_OFF_PX
    points = {name: (float(x), float(y)) for name, (x, y) in zip(("front", "back"), places, strict=True)}
    landmarks = clip.landmarks()
    return follow_markers(
        clip.pictures(), landmarks, landmarks, Placement("spines", frame, points), LEG_PX, lambda _: None
    )


def _off_px(tracks: MarkerTracks, clip: MadeClip) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(tracks.xy_px - clip.markers_px, axis=2), dtype=np.float64)


@pytest.mark.parametrize("frame", [0, 45, 89])
def test_markers_are_followed_from_any_frame(frame: int) -> None:
    """From the first, a middle or the last frame, both markers are found in every frame within half a pixel."""
    clip = MadeClip()
    tracks = _follow(clip, frame)
    assert tracks.lost_share == (0.0, 0.0)
    assert _off_px(tracks, clip).max() < 0.5
    assert tracks.confidence.min() > 0.7


def test_marker_behind_an_arm_is_lost_and_found_again() -> None:
    """While an arm covers the front marker it is lost, not guessed; after that it is found again."""
    clip = MadeClip(arm_over=(40, 50))
    tracks = _follow(clip)
    off = _off_px(tracks, clip)
    assert np.isnan(off[40:50, 0]).all()
    assert (tracks.confidence[40:50, 0] == 0).all()
    assert np.isfinite(off[52:, 0]).all()
    assert np.nanmax(off) < 0.5
    assert tracks.lost_share[1] == 0.0


def test_marker_that_fell_off_is_not_replaced_by_something_else() -> None:
    """When the front marker is gone for good, nothing else is followed in its place, not even the other marker."""
    clip = MadeClip(gone=(60, 90))
    tracks = _follow(clip)
    assert np.isfinite(tracks.xy_px[:60, 0]).all()
    assert np.isnan(tracks.xy_px[61:, 0]).mean() > 0.9


def test_errors_do_not_add_up_without_a_marker() -> None:
    """Cloth without a marker is followed for as long as it looks the same; the last second is as good as the first."""
    clip = replace(MadeClip(frames=240), markers=False)
    tracks = _follow(clip, off_px=0.0)
    off = _off_px(tracks, clip)
    assert max(tracks.lost_share) < 0.05
    assert np.nanmedian(off) < 1.0
    assert np.nanmedian(off[-60:]) < np.nanmedian(off[:60]) + 0.2


def test_missing_frames_are_lost_and_bridged() -> None:
    """Frames that cannot be read have no marker; those after them do."""
    clip = MadeClip()
    landmarks = clip.landmarks()
    points = {n: (float(x), float(y)) for n, (x, y) in zip(("front", "back"), clip.markers_px[20], strict=True)}
    readable = (p for p in clip.pictures() if not 30 <= p[0] < 34)
    tracks = follow_markers(readable, landmarks, landmarks, Placement("spines", 20, points), LEG_PX, lambda _: None)
    lost = np.isnan(tracks.xy_px[:, 0, 0])
    assert set(np.flatnonzero(lost)) == {30, 31, 32, 33}


def test_a_click_beside_a_marker_is_moved_to_its_middle() -> None:
    """A click up to a marker's radius off lands within a third of a pixel of the middle."""
    clip = MadeClip()
    _, picture = next(clip.pictures())
    for marker, off in ((0, (3.0, -3.0)), (1, (-4.0, 2.0))):
        true = clip.markers_px[0, marker]
        window = cut_window(picture, true, 40)
        assert window is not None
        assert np.hypot(*(snapped(window, true + off, 12) - true)) < 0.35


def test_a_click_on_plain_cloth_stays_where_it_is() -> None:
    """Where there is no spot, the place that was clicked counts."""
    clip = replace(MadeClip(), markers=False)
    _, picture = next(clip.pictures())
    click = clip.markers_px[0, 0]
    window = cut_window(picture, click, 40)
    assert window is not None
    np.testing.assert_array_equal(snapped(window, click, int(2 * RADIUS_PX)), click)


def test_flow_and_correlation_find_a_known_shift() -> None:
    """A picture that is moved by a known distance is found there, by flow and by correlation."""
    clip = MadeClip()
    (_, first), (_, second), *_ = clip.pictures()
    windows = [cut_window(p, np.array([280.0, 200.0]), 60) for p in (first, second)]
    start, end = (w for w in windows if w is not None)
    place, true = clip.markers_px[0, 0], clip.markers_px[1, 0]
    found = flow(start, end, place, place, 25)
    match = best_match(template_at(start, place, 12), end, place, 8)
    assert found is not None
    assert match is not None
    assert np.hypot(*(found - true)) < 0.2
    assert np.hypot(*(match.place_px - true)) < 0.2
    assert match.score > 0.95


def test_windows_end_at_the_edge_of_the_picture() -> None:
    """A window is cut off at the edge, and there is none beside the picture."""
    picture = np.zeros((50, 60, 3), dtype=np.uint8)
    window = cut_window(picture, np.array([2.0, 48.0]), 10)
    assert isinstance(window, Window)
    assert window.image.shape == (12, 13)
    assert tuple(window.origin_px) == (0.0, 38.0)
    assert cut_window(picture, np.array([-30.0, 20.0]), 10) is None


@pytest.mark.parametrize(("frame", "place"), [(500, (280.0, 200.0)), (20, (900.0, 200.0))])
def test_impossible_placements_are_refused(frame: int, place: tuple[float, float]) -> None:
    """A frame that the clip does not have, or a marker outside the picture, is refused in one line."""
    clip = MadeClip()
    landmarks = clip.landmarks()
    placement = Placement("spines", frame, {"front": place, "back": (200.0, 180.0)})
    with pytest.raises(InputError, match="markers: expected"):
        follow_markers(clip.pictures(), landmarks, landmarks, placement, LEG_PX, lambda _: None)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "most_off_deg"), [("typical_side", 3.0), ("typical_front", 0.5)])
def test_painted_markers_on_a_sample_clip_give_the_true_angle(
    project_root: Path, name: str, most_off_deg: float
) -> None:
    """Markers painted into a rendered clip are followed to half a pixel; tilt and drop come out at midstance."""
    sys.path.insert(0, str(project_root))
    from benchmarks.markers.run import run_trial
    from benchmarks.markers.samples import sample_clips

    clip = next(c for c in sample_clips() if c.path.stem == name)
    trial = run_trial(clip, np.random.default_rng(5))
    assert trial.error_px < 0.5
    assert trial.wrong_share == 0.0
    assert trial.lost_share < 0.15
    assert trial.angle_share > 0.8
    assert trial.midstances >= 3
    assert max(abs(b) for b in trial.leg_biases_deg) < most_off_deg
