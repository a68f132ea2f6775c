from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance.api import (
    ClipLandmarks,
    analyze,
    analyze_landmarks,
    from_c3d,
    from_movement,
    from_openpose,
    from_trc,
    load,
)
from midstance.api.export import export
from midstance.formats.openpose import LAYOUTS
from midstance.science.errors import InputError, NoRunnerError
from midstance.science.landmarks import LANDMARK_INDEX, LandmarkSeries
from midstance.science.records import Analysis, View, ViewAnalysis
from tests.formats.conftest import GAIT
from tests.support.runner import Camera, film, make_runner

pytestmark = pytest.mark.xdist_group("formats")

FOREIGN = {
    "RHip": "right_hip", "RKnee": "right_knee", "RAnkle": "right_ankle", "RHeel": "right_heel",
    "RBigToe": "right_foot_index", "LHip": "left_hip", "LKnee": "left_knee", "LAnkle": "left_ankle",
    "LHeel": "left_heel", "LBigToe": "left_foot_index", "RShoulder": "right_shoulder",
    "LShoulder": "left_shoulder", "Nose": "nose",
}  # fmt: skip
"""Names as Sports2D, Pose2Sim and OpenPose write them."""
PX_TO_M = 1.75 / 700


def values_of(view: ViewAnalysis, unit: str = "deg") -> dict[tuple[str, str, int, str], float]:
    """Return the numbers of a view in a unit."""
    return {(v.measure, v.side, v.stride, v.instant): v.value for v in view.values if v.unit == unit}


def assert_same(one: ViewAnalysis, other: ViewAnalysis, within_deg: float) -> None:
    """Check that two views have the same angles and times."""
    for unit, within in (("deg", within_deg), ("s", 0.002)):
        expected, found = values_of(one, unit), values_of(other, unit)
        assert found.keys() == expected.keys()
        assert expected
        for key, value in expected.items():
            assert found[key] == pytest.approx(value, abs=within, nan_ok=True), key


def write_trc(path: Path, names: Sequence[str], time_s: np.ndarray, xyz: np.ndarray, unit: str = "m") -> Path:
    """Write a TRC file as Sports2D and Pose2Sim do: tabs at the ends, no empty line, nothing for what is missing."""
    rate = round(1 / float(np.median(np.diff(time_s))))
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        "\t".join(map(str, [rate, rate, len(time_s), len(names), unit, rate, 0, len(time_s)])),
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)),
    ]
    rows = xyz.reshape(len(time_s), -1)
    for i, (t, row) in enumerate(zip(time_s, rows, strict=True)):
        lines.append("\t".join([str(i), repr(float(t)), *("" if math.isnan(v) else repr(float(v)) for v in row)]))
    path.write_text("\n".join(lines) + "\n")
    return path


def picture(view: View = "side") -> LandmarkSeries:
    """Return landmarks of the run by a distant camera, without noise."""
    return film(GAIT, Camera(view=view, facing="left")).landmarks


def analysed(clip: ClipLandmarks, view: View = "side") -> ViewAnalysis:
    """Return the analysis of one view."""
    return analyze_landmarks([(view, clip)]).views[0]


def own(series: LandmarkSeries) -> ClipLandmarks:
    """Return landmarks as a CSV file of ours would give them."""
    from midstance.science.records import ClipFacts

    return ClipLandmarks(series, ClipFacts("x.csv", len(series), series.fps, series.duration_s), None)


@pytest.mark.parametrize("kind", ["trc", "c3d", "netcdf"])
def test_out_and_in_gives_the_same_measures(run: Analysis, tmp_path: Path, kind: str) -> None:
    """Raw points that are exported and read again give every number within rounding, pose model and all."""
    paths = {p.stem.split("_")[1]: p for p in export(run, tmp_path, [kind], points="raw")}  # type: ignore[list-item]
    again = analyze_landmarks([("side", load(paths["side"])), ("front", load(paths["front"]))])
    for before, after in zip(run.views, again.views, strict=True):
        assert after.clip.model == "heavy"
        assert after.clip.lacks == ()
        assert after.scene.near_side == before.scene.near_side
        assert_same(before, after, 0.01)


