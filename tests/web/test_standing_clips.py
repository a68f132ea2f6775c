"""Clips of the runner standing still, in the web app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from midstance.science.landmarks import LandmarkSeries
from midstance.storage.landmarks_csv import write_landmarks
from tests.support.standing import standing
from tests.web.server import Server

pytestmark = pytest.mark.xdist_group("web_jobs")


def _content(landmarks: LandmarkSeries, folder: Path) -> bytes:
    path = folder / "standing.csv"
    write_landmarks(landmarks, path)
    return path.read_bytes()


def _peak_dorsiflexion(server: Server, session: str) -> float:
    rows: list[dict[str, Any]] = server.get(f"{session}/review")["summary"]
    (row,) = [
        r for r in rows if (r["measure"], r["instant"], r["side"]) == ("ankle_dorsiflexion", "stance_peak", "right")
    ]
    return float(row["median"])


@pytest.mark.slow
def test_dorsiflexion_counts_from_the_standing_clip(server: Server, landmarks: bytes, tmp_path: Path) -> None:
    """A clip of standing with the shank 7 degrees forward lowers dorsiflexion by what that is above the mean."""
    session = server.new_session()
    server.upload(session, "side", landmarks)
    server.send("POST", f"{session}/start")
    assert server.wait_for(session, "done", "failed")["state"] == "done"
    before = _peak_dorsiflexion(server, session)
    assert server.upload(session, "standing", _content(standing(7.0), tmp_path))["state"] == "ready"
    server.send("POST", f"{session}/start")
    assert server.wait_for(session, "done", "failed")["state"] == "done"
    assert _peak_dorsiflexion(server, session) - before == pytest.approx(4.8 - (7.0 + 1.5), abs=0.1)
    review = server.get(f"{session}/review")
    assert [view["view"] for view in review["views"]] == ["side"]
    assert "shank 7.0 deg forward" in json.dumps(review)


@pytest.mark.slow
def test_somebody_who_squats_is_refused(server: Server, landmarks: bytes, tmp_path: Path) -> None:
    """The failed session names the standing clip and says what to film."""
    session = server.new_session()
    server.upload(session, "side", landmarks)
    squat = server.upload(session, "standing", _content(standing(25.0, knee_deg=50.0), tmp_path))
    server.send("POST", f"{session}/start")
    failed = server.wait_for(session, "done", "failed")
    assert failed["failure"]["code"] == "not_standing"
    assert failed["failure"]["clip"] == squat["id"]
    assert "standing still" in " ".join(failed["failure"]["do"])


def test_standing_alone_is_no_run(served: Server, tmp_path: Path) -> None:
    """It may be short; without a clip of the run nothing starts."""
    session = served.new_session()
    found = served.upload(session, "standing", _content(standing(seconds=1.5), tmp_path))
    assert found["state"] == "ready"
    answer = served.send("POST", f"{session}/start")
    assert answer.status == 409
    assert "a clip of the run" in json.dumps(answer.json)
    assert served.upload(session, "standing", _content(standing(seconds=0.8), tmp_path))["state"] == "refused"
