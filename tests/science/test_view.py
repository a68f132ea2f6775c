from __future__ import annotations

import numpy as np
import pytest

from midstance.science.catalogue import CURVE_INSTANTS, MEASURES, measures_of
from midstance.science.landmarks import SIDES
from midstance.science.records import Analysis, View
from midstance.science.settings import Settings
from midstance.science.view import NOTHING_KNOWN, facts_from_side, renamed
from tests.science.helpers import STEADY, analyse_film, run_of
from tests.support.runner import Camera, film

pytestmark = pytest.mark.xdist_group("figure")  # one worker, since the tests share analyses

VIEWS: tuple[View, ...] = ("side", "front", "rear")


def test_analysis_keeps_raw_and_clean_landmarks() -> None:
    """What was estimated stays beside what was made of it; clip and name are those given."""
    filmed, view = run_of(STEADY, Camera(noise_px=2))
    assert view.raw is filmed.landmarks
    assert len(view.landmarks) == len(filmed.landmarks)
    assert not np.array_equal(view.landmarks.xy_px, view.raw.xy_px)
    assert view.clip.file == "clip.csv"
    assert view.name == "side"


def test_analysis_is_deterministic() -> None:
    """The same landmarks give the same numbers."""
    filmed = film(STEADY, Camera(noise_px=3))
    first, again = (analyse_film(filmed) for _ in range(2))
    assert repr(first.strides) == repr(again.strides)  # not by ==, since the last stride's end is NaN
    assert [v.value for v in first.values] == pytest.approx([v.value for v in again.values], nan_ok=True, abs=0)


def test_new_name_reaches_every_row() -> None:
    """A view that is renamed has its new name in values, curves and notes, and nothing else changed."""
    _, view = run_of(STEADY)
    other = renamed(view, "side_right")
    names = [v.view for v in other.values], [c.view for c in other.curves], [n.view for n in other.notes]
    assert [set(n) for n in names] == [{"side_right"}] * 3
    assert other.name == "side_right"
    assert [v.value for v in other.values] == pytest.approx([v.value for v in view.values], nan_ok=True)
    assert other.strides == view.strides


def test_valid_strides_of_a_side() -> None:
    """Only valid strides of the side asked for."""
    _, view = run_of(STEADY)
    for side in SIDES:
        own = view.valid_strides(side)
        assert own
        assert all(s.side == side and s.valid for s in own)


def test_side_view_tells_a_frontal_one_its_timing_and_foot() -> None:
    """What the near leg shows is handed on; a frontal view hands on nothing."""
    known = facts_from_side(run_of(STEADY)[1])
    assert known.timings["left"].seen
    assert known.foot.known
    assert facts_from_side(run_of(STEADY, Camera("front"))[1]) == NOTHING_KNOWN


def test_analysis_finds_its_views_by_name() -> None:
    """A view is found by its name; another name lists those there are."""
    views = tuple(run_of(STEADY, Camera(v))[1] for v in ("side", "front"))
    analysis = Analysis(views, (), (), Settings())
    assert analysis.view("front") is views[1]
    with pytest.raises(KeyError, match=r"expected one of \['side', 'front'\], given 'rear'"):
        analysis.view("rear")


def test_catalogue_is_the_contract() -> None:
    """Names, views and instants of the measures are those that callers rely on."""
    by_view = {view: [m.name for m in measures_of(view)] for view in VIEWS}
    anywhere = ["cadence", "stride_time", "contact_time", "flight_time", "duty_factor", "vertical_oscillation_m"]
    assert by_view["side"] == [
        "tibial_inclination", "ankle_dorsiflexion", "knee_flexion", "hip_flexion", "foot_pitch", "trunk_lean",
        "pelvic_tilt", "overstride_m", *anywhere,
    ]  # fmt: skip
    assert by_view["front"] == by_view["rear"] == [
        "foot_progression", "knee_valgus", "hip_adduction", "pelvic_drop", "trunk_side_lean", "step_width_m", *anywhere,
    ]  # fmt: skip
    assert len({m.name for m in MEASURES}) == len(MEASURES)
    assert CURVE_INSTANTS == ("initial_contact", "midstance", "toe_off", "stance_peak", "swing_peak")
    assert all(m.unit == "deg" and m.positive for m in MEASURES if m.kind == "curve")
