"""What reads a file that is no video: each takes bytes, and either reads them or refuses them in one line.

hypothesis and atheris share these: `TARGETS` has what to call and files to begin with.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import numpy as np

from midstance.api.compare import read_run
from midstance.batch.index import render_index
from midstance.batch.reading import read_manifest
from midstance.batch.rows import Row, check_rows
from midstance.batch.state import Done, read_done, results_folder
from midstance.batch.summary import read_results, write_summary
from midstance.models import find_model
from midstance.models.manifest import read_manifest as read_models
from midstance.pose.bundle import DETECTOR, LANDMARKER, unpacked
from midstance.report import comparison_of, render_comparison_html
from midstance.science.edits import Edits
from midstance.science.errors import MidstanceError
from midstance.science.marker_tracks import MarkerTracks, Placement
from midstance.storage.landmarks_csv import COLUMNS, read_landmarks, read_model
from midstance.web.edits import edits_of, words_of

MOST_BYTES = 4096
"""Of an input: what breaks a reader is small."""


@dataclass(frozen=True)
class Target:
    """One reader."""

    read: Callable[[bytes], None]
    """Raises an error of ours when it refuses; any other error is a finding."""
    seeds: Callable[[], tuple[bytes, ...]]


def refuses_politely(read: Callable[[bytes], None], content: bytes) -> bool:
    """Read; return whether it was refused. Any error but one of ours passes, and so does one of several lines."""
    try:
        read(content)
    except MidstanceError as error:
        told = str(error)
        assert told
        assert len(told.splitlines()) == 1, told
        return True
    return False


def _landmarks(content: bytes) -> None:
    with _file(content, "runner.csv") as path:
        read_model(path)
        series = read_landmarks(path)
    assert len(series)
    assert np.isfinite(series.time_s).all()
    assert not np.isinf(series.xy_px).any()
    assert not np.isinf(series.visibility).any()


def _manifest(content: bytes) -> None:
    with _file(content, "runs.csv") as path:
        (path.parent / "a.csv").write_bytes(b"")
        rows = read_manifest(path)
        for row in rows:
            assert (path.parent / row.folder).parent == path.parent, row.folder
        check_rows(rows)


def _analysis(content: bytes) -> None:
    row = Row("row 2", "anna", "2026-03-28")
    with tempfile.TemporaryDirectory() as name:
        folder = results_folder(Path(name), row)
        folder.mkdir(parents=True)
        (folder / "analysis.json").write_bytes(content)
        results = read_results(Path(name), (row,), (Done("", ""),))
        write_summary(results, Path(name) / "summary.csv")
        assert "nan" not in (Path(name) / "summary.csv").read_text(encoding="utf-8").split(",")
        render_index(results)
        run = read_run(folder)
    assert not any(math.isinf(n) for r in run.summary for n in (r.median, r.sd, r.standard_error))
    render_comparison_html(comparison_of(run, run))


def _state(content: bytes) -> None:
    row = Row("row 2", "anna", "")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "state" / f"{row.folder}.json"
        path.parent.mkdir()
        path.write_bytes(content)
        read_done(Path(name), row)


def _edits(content: bytes) -> None:
    given = _json(content)
    if isinstance(given, list):  # as the review page sends them
        steps = [step for step in given if isinstance(step, dict)]
        edits_of(steps, ("side", "front"))
        for step in steps:
            assert len(words_of(step).splitlines()) == 1
        return
    edits = Edits.from_plain(given)
    plain = json.loads(json.dumps(edits.to_plain()))
    assert Edits.from_plain(plain).to_plain() == edits.to_plain()
    for view in edits.views.values():
        assert isinstance(view.told, str)


def _markers(content: bytes) -> None:
    given = _json(content)
    if isinstance(given, dict) and "placement" in given:
        tracks = MarkerTracks.from_plain(given)
        assert all(0 <= share <= 1 for share in tracks.lost_share)
        return
    assert np.isfinite(Placement.from_plain(given).xy_px).all()


def _models(content: bytes) -> None:
    with _file(content, "manifest.json") as path:
        read_models(path)


def _bundle(content: bytes) -> None:
    with _file(content, "pose.task") as path:
        found = find_model(str(path))
        assert found is not None
        with unpacked(found) as parts:
            assert all(part.is_file() for part in parts)


def _json(content: bytes) -> object:
    """Return what a browser or an own file may hold; what is no JSON is not read at all."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


class _file:  # noqa: N801 - used as a function
    """A file that is there for a while."""

    def __init__(self, content: bytes, name: str) -> None:
        self._content, self._name = content, name

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / self._name
        path.write_bytes(self._content)
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _csv_seeds() -> tuple[bytes, ...]:
    head = ",".join(COLUMNS)
    rows = "".join(f"{i},{i / 60:.4f},left_knee,{i}.5,2,0.9\n" for i in range(4))
    return (
        f"{head}\n{rows}".encode(),
        f"{head},model\n0,0,nose,1,2,1,heavy\n3,0.1,nose,nan,nan,,heavy\n".encode(),
        '\ufeff"frame",time_s , landmark,x_px,y_px,visibility\r\n7,1e-3,nose,-1e5,1,0\r\n'.encode(),
    )


