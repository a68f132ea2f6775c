from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from midstance.overlay import overlay_size_px, still, write_overlay
from midstance.overlay.compose import Composer
from midstance.overlay.style import BAND, SIDE_COLOUR, Colour
from midstance.overlay.text import Image
from midstance.science.landmarks import LANDMARK_INDEX, LANDMARK_NAMES
from midstance.science.records import AngleSeries, ViewAnalysis
from midstance.video.reader import open_clip
from midstance.video.writer import open_writer
from tests.overlay.conftest import mirrored, plain, resized, with_landmarks, without

NOW_S = 3.0


@dataclass(frozen=True, eq=False)
class _Frame:
    index: int
    time_s: float
    image_bgr: Image


class _Kept:
    """A writer that keeps what it is given."""

    def __init__(self) -> None:
        self.images: list[Image] = []
        self.times_s: list[float] = []

    def write(self, image_bgr: Image, time_s: float) -> None:
        self.images.append(image_bgr.copy())
        self.times_s.append(time_s)


def _frames(view: ViewAnalysis, count: int) -> Iterator[_Frame]:
    return (_Frame(i, i / 60, plain(view)) for i in range(count))


def _picture(view: ViewAnalysis, canvas: Image) -> Image:
    """Return the part of a canvas that shows the clip."""
    x, y, width, height = _composer(view).layout.picture
    return canvas[y : y + height, x : x + width]


def _composer(view: ViewAnalysis) -> Composer:
    assert view.landmarks.frame_size_px is not None
    return Composer(view, view.landmarks.frame_size_px)


def _at(view: ViewAnalysis, canvas: Image, name: str, time_s: float) -> Colour:
    """Return the colour between knee and ankle or at a landmark."""
    row = int(np.searchsorted(view.landmarks.time_s, time_s))
    joints = [view.landmarks.xy_px[row, LANDMARK_INDEX[n]] for n in name.split("+")]
    x, y = np.mean(joints, axis=0)
    blue, green, red = (int(c) for c in _picture(view, canvas)[round(y), round(x)])
    return blue, green, red


def _is_like(colour: Colour, other: Colour, tolerance: int = 25) -> bool:
    return max(abs(a - b) for a, b in zip(colour, other, strict=True)) <= tolerance


def test_legs_are_drawn_in_the_colours_of_their_sides(front_view: ViewAnalysis) -> None:
    """Both thighs carry the colours of their sides, on the places of the landmarks."""
    canvas = still(plain(front_view), front_view, NOW_S)
    for side in ("left", "right"):
        assert _is_like(_at(front_view, canvas, f"{side}_hip+{side}_knee", NOW_S), SIDE_COLOUR[side])


def test_colours_swap_when_the_runner_is_mirrored(front_view: ViewAnalysis) -> None:
    """In the mirrored clip the same place shows the other side's colour."""
    view = mirrored(front_view)
    canvas, other = still(plain(front_view), front_view, NOW_S), still(plain(view), view, NOW_S)
    assert _is_like(_at(front_view, canvas, "left_hip+left_knee", NOW_S), SIDE_COLOUR["left"])
    assert _is_like(_at(view, other, "right_hip+right_knee", NOW_S), SIDE_COLOUR["right"])


def test_far_leg_is_fainter(side_view: ViewAnalysis) -> None:
    """In a side view the far leg lets the picture shine through, the near one does not."""
    near, far = plain(side_view), plain(side_view)
    near_only = still(near, without(side_view, *_leg("left")), NOW_S)
    far_only = still(far, without(side_view, *_leg("right")), NOW_S)
    assert _is_like(_at(side_view, near_only, "right_hip+right_knee", NOW_S), SIDE_COLOUR["right"])
    far_colour = _at(side_view, far_only, "left_hip+left_knee", NOW_S)
    assert not _is_like(far_colour, SIDE_COLOUR["left"])
    assert far_colour[0] > far_colour[2] + 30  # still the blue of the left side


def test_missing_landmarks_leave_the_picture_alone(side_view: ViewAnalysis) -> None:
    """Where no landmark is seen nothing is drawn on the picture, at any time of the stride."""
    view = without(side_view, *LANDMARK_NAMES)
    composer = _composer(view)
    for time_s in np.arange(1.0, 2.0, 0.05):
        assert (_picture(view, composer.compose(plain(view), float(time_s))) == plain(view)).all()