@pytest.mark.parametrize(("scale", "down"), [(PX_TO_M, False), (1.0, True)], ids=["metres", "pixels"])
def test_sports2d_trc_is_read(tmp_path: Path, scale: float, down: bool) -> None:  # noqa: FBT001 - a case
    """Both files of Sports2D, metres with y up and pixels with y down, give the angles of the picture."""
    series = picture()
    xyz = np.zeros((len(series), len(FOREIGN), 3))
    for i, name in enumerate(FOREIGN.values()):
        xyz[:, i, :2] = series.point(name) * [scale, scale if down else -scale]
        xyz[:, i, 2] = 0.1 if name.startswith("left") else -0.1
    xyz[7, 3] = np.nan
    clip = from_trc(write_trc(tmp_path / "run.trc", list(FOREIGN), series.time_s, xyz))
    assert np.isnan(clip.landmarks.point("right_heel")[7]).all()
    assert_same(analysed(own(series)), analysed(clip), 0.5)


@pytest.mark.parametrize("view", ["side", "front"])
@pytest.mark.parametrize("axes", [((1, 0, 0), (0, 1, 0), (0, 0, 1)), ((0, -1, 0), (0, 0, 1), (-1, 0, 0))])
def test_points_in_space_are_seen_from_a_view(tmp_path: Path, view: View, axes: Sequence[Sequence[float]]) -> None:
    """A Pose2Sim file in any axes of the laboratory gives the angles that a distant camera sees."""
    time_s = np.arange(301) / 60
    points = make_runner(GAIT).points(time_s)
    turn = np.array(axes, dtype=float)
    xyz = np.stack([points[name] @ turn for name in FOREIGN.values()], axis=1)
    path = write_trc(tmp_path / "run.trc", list(FOREIGN), time_s, xyz)
    clip = load(path, view=view)
    through_files = analyze(path) if view == "side" else analyze(front=path)
    assert through_files.views[0].scene.view == view
    expected = own(film(GAIT, Camera(view=view, facing="right")).landmarks)
    assert_same(analysed(expected, view), analysed(clip, view), 0.2)


def test_a_c3d_in_millimetres_is_read(tmp_path: Path) -> None:
    """A C3D file by another program, z up, is seen from either side."""
    ezc3d = pytest.importorskip("ezc3d", reason="needs ezc3d")
    time_s = np.arange(301) / 60
    points = make_runner(GAIT).points(time_s)
    z_up = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], dtype=float)
    file = ezc3d.c3d()
    file["parameters"]["POINT"]["RATE"]["value"] = [60.0]
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file["parameters"]["POINT"]["LABELS"]["value"] = list(FOREIGN)
    xyz = 1000 * np.stack([points[name] @ z_up for name in FOREIGN.values()])
    file["data"]["points"] = np.concatenate([xyz.transpose(2, 0, 1), np.ones((1, len(FOREIGN), 301))])
    file.write(str(tmp_path / "run.c3d"))
    clip = from_c3d(tmp_path / "run.c3d", near="left")
    expected = own(film(GAIT, Camera(facing="left")).landmarks)
    assert analysed(clip).scene.near_side == "left"
    assert_same(analysed(expected), analysed(clip), 0.2)


def write_openpose(folder: Path, series: LandmarkSeries, layout: int = 25) -> Path:
    """Write one file a frame: a bystander first, then the runner; what is not seen is zeros."""
    folder.mkdir()
    names = LAYOUTS[layout]
    for i in range(len(series)):
        people = []
        for shift in (900.0, 0.0):
            flat: list[float] = []
            for name in names:
                ours = FOREIGN.get(name)
                at = series.xy_px[0 if shift else i, LANDMARK_INDEX[ours]] if ours else (math.nan, math.nan)
                flat += [0.0, 0.0, 0.0] if math.isnan(at[0]) else [float(at[0] + shift), float(at[1]), 0.9]
            people.append({"person_id": [-1], "pose_keypoints_2d": flat})
        (folder / f"run_{i:012d}_keypoints.json").write_text(json.dumps({"version": 1.3, "people": people}))
    return folder


