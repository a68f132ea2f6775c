"""Pelvic angles from markers with known places."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.api import ClipLandmarks, analyze_landmarks
from midstance.api.edit import reanalyse
from midstance.science.chain import chain_of
from midstance.science.edits import NO_EDITS, ViewEdits
from midstance.science.errors import InputError
from midstance.science.landmarks import LandmarkSeries, Side
from midstance.science.pelvis_markers import Kind, MarkerTracks, Placement
from midstance.science.records import Analysis, View
from tests.science.helpers import STEADY, clip_facts
from tests.support.runner import Camera, film

Array = NDArray[np.float64]
POINTS = {"spines": ("front", "back"), "waistband": ("front", "back"), "hips": ("left", "right")}
LENGTH_PX = 80.0


def tracks_along(landmarks: LandmarkSeries, angle_deg: Array | float, kind: Kind, ahead: float = 1.0) -> MarkerTracks:
    """Return markers on a line through the middle of the hips.

    The angle turns clockwise in the picture from the direction `ahead` (+1 = its right side).
    """
    turn = np.radians(np.broadcast_to(angle_deg, len(landmarks)))
    half = LENGTH_PX / 2 * np.column_stack([ahead * np.cos(turn), np.sin(turn)])
    middle = landmarks.midpoint("hip")
    xy_px = np.stack([middle + half, middle - half], axis=1)
    placed = Placement(kind, 0, {n: (float(x), float(y)) for n, (x, y) in zip(POINTS[kind], xy_px[0], strict=True)})
    return MarkerTracks(placed, landmarks.time_s, landmarks.frame, xy_px, np.ones((len(landmarks), 2)))


def _run(view: View, facing: Side = "right", roll_deg: float = 0.0) -> Analysis:
    filmed = film(replace(STEADY, duration_s=9.0), Camera(view, facing=facing, roll_deg=roll_deg))
    return analyze_landmarks([(view, ClipLandmarks(filmed.landmarks, clip_facts(filmed.landmarks), None))])


@pytest.fixture(scope="module")
def side() -> Analysis:
    """The stick figure from the side, facing right."""
    return _run("side")


@pytest.fixture(scope="module")
def front() -> Analysis:
    """The stick figure from the front."""
    return _run("front")


def _measured(analysis: Analysis, tracks: MarkerTracks | None) -> Analysis:
    return reanalyse(analysis, analysis.edits, pelvis={analysis.views[0].name: tracks})


def _row(analysis: Analysis, measure: str, side: Side, instant: str = "midstance") -> tuple[float, str]:
    rows = [r for r in analysis.summary if (r.measure, r.side, r.instant) == (measure, side, instant)]
    return rows[0].median, rows[0].quality


@pytest.mark.parametrize("facing", ["left", "right"])
def test_front_marker_low_is_anterior_tilt(facing: Side) -> None:
    """A line that falls by 15 deg towards the front is +15 deg of tilt, whichever way the runner looks."""
    analysis = _run("side", facing)
    tracks = tracks_along(analysis.views[0].raw, 15.0, "spines", ahead=1.0 if facing == "right" else -1.0)
    median, quality = _row(_measured(analysis, tracks), "pelvic_tilt", facing)
    assert median == pytest.approx(15.0, abs=0.05)
    assert quality == "ok"


@pytest.mark.parametrize("view", ["front", "rear"])
def test_swing_side_low_is_drop(view: View) -> None:
    """A pelvis that hangs to the runner's right by 5 deg drops by 5 deg in left stance, by -5 deg in right stance."""
    analysis = _run(view)
    to_left = 1.0 if view == "front" else -1.0
    tracks = tracks_along(analysis.views[0].raw, -5.0, "hips", ahead=to_left)
    measured = _measured(analysis, tracks)
    assert _row(measured, "pelvic_drop", "left")[0] == pytest.approx(5.0, abs=0.05)
    assert _row(measured, "pelvic_drop", "right")[0] == pytest.approx(-5.0, abs=0.05)


def test_measured_angle_is_everywhere(side: Analysis) -> None:
    """Values, curves, summary and chain hold the tilt, with a standard error; a note says how it came about."""
    measured = _measured(side, tracks_along(side.views[0].raw, 12.0, "spines"))
    view = measured.views[0]
    values = [v for v in view.values if (v.measure, v.side) == ("pelvic_tilt", "right")]
    assert {v.quality for v in values if v.instant == "midstance"} == {"ok"}
    assert all(v.standard_error > v.shared_error > 1.0 for v in values)
    assert any(c.measure == "pelvic_tilt" for c in view.curves)
    link = next(
        x for x in chain_of(measured.views, measured.summary) if (x.measure, x.side) == ("pelvic_tilt", "right")
    )
    assert link.value == pytest.approx(12.0, abs=0.05)
    note = next(n for n in view.notes if n.check == "pelvis_markers")
    assert "frame 0" in note.message
    assert "raw line" in note.message


def test_far_leg_stays_of_low_quality(side: Analysis) -> None:
    """In strides of the far leg the tilt is there, and graded low like its other angles."""
    assert _row(_measured(side, tracks_along(side.views[0].raw, 12.0, "spines")), "pelvic_tilt", "left")[1] == "low"


def test_without_markers_the_angle_is_unmeasurable(side: Analysis) -> None:
    """Markers that are taken away leave the angle unmeasurable with its reason, and no curve."""
    measured = _measured(side, tracks_along(side.views[0].raw, 12.0, "spines"))
    for analysis in (side, _measured(measured, None)):
        values = [v for v in analysis.views[0].values if v.measure == "pelvic_tilt"]
        assert {v.quality for v in values} == {"unmeasurable"}
        assert not any(c.measure == "pelvic_tilt" for c in analysis.views[0].curves)
    assert reanalyse(measured).views[0].pelvis is not None


