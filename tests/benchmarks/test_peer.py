from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.accuracy.peer import PeerFailedError, peer_angles, peer_pairs, read_mot
from benchmarks.accuracy.records import Recording, Truth, TruthStance
from benchmarks.accuracy.sports2d_worker import NAMES, trc_text

from midstance.api import load

MOT = """Coordinates
version=1
inDegrees=yes
endheader
time\tright knee\tright ankle\tright foot\tright shank
0.0\t10\t5\t2\t-90
0.1\t40\t15\t1\t-115
0.2\t20\t25\t-3\t-120
"""


def test_angles_have_our_names_and_signs(tmp_path: Path) -> None:
    """Sports2D's upright shank is 0 and a knee ahead of the ankle positive, as midstance counts."""
    (tmp_path / "a.mot").write_text(MOT, encoding="utf-8")
    angles = read_mot(tmp_path / "a.mot")
    np.testing.assert_allclose(angles.curve("tibial_inclination", "right"), [0, 25, 30])
    np.testing.assert_allclose(angles.curve("knee_flexion", "right"), [10, 40, 20])


def test_instants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recordings: Path) -> None:
    """Its curves are read at the true instants; the stance peak is the greatest value in the true stance."""
    (tmp_path / "a.mot").write_text(MOT, encoding="utf-8")
    monkeypatch.setattr("benchmarks.accuracy.peer.peer_angles", lambda *_: read_mot(tmp_path / "a.mot"))
    values = {("knee_flexion", "midstance"): 38.0, ("ankle_dorsiflexion", "stance_peak"): 20.0}
    truth = Truth((TruthStance("right", 0.0, 0.2, 0.1, values),))
    recording = Recording("r", "s", "clean", tmp_path, ())
    pairs = list(peer_pairs(recording, truth, load(recordings / "stick_side.csv"), "", Path("python")))
    assert {(p.measure, p.instant): p.estimate for p in pairs} == {
        ("knee_flexion", "midstance"): 40.0,
        ("ankle_dorsiflexion", "stance_peak"): 25.0,
    }
    assert {p.leg for p in pairs} == {"near"}


def test_landmarks_as_sports2d_reads_them() -> None:
    """Each point has three columns, each frame a row, and what was not seen stays empty."""
    paths = {name: np.full((2, 2), 7.0) for name in NAMES.values()}
    paths["Nose"][1] = np.nan
    lines = trc_text(paths, 60, "x_px.trc").splitlines()
    assert lines[3].split("\t")[2::3][: len(NAMES)] == list(NAMES.values())
    assert lines[5].split("\t")[:5] == ["0", "0.000000", "7.000", "7.000", "0.000"]
    assert lines[6].split("\t")[2:4] == ["", ""]
    assert {len(line.split("\t")) for line in lines[5:]} == {2 + 3 * len(NAMES)}


def test_interpreter_without_sports2d(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recordings: Path) -> None:
    """An interpreter without Sports2D is told in one line."""
    monkeypatch.setenv("MIDSTANCE_BENCH_CACHE", str(tmp_path))
    with pytest.raises(PeerFailedError, match="Sports2D"):
        peer_angles(load(recordings / "stick_side.csv").landmarks, Path("false"))
