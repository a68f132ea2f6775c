"""Video against the laboratory: clocks, pairs, tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from benchmarks.mocap.rbds import find_trial
from benchmarks.mocap.skeleton import build_skeleton

from midstance.api import ClipLandmarks, analyze, analyze_landmarks, reanalyse
from midstance.api.export import export
from midstance.api.truth import TruthComparison, compare_truth
from midstance.formats.c3d import write_c3d
from midstance.formats.points import Points
from midstance.formats.trc import write_trc
from midstance.science.errors import CannotAnalyseError, InputError
from midstance.science.marker_tracks import MarkerTracks, Placement
from midstance.science.records import Analysis, ClipFacts
from midstance.science.sync import best_shift
from tests.formats.conftest import GAIT
from tests.support.cli import midstance, rows
from tests.support.runner import Points as Paths
from tests.support.runner import make_runner

pytestmark = pytest.mark.xdist_group("formats")

CLOCK_S = 3.25
"""How far the laboratory's clock is ahead of the clip's."""
KNEE_HALF_WIDTH_M = 0.05
FRONT_SPINE_M, BACK_SPINE_M = (0.10, 0.02), (-0.10, 0.06)
"""Ahead of and above the middle of the hips."""


def joints() -> tuple[np.ndarray, Paths]:
    """Return times and joints of the fixture's run at the rate of a laboratory."""
    time_s = np.arange(round(150 * GAIT.duration_s)) / 150
    return time_s, make_runner(GAIT).points(time_s)


def laboratory() -> Points:
    """Return markers: knees by a lateral and a medial one, the pelvis by its spines; axes x forward, z up."""
    time_s, points = joints()
    named = {"LSHO": points["left_shoulder"], "RSHO": points["right_shoulder"]}
    hips = (points["left_hip"] + points["right_hip"]) / 2
    for letter, side, out in (("L", "left", -1.0), ("R", "right", 1.0)):
        aside = np.array([0, 0, out * KNEE_HALF_WIDTH_M])
        named |= {f"{letter}KNE": points[f"{side}_knee"] + aside, f"{letter}KNM": points[f"{side}_knee"] - aside}
        named |= {f"{letter}HJC": points[f"{side}_hip"], f"{letter}AJC": points[f"{side}_ankle"]}
        named |= {f"{letter}HEE": points[f"{side}_heel"], f"{letter}TOE": points[f"{side}_foot_index"]}
        named[f"{letter}ASI"] = hips + np.array([*FRONT_SPINE_M, out * 0.12])
        named[f"{letter}PSI"] = hips + np.array([*BACK_SPINE_M, out * 0.04])
    z_up = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], dtype=float)
    xyz = np.stack([path @ z_up for path in named.values()], axis=1)
    return Points(tuple(named), time_s + CLOCK_S, xyz, "m", {})


@pytest.fixture(scope="module")
def trc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the laboratory's markers as a TRC file."""
    path = tmp_path_factory.mktemp("lab") / "lab.trc"
    write_trc(laboratory(), path)
    return path


@pytest.fixture(scope="module")
def compared(run: Analysis, trc: Path) -> TruthComparison:
    """Return the comparison of the fixture's run with the laboratory."""
    return compare_truth(run, trc)


def bias(comparison: TruthComparison, measure: str, instant: str = "midstance") -> list[float]:
    """Return the bias of a measure, side by side."""
    return [line.bias for line in comparison.lines if (line.measure, line.instant) == (measure, instant)]


def test_the_clock_is_found(compared: TruthComparison) -> None:
    """The laboratory's clock is found to some milliseconds, from the side and from the front."""
    for view, within_s in (("side", 0.005), ("front", 0.015)):
        assert compared.shifts[view].shift_s == pytest.approx(CLOCK_S, abs=within_s)
        assert compared.shifts[view].correlation > 0.9


def test_the_same_measures_agree(compared: TruthComparison, run: Analysis) -> None:
    """A camera without error agrees with markers at the joints, but for what the joint centres of the model add."""
    strides = {(p.side, p.stride) for p in compared.pairs if p.view == "side"}
    assert len(strides) >= len([s for s in run.view("side").strides if s.valid]) - 1
    assert len({p.measure for p in compared.pairs}) > 12
    for line in compared.lines:
        assert line.low == pytest.approx(line.bias - 1.96 * line.sd)
        assert line.bias == pytest.approx(line.video_mean - line.truth_mean, abs=1e-9)
    assert np.allclose(bias(compared, "cadence", "stride"), 0, atol=0.5)


