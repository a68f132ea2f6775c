"""Who is flagged: labels from the truth, counts, intervals, bars."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.inputs import find_recordings
from benchmarks.accuracy.records import Recording, Truth, TruthStance
from benchmarks.accuracy.truth import read_truth
from benchmarks.findings.confusion import Share, bars_of, confusion, not_assessed, sample_bars, sensitivity, specificity
from benchmarks.findings.legs import Leg, legs_of
from benchmarks.findings.page import Judged, render
from benchmarks.findings.run import findings_section
from benchmarks.findings.truth import LegTruth, leg_truth
from benchmarks.landmarks.frames import frames_file, true_points

from midstance.api import silent
from midstance.science.landmarks import LANDMARK_INDEX, SIDES, Side
from midstance.science.records import Level

USUAL = {
    ("ankle_dorsiflexion", "stance_peak"): 22.0,
    ("knee_flexion", "midstance"): 40.0,
    ("tibial_inclination", "midstance"): 23.0,
    ("foot_progression", "midstance"): 6.0,
    ("knee_valgus", "midstance"): -1.0,
    ("pelvic_drop", "stance_peak"): 4.0,
}
COMPENSATES = {"foot_progression": 18.0, "knee_valgus": 9.0, "pelvic_drop": 9.0}


def truth_with(angles: dict[str, float], side: Side = "right") -> Truth:
    """Return ten equal stances of each leg: a usual runner whose one leg has other angles."""
    own = {key: angles.get(key[0], value) for key, value in USUAL.items()}
    return Truth(
        tuple(TruthStance(s, i, i + 0.3, i + 0.1, own if s == side else USUAL) for i in range(10) for s in SIDES)
    )


def label(angles: dict[str, float], side: Side = "right") -> tuple[str, str]:
    """Return label and kind of a leg of a runner whose right leg has these angles."""
    found = leg_truth(truth_with(angles), side)
    return found.label, found.kind


def leg(level: Level, answer: str = "positive", kind: str = "usual", runner: str = "r", side: Side = "right") -> Leg:
    """Return a leg that was given a level."""
    truth = leg_truth(truth_with({}), side)
    return Leg(runner, side, LegTruth(answer, kind, truth.evidence), level, {})  # type: ignore[arg-type] # any label


def test_low_ankle_with_compensation_is_positive_on_its_side() -> None:
    """The leg with the pattern is positive, the other leg of the same runner is not."""
    both = COMPENSATES | {"ankle_dorsiflexion": 13.0}
    assert label(both) == ("positive", "reduced dorsiflexion, compensation")
    assert label(both, "left")[0] == "negative"


def test_low_ankle_with_habitual_toe_out_is_the_pattern() -> None:
    """Nothing tells a habitual toe-out from a compensation: with reduced dorsiflexion it is positive."""
    assert label({"ankle_dorsiflexion": 13.0, "foot_progression": 18.0}) == (
        "positive",
        "reduced dorsiflexion, toe-out",
    )


@pytest.mark.parametrize(
    ("angles", "kind"),
    [
        ({}, "usual"),
        ({"knee_flexion": 29.0, "ankle_dorsiflexion": 16.0}, "stiff knee"),
        ({"foot_progression": 18.0}, "toe-out"),
        (COMPENSATES, "compensation"),
        ({"ankle_dorsiflexion": 13.0}, "reduced dorsiflexion"),
    ],
)
def test_a_part_of_the_pattern_is_negative(angles: dict[str, float], kind: str) -> None:
    """A stiff knee, toe-out, compensation or a low ankle alone is no pattern."""
    assert label(angles) == ("negative", kind)


@pytest.mark.parametrize("peak", [17.5, 16.5])
def test_true_values_near_a_threshold_are_borderline(peak: float) -> None:
    """Half a degree on either side of the threshold of dorsiflexion, all else clear: no label."""
    assert label(COMPENSATES | {"ankle_dorsiflexion": peak})[0] == "borderline"


def test_samples_are_what_they_are_called(project_root: Path) -> None:
    """By their truth the typical sample has the pattern on no side, the restricted one on the right."""
    folder = project_root / "sample_videos"
    found = {n: read_truth(folder / f"{n}_truth.csv") for n in ("typical", "restricted")}
    labels = {(n, s): leg_truth(truth, s).label for n, truth in found.items() for s in SIDES}
    assert labels.pop(("restricted", "right")) == "positive"
    assert set(labels.values()) == {"negative"}


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_wilson_interval(hits: int, of: int, low: float, high: float) -> None:
    """The interval is the published one: 0, 5 and 10 of 10."""
    assert Share(hits, of).interval == pytest.approx((low, high), abs=1e-4)


def test_share_of_nothing_is_unknown() -> None:
    """Without cases there is no share and no interval."""
    assert np.isnan(Share(0, 0).value)
    assert np.isnan(Share(0, 0).interval).all()


def test_rates_leave_out_borderline_and_not_assessed_legs() -> None:
    """Only assessed legs with a clear label count; how many were not assessed is told apart."""
    legs = [leg("possible"), leg("none"), leg("not_assessed"), leg("likely", "borderline")]
    legs += [leg("none", "negative"), leg("consistent", "negative"), leg("not_assessed", "negative")]
    assert sensitivity(legs) == Share(1, 2)
    assert specificity(legs) == Share(1, 2)
    assert not_assessed(legs) == Share(2, 7)


def test_table_counts_each_kind_by_level() -> None:
    """Negative kinds come first, each with its counts."""
    legs = [leg("possible"), leg("none", "negative", "toe-out"), leg("none", "negative", "toe-out")]
    first, second = confusion(legs)
    assert (first.label, first.kind, first.counts) == ("negative", "toe-out", {"none": 2})
    assert (second.label, second.counts["possible"]) == ("positive", 1)


def test_bars_over_the_grid() -> None:
    """4 of 5 flagged meets 0.80, 19 of 20 left alone meets 0.95; one toe-out alone that is flagged misses its bar."""
    good = [*[leg("possible")] * 4, leg("none"), *[leg("none", "negative")] * 19, leg("possible", "negative")]
    assert [bar.met for bar in bars_of(good)] == [True, True, None]
    assert [bar.met for bar in bars_of([*good, leg("none"), leg("possible", "negative", "toe-out")])] == [False] * 3
    assert all(bar.met is None for bar in bars_of([]))


def test_bars_on_the_samples() -> None:
    """`typical` must be none on both sides; of `restricted` only the side with the pattern counts."""
    legs = [leg("none", "negative", runner="typical", side=s) for s in SIDES]
    legs += [leg("not_assessed", "negative", runner="restricted", side="left"), leg("consistent", runner="restricted")]
    assert [bar.met for bar in sample_bars(legs)] == [True, True]
    legs += [leg("not_assessed", "negative", runner="typical"), leg("possible", runner="restricted")]
    assert [bar.met for bar in sample_bars(legs)] == [False, False]


def test_page_shows_bars_counts_and_wrong_legs() -> None:
    """The section names the bars missed, the counts, the intervals and each leg that was told the wrong thing."""
    text = render([Judged("Clips, heavy", [leg("none", runner="grid_003"), leg("none", "negative")])])
    assert "| 0.00 (0.80) **missed** |" in text
    assert "| specificity over the grid | 1.00 (0.95) met |" in text
    assert "| negative | usual | 1 | 1 | 0 | 0 | 0 | 0 |" in text
    assert "| sensitivity | 0 of 1 | 0 | 0 to 0.79 |" in text
    assert "| grid_003, right | usual | `none` |" in text


def test_true_points_become_landmarks(tmp_path: Path) -> None:
    """Points of the truth stand where the landmarks of their joints stand; what has no point is not seen."""
    path = frames_file(tmp_path / "run_left.mp4")
    path.parent.mkdir()
    with gzip.open(path, "wt") as handle:
        handle.write("frame,time_s,point,x_m,y_m,z_m,x_px,y_px\n")
        for i in range(3):
            handle.write(f"{i},{i / 60:.6f},left_foot_axis,0,0,0,{10 + i},20\n{i},{i / 60:.6f},nose,0,0,0,5,6\n")
    found = true_points(path)
    series = found.landmarks
    assert found.facts.model is None
    assert found.facts.fps == pytest.approx(60, rel=1e-3)
    np.testing.assert_allclose(series.point("left_foot_index")[:, 0], [10, 11, 12])
    np.testing.assert_allclose(series.point("nose")[0], [5, 6])
    assert np.isnan(series.point("right_knee")).all()
    assert series.visibility[0, LANDMARK_INDEX["nose"]] == 1


def test_recording_that_cannot_be_analysed_is_not_assessed(recordings: Path, tmp_path: Path) -> None:
    """Clips too short for strides leave both legs without an assessment, and the reason is told."""
    short = tmp_path / "stick_side.csv"
    lines = (recordings / "stick_side.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    short.write_text("".join(lines[: len(lines) // 12]), encoding="utf-8")
    recording = Recording("stick", "s", "clips", recordings / "stick_truth.csv", (("side", short),))
    assert [found.level for found in legs_of(recording, "", silent)] == ["not_assessed"] * 2


def test_section_of_real_landmarks_holds_every_runner(recordings: Path) -> None:
    """Bars stand there without data to judge by, and a truth that does not tell of the ankle is borderline."""
    text = findings_section(find_recordings(recordings, "stick"), [], ("heavy",), silent)
    assert "### Clips, heavy" in text
    assert "### True points" not in text
    assert "| the sample `typical` | – |" in text
    assert "| borderline | usual | 2 |" in text