def test_openpose_json_is_read(tmp_path: Path) -> None:
    """BODY_25 files give the angles of the runner, not of who stands by; confidence is kept."""
    series = picture()
    clip = from_openpose(write_openpose(tmp_path / "json", series), 60.0)
    assert clip.facts.people_seen == 2
    assert np.nanmax(clip.landmarks.visibility) == pytest.approx(0.9)
    assert_same(analysed(own(series)), analysed(clip), 0.01)


def test_openpose_without_feet_says_what_is_missing(tmp_path: Path) -> None:
    """The 18 points have no feet: they are read, said to be lacking, and refused by the analysis by name."""
    clip = from_openpose(write_openpose(tmp_path / "json", picture(), 18), 60.0)
    assert {"left_heel", "right_foot_index"} <= set(clip.facts.lacks)
    with pytest.raises(NoRunnerError, match="heel"):
        analysed(clip)


def test_a_rate_is_asked_for(tmp_path: Path) -> None:
    """OpenPose's files hold no times: without the rate they are refused with what to give."""
    folder = write_openpose(tmp_path / "json", picture())
    with pytest.raises(InputError, match="--capture-fps"):
        load(folder)
    assert load(folder, capture_fps=120.0).facts.fps == pytest.approx(120.0)


def test_movement_datasets_are_read() -> None:
    """A dataset that `movement` makes, in frames or seconds, of one or several individuals, gives the angles."""
    xarray = pytest.importorskip("xarray", reason="needs xarray")
    series = picture()
    names = list(FOREIGN)
    runner = np.stack([series.point(FOREIGN[name]) for name in names], axis=2)
    position = np.stack([runner, runner + 500], axis=3)
    try:
        from movement.io.load_poses import from_numpy
    except ImportError:
        coords = {"time": np.arange(len(series)) / 60, "space": ["x", "y"], "keypoints": names}
        dataset = xarray.Dataset(
            {"position": (("time", "space", "keypoints", "individuals"), position)},
            coords | {"individuals": ["a", "b"]},
            {"time_unit": "seconds", "fps": 60.0},
        )
    else:
        dataset = from_numpy(position, individual_names=["a", "b"], keypoint_names=names, fps=60.0)
    with pytest.raises(InputError, match="individuals a, b"):
        from_movement(dataset)
    clip = from_movement(dataset, "a")
    assert_same(analysed(own(series)), analysed(clip), 0.01)
    frames = dataset.assign_coords(time=np.arange(len(series)))
    frames.attrs = {"time_unit": "frames", "fps": 60.0}
    assert np.allclose(from_movement(frames, "a").landmarks.time_s, series.time_s)


def test_what_a_file_lacks_is_a_note() -> None:
    """Landmarks that a file does not hold are named among the notes of the analysis."""
    series = picture()
    xy = series.xy_px.copy()
    xy[:, [LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]]] = np.nan
    clip = own(replace(series, xy_px=xy))
    clip = replace(clip, facts=replace(clip.facts, lacks=("left_shoulder", "right_shoulder")))
    note = next(n for n in analysed(clip).notes if n.check == "lacking")
    assert note.level == "caution"
    assert "left_shoulder, right_shoulder" in note.message


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.trc", "frame,time_s\n0,0\n", "is it a TRC file"),
        ("b.c3d", "nothing", "expected a C3D file"),
        ("c.nc", "nothing", "expected NetCDF by movement"),
        ("d.trc", None, "check the name"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: str | None, told: str) -> None:
    """A file that is not what its name says is refused in one line with what to do."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputError, match=told) as refused:
        load(path)
    assert "\n" not in str(refused.value)


def test_markers_without_joints_are_refused(tmp_path: Path) -> None:
    """A file whose markers bear no names of joints is refused with what is missing."""
    path = write_trc(tmp_path / "m.trc", ["M1", "M2"], np.arange(3) / 60, np.random.default_rng(1).random((3, 2, 3)))
    with pytest.raises(InputError, match="left_hip"):
        load(path)