def test_without_the_models_joint_centres_nothing_is_left(run: Analysis, trc: Path) -> None:
    """With landmarks that are joint centres the bias is within a degree."""
    clips = [
        (v.scene.view, ClipLandmarks(v.raw, ClipFacts(v.clip.file, len(v.raw), v.raw.fps, v.raw.duration_s), None))
        for v in run.views
    ]
    found = compare_truth(analyze_landmarks(clips), trc)
    for measure in ("tibial_inclination", "knee_flexion", "trunk_lean", "knee_valgus", "foot_progression"):
        assert bias(found, measure)
        assert np.allclose(bias(found, measure), 0, atol=1.0), measure


def test_c3d_and_a_table_of_markers(run: Analysis, trc: Path, tmp_path: Path) -> None:
    """A C3D file whose markers bear other names is read by the user's table, with the same result."""
    lab = laboratory()
    strange = Points(tuple(f"M{i}" for i in range(len(lab.names))), lab.time_s, lab.xyz, "m", {})
    write_c3d(strange, (), tmp_path / "lab.c3d")
    at = {name: f"M{i}" for i, name in enumerate(lab.names)}
    table = tmp_path / "markers.csv"
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["landmark", "markers"])
        for letter, side in (("L", "left"), ("R", "right")):
            writer.writerow([f"{side}_knee", f"{at[f'{letter}KNE']}+{at[f'{letter}KNM']}"])
            for ours, theirs in (
                ("hip", "HJC"), ("ankle", "AJC"), ("heel", "HEE"), ("foot_index", "TOE"),
                ("shoulder", "SHO"), ("asis", "ASI"), ("psis", "PSI"),
            ):  # fmt: skip
                writer.writerow([f"{side}_{ours}", at[f"{letter}{theirs}"]])
    plain, named = compare_truth(run, trc), compare_truth(run, tmp_path / "lab.c3d", markers=table)
    assert bias(named, "knee_flexion") == pytest.approx(bias(plain, "knee_flexion"), abs=0.02)
    assert named.shifts["side"].shift_s == pytest.approx(CLOCK_S, abs=0.005)
    table.write_text("landmark,markers\nleft_knee,NOT_THERE\n")
    with pytest.raises(InputError, match="expected the marker NOT_THERE"):
        compare_truth(run, tmp_path / "lab.c3d", markers=table)


def test_single_markers_and_regressed_hips_are_told(run: Analysis, tmp_path: Path) -> None:
    """A knee with its lateral marker alone, and hips from the spines, are told as what they are."""
    lab = laboratory()
    kept = [i for i, name in enumerate(lab.names) if not name.endswith(("KNM", "HJC"))]
    less = Points(tuple(lab.names[i] for i in kept), lab.time_s, lab.xyz[:, kept], "m", {})
    write_trc(less, tmp_path / "less.trc")
    remarks = " | ".join(compare_truth(run, tmp_path / "less.trc").remarks)
    assert "left knee is marker LKNE alone" in remarks
    assert "Harrington 2007" in remarks


def test_a_laboratorys_markers_stand_in_place_of_a_clip(run: Analysis, trc: Path) -> None:
    """Markers by their usual names are analysed by themselves, as a distant camera sees them."""
    alone = analyze(trc, front=trc)
    assert alone.view("side").scene.near_side == "right"
    found = compare_truth(alone, trc)
    assert found.shifts["side"].shift_s == pytest.approx(0.0, abs=0.001)
    assert np.allclose([line.bias for line in found.lines if line.unit == "deg"], 0, atol=0.01)
    assert len(found.lines) > len(run.summary) / 2


def test_pelvic_tilt_by_video_is_compared(run: Analysis, trc: Path) -> None:
    """Where the video has markers on the pelvis, their tilt is compared with that of the spines."""
    series = run.view("side").raw
    points = make_runner(GAIT).points(series.time_s)
    hips = (points["left_hip"] + points["right_hip"]) / 2
    spines = [hips[:, :2] + np.array(place) for place in (FRONT_SPINE_M, BACK_SPINE_M)]
    xy_px = -400 * np.stack(spines, axis=1)  # the runner faces left, and pixels count downwards
    placed = Placement("spines", 0, {"front": tuple(xy_px[0, 0]), "back": tuple(xy_px[0, 1])})
    tracks = MarkerTracks(placed, series.time_s, series.frame, xy_px, np.ones(xy_px.shape[:2]))
    found = bias(compare_truth(reanalyse(run, pelvis={"side": tracks}), trc), "pelvic_tilt")
    assert len(found) == 2
    assert np.allclose(found, 0, atol=0.2)


def test_a_table_of_stances(run: Analysis, tmp_path: Path) -> None:
    """A row a stance serves as truth: contacts give the clock, columns the numbers."""
    time_s, _ = joints()
    runner = make_runner(GAIT)
    lines = ["side,initial_contact_s,toe_off_s,knee_flexion_midstance_deg,nonsense_deg"]
    for stance in runner.stances():
        knee = np.interp(stance.midstance_s, time_s, runner.angles(time_s, stance.side)["knee_flexion"])
        lines.append(f"{stance.side},{stance.initial_contact_s + CLOCK_S},,{knee},1")
    path = tmp_path / "truth.csv"
    path.write_text("\n".join(lines) + "\n")
    found = compare_truth(run, path)
    assert found.shifts["side"].shift_s == pytest.approx(CLOCK_S, abs=0.015)
    assert {line.measure for line in found.lines} == {"knee_flexion"}
    assert all(line.n >= 4 for line in found.lines)


