from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.api.analyse import analyze_landmarks
from midstance.api.edit import reanalyse
from midstance.api.export import export, from_analysis
from midstance.science.catalogue import MEASURE
from midstance.science.errors import InputError, OutputError
from midstance.science.marker_tracks import MarkerTracks, Placement
from midstance.science.records import Analysis
from midstance.storage.analysis_json import write_analysis
from midstance.storage.kept import write_kept
from tests.formats.conftest import filmed
from tests.support.cli import midstance

pytestmark = pytest.mark.xdist_group("formats")


@pytest.fixture(scope="module")
def out(run: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every format."""
    folder = tmp_path_factory.mktemp("out")
    export(run, folder)
    return folder


@pytest.fixture
def opensim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return OpenSim, whose log is left in a folder that is thrown away."""
    monkeypatch.chdir(tmp_path)
    return pytest.importorskip("opensim", reason="needs opensim")


def test_opensim_reads_the_landmarks(run: Analysis, out: Path, opensim: Any) -> None:
    """OpenSim finds each landmark in metres, upright, at the times of the frames."""
    view = run.view("side")
    table = opensim.TimeSeriesTableVec3(str(out / "landmarks_side.trc"))
    assert table.getTableMetaDataString("Units") == "m"
    assert table.getNumRows() == len(view.landmarks)
    assert np.allclose(table.getIndependentColumn(), view.landmarks.time_s, atol=1e-6)
    hip, ankle = (table.getDependentColumn(f"left_{name}") for name in ("hip", "ankle"))
    here = 100
    expected = (view.landmarks.point("left_ankle") - view.landmarks.point("left_hip"))[here]
    found = [ankle[here][axis] - hip[here][axis] for axis in range(3)]
    assert np.allclose(found, [*(expected * [1, -1] * view.scene.metres_per_px), 0], atol=1e-5)
    markers = opensim.MarkerData(str(out / "landmarks_side.trc"))
    assert markers.getNumFrames() == len(view.landmarks)
    assert markers.getUnits().getAbbreviation() == "m"


def test_opensim_reads_the_angles(run: Analysis, out: Path, opensim: Any) -> None:
    """OpenSim finds all rows of the angles, in degrees, as they were measured."""
    for view in run.views:
        path = str(out / f"angles_{view.name}.mot")
        storage = opensim.Storage(path)
        table = opensim.TimeSeriesTable(path)
        assert storage.isInDegrees()
        assert storage.getSize() == table.getNumRows() > 0.9 * len(view.angles.time_s)
        name = "knee_flexion" if view.name == "side" else "knee_valgus"
        found = table.getDependentColumn(f"{name}_l").to_numpy()
        expected = np.interp(table.getIndependentColumn(), view.angles.time_s, view.angles.values[name, "left"])
        assert np.allclose(found, expected, atol=0.01)


def test_headers_name_units_and_signs(out: Path) -> None:
    """Who opens the text files in an editor reads units, axes and what is positive."""
    trc = (out / "landmarks_side.trc").read_text().splitlines()
    assert trc[0].startswith("PathFileType\t4\t(X/Y/Z)\tlandmarks_side.trc\t")
    assert "unit: metres; axes: X to the picture's right, Y up" in trc[0]
    assert len(trc[1].split("\t")) == len(trc[2].split("\t")) == 8
    assert len({len(line.split("\t")) for line in trc[6:]}) == 1
    mot = (out / "angles_front.mot").read_text()
    assert f"foot_progression: positive is {MEASURE['foot_progression'].positive}" in mot
    assert "angles in degrees" in mot
    assert "nan" not in mot.partition("endheader")[2]


def test_ezc3d_reads_points_and_events(run: Analysis, out: Path) -> None:
    """Points in millimetres and the foot strikes and foot offs of every stride stand in the C3D file."""
    ezc3d = pytest.importorskip("ezc3d", reason="needs ezc3d")
    view = run.view("side")
    file = ezc3d.c3d(str(out / "landmarks_side.c3d"))
    point, event = file["parameters"]["POINT"], file["parameters"]["EVENT"]
    assert point["UNITS"]["value"] == ["mm"]
    assert point["RATE"]["value"][0] == pytest.approx(60.0)
    knee = point["LABELS"]["value"].index("left_knee")
    rise = np.ptp(file["data"]["points"][1, knee])
    assert rise == pytest.approx(1000 * view.scene.metres_per_px * np.ptp(view.landmarks.point("left_knee")[:, 1]))
    strikes = [t for t, name in zip(event["TIMES"]["value"][1], event["LABELS"]["value"], strict=True) if "Str" in name]
    assert np.allclose(strikes, sorted(s.initial_contact_s for s in view.strides), atol=1e-4)
    assert set(event["CONTEXTS"]["value"]) == {"Left", "Right"}


def test_movement_opens_the_netcdf(run: Analysis, out: Path) -> None:
    """The package `movement` finds a valid dataset of poses and computes a velocity from it."""
    xarray = pytest.importorskip("xarray", reason="needs xarray")
    datasets = pytest.importorskip("movement.validators.datasets", reason="needs movement")
    kinematics = pytest.importorskip("movement.kinematics", reason="needs movement")
    dataset = xarray.load_dataset(out / "landmarks_side.nc", engine="h5netcdf")
    datasets.ValidPosesInputs.validate(dataset)
    velocity = kinematics.compute_velocity(dataset["position"])
    x = run.view("side").landmarks.point("left_ankle")[:, 0]
    found = velocity.sel(keypoints="left_ankle", individuals="runner", space="x").values
    assert np.allclose(found[5:-5], np.gradient(x, run.view("side").landmarks.time_s)[5:-5], atol=1e-3)


def test_the_dataset_has_the_layout_of_movement(run: Analysis) -> None:
    """Dimensions, coordinates and attributes are those that movement documents, angles beside them."""
    dataset = run.to_xarray("front")
    assert dataset["position"].dims == ("time", "space", "keypoints", "individuals")
    assert dataset["confidence"].dims == ("time", "keypoints", "individuals")
    assert (dataset.attrs["ds_type"], dataset.attrs["time_unit"]) == ("poses", "seconds")
    assert dataset["knee_valgus"].attrs["positive"] == "knee inward"
    valgus = dataset["knee_valgus"].sel(side="left").values
    assert np.array_equal(valgus, run.view("front").angles.values["knee_valgus", "left"], equal_nan=True)
    with pytest.raises(InputError, match="expected one of side, front"):
        run.to_xarray()


def test_pandas_reads_the_tables(run: Analysis, out: Path) -> None:
    """Parquet holds every value unrounded, with units and signs; a missing one is NaN."""
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    frame = pandas.read_parquet(out / "measures.parquet")
    values = [v for view in run.views for v in view.values]
    assert np.array_equal(frame["value"], [v.value for v in values], equal_nan=True)
    assert list(frame["measure"]) == [v.measure for v in values]
    assert frame.attrs["positive"]["foot_progression"] == "toes out"
    assert len(run.to_pandas("strides")) == sum(len(view.strides) for view in run.views)
    curves = run.to_pandas("curves")
    assert set(curves["percent"]) == set(range(101))
    with pytest.raises(InputError, match="expected one of measures"):
        run.to_pandas("angles")  # type: ignore[arg-type]  # what a user may try


def test_without_a_scale_pixels_are_said(tmp_path: Path) -> None:
    """An analysis without height or speed exports pixels, and says so where the unit stands."""
    unscaled = analyze_landmarks([("side", filmed("side"))])
    export(unscaled, tmp_path, ["trc", "c3d"])
    lines = (tmp_path / "landmarks_side.trc").read_text().splitlines()
    assert lines[2].split("\t")[4] == "px"
    assert "pixels, for no scale was known" in lines[0]


def test_a_saved_run_comes_back_the_same(run: Analysis, saved: Path) -> None:
    """What is kept with an analysis gives every value again within the rounding of a hundredth of a pixel."""
    again = from_analysis(saved / "analysis.json")
    assert again.settings == run.settings
    for before, after in zip(run.views, again.views, strict=True):
        assert replace(after.clip, fps=before.clip.fps) == before.clip
        for one, other in zip(before.values, after.values, strict=True):
            assert (one.measure, one.side, one.stride, one.quality) == (
                other.measure, other.side, other.stride, other.quality
            )  # fmt: skip
            assert other.value == pytest.approx(one.value, abs=0.03, nan_ok=True)


def test_markers_on_the_pelvis_are_kept(run: Analysis, tmp_path: Path) -> None:
    """Pelvic tilt by markers is there again when a saved run is taken up; a marker lost in a frame stays lost."""
    series = run.view("side").raw
    xy_px = np.stack(
        [series.point("left_hip") + np.array([-30, 10]), series.point("left_hip") + np.array([40, 0])], axis=1
    )
    xy_px[5] = np.nan
    placed = Placement("spines", 0, {"front": tuple(xy_px[0, 0]), "back": tuple(xy_px[0, 1])})
    sure = np.where(np.isfinite(xy_px[..., 0]), 1.0, 0.0)
    tilted = reanalyse(run, pelvis={"side": MarkerTracks(placed, series.time_s, series.frame, xy_px, sure)})
    write_analysis(tilted, tmp_path / "analysis.json")
    write_kept(tilted, tmp_path)
    before, after = tilted.view("side"), from_analysis(tmp_path).view("side")
    assert after.pelvis is not None
    assert np.isnan(after.pelvis.xy_px[5]).all()
    expected, found = (v.angles.values["pelvic_tilt", "left"][:-1] for v in (before, after))  # the end is rounded
    assert np.isfinite(expected).all()
    assert np.allclose(found, expected, atol=0.05)


def test_the_command_writes_what_is_asked(saved: Path, tmp_path: Path) -> None:
    """`midstance export` writes the formats that are named and tells their files."""
    ended = midstance("export", saved, "--format", "trc,parquet", "--out", tmp_path)
    assert ended.code == 0, ended.err
    assert [Path(line).name for line in ended.out.splitlines()] == [
        "landmarks_side.trc", "landmarks_front.trc",
        "measures.parquet", "summary.parquet", "strides.parquet", "curves.parquet",
    ]  # fmt: skip
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(Path(line).name for line in ended.out.splitlines())


def test_an_export_that_fails_leaves_what_was_there(run: Analysis, tmp_path: Path) -> None:
    """Where one file cannot be written none is: older files are as they were, and nothing half-written is left."""
    (tmp_path / "angles_side.mot").write_text("older")
    (tmp_path / "landmarks_front.trc").mkdir()
    with pytest.raises(OutputError, match=r"landmarks_front\.trc: expected the name of a file"):
        export(run, tmp_path, ["mot", "trc"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["angles_side.mot", "landmarks_front.trc"]
    assert (tmp_path / "angles_side.mot").read_text() == "older"
    (tmp_path / "landmarks_front.trc").rmdir()
    files = export(run, tmp_path, ["mot", "trc"])
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert (tmp_path / "landmarks_front.trc").read_text().split("\t")[3] == "landmarks_front.trc"


def test_the_command_refuses_in_one_line(saved: Path, tmp_path: Path) -> None:
    """A wrong format and a folder without an analysis end with code 2 and say what to do."""
    for arguments, told in (
        ((saved, "--format", "doc"), "expected some of trc, mot, c3d, parquet, netcdf"),
        ((tmp_path,), "expected a folder with an analysis.json"),
    ):
        ended = midstance("export", *arguments)
        assert ended.code == 2
        assert told in ended.err
        assert len(ended.err.splitlines()) == 1


def test_an_older_folder_says_what_it_lacks(saved: Path, tmp_path: Path) -> None:
    """A run saved without landmarks is refused with advice."""
    content = json.loads((saved / "analysis.json").read_text())
    (tmp_path / "analysis.json").write_text(json.dumps(content))
    with pytest.raises(InputError, match="analyse the clips again"):
        from_analysis(tmp_path)


def test_a_missing_package_is_named() -> None:
    """Without the extra, the error names the package and the command that installs it."""
    code = (
        "import sys; sys.modules['ezc3d'] = None\n"
        "from pathlib import Path\nfrom midstance.formats.c3d import read_c3d\n"
        "from midstance.science.errors import InputError\n"
        "try: read_c3d(Path('x.c3d'))\nexcept InputError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "ezc3d is not installed: run `pip install 'midstance[formats]'`" in done.stdout