@pytest.mark.parametrize("joint", ["hip", "knee", "ankle", "heel", "foot_index", "shoulder"])
def test_any_landmark_may_be_missing(side_view: ViewAnalysis, front_view: ViewAnalysis, joint: str) -> None:
    """A single hidden landmark takes its lines away and harms nothing else."""
    for view in (side_view, front_view):
        hidden = without(view, f"left_{joint}")
        canvas = still(plain(view), hidden, NOW_S)
        assert _is_like(_at(view, canvas, "right_hip+right_knee", NOW_S), SIDE_COLOUR["right"])


def test_wild_landmarks_stay_off_the_bands(side_view: ViewAnalysis) -> None:
    """Landmarks far out of the picture draw nothing over header, margin and strip."""
    wild = replace(side_view.landmarks, xy_px=side_view.landmarks.xy_px + np.array([9000.0, -7000.0]))
    gone = without(side_view, *LANDMARK_NAMES)
    canvas, expected = (still(plain(v), v, NOW_S) for v in (with_landmarks(side_view, wild), gone))
    assert (_picture(side_view, canvas) == plain(side_view)).all()
    layout = _composer(side_view).layout
    assert (canvas[: layout.header.bottom] == expected[: layout.header.bottom]).all()
    assert (canvas[layout.lane.y : layout.lane.bottom] == BAND).all()


@pytest.mark.parametrize("time_s", [-5.0, 8.5, 60.0])
def test_frame_outside_of_the_analysed_time_passes_through(side_view: ViewAnalysis, time_s: float) -> None:
    """Before and after the analysed time the picture is untouched and the canvas has its size."""
    canvas = still(plain(side_view), side_view, time_s)
    assert (_picture(side_view, canvas) == plain(side_view)).all()
    assert canvas.shape[1::-1] == overlay_size_px(side_view)


def test_first_frame_a_rounding_error_early_is_drawn(side_view: ViewAnalysis) -> None:
    """A frame time that misses the first landmark by a rounding error still gets its skeleton."""
    canvas = still(plain(side_view), side_view, float(side_view.landmarks.time_s[0]) - 1e-6)
    assert not (_picture(side_view, canvas) == plain(side_view)).all()


def test_clip_away_from_the_runner_is_not_hidden(side_view: ViewAnalysis) -> None:
    """Names and numbers stand around the picture: its corners and upper part are the clip's own."""
    picture = plain(side_view)
    picture[:] = np.random.default_rng(1).integers(0, 255, picture.shape)
    shown = _picture(side_view, still(picture, side_view, NOW_S))
    assert (shown[:150] == picture[:150]).all()
    assert (shown[:, :60] == picture[:, :60]).all()


def test_source_frame_is_not_touched(side_view: ViewAnalysis) -> None:
    """The frame that was given stays as it was."""
    picture = plain(side_view)
    still(picture, side_view, NOW_S)
    assert (picture == plain(side_view)).all()


def test_size_is_constant_and_even(side_view: ViewAnalysis, front_view: ViewAnalysis) -> None:
    """Every canvas of a clip has the size told beforehand, with even sides, whatever is drawn."""
    for view in (side_view, front_view, resized(side_view, 353 / 540)):
        kept = _Kept()
        write_overlay(_frames(view, 30), view, kept)
        assert {image.shape[1::-1] for image in kept.images} == {overlay_size_px(view)}
        assert all(side % 2 == 0 for side in overlay_size_px(view))


def test_frame_of_another_size_is_fitted(side_view: ViewAnalysis) -> None:
    """A frame of another size, as after damage, still gives a canvas of the same size."""
    odd = np.full((101, 77, 3), 120, dtype=np.uint8)
    assert still(odd, side_view, NOW_S).shape[1::-1] == overlay_size_px(side_view)


def test_header_text_grows_with_the_clip(side_view: ViewAnalysis) -> None:
    """The letters of the header are larger on a larger clip, in proportion."""
    large = resized(side_view, 2.0)
    heights = [_ink_height(still(plain(view), view, NOW_S)) for view in (side_view, large)]
    assert heights[1] == pytest.approx(2 * heights[0], rel=0.15)


def test_unmeasurable_angle_is_nowhere_in_the_picture(side_view: ViewAnalysis) -> None:
    """An unmeasurable angle with a curve looks exactly as if it had none: no arc, number, row or panel."""
    values = tuple(replace(v, quality="unmeasurable") if v.measure == "knee_flexion" else v for v in side_view.values)
    graded = replace(side_view, values=values)
    curves = {k: v for k, v in side_view.angles.values.items() if k[0] != "knee_flexion"}
    absent = replace(graded, angles=AngleSeries(side_view.angles.time_s, curves))
    assert (still(plain(graded), graded, NOW_S) == still(plain(absent), absent, NOW_S)).all()
    assert not (still(plain(graded), graded, NOW_S) == still(plain(side_view), side_view, NOW_S)).all()