def test_drop_is_judged_by_its_rule(front: Analysis) -> None:
    """Rule C4 judges the drop where it is measured, and only there."""
    raw = front.views[0].raw
    for tracks, met in (
        (None, None),
        (tracks_along(raw, -10.0, "hips"), True),
        (tracks_along(raw, -3.0, "hips"), False),
    ):
        found = [e for f in _measured(front, tracks).findings if f.side == "left" for e in f.evidence if e.rule == "C4"]
        assert {e.met for e in found} == {met}


def test_waistband_is_of_low_quality(side: Analysis) -> None:
    """Tape on the waistband gives an angle whose size says little: low quality, and no standard error."""
    measured = _measured(side, tracks_along(side.views[0].raw, 12.0, "waistband"))
    value = next(v for v in measured.views[0].values if (v.measure, v.instant) == ("pelvic_tilt", "midstance"))
    assert value.quality == "low"
    assert "waistband" in value.reason
    assert np.isnan(value.standard_error)


def test_short_losses_are_filled_and_long_ones_are_not(side: Analysis) -> None:
    """A tenth of a second without a marker is bridged along with the trunk; half a second stays empty."""
    raw = side.views[0].raw
    tracks = tracks_along(raw, 12.0, "spines")
    xy_px = tracks.xy_px.copy()
    xy_px[60:66, 0] = np.nan
    xy_px[120:150, 1] = np.nan
    curve = _measured(side, replace(tracks, xy_px=xy_px)).views[0].angles.values["pelvic_tilt", "right"]
    assert np.abs(curve[:118] - 12.0).max() < 0.3
    assert np.isnan(curve[122:148]).all()


def test_much_lost_is_of_low_quality(side: Analysis) -> None:
    """A marker that is lost in half of the frames makes a low quality that says so."""
    tracks = tracks_along(side.views[0].raw, 12.0, "spines")
    xy_px = tracks.xy_px.copy()
    xy_px[np.arange(len(xy_px)) % 6 < 3, 0] = np.nan
    value = next(
        v
        for v in _measured(side, replace(tracks, xy_px=xy_px)).views[0].values
        if (v.measure, v.instant, v.side) == ("pelvic_tilt", "midstance", "right")
    )
    assert value.quality == "low"
    assert "lost in 50%" in value.reason


def test_a_jump_of_one_frame_is_dropped(side: Analysis) -> None:
    """One frame in which something else was followed does not bend the curve."""
    tracks = tracks_along(side.views[0].raw, 12.0, "spines")
    xy_px = tracks.xy_px.copy()
    xy_px[90, 0] += 40.0
    curve = _measured(side, replace(tracks, xy_px=xy_px)).views[0].angles.values["pelvic_tilt", "right"]
    assert np.nanmax(np.abs(curve - 12.0)) < 0.3


def test_level_line_turns_the_markers_too() -> None:
    """Drop is measured against the line that was drawn as level."""
    rolled = _run("front", roll_deg=3.0)
    tracks = tracks_along(rolled.views[0].raw, 3.0, "hips")
    plain = _measured(rolled, tracks)
    level = reanalyse(plain, NO_EDITS.with_view("front", ViewEdits().level(3.0)))
    median, quality = _row(plain, "pelvic_drop", "left")
    assert median == pytest.approx(-3.0, abs=0.05)
    assert quality == "low"
    assert _row(level, "pelvic_drop", "left")[0] == pytest.approx(0.0, abs=0.05)


def test_tracks_survive_json(side: Analysis) -> None:
    """Tracks with losses go to JSON and back to a hundredth of a pixel."""
    tracks = tracks_along(side.views[0].raw, 12.0, "spines")
    tracks.xy_px[5:9, 1] = np.nan
    back = MarkerTracks.from_plain(json.loads(json.dumps(tracks.to_plain(), allow_nan=False)))
    assert back.xy_px == pytest.approx(tracks.xy_px, abs=0.005, nan_ok=True)
    assert back.placement == tracks.placement
    assert back.lost_share == pytest.approx((0.0, 4 / len(tracks.time_s)))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {"kind": "ears", "frame": 1, "points": {"front": [1, 2], "back": [3, 4]}},
        {"kind": "spines", "frame": 1.5, "points": {"front": [1, 2], "back": [3, 4]}},
        {"kind": "spines", "frame": -1, "points": {"front": [1, 2], "back": [3, 4]}},
        {"kind": "spines", "frame": 1, "points": {"front": [1, 2]}},
        {"kind": "hips", "frame": 1, "points": {"front": [1, 2], "back": [3, 4]}},
        {"kind": "spines", "frame": 1, "points": {"front": [1, float("nan")], "back": [3, 4]}},
        {"kind": "spines", "frame": 1, "points": {"front": "here", "back": [3, 4]}},
    ],
)
def test_wrong_placements_are_refused(wrong: object) -> None:
    """A placement without both points, a frame and a known kind is refused in one line."""
    with pytest.raises(InputError, match=r"^markers: expected") as caught:
        Placement.from_plain(wrong)
    assert "\n" not in str(caught.value)


def test_broken_tracks_are_refused() -> None:
    """Tracks that lack a part are refused, saying to track again."""
    with pytest.raises(InputError, match="track again"):
        MarkerTracks.from_plain({"time_s": [0.0]})