def test_a_given_shift_is_taken(run: Analysis, trc: Path) -> None:
    """A shift that is known is used as it is; a wrong one pairs nothing and says so."""
    assert compare_truth(run, trc, shift_s=CLOCK_S).shifts["side"].shift_s == CLOCK_S
    with pytest.raises(CannotAnalyseError, match="--shift-s"):
        compare_truth(run, trc, shift_s=100.0)


def test_a_shift_is_found_in_noise() -> None:
    """A curve that does not repeat is found where it is, and a repeating one is called unsure."""
    rng = np.random.default_rng(3)
    long_s = np.arange(0, 20, 0.004)
    walk = np.cumsum(rng.standard_normal(len(long_s)))
    short_s = np.arange(0, 6, 1 / 60)
    part = np.interp(short_s + 7.123, long_s, walk) + 0.1 * rng.standard_normal(len(short_s))
    found = best_shift(short_s, part, long_s, walk)
    assert found.shift_s == pytest.approx(7.123, abs=0.01)
    assert found.sure
    wave = best_shift(short_s, np.sin(9 * short_s), long_s, np.sin(9 * long_s))
    assert not wave.sure


def test_the_command_prints_and_writes(saved: Path, trc: Path, tmp_path: Path) -> None:
    """`midstance compare-truth` tells the shift and a table, and writes a row a measure and a row a number."""
    ended = midstance("compare-truth", saved, trc, "--out", tmp_path)
    assert ended.code == 0, ended.err
    assert "side: the laboratory's clock shows +3.2" in ended.out
    assert "limits of agreement" in ended.out
    agreed, strides = rows(tmp_path / "agreement.csv"), rows(tmp_path / "strides.csv")
    assert {"bias", "sd", "low", "high"} <= set(agreed[0])
    assert {row["quality"] for row in agreed if (row["view"], row["side"]) == ("side", "left")} == {"ok", "low"}
    assert "~ the video's own grade is low" in ended.out
    assert sum(int(row["n"]) for row in agreed) == len(strides)
    assert any(row["measure"] == "tibial_inclination" and row["instant"] == "midstance" for row in agreed)


@pytest.mark.parametrize(
    ("name", "told"), [("lab.xyz", "expected a file that ends in"), ("gone.trc", "check the name")]
)
def test_wrong_truth_is_refused(run: Analysis, tmp_path: Path, name: str, told: str) -> None:
    """A file of another kind, or none, is refused in one line."""
    with pytest.raises(InputError, match=told):
        compare_truth(run, tmp_path / name)


def test_a_picture_is_no_truth(run: Analysis, tmp_path: Path) -> None:
    """Landmarks of a video as TRC are refused as truth, with what is wrong with them."""
    [side, _] = export(run, tmp_path, ["trc"])
    with pytest.raises(InputError, match="expected markers in space, given a file that holds a picture"):
        compare_truth(run, side)


def test_motion_capture_agrees_with_its_virtual_phones(shared: Path, tmp_path: Path) -> None:
    """Real markers against phones without error: angles of the shank and knee within what perspective does."""
    mocap = shared / "data" / "mocap"
    trial = find_trial(mocap / "raw")
    assert trial is not None
    skeleton = build_skeleton(trial)
    joint = {"knee": "KJC", "ankle": "AJC", "hip": "HJC", "heel": "HEE", "mt2": "TOE", "shoulder": "SHO"}
    names = {f"{s}_{j}": f"{s[0].upper()}{m}" for s in ("left", "right") for j, m in joint.items()}
    names |= {f"{s}.{spine}S": f"{s}{spine[:2]}I" for s in ("L", "R") for spine in ("ASI", "PSI")}
    xyz = np.stack([skeleton.points[name][:3000] for name in names], axis=1)
    write_trc(Points(tuple(names.values()), skeleton.time_s[:3000] + CLOCK_S, xyz, "m", {}), tmp_path / "lab.trc")
    found = compare_truth(analyze(mocap / "rbds001_25_side.csv"), tmp_path / "lab.trc")
    assert found.shifts["side"].shift_s == pytest.approx(CLOCK_S, abs=0.005)
    for measure in ("tibial_inclination", "knee_flexion", "hip_flexion"):
        assert np.allclose(bias(found, measure), 0, atol=1.0), measure
        assert all(line.sd < 0.5 for line in found.lines if (line.measure, line.instant) == (measure, "midstance"))