def test_analysis_without_strides_and_angles_is_drawn(side_view: ViewAnalysis, front_view: ViewAnalysis) -> None:
    """With landmarks only, the skeleton is drawn and nothing fails."""
    for view in (side_view, front_view):
        bare = replace(view, strides=(), values=(), curves=(), angles=AngleSeries(view.angles.time_s, {}))
        canvas = still(plain(bare), bare, NOW_S)
        assert _is_like(_at(view, canvas, "right_hip+right_knee", NOW_S), SIDE_COLOUR["right"])


def test_still_without_strip_is_lower(side_view: ViewAnalysis) -> None:
    """The strip can be left out; all above it stays the same."""
    full, bare = (still(plain(side_view), side_view, NOW_S, strip=strip) for strip in (True, False))
    assert bare.shape[0] < full.shape[0]
    layout = _composer(side_view).layout
    assert (bare[: layout.lane.bottom] == full[: layout.lane.bottom]).all()


def test_slow_motion_is_written_at_the_pace_of_the_file(side_view: ViewAnalysis) -> None:
    """With a time scale of 8 an overlay of a 240 frames/s clip plays as slowly as the clip."""
    kept, done = _Kept(), list[int]()
    write_overlay(_frames(side_view, 4), side_view, kept, time_scale=8.0, progress=done.append)
    assert kept.times_s == pytest.approx([0, 8 / 60, 16 / 60, 24 / 60])
    assert done == [1, 2, 3, 4]


def test_one_frame_is_held_at_a_time(side_view: ViewAnalysis) -> None:
    """Frames are let go once written: a long clip does not fill the memory."""
    alive: list[weakref.ref[_Frame]] = []
    most = 0

    def frames() -> Iterator[_Frame]:
        nonlocal most
        for i in range(12):
            frame = _Frame(i, i / 60, plain(side_view))
            alive.append(weakref.ref(frame))
            most = max(most, sum(ref() is not None for ref in alive))
            yield frame
            del frame

    class Nowhere:
        def write(self, image_bgr: Image, time_s: float) -> None:
            """Let the picture go."""

    write_overlay(frames(), side_view, Nowhere())
    assert len(alive) == 12
    assert most <= 2


@pytest.mark.parametrize("time_s", [3.2, 60.0, 2.5])
def test_used_canvas_shows_nothing_of_the_frame_before(side_view: ViewAnalysis, time_s: float) -> None:
    """Drawn over an earlier canvas, a frame looks as it does on a new one."""
    composer = _composer(side_view)
    used = composer.compose(plain(side_view), NOW_S)
    fresh = composer.compose(plain(side_view), time_s)
    assert not (used == fresh).all()
    assert (composer.compose(plain(side_view), time_s, used) == fresh).all()


def test_analysis_of_landmarks_alone_has_no_size(side_view: ViewAnalysis) -> None:
    """Without a picture size the overlay's size cannot be told, which is said."""
    view = replace(
        with_landmarks(side_view, replace(side_view.landmarks, frame_size_px=None)),
        clip=replace(side_view.clip, width_px=None, height_px=None),
    )
    with pytest.raises(ValueError, match="expected the analysis of a clip"):
        overlay_size_px(view)


def test_overlay_can_be_encoded_and_read(side_view: ViewAnalysis, tmp_path: Path) -> None:
    """The canvases go through the project's own writer and come back with their number, size and times."""
    width, height = overlay_size_px(side_view)
    path = tmp_path / "overlay.mp4"
    with open_writer(path, width_px=width, height_px=height) as writer:
        write_overlay(_frames(side_view, 12), side_view, writer)
    with open_clip(path) as clip:
        frames = list(clip)
    assert len(frames) == 12
    assert frames[0].image_bgr.shape == (height, width, 3)
    assert [f.time_s for f in frames] == pytest.approx([i / 60 for i in range(12)], abs=1e-3)


def _leg(side: str) -> list[str]:
    return [f"{side}_{joint}" for joint in ("hip", "knee", "ankle", "heel", "foot_index")]


def _ink_height(canvas: Image) -> int:
    """Return the height of the first line of letters in the header, on the left."""
    rows = np.flatnonzero((canvas[:120, :120].max(axis=2) > 200).any(axis=1))
    gaps = np.flatnonzero(np.diff(rows) > 1)
    return int(gaps[0] + 1 if len(gaps) else len(rows))
