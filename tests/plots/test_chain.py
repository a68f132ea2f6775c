"""The chain drawn on the runner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from midstance.plots.chain import chain_figure, chain_moments, draw_chain
from midstance.plots.chain_labels import labels_of, spread
from midstance.plots.style import SIDE_COLOUR
from midstance.science.landmarks import LANDMARK_INDEX
from midstance.science.records import Analysis, ChainLink
from tests.report.factories import NAN, link, links
from tests.support.example import SIZE_PX, example_analysis


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    """Two views; in the side view the right leg is near."""
    return example_analysis()


def texts(figure: Figure) -> list[str]:
    """Return what is written in a drawing."""
    return [t.get_text() for t in figure.axes[0].texts]


def dots(figure: Figure) -> list[tuple[float, float, bool]]:
    """Return the joints as (x, y, solid)."""
    return [
        (
            float(np.ravel(line.get_xdata())[0]),
            float(np.ravel(line.get_ydata())[0]),
            line.get_markerfacecolor() != "white",
        )
        for line in figure.axes[0].lines
        if line.get_marker() == "o"
    ]


def test_near_leg_from_the_side_and_both_from_the_front(analysis: Analysis) -> None:
    """Each leg is drawn where it can be seen, at a midstance of its own."""
    moments = chain_moments(analysis)
    assert [(m.view.name, m.side) for m in moments] == [("side", "right"), ("front", "left"), ("front", "right")]
    for moment in moments:
        times = [s.midstance_s for s in moment.view.valid_strides(moment.side)]
        assert min(abs(t - moment.time_s) for t in times) <= 0.5 / moment.view.clip.fps + 1e-9


def test_leg_without_a_valid_stride_is_left_out(analysis: Analysis) -> None:
    """Nothing is drawn at a midstance that was not found."""
    front = analysis.view("front")
    strides = tuple(replace(s, valid=False) if s.side == "left" else s for s in front.strides)
    found = chain_moments(replace(analysis, views=(replace(front, strides=strides),)))
    assert [m.side for m in found] == ["right"]


def test_values_stand_beside_joints_with_their_errors(analysis: Analysis) -> None:
    """The side view shows knee and ankle of its leg; what belongs to another view is not there."""
    figure = chain_figure(chain_moments(analysis)[0], links())
    assert set(texts(figure)) == {"Knee", "Knee flexion\n40.0 ± 2.1°", "Ankle", "Ankle dorsiflexion\n15.2 ± 2.1°"}


def test_measured_joints_are_solid_and_others_hollow(analysis: Analysis) -> None:
    """A joint without a number is hollow and says `not measurable`."""
    moment = chain_moments(analysis)[1]
    figure = chain_figure(moment, links())
    assert any("not measurable" in text for text in texts(figure))
    by_height = sorted(dots(figure), key=lambda dot: dot[1])
    assert [solid for _, _, solid in by_height] == [False, True, True]


def test_dots_lie_on_the_landmarks(analysis: Analysis) -> None:
    """The drawing is in pixels of the clip, so that lines fall on the runner."""
    moment = chain_moments(analysis)[0]
    landmarks = moment.view.landmarks
    index = int(np.argmin(np.abs(landmarks.time_s - moment.time_s)))
    knee = landmarks.xy_px[index, LANDMARK_INDEX["right_knee"]]
    assert any(np.allclose((x, y), knee) for x, y, _ in dots(chain_figure(moment, links())))


def test_picture_gives_a_jpeg_and_landmarks_alone_a_png(analysis: Analysis) -> None:
    """With a frame the leg is drawn over it; without one a stick figure stands on plain ground."""
    moment = chain_moments(analysis)[0]
    frame = np.full((SIZE_PX[1], SIZE_PX[0], 3), (200, 120, 40), dtype=np.uint8)
    assert draw_chain(moment, links(), frame).startswith(b"\xff\xd8")
    assert draw_chain(moment, links()).startswith(b"\x89PNG")
    (image,) = chain_figure(moment, links(), frame).axes[0].images
    shown = np.asarray(image.get_array())
    assert shown[..., 0].mean() < shown[..., 2].mean()  # red and blue are not exchanged
    assert not chain_figure(moment, links()).axes[0].images


def test_colour_tells_the_side(analysis: Analysis) -> None:
    """The leg has the colour of its side in the plots."""
    for moment in chain_moments(analysis)[1:]:
        colours = {to_rgb(line.get_color()) for line in chain_figure(moment, links()).axes[0].lines}
        assert to_rgb(SIDE_COLOUR[moment.side]) in colours


def test_missing_landmarks_draw_what_is_left(analysis: Analysis) -> None:
    """A knee that was not seen leaves its lines out and its label too."""
    view = analysis.view("side")
    xy_px = view.landmarks.xy_px.copy()
    xy_px[:, LANDMARK_INDEX["right_knee"]] = np.nan
    hidden = replace(view, landmarks=replace(view.landmarks, xy_px=xy_px))
    figure = chain_figure(chain_moments(replace(analysis, views=(hidden,)))[0], links())
    assert "Knee" not in texts(figure)
    assert "Ankle" in texts(figure)


def test_several_measures_of_a_joint_share_a_label(analysis: Analysis) -> None:
    """A joint is hollow only when none of its measures has a number."""
    both: Sequence[ChainLink] = (
        link("ankle", "right", "ankle_dorsiflexion", "stance_peak", NAN),
        link("ankle", "right", "tibial_inclination", "midstance", 20.0, error=NAN),
    )
    (label,) = labels_of(analysis.view("side"), "right", both)
    assert label.lines == ("Ankle dorsiflexion", "not measurable", "Tibial inclination", "20.0°")
    assert label.measured


@dataclass(frozen=True)
class Room:
    """A column from 0 to 100."""

    top: float = 0.0
    bottom: float = 100.0


def test_labels_never_overlap_and_stay_in_order() -> None:
    """Labels that would fall on each other move apart, within the room."""
    places = spread([5, 6, 7, 95], [20, 20, 20, 20], Room())
    gaps = np.diff(places)
    assert (gaps >= 20 - 1e-9).all()
    assert min(places) >= 10
    assert max(places) <= 90
    assert spread([30, 70], [20, 20], Room()) == [30, 70]
