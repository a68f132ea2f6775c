from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance.overlay.arcs import UP, Arc, arc_of
from midstance.overlay.layout import arrange
from midstance.overlay.moment import Moment, Moments
from midstance.overlay.pen import Points
from midstance.science.landmarks import Side
from midstance.science.records import ClipFacts, View, ViewAnalysis
from midstance.science.settings import Settings
from midstance.science.view import analyse_view
from midstance.storage.landmarks_csv import read_landmarks
from tests.overlay.conftest import mirrored, without

SIZE = (1080, 1920)


@pytest.fixture(scope="module", params=["side", "front", "rear"])
def mocap(request: pytest.FixtureRequest, shared: Path) -> ViewAnalysis:
    """A real runner, with the angles of the science."""
    name: View = request.param
    file = shared / "data" / "mocap" / f"rbds001_25_30fps_{name}.csv"
    landmarks = replace(read_landmarks(file), frame_size_px=SIZE)
    facts = ClipFacts(file.name, len(landmarks), landmarks.fps, landmarks.duration_s)
    return analyse_view(name, name, landmarks, facts, Settings())


def _arcs(moment: Moment) -> dict[tuple[str, Side], tuple[float, Arc]]:
    found = ((r, arc_of(moment, r)) for r in moment.readings)
    return {(r.trace.measure, r.trace.side): (r.value, arc) for r, arc in found if arc is not None}


def test_arc_is_as_wide_as_its_number(mocap: ViewAnalysis) -> None:
    """On a real runner the angle drawn is the number beside it, in size and in direction."""
    moments = Moments(mocap, arrange(mocap.scene, SIZE))
    ways: dict[tuple[str, Side], set[bool]] = {}
    for time_s in np.arange(2.0, 6.0, 0.13):
        for (measure, side), (value, arc) in _arcs(moments.at(float(time_s))).items():
            turn = np.degrees(arc.turn_rad)
            assert abs(turn) == pytest.approx(abs(value), abs=0.7), (measure, side, time_s)
            if abs(value) > 1:
                ways.setdefault((measure, side), set()).add(bool(turn * value > 0))
    assert len(ways) >= 2
    assert all(len(found) == 1 for found in ways.values())


def test_arc_lies_between_its_lines(side_view: ViewAnalysis) -> None:
    """The arc starts on the dashed line and ends on the line of the body, at its radius."""
    moment = Moments(side_view, arrange(side_view.scene, (540, 960))).at(3.0)
    for _, arc in _arcs(moment).values():
        points = arc.points()
        assert points[0] == pytest.approx(arc.apex + arc.radius_px * arc.reference)
        assert points[-1] == pytest.approx(arc.apex + arc.radius_px * arc.body)
        assert np.hypot(*(points - arc.apex).T) == pytest.approx(arc.radius_px)


def test_arcs_stand_on_the_joints_they_name(side_view: ViewAnalysis) -> None:
    """Tibial inclination: from the ankle, shank against the vertical. Knee: shank against the thigh's line."""
    moment = Moments(side_view, arrange(side_view.scene, (540, 960))).at(3.0)
    hip, knee, ankle, heel, toe = (moment.point(f"right_{j}") for j in ("hip", "knee", "ankle", "heel", "foot_index"))
    arcs = {measure: arc for (measure, _), (_, arc) in _arcs(moment).items()}
    tibia, bend, foot = arcs["tibial_inclination"], arcs["knee_flexion"], arcs["ankle_dorsiflexion"]
    assert tibia.apex == pytest.approx(ankle)
    assert tibia.reference == pytest.approx(UP)
    assert tibia.body == pytest.approx(_direction(ankle, knee))
    assert bend.apex == pytest.approx(knee)
    assert bend.reference == pytest.approx(_direction(hip, knee))
    assert bend.body == pytest.approx(_direction(knee, ankle))
    assert foot.apex == pytest.approx(ankle)
    assert foot.body == pytest.approx(_direction(heel, toe))


def test_valgus_arc_opens_at_the_knee(front_view: ViewAnalysis) -> None:
    """Knee valgus: from the knee, shank against the thigh's line, be the value positive or negative."""
    moments = Moments(front_view, arrange(front_view.scene, (540, 960)))
    signs = set()
    for time_s in np.arange(1.0, 6.0, 0.05):
        moment = moments.at(float(time_s))
        for (measure, side), (value, arc) in _arcs(moment).items():
            if measure == "knee_valgus":
                hip, knee, ankle = (moment.point(f"{side}_{j}") for j in ("hip", "knee", "ankle"))
                assert arc.apex == pytest.approx(knee)
                assert arc.reference == pytest.approx(_direction(hip, knee))
                assert arc.body == pytest.approx(_direction(knee, ankle))
                signs.add(value > 0)
    assert signs == {True, False}


def test_dorsiflexion_turns_the_toes_up(side_view: ViewAnalysis) -> None:
    """With positive dorsiflexion the foot lies above its neutral line, whichever way the runner faces."""
    for view, side in ((side_view, "right"), (mirrored(side_view), "left")):
        stride = next(s for s in view.strides if s.side == side and s.number == 4)
        moment = Moments(view, arrange(view.scene, (540, 960))).at(stride.midstance_s)
        value, arc = next(found for (m, _), found in _arcs(moment).items() if m == "ankle_dorsiflexion")
        assert value > 10
        assert arc.body[1] < arc.reference[1]


def test_missing_landmark_has_no_arc(side_view: ViewAnalysis) -> None:
    """Without the knee neither its angle nor the shank's is drawn; the ankle's and the trunk's still are."""
    view = without(side_view, "right_knee")
    arcs = _arcs(Moments(view, arrange(view.scene, (540, 960))).at(3.0))
    assert {m for m, _ in arcs} == {"trunk_lean", "ankle_dorsiflexion"}


def test_foot_progression_has_no_arc(front_view: ViewAnalysis) -> None:
    """Foot progression is not the angle that the foot makes in the picture, so no arc pretends so."""
    stride = next(s for s in front_view.strides if s.side == "left" and s.number == 4)
    moment = Moments(front_view, arrange(front_view.scene, (540, 960))).at(stride.midstance_s)
    assert {m for m, _ in _arcs(moment)} == {"knee_valgus", "trunk_side_lean"}


def _direction(start: Points, end: Points) -> Points:
    length = float(np.hypot(*(end - start)))
    return (end - start) / length