def _manifest_seeds() -> tuple[bytes, ...]:
    return (
        b"runner,date,side,speed_mps\nAnna,2026-03-28,a.csv,3.2\n../../etc,,a.csv,\n",
        b'runner,side,side_2,model,surface,capture_fps,lunge_left_deg\n"=B, C",a.csv,a.csv,lite,treadmill,240,38\n',
    )


@cache
def _analysis_seeds() -> tuple[bytes, ...]:
    """Return a saved analysis cut down to what is read again."""
    row = {
        "view": "side", "side": "left", "measure": "knee_flexion", "instant": "midstance", "unit": "deg",
        "median": 42.0, "sd": 1.5, "n": 8, "quality": "ok", "reason": "", "standard_error": 3.0,
    }  # fmt: skip
    capture = {
        "file": "a.mp4", "fps": 60.0, "model": "heavy", "surface": "treadmill", "speed_px_s": 900.0,
        "metres_per_px": 0.003,
    }  # fmt: skip
    content = {
        "schema": "midstance.analysis/1", "software": {"midstance": "0.1.0"}, "capture": {"side": capture},
        "summary": [row, row | {"side": "right", "median": None}], "settings": {"speed_mps": None},
        "findings": [{"id": "dorsiflexion_compensation", "side": "left", "level": "possible"}],
    }  # fmt: skip
    return (json.dumps(content).encode(),)


def _state_seeds() -> tuple[bytes, ...]:
    return (json.dumps({"runner": "anna", "date": "", "key": "a", "reason": "b"}).encode(),)


def _edit_seeds() -> tuple[bytes, ...]:
    steps = [
        {"kind": "move_event", "view": "side", "side": "left", "at_s": 1.0, "event": "toe_off", "to_s": 1.1},
        {"kind": "add_stance", "view": "side", "side": "left", "initial_contact_s": 1.0, "toe_off_s": 1.2},
        {"kind": "swap_sides", "view": "front", "from_s": None, "to_s": 2},
        {"kind": "tilt_line", "view": "side", "points_px": [[0, 0], [100, 3]]},
        {"kind": "exclude_stride", "view": "side", "side": "right", "at_s": 3},
    ]
    stance = {"side": "left", "at_s": 1.0}
    views = {
        "side": {
            "moved": [stance | {"event": "toe_off", "to_s": 1.1}],
            "removed": [stance],
            "added": [{"side": "right", "initial_contact_s": 1, "toe_off_s": 2}],
            "swapped": [{"start_s": None, "stop_s": 2.0}],
            "level_deg": -2.5,
        }
    }
    return (json.dumps({"views": views}).encode(), json.dumps(steps).encode())


def _marker_seeds() -> tuple[bytes, ...]:
    placement = {"kind": "spines", "frame": 3, "points": {"front": [10, 20.5], "back": [1, 2]}}
    tracks = {
        "placement": placement, "time_s": [0, 0.02], "frame": [0, 1], "xy_px": [[1, 2, 3, 4], [None] * 4],
        "confidence": [[1, 1], [0, 0]],
    }  # fmt: skip
    return (json.dumps(placement).encode(), json.dumps(tracks).encode())


def _model_seeds() -> tuple[bytes, ...]:
    part = {"path": "a", "bytes": 1, "sha256": "0"}
    package = {"registry": "npm", "name": "a", "version": "1", "download_bytes": 1}
    content = {
        "licence": "Apache-2.0", "npm_client": package, "packages": {"p": package | {"files": {"d": part, "l": part}}},
        "models": {"heavy": [{"package": "p", "detector": "d", "landmarks": "l", "bytes": 1, "sha256": "0"}]},
    }  # fmt: skip
    return (json.dumps(content).encode(),)


def _bundle_seeds() -> tuple[bytes, ...]:
    seeds = []
    for method in (ZIP_STORED, ZIP_DEFLATED):
        buffer = BytesIO()
        with ZipFile(buffer, "w", method) as bundle:
            for name in (DETECTOR, LANDMARKER):
                bundle.writestr(name, b"TFL3" * 8)
        seeds.append(buffer.getvalue())
    return tuple(seeds)


TARGETS: Mapping[str, Target] = {
    "landmarks": Target(_landmarks, _csv_seeds),
    "manifest": Target(_manifest, _manifest_seeds),
    "analysis": Target(_analysis, _analysis_seeds),
    "state": Target(_state, _state_seeds),
    "edits": Target(_edits, _edit_seeds),
    "markers": Target(_markers, _marker_seeds),
    "models": Target(_models, _model_seeds),
    "bundle": Target(_bundle, _bundle_seeds),
}
